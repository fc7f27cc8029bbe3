//! Documents that contradict themselves: no measurement is needed to know that something is false.

use super::Guide;

/// What `contradictions` of trueup.toml does, and comments.
const IGNORE: &str = "`contradictions = \"warn\"` (or \"allow\") under `[judge]` takes the weight from all of them; \
    `<!-- trueup: ignore: reason -->` on one of the claims from this one.";

pub(super) const CLAIMS: Guide = Guide {
    why: "Two claims of the same thing with different numbers cannot both be true, whatever is measured. This is \
          found in one document and between documents of a run, and it needs no trueup.toml. Entries of one list or table speak \
          of different things; reports, plans, logs and what carries a date or a number in its name speak of their own moment.",
    example: "19 MCP servers running. … All 21 MCP servers are running.",
    fix: "Correct the one that is false. If they speak of different things, say so in their subjects: \"staging servers\", \
          \"production servers\".",
    ignore: IGNORE,
};

pub(super) const LIST: Guide = Guide {
    why: "A number that announces a list or table is held against the entries that follow. Lists grow, and the number above \
          them is forgotten.",
    example: "## Available agents (54 total), over a list of 53",
    fix: "Correct the number or complete the list. An entry \"…\" makes the list no enumeration.",
    ignore: IGNORE,
};

pub(super) const SHARE: Guide = Guide {
    why: "A ratio and the percentage beside it say the same thing twice, and here they differ by more than rounding explains.",
    example: "26 of 28 servers connected (95%)",
    fix: "Calculate again: 26 of 28 is 93%. Better, leave one of the two out.",
    ignore: IGNORE,
};
