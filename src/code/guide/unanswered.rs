//! Claims and sections without an answer: we could not look, or nobody looks.

use super::Guide;

/// What `unmeasured` does.
const IGNORE: &str = "`unmeasured = \"warn\"` (or \"allow\") under `[judge]`, or `--unmeasured warn` for one run, takes the \
    weight from it: hooks on a laptop do so. It is counted all the same.";

pub(super) const CLAIM: Guide = Guide {
    why: "What would answer the claim could not be measured, and what is known decides neither way. That is neither true nor \
          false: the run ends with 3, unless something else drifted.",
    example: "All containers running (and no container engine answers)",
    fix: "The notes give the cause for each source: it is away, refuses, was too slow, was not allowed. Run trueup where the \
          source is, or judge from a snapshot taken there: `trueup probe -o FILE`, `trueup check --snapshot FILE`.",
    ignore: IGNORE,
};

pub(super) const SOURCE: Guide = Guide {
    why: "Something that checks depend on could not be asked: a container engine, a file, a program that `--no-exec` keeps from \
          being started. It is told once, however many targets and claims wait for it.",
    example: "[group.boxes]\ndiscover = { docker = { label = \"com.example.role=box\" } }",
    fix: "Start the source, give the user that runs trueup access to it, or correct its address in trueup.toml. Where time ran \
          out, raise `timeout` of the check or `deadline` of the run.",
    ignore: IGNORE,
};

pub(super) const SECTION: Guide = Guide {
    why: "A section shows measurements, and some of them are missing. Nothing is ever written from what is not known, so the \
          section stays as it is.",
    example: "<!-- trueup:begin status-table group=mcp -->",
    fix: "As for a claim: see what the notes say of the source, and run `trueup fix` where it can be asked.",
    ignore: IGNORE,
};

pub(super) const UNBOUND: Guide = Guide {
    why: "The document states something that could be measured, and nothing in trueup.toml answers it; or more than one thing \
          does, and none is nearer. Nobody checks such a sentence, which is how the first false status got in.",
    example: "The search engine is operational.",
    fix: "Put its words into `names` of a group or metric, write a `[[bind]]` rule, or annotate it: `<!-- trueup: mcp -->`. \
          `trueup explain FILE:LINE` shows what was tried.",
    ignore: "`unbound = \"allow\"` under `[judge]` says nothing of any of them, \"deny\" fails; `<!-- trueup: ignore: reason -->` \
             settles one.",
};
