//! "The form needs backend integration", "Missing type checks": what something still needs is not done.

use crate::claim::candidate::Candidate;
use crate::claim::found::Found;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::{Form, Section};
use crate::claim::subject;
use crate::claim::token::Token;

/// Words of a noun for work, longest.
const REACH: usize = 4;

/// Endings of nouns for work: "integration", "adjustment", "testing", "maintenance".
const ENDINGS: &[&str] = &["tion", "sion", "ment", "ing", "ance", "ence", "update"];

/// Further words for work.
const WORK: &[&str] = &[
    "fix", "fixes", "setup", "set-up", "work", "rework", "cleanup", "mock", "upgrade", "update", "restart", "reboot",
    "refactor", "test",
];

/// Finds the needs of a line.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    let told = line.asks_status() || line.content.symbol;
    for at in 0..line.tokens.len() {
        let wants = line.is(at, Class::Need) || told && line.says(at, "required");
        if !wants || found.has(at) {
            continue;
        }
        let candidate = if line.is_participle(at) { needed(line, at) } else { read(line, at) };
        if let Some(candidate) = candidate {
            found.add(line, candidate);
        }
    }
}

/// Finds what a list of faults says to be missing: "Missing type checks".
pub fn lacking(line: &Line<'_>, found: &mut Found) {
    let at = line.body;
    // "Open the gate" asks for it.
    let names = |token: &&Token| token.is_state_word() && token.capital && !token.is(Class::Imperative);
    let Some(token) = line.get(at).filter(names).filter(|_| !found.has(at)) else {
        return;
    };
    let entry = matches!(line.place.form, Form::Item | Form::Heading);
    // "Fix: removed the old path" tells what was done.
    let deed = line.colon && line.is_participle(at);
    let told = entry && line.place.faults && !deed && token.entry.polarity == Polarity::Down;
    let Some(noun) = subject::noun_after(line, at + 1).filter(|noun| told && noun.start == at + 1) else { return };
    let mut candidate = Candidate::new(Kind::State, at, noun.end - 1);
    candidate.polarity = Polarity::Down;
    candidate.predicate = Some(at..at + 1);
    candidate.noun = Some(noun);
    found.add(line, candidate);
}

/// "Mail set-up needed": the work stands before the participle, and nothing behind it but for what.
fn needed(line: &Line<'_>, at: usize) -> Option<Candidate> {
    let noun = subject::noun_before(line, at)
        .filter(|noun| is_told(line) && noun.end == at && line.same_clause(noun.start, at))?;
    let denied = line.find(line.clause_start(at)..at, Classes::of(&[Class::Nothing, Class::Negator, Class::Condition]));
    let asked = line.get(at + 1).is_some_and(|next| next.is_punct(b':') || next.is(Class::Copula));
    let ends = !asked && (subject::ends_phrase(line, at + 1) || line.is(at + 1, Class::Link));
    // "Export (library needed)": in parentheses it is said of the entry, whatever it is.
    let aside = noun.start > 0 && line.depth(at) > 0 && line.get(at + 1).is_some_and(|next| next.is_punct(b')'));
    let told = is_work(line, noun.end - 1) || aside;
    // "Status: bells hung, tuning required", but "A key is required".
    let wanting = |at: usize| line.tokens[at].is_state_symbol() && line.tokens[at].entry.polarity != Polarity::Up;
    let symbol = noun.start.checked_sub(1).filter(|&at| wanting(at));
    let rule = line.says(at, "required") && !(line.asks_status() || symbol.is_some());
    if denied.is_some() || !ends || !told || rule || line.place.form == Form::Heading {
        return None;
    }
    let mut candidate = Candidate::new(Kind::State, symbol.unwrap_or(noun.start), at);
    candidate.polarity = Polarity::Partial;
    candidate.predicate = Some(at..at + 1);
    candidate.noun = Some(noun);
    Some(candidate)
}

/// Whether the word at `word` is a noun for work.
fn is_work(line: &Line<'_>, word: usize) -> bool {
    let text = line.source[line.tokens[word].span().range()].to_ascii_lowercase();
    let one = text.strip_suffix('s').unwrap_or(&text);
    ENDINGS.iter().any(|ending| one.len() > ending.len() + 2 && one.ends_with(ending))
        || WORK.contains(&one)
        || WORK.contains(&text.as_str())
}

/// Whether the line stands where the state of things is told.
fn is_told(line: &Line<'_>) -> bool {
    line.marked() || line.place.faults || line.place.section == Section::Status || line.asks_status()
}

