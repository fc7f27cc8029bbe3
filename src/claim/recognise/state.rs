//! "Backend: ✅ Operational", "the parser works", "- ✅ Login page", a cell of a status table.

use crate::claim::found::Found;
use crate::claim::lexicon::Class;
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::Form;
use crate::claim::predicate::{self, Predicate};
use crate::claim::recognise::{mark, stated};
use crate::claim::rule::{self, Rule};
use crate::claim::token::{Token, TokenKind};

/// Finds the states of a line.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    words(line, found);
    mark::recognise(line, found);
}

fn words(line: &Line<'_>, found: &mut Found) {
    let before = found.candidates.len();
    let ratio = found.candidates.iter().any(|claim| matches!(claim.kind, Kind::Ratio { .. }));
    // One past the claim before.
    let mut end = 0;
    for &at in line.state_words() {
        let token = &line.tokens[at];
        if at < end || found.has(at) {
            continue;
        }
        // "partially working": the adverb belongs to the state after it.
        if token.is(Class::Adverb)
            && line.get(at + 1).is_some_and(|next| next.is_state_word() && line.same_clause(at, at + 1))
        {
            continue;
        }
        // "**All faults mended**: YES": the label has said it.
        let label = line.label.as_ref().filter(|label| at == line.body && label.end > label.start);
        if label.is_some_and(|label| found.has_all(label.clone())) && token.is(Class::Weak) {
            continue;
        }
        // "[x] Check that the index exists": the box is the state of what was to be done.
        let told = || line.is(line.body, Class::Imperative) || line.is(line.body, Class::Rule);
        let task = line.task().is_some() && line.body < at && line.same_clause(line.body, at);
        if task && told() && line.tokens[line.body].capital {
            found.refuse(line, "state", at..at + 1, &rule::INSTRUCTION, line.body);
            continue;
        }
        // "/-/healthy" is a path.
        let path = at > 0 && !token.spaced && line.tokens[at - 1].is_punct(b'/');
        let rooted = path && (at == 1 || line.tokens[at - 1].spaced || line.tokens[at - 2].is_punct(b'-'));
        // "Online: none (0/2)": the ratio says it.
        if rooted || token.is(Class::Nothing) && ratio {
            continue;
        }
        let state = predicate::around(line, at);
        if let Some(equals) = state.first.checked_sub(1).filter(|&before| line.tokens[before].is_punct(b'=')) {
            found.refuse(line, "state", at..at + 1, &rule::LEGEND, equals);
            continue;
        }
        if found.has_any(state.first..state.last + 1) {
            continue;
        }
        // A label names the topic; what it says is said behind its colon.
        let in_label =
            line.colon && line.depth(at) == 0 && line.label.as_ref().is_some_and(|label| label.contains(&at));
        // "All services are now integrated:" is a sentence, which a list follows.
        let phrase = || line.source[token.span().range()].contains(' ');
        let does = token.is(Class::Verb) && state.last > state.state;
        let said = state.copula || state.first < state.state || token.is(Class::Adverb) || does || phrase();
        let sentence = said
            && line.body == line.tokens.len()
            && state.first > line.label.as_ref().map_or(0, |label| label.start + 1);
        // "| **Complete** - stage 1: reader |" answers its column.
        let answers = line.place.form == Form::Cell
            && line.place.column.has(Class::ColumnState)
            && line.label.as_ref().is_some_and(|label| label.start == state.first)
            && line.get(state.last + 1).is_some_and(|next| next.is_punct(b'-') && next.spaced);
        if in_label && !sentence && !answers && !concludes(line, &state) {
            found.refuse(line, "state", at..at + 1, &rule::IN_LABEL, line.label.as_ref().map_or(at, |label| label.end));
            continue;
        }
        if let Some((rule, cue)) = refusal(line, &state) {
            found.refuse(line, "state", at..at + 1, rule, cue);
            continue;
        }
        match stated::read(line, &state) {
            Some(mut candidate) => {
                // The mark before an entry and the first state in it are one claim.
                if let Some(symbol) = line.lead_symbol.or(line.task()).filter(|_| found.candidates.len() == before) {
                    let ticked =
                        line.tokens[symbol].kind == TokenKind::Task(true) && candidate.polarity == Polarity::Up;
                    let agree = ticked || line.tokens[symbol].entry.polarity == candidate.polarity;
                    // What a further line of the text says takes up no mark.
                    let core = candidate.core(line);
                    let near = symbol > core || !line.tokens[symbol..core].iter().any(Token::is_break);
                    if agree && near && symbol < candidate.first && !found.has_any(symbol..candidate.first) {
                        candidate.first = symbol;
                    }
                }
                end = candidate.last + 1;
                found.add(line, candidate);
            }
            None => found.refuse(line, "state", at..at + 1, &rule::NO_PREDICATE, state.last + 1),
        }
    }
}

