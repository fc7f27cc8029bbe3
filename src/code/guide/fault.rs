//! What kept a part of the documents from being judged: the run ends with 2, and `trueup fix` writes nothing.

use super::Guide;

/// Faults are not ignored: what was not looked at would pass for true.
const NEVER: &str = "It cannot be ignored: a part that was not judged would pass for true.";

pub(super) const MISPLACED_MARKER: Guide = Guide {
    why: "Where the markers of sections do not fit together, nobody knows where generated text ends and yours begins. Nothing \
          in the document is written until they do.",
    example: "<!-- trueup:begin status-table group=mcp --> (and no `trueup:end` below)",
    fix: "Complete or remove the pair. Each marker stands alone on its line, in the same list item or quotation as its other \
          half. A marker that is only shown goes into a code block.",
    ignore: NEVER,
};

pub(super) const BROKEN_TEMPLATE: Guide = Guide {
    why: "The template that a section names does not exist, lacks an attribute that it needs, or fails while it is rendered.",
    example: "<!-- trueup:begin status-tabel group=mcp -->",
    fix: "Correct the name or the attributes in the begin marker; the finding says which there are. In a template of your own, \
          the second place of the finding is the line that fails.",
    ignore: NEVER,
};

pub(super) const MALFORMED_COMMENT: Guide = Guide {
    why: "A comment speaks to trueup and cannot be followed: an unknown word, a name that trueup.toml does not have, an \
          ignore-start that nothing ends. Passed over, it would do the opposite of what its writer meant.",
    example: "<!-- trueup: ingore -->",
    fix: "Correct it: `ignore: reason`, `ignore-start` … `ignore-end`, `ignore-file`, or the name of a group, target or metric \
          (`mcp`, `mcp.healthy`, `mcp/github`).",
    ignore: NEVER,
};

pub(super) const INVALID_CONFIGURATION: Guide = Guide {
    why: "trueup.toml, or the baseline beside it, has a fault. All of them are told at once, each with its place; nothing is \
          measured before they are mended, for a key that is misspelt is a check that is not made.",
    example: "[group.mcp]\nexpects = 21",
    fix: "Correct what the finding points at; where a name is nearly right, it says which is meant.",
    ignore: NEVER,
};

pub(super) const CLASHING_SNAPSHOTS: Guide = Guide {
    why: "Two snapshots measured the same thing and saw different things. Nobody can say which is right, and to take one would \
          be to guess.",
    example: "trueup check --snapshot web-1.json --snapshot web-1-later.json",
    fix: "Leave one of them out, or let each host measure what it alone has.",
    ignore: NEVER,
};

pub(super) const UNREADABLE_FILE: Guide = Guide {
    why: "A document, a configuration or another file that was named cannot be read or written: it is not there, is no UTF-8, \
          is too large, is not permitted, or changed while trueup worked.",
    example: "trueup check docs/STATSU.md",
    fix: "The finding says what was found and expected. A document that is no text for trueup is left out with `!` under `docs`.",
    ignore: NEVER,
};

pub(super) const UNREADABLE_REPOSITORY: Guide = Guide {
    why: "`--staged`, `--only-new`, `--config-from`, `trueup fix` and the git hook ask git, and git had no answer: there is no git, no \
          repository, no work tree, or no such commit. A run that went on would judge something else than was asked for.",
    example: "trueup check --only-new origin/main (in a clone that holds the last commit alone)",
    fix: "Run inside of a work tree, and fetch the commit: `fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` for GitLab, or \
          `git fetch --depth=1 origin main` and `--only-new FETCH_HEAD`.",
    ignore: NEVER,
};

pub(super) const UNCOMMITTED_DOCUMENT: Guide = Guide {
    why: "`trueup fix` has something to write into a document that has changes which are not committed, or that git does not \
          track. What it would write over could not be had back, so nothing is written, in no document.",
    example: "trueup fix CLAUDE.md (with a half-written paragraph in it)",
    fix: "Commit or stash it first; `trueup fix --diff` shows what would be written.",
    ignore: "`trueup fix --allow-dirty` writes all the same; what git ignores, and what is in no repository, it writes anyway.",
};

pub(super) const NOTHING_JUDGED: Guide = Guide {
    why: "There was no document, no claim, or nothing that answers one. A check that looked at nothing must not be green, so \
          the run ends with 4.",
    example: "trueup check (in a project whose `docs` match no file)",
    fix: "Correct `docs` in trueup.toml, or write groups and metrics for what the documents claim.",
    ignore: "`--allow-empty` makes it 0; hooks pass it, since most commits change no document.",
};