fn read(line: &Line<'_>, at: usize) -> Option<Candidate> {
    // "(needs an update)", "- Parser: Needs integration": what needs it stands before.
    // "Requires funding" sounds like a rule.
    let plain = !line.is(at, Class::Rule);
    let entry = line.label.is_some() || line.place.form == Form::Cell && plain;
    let answers = entry && at == line.body && line.tokens[at].capital;
    let joins =
        |before: &Token| before.is_punct(b',') || before.is_punct(b'-') && before.spaced || before.is(Class::Contrast);
    // "Parser: one pass, needs recovery": said of the label, whatever it needs.
    let behind = at > line.body && joins(&line.tokens[at - 1]);
    let added = behind && line.label.is_some() && is_told(line);
    // "Frame cast, needs painting" in a cell is said of its row.
    let in_cell = behind && line.place.form == Form::Cell && plain;
    let aside = at > 0 && line.tokens[at - 1].is_punct(b'(') || answers || added || in_cell;
    let subject = subject::noun_before(line, at).filter(|noun| line.same_clause(noun.start, at));
    let subject = if aside { Some(at..at) } else { subject }?;
    let object = subject::noun_after(line, at + 1).filter(|noun| noun.start <= at + 3)?;
    let work = (object.start..object.end.min(object.start + REACH))
        .rfind(|&word| added || line.place.faults && plain || is_work(line, word))?;
    if !aside && (!is_told(line) || line.is(subject.end - 1, Class::Person)) {
        return None;
    }
    let mut candidate = Candidate::new(Kind::State, subject.start, work);
    candidate.polarity = Polarity::Partial;
    candidate.predicate = Some(at..work + 1);
    candidate.noun = Some(subject).filter(|noun| !noun.is_empty());
    if answers && at > 0 && line.tokens[at - 1].is_state_symbol() {
        candidate.first = at - 1;
    }
    Some(candidate)
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn what_needs_work_is_not_done() {
        assert_claims(&[
            (
                "- ⚠️ **Bells** (ropes ready, clapper needed)",
                &[
                    "⚠️ | state | eq | partial | Bells",
                    "ropes ready | state | eq | up | ropes",
                    "clapper needed | state | eq | partial | clapper",
                ],
            ),
            (
                "**Status**: Bells hung ✅, ⚠️ Bell tuning required",
                &["⚠️ Bell tuning required | state | eq | partial | Bell tuning"],
            ),
            ("- ✅ No key setting required", &[]),
            ("## Status\n\nA key setting is required.\n\n- Key setting required", &[]),
            ("## Known gaps\n\n### First\n\n- No mail client", &["No mail client | state | eq | down | mail client"]),
            ("## Known gaps\n\n- **Fix**: Removed the mail client", &[]),
            (
                "## Status\n\n- **Reader**: one pass, needs better recovery",
                &["needs better recovery | state | eq | partial | Reader"],
            ),
            (
                "## Status\n\n- **Reader**: files written but need review",
                &["need review | state | eq | partial | Reader"],
            ),
            ("- **Reader**: one pass, needs better paper", &[]),
            (
                "## Known issues\n\n1. Set-up needed for the mail room",
                &["Set-up needed | state | eq | partial | Set-up"],
            ),
            ("## Known issues\n\n- **Work needed:** see below\n- No changes needed", &[]),
            ("- `parse.test.js` - Needs a mock", &["Needs a mock | state | eq | partial | parse.test.js"]),
            ("- **Parser**: ⚠️ Needs a fix", &["⚠️ Needs a fix | state | eq | partial | Parser"]),
            (
                "- **Kit** - samples (needs a quality upgrade)",
                &["needs a quality upgrade | state | eq | partial | Kit"],
            ),
            (
                "## Status\n\n- The form needs backend integration",
                &["form needs backend integration | state | eq | partial | form"],
            ),
            ("- ⚠️ The disk still needs replacement", &["disk still needs replacement | state | eq | partial | disk"]),
            ("## Known issues\n\n- Missing type checks", &["Missing type checks | state | eq | down | type checks"]),
            ("**Status**: Test data needs setup", &["Test data needs setup | state | eq | partial | Test data"]),
            ("- 🚧 Reports need layout fixes", &["Reports need layout fixes | state | eq | partial | Reports"]),
            ("### 5. Dashboard (NEEDS PUBLISHING)", &["NEEDS PUBLISHING | state | eq | partial | Dashboard"]),
            ("- ⚠️ Gallery (needs content)", &["⚠️ | state | eq | partial | Gallery"]),
            ("## Known gaps\n\n- The attic needs a ladder", &["attic needs a ladder | state | eq | partial | attic"]),
            ("The attic needs a ladder.", &[]),
            (
                "| Part | State |\n|---|---|\n| Roof | Needs a restart |",
                &["Needs a restart | state | eq | partial | Roof"],
            ),
            (
                "| Part | State |\n|---|---|\n| Roof | ⚠️ Requires funding |",
                &["⚠️ Requires funding | state | eq | partial | Roof"],
            ),
            (
                "| Bell | Notes |\n|---|---|\n| Hour | Frame cast, needs painting |",
                &["needs painting | state | eq | partial | Hour"],
            ),
            ("| Bell | Notes |\n|---|---|\n| Hour | Frame cast, requires a tower |", &[]),
            ("- Missing type checks", &[]),
            ("The script needs Python 3.", &[]),
            ("## Status\n\n- You need training data", &[]),
        ]);
    }
}