/// "**Phase 2 complete**: all parts are merged": the label says of one piece of work that it is over.
fn concludes(line: &Line<'_>, state: &Predicate) -> bool {
    let Some(label) = line.label.as_ref().filter(|label| label.end == state.last + 1) else { return false };
    // "**Review completed**: May 2025" tells when it was.
    let month = |at: usize| line.is(at, Class::Month);
    let dates = |token: &Token| match token.kind {
        TokenKind::Opaque => true,
        TokenKind::Number => line.body + 1 == line.tokens.len() || month(line.body + 1),
        _ => month(line.body),
    };
    if line.get(line.body).is_some_and(dates) {
        return false;
    }
    let titled = line.place.form == Form::Heading || line.tokens[state.state].strong;
    // "## Completed: parser and lexer".
    let heads = state.first == label.start && line.place.form == Form::Heading && line.body < line.tokens.len();
    if heads && line.is(state.state, Class::Finished) {
        return true;
    }
    let Some(work) = state.first.checked_sub(1).filter(|&work| work >= label.start) else { return false };
    let one = !line.is_plural(work) && !line.is(label.start, Class::Latest) && !line.is(label.start, Class::Question);
    let approved = line.lead_symbol.is_some() && line.is(state.state, Class::Suffix);
    titled && one && (line.is(state.state, Class::Finished) || approved)
}

/// Why a state is none, as what stands beside it tells, and the token that does.
fn refusal(line: &Line<'_>, state: &Predicate) -> Option<(&'static Rule, usize)> {
    let arrow = || beside_arrow(line, state).filter(|_| !state.copula).map(|arrow| (&rule::FLOW, arrow));
    let legend = || behind_a_box(line, state).map(|legend| (&rule::LEGEND, legend));
    let size = || of_a_size(line, state).map(|size| (&rule::RESOURCE, size));
    arrow().or_else(legend).or_else(size)
}

/// "`[~]` Ongoing, `[x]` Finished": the box in code whose meaning in another file is explained.
fn behind_a_box(line: &Line<'_>, state: &Predicate) -> Option<usize> {
    state.first.checked_sub(1).filter(|&before| {
        let token = &line.tokens[before];
        token.kind == TokenKind::Code && line.source[token.span().range()].starts_with("`[")
    })
}

/// An arrow right before or after a state: "draft → active → closed".
fn beside_arrow(line: &Line<'_>, state: &Predicate) -> Option<usize> {
    let before = state.first.checked_sub(1).filter(|&at| line.is_arrow(at));
    before.or(Some(state.last + 1).filter(|&at| line.is_arrow(at)))
}

