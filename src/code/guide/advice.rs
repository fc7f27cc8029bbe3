//! Nothing is false yet; something could be better. No finding of these makes a run fail.

use super::Guide;

/// For what is only a remark.
const HARMLESS: &str = "It is a warning and changes no exit code.";

pub(super) const WEAK_EVIDENCE: Guide = Guide {
    why: "The claim is true as far as the evidence goes, and the evidence stops below what its word asserts: \"operational\" \
          asks for something that did its work, and what was seen is a process that runs. A container that is merely up is \
          how \"21/21 operational\" came to stand over 21 servers that answered nothing.",
    example: "21/21 operational (and the only check is `check.docker`)",
    fix: "Add a check that proves the rung: a call for an MCP server, a status and a field for an endpoint, a self-test for a \
          worker. Or write the word that the evidence carries: \"running\".",
    ignore: HARMLESS,
};

pub(super) const LYING_HEALTH_CHECK: Guide = Guide {
    why: "The health check of a container says healthy, and a check of what it is for fails. Whatever looks at the health check \
          alone sees green: dashboards, orchestrators, people.",
    example: "HEALTHCHECK CMD true",
    fix: "Make the health check call what the service is for, or take it out: none at all is more honest.",
    ignore: HARMLESS,
};

pub(super) const UNUSED_IGNORE: Guide = Guide {
    why: "An ignore comment covers no claim: the claim was changed or moved, or the comment never stood right. Left there, it \
          hides the next claim that comes to its place.",
    example: "<!-- trueup: ignore: migration -->",
    fix: "Remove it, or move it to the line of the claim or before its block.",
    ignore: HARMLESS,
};

pub(super) const UNUSED_ANNOTATION: Guide = Guide {
    why: "An annotation says what a claim is about, and no claim stands where it applies.",
    example: "<!-- trueup: mcp.healthy -->",
    fix: "Put it on the line of a claim or on the line before it, or remove it. `trueup explain FILE:LINE` says why a sentence \
          is no claim.",
    ignore: HARMLESS,
};

pub(super) const UNUSED_GROUP: Guide = Guide {
    why: "A group or metric is measured that no claim and no section asks for, or a text that no section shows. Mostly the \
          documents call it by a name that `names` lacks, and the claim goes unjudged. This is told when all documents are \
          judged.",
    example: "[metric.tests]\nnames = [\"unit tests\"]",
    fix: "Add to `names` what the documents call it, or remove the table.",
    ignore: HARMLESS,
};

pub(super) const UNUSED_BIND: Guide = Guide {
    why: "No line with a claim matches the pattern of a rule, so the claim that it was written for is judged by something else \
          or not at all.",
    example: "[[bind]]\npattern = \"the whole stack\"\nto = \"mcp\"",
    fix: "Correct the pattern, or remove the rule.",
    ignore: HARMLESS,
};

pub(super) const UNUSED_BASELINE: Guide = Guide {
    why: "The baseline has an entry that no finding is known by: the claim was corrected, or has come true. Left there, the \
          entry would let the same claim pass when it turns false again.",
    example: "[[known]]\ncode = \"ratio-drift\"\nfile = \"CLAUDE.md\"\nclaim = \"21/21 operational\"",
    fix: "`trueup baseline --prune` takes out what is fixed, and adds nothing.",
    ignore: HARMLESS,
};

pub(super) const FOREIGN_SNAPSHOT: Guide = Guide {
    why: "A snapshot was taken with another trueup.toml than the one that judges by it. What is defined the same way is \
          answered from it; what is not is unmeasured.",
    example: "trueup check --snapshot yesterday.json",
    fix: "Take the snapshot again with the present trueup.toml: `trueup probe -o FILE`.",
    ignore: HARMLESS,
};
