//! Claims and sections that are not what was measured.

use super::Guide;

/// How a claim that is false on purpose is kept.
const IGNORE: &str = "Put `<!-- trueup: ignore: reason -->` on the line of the claim or before its block; `trueup baseline` \
    keeps the drift of a whole project that is known, and lets nothing new pass.";

pub(super) const RATIO: Guide = Guide {
    why: "\"n of m\" is exact: it holds when n targets stand on the rung that its word asks for and there are m in all. Both \
          halves count: \"21/21\" of a group that has 22 by now has drifted, too. Targets that could not be measured make the \
          tally a range, and a ratio outside of it has drifted whatever they are.",
    example: "MCP servers: 21/21 operational",
    fix: "Look at the notes: they name what is down and the class of each failure. Then bring it up, or write what was \
          measured. If there should be another number of targets, correct `expect` or the discovery of the group.",
    ignore: IGNORE,
};

pub(super) const PERCENT: Guide = Guide {
    why: "A percentage is held against the measured share at the precision that it shows: \"85%\" holds from 84.5 to 85.5, \
          \"85.0%\" from 84.95. With `~` or \"about\", five points either way are allowed.",
    example: "**Status: 100% functional.**",
    fix: "Write the measured share, or `~85%` where a round number is meant. `tolerance` of the group or metric says how far a claim with `~` may be off.",
    ignore: IGNORE,
};

pub(super) const COUNT: Guide = Guide {
    why: "A number of things holds when it is the number that was measured, on the rung that its word asks for if it has one; \
          \"50+\" and \"at least 50\" hold from 50 up, \"about 50\" within ten percent.",
    example: "19 MCP servers running, 149 tools available",
    fix: "Write the measured number, or say \"50+\" where growth is no news. Check with `trueup explain FILE:LINE` what the \
          claim was bound to: a metric of another thing is corrected with an annotation.",
    ignore: IGNORE,
};

pub(super) const UNIVERSAL: Guide = Guide {
    why: "\"All\" has no exception and \"no failing tests\" no failing test: one target below the rung makes it false. A number \
          in it (\"all 5 databases\") must be the number of targets as well.",
    example: "All endpoints working",
    fix: "Bring up what the notes name, or write how many there are: \"4 of 9 endpoints working\".",
    ignore: IGNORE,
};

pub(super) const STATE: Guide = Guide {
    why: "A state holds when the target stands on the rung that its word asks for, or, for a word such as \"down\", when it \
          does not. \"Down\" about something that is up is as false as the reverse: somebody plans on it.",
    example: "| Backend API | ✅ Operational |",
    fix: "Look at the notes for the failure, mend it, or write the state that was measured. A milder word asks for less: \
          \"deployed\" only that it exists, \"running\" that it runs.",
    ignore: IGNORE,
};

pub(super) const STALE_TIMESTAMP: Guide = Guide {
    why: "The text ties a date to a look, and `[timestamp] max_age` says how long a look counts. What was true then may be \
          false since; a date without a time is read in favour of the document.",
    example: "Last verified: 2025-08-18 05:25 UTC",
    fix: "Look again, and write when. `trueup fix` leaves the date alone: brought up to date by a tool, it would say nothing \
          about whether somebody looked.",
    ignore: "Give documents of another pace a `[[timestamp]]` table of their own with a longer `max_age`; an ignore comment \
             works as for other claims.",
};

pub(super) const FUTURE_TIMESTAMP: Guide = Guide {
    why: "Nobody has looked at a time that is still to come: the date is a slip, a wrong year or a wrong zone. A date without \
          a zone is only told of when it lies ahead everywhere on earth.",
    example: "Last checked: 2099-01-01",
    fix: "Write the day of the last look. A plan is worded as one (\"next review: ...\"), and is no claim.",
    ignore: "An ignore comment above the line or the block, with a reason.",
};

pub(super) const STALE_SECTION: Guide = Guide {
    why: "The section between the markers was generated, and what it shows is measured otherwise by now, or its template \
          changed. The end marker keeps a digest of the facts; times are no facts, so a refresh that finds nothing new \
          changes no byte.",
    example: "<!-- trueup:begin status-table group=mcp -->",
    fix: "`trueup fix` renders it again; `trueup check --diff` shows what that would change.",
    ignore: "Take the markers out to keep the text as it is; it is judged as prose then. `trueup baseline` knows a section as \
             well.",
};

pub(super) const EDITED_SECTION: Guide = Guide {
    why: "The text between the markers is not what trueup wrote there. A hand that corrects a generated status is how false \
          ones come to be, so such a section is told and never overwritten unasked.",
    example: "<!-- trueup:end facts=9f2c1a77 text=51d0c3aa -->",
    fix: "Move what was added out of the section, then `trueup fix --force` writes it anew; or change the template.",
    ignore: "Take the markers out to keep the text as it is; it is judged as prose then.",
};