/// A size right before the state: "31.8GB VRAM available" speaks of a resource.
fn of_a_size(line: &Line<'_>, state: &Predicate) -> Option<usize> {
    (line.clause_start(state.state)..state.first)
        .rev()
        .take(3)
        .find(|&at| {
            let token = &line.tokens[at];
            token.kind == TokenKind::Opaque && line.source.as_bytes()[token.span().start].is_ascii_digit()
        })
        .filter(|_| line.is(state.state, Class::Room))
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn adverbs_that_take_back_and_those_that_do_not() {
        assert_claims(&[
            ("The gateway barely works.", &["gateway barely works | state | eq | partial | gateway"]),
            ("The gateway works intermittently.", &["gateway works intermittently | state | eq | partial | gateway"]),
            ("The gateway is halfway done.", &["gateway is halfway done | state | eq | partial | gateway"]),
            ("The gateway is up again.", &["gateway is up again | state | eq | up | gateway"]),
            ("The gateway is back online.", &["gateway is back online | state | eq | up | gateway"]),
            (
                "The gateway is not only deployed but tested.",
                &["gateway is not only deployed | state | eq | up | gateway", "tested | state | eq | up | gateway"],
            ),
            ("The gateway is not just broken.", &["gateway is not just broken | state | eq | down | gateway"]),
        ]);
    }

    #[test]
    fn for_how_long_it_has_been_so() {
        assert_claims(&[
            (
                "| Name | Status |\n|---|---|\n| api | Up 2 hours |\n| web | Up 3 days (unhealthy) |\n| db | Exited (1) 2 days ago |",
                &[
                    "Up | state | eq | up | api",
                    "unhealthy | state | eq | down | web",
                    "Exited | state | eq | down | db",
                ],
            ),
            ("- Status: Up 2 hours", &["Up | state | eq | up | "]),
            ("The mill is up for 3 days.", &["mill is up | state | eq | up | mill"]),
            ("The mill is up to 3 days away.", &[]),
            ("Bells are the hardest part to hang correctly.", &[]),
            (
                "✅ Keys saved to Disk correctly",
                &["✅ Keys saved to Disk correctly | state | eq | up | Keys saved to Disk"],
            ),
        ]);
    }

    #[test]
    fn names_with_a_mark_each() {
        assert_claims(&[
            ("Mill ✅ Forge ❌", &["Mill ✅ | state | eq | up | Mill", "Forge ❌ | state | eq | down | Forge"]),
            ("- Mill ✅, Forge ❌", &["Mill ✅ | state | eq | up | Mill", "Forge ❌ | state | eq | down | Forge"]),
            (
                "## Part status\n\n| Part | Roof | Walls |\n|---|---|---|\n| Mill | ✅ | ❌ |",
                &["✅ | state | eq | up | Mill", "❌ | state | eq | down | Mill"],
            ),
            // Below another heading, the columns are compared.
            ("## Part status\n\n### Mill and forge\n\n| Part | Mill | Forge |\n|---|---|---|\n| Roof | ✅ | ❌ |", &[]),
            ("**Supported mills:**\n\n- ✅ Wind\n- ✅ Water", &[]),
            (
                "## Faults\n\n| Fault | Status |\n|---|---|\n| Draught | Open — found in May |",
                &["Open | state | eq | down | Draught"],
            ),
        ]);
    }

    #[test]
    fn names_in_a_list_of_states() {
        assert_claims(&[(
            "macOS (works), Windows (broken), Linux (untested)",
            &[
                "works | state | eq | up | macOS",
                "broken | state | eq | down | Windows",
                "untested | state | eq | down | Linux",
            ],
        )]);
    }

    #[test]
    fn labels_marks_and_sentences() {
        assert_claims(&[
            (
                "## Faults\n\n| Fault | Status |\n|---|---|\n| Draught | Open, two causes ruled out |",
                &["Open | state | eq | down | Draught"],
            ),
            ("The shop is open source.", &[]),
            ("| Lemma | Result |\n|---|---|\n| First | **PROVED** |", &["PROVED | state | eq | up | First"]),
            (
                "**Minor faults:** 2 (none urgent)\n1. No second bell\n2. Missing door stop",
                &[
                    "2 | count 2 | eq | none | Minor faults",
                    "No second bell | state | eq | down | second bell",
                    "Missing door stop | state | eq | down | door stop",
                ],
            ),
            (
                "## Current limits\n\n- Night mode is not implemented.",
                &["Night mode is not implemented | state | eq | down | Night mode"],
            ),
            (
                "The east window and its frame remain open.",
                &["east window and its frame remain open | state | eq | partial | east window and its frame"],
            ),
            (
                "## Features\n\n- **Bell:** brass\n- **Status:** Implemented, paint fresh",
                &["Implemented | state | eq | up | "],
            ),
            ("- ❌ **Load checks:** none", &["❌ **Load checks:** none | state | eq | down | Load checks"]),
            ("## Status\n\n- [ ] Export - not yet tested", &["not yet tested | state | eq | down | Export"]),
            ("## Status\n\n- [ ] Export - test it", &[]),
            (
                "**Status**: 🟡 **Base complete, gateway pending review**",
                &["🟡 **Base complete | state | eq | up | Base", "gateway pending | state | eq | partial | gateway"],
            ),
            ("- Queues pending jobs", &[]),
            ("- Queue: Running quietly on a spare machine", &["Running | state | eq | up | Queue"]),
            ("- **Import**: Successfully reading the feed", &["Successfully | state | eq | up | Import"]),
            ("- ❌ **Export** - NOT TESTED", &["❌ **Export** - NOT TESTED | state | eq | down | Export"]),
            (
                "**Problem:**\nThe importer is failing since the last merge.",
                &["importer is failing | state | eq | down | importer"],
            ),
            (
                "- ✅ Coverage claims are verified",
                &["✅ Coverage claims are verified | state | eq | up | Coverage claims"],
            ),
            ("- **Gate**: ✅ Set to port 4000", &["✅ Set | state | eq | up | Gate"]),
            ("- ✅ `PORT` - Set in the panel", &["✅ `PORT` - Set | state | eq | up | PORT"]),
            ("- ⚠️ Set `PORT` in the panel", &[]),
            ("- ✅ **Rich tool set** for all", &["✅ | state | eq | up | Rich tool set"]),
            ("**Backend API**: ✅ Operational", &["✅ Operational | state | eq | up | Backend API"]),
            ("- **files** - file operations ✅", &["✅ | state | eq | up | files"]),
            ("PostgreSQL is running.", &["PostgreSQL is running | state | eq | up | PostgreSQL"]),
            ("**Status**: FULLY OPERATIONAL", &["FULLY OPERATIONAL | state | eq | up | "]),
            ("The parser is not yet implemented.", &["parser is not yet implemented | state | eq | down | parser"]),
            (
                "The importer is partially working.",
                &["importer is partially working | state | eq | partial | importer"],
            ),
            ("### Phase 2: Parser (COMPLETE)", &["COMPLETE | state | eq | up | Phase 2: Parser"]),
            ("### Export (TODO: not yet implemented)", &["not yet implemented | state | eq | down | Export"]),
            ("- TODO: Export not yet implemented", &["Export not yet implemented | state | eq | down | Export"]),
            ("## Current Status\n\n- ✅ Login page with avatars", &["✅ | state | eq | up | Login page"]),
        ]);
    }

    #[test]
    fn labels_that_state_and_labels_that_ask() {
        assert_claims(&[
            (
                "## Phase 2 complete: the parser is merged",
                &["Phase 2 complete | state | eq | up | Phase 2", "parser is merged | state | eq | up | parser"],
            ),
            ("## ✅ Completed: the lexer", &["✅ Completed | state | eq | up | lexer"]),
            ("**Tasks complete**: 48/48", &["48/48 | ratio 48/48 | eq | up | Tasks complete"]),
            ("- `API_KEY`: Configured", &["Configured | state | eq | up | API_KEY"]),
            ("- **Error handling:** Thorough and tested", &["Thorough and tested | state | eq | up | Error handling"]),
            (
                "**Status:** Core defined, services wired, last stage in progress",
                &[
                    "Core defined | state | eq | up | Core",
                    "services wired | state | eq | up | services",
                    "last stage in progress | state | eq | partial | last stage",
                ],
            ),
            // The word says more than the mark.
            ("- **Mail**: ⚠️ Missing", &["⚠️ Missing | state | eq | down | Mail"]),
            ("- **Mail**: ⚠️ Running", &["⚠️ Running | state | eq | partial | Mail"]),
            ("- Status: open/closed", &[]),
            ("**Backend**: running (verified 2025-05-24)", &["running | state | eq | up | Backend"]),
            (
                "1. **Browser link**: Loaded and connected in the toolbar",
                &["Loaded and connected | state | eq | up | Browser link"],
            ),
            ("- Ping: 200 OK", &["OK | state | eq | up | Ping"]),
            (
                "## Status\n\n- Build chain fully operational:\n  - lint",
                &["Build chain fully operational | state | eq | up | Build chain"],
            ),
            ("- ⚠️ **Task 6**: Login (DEFERRED to spring)", &["DEFERRED | state | eq | down | Task 6: Login"]),
            ("- Socket: `app.sock` doesn't exist", &["`app.sock` doesn't exist | state | eq | down | app.sock"]),
            ("**Status**: Not yet run", &["Not yet run | state | eq | down | "]),
            ("- Status: Yellow cluster of three", &["Yellow | state | eq | partial | "]),
            (
                "**Status**: Parser complete, merged to the trunk",
                &["Parser complete, merged | state | eq | up | Parser"],
            ),
            ("- ❌ **Visual tests:** NONE", &["❌ **Visual tests:** NONE | state | eq | down | Visual tests"]),
            ("| Phase | Status |\n|---|---|\n| 2 — Importer | Accepted |", &["Accepted | state | eq | up | Importer"]),
            ("| Part | Maturity |\n|---|---|\n| Search | Production |", &["Production | state | eq | up | Search"]),
        ]);
    }

    #[test]
    fn what_stands_before_and_behind_a_state() {
        assert_claims(&[
            ("- The runner is quick and ready to fly", &["runner is quick and ready | state | eq | up | runner"]),
            ("Ready for its first guests.", &["Ready | state | eq | up | "]),
            ("It took long. Work through the rest.", &[]),
            ("1. The lexer is broken → use the old one", &["lexer is broken | state | eq | down | lexer"]),
            (
                "| Editor | Plugin |\n|---|---|\n| Loom | Partial read support |",
                &["Partial | state | eq | partial | Loom"],
            ),
            ("- **Archive** - Partial coverage of old pages", &["Partial | state | eq | partial | Archive"]),
            ("- Order: draft → active → closed", &[]),
            (
                "The gateway is deployed but currently bypassed in `main.rs`.",
                &[
                    "gateway is deployed | state | eq | up | gateway",
                    "currently bypassed | state | eq | down | gateway",
                ],
            ),
            (
                "The gateway has been configured for two platforms.",
                &["gateway has been configured | state | eq | up | gateway"],
            ),
            ("## What we have (week 1-5 complete)", &["week 1-5 complete | state | eq | up | week 1-5"]),
            ("## What works (verified)", &[]),
            ("- `roof.md` (UPDATED)", &[]),
            ("## Status\n\n- ❌ Does the roof hold? (nobody knows)", &[]),
            ("- Temporary keys still present", &["Temporary keys still present | state | eq | up | Temporary keys"]),
            (
                "- **Payments:** Desk (configured, not opened yet)",
                &["configured | state | eq | up | Payments", "not opened yet | state | eq | down | Payments"],
            ),
            ("- Map page (sketched, not built)", &["not built | state | eq | down | Map page"]),
            ("- **Mesh**: `@lab/mesh` (installed globally)", &["installed | state | eq | up | Mesh"]),
            ("Marks: `[ ]` Pending, `[~]` Ongoing, `[x]` Finished", &[]),
            ("- Columns (pending, approved, rejected)", &[]),
            ("- `shop-api/`: the back end (deployed on the rack)", &["deployed | state | eq | up | shop-api/"]),
            (
                "| Part | Ready | Next |\n|---|---|---|\n| Mail | Yes | check the keys |",
                &["Yes | state | eq | up | Mail"],
            ),
            ("## Status\n\n- Export (structure ready)", &["structure ready | state | eq | up | Export"]),
            ("- Zero-copy paths (✅ core complete)", &["✅ core complete | state | eq | up | Zero-copy paths"]),
            ("## How to complete the set-up", &[]),
            ("1. Find the leak (two hours work)", &[]),
            (
                "The mill is a **fully operational** museum that shows:",
                &["mill is a **fully operational | state | eq | up | mill"],
            ),
            ("The mill is a complete, working mill.", &["mill is a complete | state | eq | up | mill"]),
            ("The mill is a working mill.", &[]),
            ("A complete, working mill is wanted.", &[]),
            ("The move has not started.", &["move has not started | state | eq | down | move"]),
            ("The gate isn't deployed anywhere.", &["gate isn't deployed anywhere | state | eq | down | gate"]),
            ("- ✅ Key painted: `hall/key`", &["✅ | state | eq | up | Key painted"]),
            ("- ✅ Keys: `hall/key`", &[]),
            ("- ✅ Bell ringing and running at: `hall/bell`", &["✅ | state | eq | up | Bell ringing and running"]),
            ("## What is left to do\n\n- Make sure that the bell is working", &[]),
            ("# Status\n\n- Row lamps (RL) enabled", &["enabled | state | eq | up | Row lamps"]),
            ("- Core bells (big, small) work correctly", &["work correctly | state | eq | up | bells"]),
            ("## Decision notes (DNs) tested", &[]),
            (
                "# Status\n\nThe deep test runs successfully.",
                &["deep test runs successfully | state | eq | up | deep test"],
            ),
            ("We run successfully into walls.", &[]),
            ("- The bell ringer works well:\n  - low", &["bell ringer works well | state | eq | up | bell ringer"]),
            (
                "The mill has not yet been visually verified or weighed.",
                &["mill has not yet been visually verified | state | eq | down | mill"],
            ),
            ("The gate is possibly down.", &[]),
            (
                "- Night bells not yet built (frames only)",
                &["Night bells not yet built | state | eq | down | Night bells"],
            ),
            (
                "- 102 tests, 97% coverage, bell detector clean",
                &[
                    "102 tests | count 102 | eq | none | tests",
                    "97% coverage | percent 97 | eq | none | coverage",
                    "bell detector clean | state | eq | up | bell detector",
                ],
            ),
            ("- The bell works out of the box", &["bell works out of the box | state | eq | up | bell"]),
            ("The gate is severely outdated.", &["gate is severely outdated | state | eq | down | gate"]),
            ("4. Bell room (never for hanging): **DONE**", &["DONE | state | eq | up | Bell room"]),
            ("5. Tuning (pitch, goals, limits): **DONE**", &["DONE | state | eq | up | Tuning"]),
            ("5. Goal: DONE", &[]),
            ("The signer is gone.", &["signer is gone | state | eq | down | signer"]),
        ]);
    }

    #[test]
    fn verbs_with_their_subjects() {
        assert_claims(&[
            ("- Successfully reading the mail", &["Successfully | state | eq | up | "]),
            ("- Successfully reads all letters", &[]),
            ("- The `fetch` check hangs", &["`fetch` check hangs | state | eq | down | fetch check"]),
            ("- `make lint` passes", &["`make lint` passes | state | eq | up | make lint"]),
            (
                "- The recovery drill passes end to end",
                &["recovery drill passes end to end | state | eq | up | recovery drill"],
            ),
            ("These crates build successfully:", &["crates build successfully | state | eq | up | crates build"]),
            (
                "The importer and the exporter work.",
                &["importer and the exporter work | state | eq | up | importer and the exporter"],
            ),
            ("1. **Export**: Report not yet tested.", &["Report not yet tested | state | eq | down | Export"]),
            ("It takes a lock for workers sitting idle and running across regions.", &[]),
            ("- **Runners**: Works with any runner", &[]),
            ("A: Yes, it does.", &[]),
            ("Scores - ✅ = done and tested", &[]),
        ]);
    }

    #[test]
    fn headings_tell_what_is_below() {
        assert_claims(&[
            ("## Roadmap\n\n- Report export (implemented)", &["implemented | state | eq | up | Report export"]),
            ("## Roadmap\n\n### Later (all of it working)\n", &[]),
            (
                "## Roadmap\n\nThe move is essentially complete.",
                &["move is essentially complete | state | eq | up | move"],
            ),
            ("## Features\n\n### Stage 2 (complete)", &["complete | state | eq | up | Stage 2"]),
            (
                "## Storage (5 rules)\n\n- 40 shards hold the index",
                &["5 rules | count 5 | eq | none | Storage", "40 shards | count 40 | eq | none | shards"],
            ),
            (
                "- **Stage 5** - ropes (hemp, complete): six coils",
                &["complete | state | eq | up | ", "six coils | count 6 | eq | none | coils"],
            ),
            (
                "It holds: ropes clean, wheels clean.",
                &["ropes clean | state | eq | up | ropes", "wheels clean | state | eq | up | wheels"],
            ),
            ("It holds: ropes clean, bells dry.", &[]),
            ("**Status**: AWAITING NEW TILES", &["AWAITING | state | eq | partial | "]),
            ("**Status**: Roof complete, awaiting new tiles", &["Roof complete | state | eq | up | Roof"]),
            ("**Status**: CLOSED (seen in the yard)", &["CLOSED | state | eq | up | "]),
            ("- Not yet tested", &["Not yet tested | state | eq | down | "]),
            ("## Phase 1: Complete ✅", &["Complete ✅ | state | eq | up | Phase 1"]),
            (
                "## Next steps\n\n**Stage C: COMPLETE, manual LIVE.**",
                &["COMPLETE | state | eq | up | Stage C", "manual LIVE | state | eq | up | manual"],
            ),
            ("## Gates - COMPLETED", &["COMPLETED | state | eq | up | Gates"]),
            (
                "## Status\n\n### Gate 3 - Removal of the cache ✅ DONE 2026-05-02",
                &["✅ DONE | state | eq | up | Gate 3"],
            ),
            (
                "## Next steps\n\n1. The bakery is now fully operational",
                &["bakery is now fully operational | state | eq | up | bakery"],
            ),
            ("- **Fit**: Beta(3,1) curve", &[]),
            ("## Progress\n\n- [x] Reader → `Row` writer", &["[x] | state | eq | up | Reader"]),
            // A topic in the name of a heading announces nothing.
            (
                "## Feature Status\n\n### Order History View\n\n- ✅ **Login**: Working",
                &["✅ **Login**: Working | state | eq | up | Login"],
            ),
            ("## Status\n\n### Core Features\n\n- ✅ Login page", &["✅ | state | eq | up | Login page"]),
            (
                "### Phase 2: Safety Rules (In Progress)\n\n- ✅ Lint - Complete",
                &[
                    "In Progress | state | eq | partial | Phase 2: Safety Rules",
                    "✅ Lint - Complete | state | eq | up | Lint",
                ],
            ),
            (
                "## Feature status\n\n### Core features\n\n- ✅ Search\n\n### Unique advantages\n\n- ✅ Cheap to run",
                &["✅ | state | eq | up | Search"],
            ),
            // The title of a report says nothing of each list in it.
            ("# Shop status\n\n## Visual features\n\n- ✅ Soft shadows", &[]),
            (
                "# Shop status\n\n## Working features\n\n### Basket features\n\n- ✅ Undo",
                &["✅ | state | eq | up | Undo"],
            ),
            ("You know that it works when:\n\n- ✅ The server starts", &[]),
            // A heading that says itself how things stand, or that a mark approves.
            (
                "## Completed milestones\n\n#### Phase 1 - FULLY COMPLETED (100%)",
                &["FULLY COMPLETED | state | eq | up | Phase 1", "100% | percent 100 | eq | up | Phase 1"],
            ),
            (
                "## Success metrics\n\n### ⏳ Still to be shown\n\n- **M-6**: a log of calls - ⏳ Needs a logger",
                &["⏳ Needs a logger | state | eq | partial | M-6: a log of calls"],
            ),
            (
                "All of the success criteria have been met:\n\n- **M-1** ✅ Fast calls - Load test passes",
                &["✅ Fast calls - Load test passes | state | eq | up | M-1"],
            ),
            (
                "## Status\n\n### ✅ Access policies\n\n- **Isolation**: ✅ Guests see their own carts",
                &["✅ | state | eq | up | Isolation"],
            ),
            (
                "## Status\n\n#### ✅ Story 5: Error pages and retries",
                &["✅ | state | eq | up | Story 5: Error pages and retries"],
            ),
            (
                "## Status\n\n- [x] Verify that the index exists",
                &["[x] | state | eq | up | Verify that the index exists"],
            ),
            ("## Status\n\n### ✅ **2. Complete store**", &["✅ | state | eq | up | Complete store"]),
            ("### Phase 6: Base 🔧 **COMPLETED**", &["COMPLETED | state | eq | up | Phase 6: Base"]),
            ("## Completed key goals\n\n1. ✅ Build the index", &["✅ | state | eq | up | Build the index"]),
            (
                "## Sessions ✅\n\n- Session state maintained",
                &["✅ | state | eq | up | Sessions", "Session state maintained | state | eq | up | Session state"],
            ),
            ("**What a full launch looks like:**\n\n- ✅ The shop is open", &[]),
            ("## What will happen\n\n1. ✅ The store is operational", &[]),
            ("## Completed\n\n- [x] Added the triggers", &["[x] | state | eq | up | Added the triggers"]),
            ("## Roadmap\n\n### Phase 4: Sharing — TODO", &["TODO | state | eq | down | Phase 4: Sharing"]),
            ("## Status\n\n### ✅ Complete build pipeline", &["✅ | state | eq | up | Complete build pipeline"]),
            ("## Status\n\n### ✅ Completed features", &[]),
            ("### Phase 1: Base (completed June 2025)", &["completed | state | eq | up | Phase 1: Base"]),
            ("## Status\n\n### ✅ Mail Gateway", &["✅ | state | eq | up | Mail Gateway"]),
            ("## Status\n\n### 🔴 Critical Issues", &[]),
            (
                "## Acceptance criteria\n\n| # | What | Status |\n|---|---|---|\n| 1 | Import | ✅ |",
                &["✅ | state | eq | up | Import"],
            ),
            ("## Roadmap\n\nThe parser is working.", &["parser is working | state | eq | up | parser"]),
            (
                "## Roadmap\n\n**Phase 3 complete:** 12 tools deployed",
                &["Phase 3 complete | state | eq | up | Phase 3", "12 tools deployed | count 12 | eq | up | tools"],
            ),
            ("## Roadmap\n\n- No open blockers remain", &["No open blockers | universal | eq | up | open blockers"]),
            ("## Remaining issues\n\n### Old drivers (4 tests)", &["4 tests | count 4 | eq | none | Old drivers"]),
            (
                "## Known limitations\n\n- No error recovery",
                &["No error recovery | state | eq | down | error recovery"],
            ),
        ]);
    }

    #[test]
    fn what_else_a_sentence_says_of_its_subject() {
        assert_claims(&[
            (
                "- Reader exists but untested on oak",
                &["Reader exists | state | eq | up | Reader", "untested | state | eq | down | Reader"],
            ),
            (
                "- Hoist - deployed but failing on Mondays",
                &["deployed | state | eq | up | Hoist", "failing | state | eq | down | Hoist"],
            ),
            (
                "- ⏳ The count was begun, started again but timed out",
                &["⏳ | state | eq | partial | count was begun, started again but timed out"],
            ),
            (
                "The mill is currently a fully working museum.",
                &["mill is currently a fully working | state | eq | up | mill"],
            ),
            ("The mill is a functional museum.", &[]),
            ("The mill is now a functional museum.", &["mill is now a functional | state | eq | up | mill"]),
            ("The gate is always broken.", &["gate is always broken | state | eq | down | gate"]),
            ("- **Lamp**: Stub, unpainted", &["Stub | state | eq | down | Lamp"]),
            ("- **Lamp**: Clean, thrifty design", &[]),
            ("- Would need a second rope (not implemented)", &["not implemented | state | eq | down | second rope"]),
            ("**❌ Orders ARE NOT saved to disk**", &["❌ Orders ARE NOT saved to disk | state | eq | down | Orders"]),
            (
                "## What a mill grinds\n\nThe mill currently:\n\n- ✅ Grinds rye\n- ❌ Does not grind oats",
                &["✅ | state | eq | up | Grinds rye", "❌ | state | eq | down | grind oats"],
            ),
            ("## What a mill grinds\n\nEvery mill:\n\n- ✅ Grinds rye", &[]),
            // What stands in bold before an entry is all that is said of it.
            ("- `bell.sh` - ✅ **DEPLOYED** nightly ringer", &["✅ **DEPLOYED | state | eq | up | bell.sh"]),
            ("**Recommendation:** The mill is ready.", &["mill is ready | state | eq | up | mill"]),
            ("- **Bell tower** (COMPLETE, 2026-02-03)", &["COMPLETE | state | eq | up | Bell tower"]),
            ("## K3 — Bell tower — COMPLETE", &["COMPLETE | state | eq | up | K3 — Bell tower"]),
            ("- **K3** — bell tower of oak", &[]),
            ("The bell has not been deployed yet.", &["bell has not been deployed yet | state | eq | down | bell"]),
            ("The bell has never been deployed.", &["bell has never been deployed | state | eq | down | bell"]),
            ("The bell is no longer running.", &["bell is no longer running | state | eq | down | bell"]),
            ("The bell is not running anymore.", &["bell is not running anymore | state | eq | down | bell"]),
            ("The bell is missing its rope.", &["bell is missing | state | eq | down | bell"]),
            ("## Status\n\nNot yet deployed.", &["Not yet deployed | state | eq | down | "]),
            ("## Rooms\n\nNot yet deployed.", &[]),
            ("| Part | Status |\n|---|---|\n| Bell | Exited (127) |", &["Exited | state | eq | down | Bell"]),
            ("- Bell: half done", &["half done | state | eq | partial | Bell"]),
            ("The bell is far from complete.", &["bell is far from complete | state | eq | down | bell"]),
            ("The bell is anything but stable.", &["bell is anything but stable | state | eq | down | bell"]),
            ("The mill does not work.", &["mill does not work | state | eq | down | mill"]),
            ("The bell keeps restarting.", &["bell keeps restarting | state | eq | down | bell"]),
            ("- **Ladder ready:** Yes", &["Yes | state | eq | up | Ladder ready"]),
            ("- Bells (but not installed)", &["not installed | state | eq | down | Bells"]),
        ]);
    }

    #[test]
    fn names_with_numbers_marks_and_titles_of_their_own() {
        assert_claims(&[
            ("**Stories 2-5 and 9 COMPLETE**", &["Stories 2-5 and 9 COMPLETE | state | eq | up | Stories 2-5 and 9"]),
            ("- **Stories 5 and 9 are done**", &["Stories 5 and 9 are done | state | eq | up | Stories 5 and 9"]),
            (
                "## Status\n\n- ✅ Stage 6: Outer walls (fence ✅, gate ❌)",
                &[
                    "✅ | state | eq | up | Stage 6: Outer walls",
                    "fence ✅ | state | eq | up | fence",
                    "gate ❌ | state | eq | down | gate",
                ],
            ),
            ("- ✅ Check lists working", &["✅ Check lists working | state | eq | up | Check lists"]),
            ("- ✅ Check that lists are printed", &[]),
            ("- **Historical Data Import** - done", &["done | state | eq | up | Historical Data Import"]),
            ("- Historical doors are closed", &[]),
            ("- Severity: 🟡 Medium", &[]),
            ("- Heating: 🟡 Medium", &["🟡 Medium | state | eq | partial | Heating"]),
            (
                "## Improvements\n\n### 4. Longer ropes ✅ COMPLETE\n\n### Softer bells ✅",
                &["✅ COMPLETE | state | eq | up | Longer ropes"],
            ),
            ("**Gate requires a key** — the key is now in place.", &["key is now in place | state | eq | up | key"]),
            ("The gate requires a key, which is now in place.", &[]),
            ("### What went well\n\n- ✅ The walls worked", &[]),
            ("## Status\n\n- ✅ Doors will open by themselves", &[]),
            ("### Urgent (5/5) ✅", &["5/5 | ratio 5/5 | eq | up | Urgent"]),
            ("**Status**: Stage 1 & 2 COMPLETE", &["Stage 1 & 2 COMPLETE | state | eq | up | Stage 1 & 2"]),
            ("## ✅ Stage 3: Longer ropes", &["✅ | state | eq | up | Stage 3: Longer ropes"]),
            ("## ✅ Stage 3 checklist", &[]),
            ("## 2025-03-02 the roof was mended\n\nIt took 40 tiles, and the gutter is working.", &[]),
            ("## 10.7.30.44 - gate\n\n- **Gutter is working**", &["Gutter is working | state | eq | up | Gutter"]),
            ("## Status 2025-03-02\n\n- Gutter is working", &["Gutter is working | state | eq | up | Gutter"]),
            (
                "Roof ✓ Walls ✓ Gate ❌ in one day",
                &[
                    "Roof ✓ | state | eq | up | Roof",
                    "Walls ✓ | state | eq | up | Walls",
                    "Gate ❌ | state | eq | down | Gate",
                ],
            ),
            ("## STAGE 1 - FIX THE ROOF (COMPLETE)", &["COMPLETE | state | eq | up | STAGE 1 - FIX THE ROOF"]),
            (
                "| Stage | Status |\n|---|---|\n| roof | **Complete** — part 1: tiles, part 2: gutter |",
                &["Complete | state | eq | up | roof"],
            ),
        ]);
    }

    #[test]
    fn up_and_down_behind_a_copula_say_nothing_else() {
        assert_claims(&[
            ("The gateway is down.", &["gateway is down | state | eq | down | gateway"]),
            (
                "North is up, South is currently down",
                &["North is up | state | eq | up | North", "South is currently down | state | eq | down | South"],
            ),
            ("All gateways are down.", &["All gateways are down | universal | eq | down | gateways"]),
            ("None of the gateways is down.", &["None of the gateways is down | universal | eq | up | gateways"]),
            ("The gate is closed (#9).", &["gate is closed | state | eq | up | gate"]),
            ("The ringer is a stub.", &["ringer is a stub | state | eq | down | ringer"]),
            ("The tower is a work in progress.", &["tower is a work in progress | state | eq | partial | tower"]),
            ("It is a stub of a candle.", &[]),
            ("The gate is closed by hand.", &[]),
            ("The total is up to you.", &[]),
            ("The page is down below.", &[]),
            ("If the gateway is down, restart it.", &[]),
            ("Make sure that the database is up.", &[]),
            ("The server goes down at night.", &[]),
        ]);
    }

    #[test]
    fn cells_of_a_status_table() {
        let table = "| Service | Status |\n|---|---|\n| Redis | ✅ Healthy |\n| Mail | ❌ Down |\n| Jobs | ⚠️ Slow |\n";
        assert_claims(&[
            (
                "| Part | Status |\n|---|---|\n| reader | Complete base layer |",
                &["Complete | state | eq | up | reader"],
            ),
            ("| Part | Contents |\n|---|---|\n| reader | Complete base layer |", &[]),
            ("| Branch | State |\n|---|---|\n| `a` | Merged/replaced |", &["Merged/replaced | state | eq | up | a"]),
            ("| Lamp | State |\n|---|---|\n| red | on/off switch |", &[]),
            (
                table,
                &[
                    "✅ Healthy | state | eq | up | Redis",
                    "❌ Down | state | eq | down | Mail",
                    "⚠️ Slow | state | eq | partial | Jobs",
                ],
            ),
        ]);
    }

    #[test]
    fn state_words_that_only_describe() {
        assert_claims(&[
            ("- **Login:** none (in the cellar)", &[]),
            ("The old oven achieved the highest loaf.", &[]),
            ("- **Search**: Implemented a new index", &[]),
            ("- Verbs: draft, done, pull, list", &[]),
            (
                "| # | Part | Status |\n|---|---|---|\n| M01 | Search | ✅ Base complete |",
                &["✅ Base complete | state | eq | up | Search"],
            ),
            (
                "| Milestone | Status |\n|---|---|\n| M1 | ✅ Base complete |",
                &["✅ Base complete | state | eq | up | M1"],
            ),
            ("- Search: width=8, alpha=64", &[]),
            ("The gate fails closed when the rope breaks.", &[]),
            ("This is for your own work on the tower.", &[]),
            ("The working directory holds active development.", &[]),
            ("## Running", &[]),
            ("Read how it works.", &[]),
            ("## Working with the parser", &[]),
            ("### Commands Available", &[]),
            ("## Acceptance Criteria (MVP complete)", &[]),
            ("The bridge is here (not broken).", &[]),
            ("- ✅ Scripts: `scripts/` folder", &[]),
            ("### High priority 🔴", &[]),
            ("## Methods tested", &[]),
            ("| Week | Lines complete |\n|---|---|\n| first | few |", &[]),
            ("### Release 2 (current)", &[]),
            ("| Service | Probe |\n|---|---|\n| Logs | /ready |\n| Metrics | /-/healthy |", &[]),
            ("The table tracks which worker is running where.", &[]),
            ("## How to see that it is working", &[]),
            ("The patterns live in one file.", &[]),
            ("The scripts live as siblings.", &[]),
            ("The **working** drawer is upstairs.", &[]),
            ("## Running locally", &[]),
            ("- **Ladder needed:** Yes", &[]),
            ("- **Bells**: Working with a long rope", &[]),
            ("### Step 9 — Verify the gate is running", &[]),
            ("## Known issues\n\n- Open the north gate first", &[]),
        ]);
    }
}
