//! The walk through a document: piece by piece, line by line.

use std::collections::HashMap;
use std::sync::Arc;

use crate::claim::candidate::Candidate;
use crate::claim::found::{Dated, Found, Refusal};
use crate::claim::lexer::Lexer;
use crate::claim::lexicon::{Class, Classes, Lexicon};
use crate::claim::line::{Buffer, Content, Line, lines};
use crate::claim::model::{Claim, Polarity};
use crate::claim::place::{Form, Place, Section, legend};
use crate::claim::recognise;
use crate::claim::rule::Rule;
use crate::claim::stamp::Stamp;
use crate::claim::token::Token;
use crate::claim::veto;
use crate::claim::window;
use crate::document::prose::{Part, Piece, Prose, Role};
use crate::document::source::Span;

mod context;
mod naming;
mod own;

use context::Column;
use naming::Name;

/// What was found in a document.
#[derive(Debug, Default)]
pub struct Examined {
    /// The claims, by position.
    pub claims: Vec<Claim>,
    /// The dates that say when somebody last looked, by position.
    pub stamps: Vec<Stamp>,
    /// Numbers and state words that are none, by position.
    pub rejected: Vec<Rejected>,
}

/// A number or a state word that is no claim.
#[derive(Clone, Copy, Debug)]
pub struct Rejected {
    /// Its bytes.
    pub span: Span,
    /// The kind that it looked like.
    pub kind: &'static str,
    /// Why it is none.
    pub rule: &'static Rule,
    /// Where the cue of the rule stands.
    pub cue: Option<Span>,
}

/// The claims of a document, by position.
pub fn claims(source: &str, prose: &Prose, lexicon: &Lexicon) -> Vec<Claim> {
    walk(source, prose, lexicon, false).claims
}

/// Reads a document: its claims and dates. Nothing is kept of what is neither.
pub fn read(source: &str, prose: &Prose, lexicon: &Lexicon) -> Examined {
    walk(source, prose, lexicon, false)
}

/// Reads a document: its claims and dates, and for what only looks like one the rule that says so.
pub fn examine(source: &str, prose: &Prose, lexicon: &Lexicon) -> Examined {
    walk(source, prose, lexicon, true)
}

fn walk(source: &str, prose: &Prose, lexicon: &Lexicon, explains: bool) -> Examined {
    let mut walk = Walk {
        source,
        prose,
        lexer: Lexer::new(source, lexicon),
        aside: Lexer::new(source, lexicon),
        sections: vec![Announced::default(); prose.headings.len()],
        heading_pieces: vec![usize::MAX; prose.headings.len()],
        introductions: HashMap::new(),
        introduced: None,
        columns: Vec::new(),
        table: usize::MAX,
        marks: 0,
        row: (usize::MAX, usize::MAX, 0),
        row_classes: Classes::NONE,
        row_state: Polarity::None,
        path: None,
        lead_in: None,
        named: None,
        found: Found::default(),
        buffer: Buffer::default(),
        explains,
        examined: Examined::default(),
    };
    for (index, piece) in prose.pieces.iter().enumerate() {
        walk.piece(index, piece);
    }
    walk.examined.claims.sort_by_key(|claim| (claim.span.start, claim.span.end));
    walk.examined.stamps.sort_by_key(|stamp| stamp.span);
    walk.examined.rejected.sort_by_key(|rejected| (rejected.span.start, rejected.span.end));
    walk.examined
}

/// What a heading or lead-in says of what stands below.
#[derive(Clone, Copy, Debug, Default)]
struct Announced {
    section: Section,
    /// Where the cue stands.
    cue: Option<Span>,
    /// It names faults: "Known issues".
    faults: bool,
}

struct Walk<'a> {
    source: &'a str,
    prose: &'a Prose,
    lexer: Lexer<'a>,
    /// For a look at another piece while one is being read.
    aside: Lexer<'a>,
    /// For each heading what it says of what stands below.
    sections: Vec<Announced>,
    heading_pieces: Vec<usize>,
    /// What lead-ins say, by piece, and that of the piece before.
    introductions: HashMap<usize, Announced>,
    introduced: Option<(usize, Announced)>,
    /// The columns of the table being read.
    columns: Vec<Option<Column>>,
    table: usize,
    /// Cells of its first row that begin with a state symbol.
    marks: usize,
    /// Table and row being read, and the piece of its first cell.
    row: (usize, usize, usize),
    /// The classes of the words in that cell.
    row_classes: Classes,
    /// Which way it points, where it is a state and nothing else.
    row_state: Polarity,
    /// The headings and the lead-in of the claim before.
    path: Option<(Option<usize>, Arc<[String]>)>,
    lead_in: Option<(usize, Arc<str>)>,
    /// The piece that was asked for its name last, and the name.
    named: Option<(usize, Name)>,
    found: Found,
    buffer: Buffer,
    /// Whether refusals are kept: a page of numbers has many more of them than claims, and only explanations read them.
    explains: bool,
    examined: Examined,
}

impl Walk<'_> {
    fn piece(&mut self, index: usize, piece: &Piece) {
        let parts = self.prose.parts_of(piece);
        if piece.span.len() <= window::SIZE {
            self.passage(index, piece, parts);
            return;
        }
        for parts in window::windows(self.source, parts) {
            self.passage(index, piece, &parts);
        }
    }

    fn reject(&mut self, rejected: Rejected) {
        if self.explains {
            self.examined.rejected.push(rejected);
        }
    }

    /// Whether every claim in the piece is vetoed, whatever it is: under a heading that announces rules. Only headings
    /// and tables have to be read there, for what they say of others.
    fn is_mute(&mut self, piece: &Piece) -> bool {
        match piece.role {
            Role::Paragraph => {}
            Role::Item { list, .. } if self.is_ticked(list) => return false,
            Role::Item { .. } => {}
            Role::Heading(_) | Role::HeaderCell { .. } | Role::Cell { .. } => return false,
        }
        match self.introduced(piece).section {
            Section::Plain => self.section_above(piece).section == Section::Rule,
            section => section == Section::Rule,
        }
    }

    fn passage(&mut self, index: usize, piece: &Piece, parts: &[Part]) {
        if !self.explains && self.is_mute(piece) {
            return;
        }
        self.lexer.read(parts);
        self.note_introduction(index, piece);
        let form = self.enter(index, piece);
        let cell = matches!(form, Form::Cell);
        let whole = self.lexer.content();
        if !whole.can_claim(cell) {
            return;
        }
        let mut place = self.place(piece, form);
        let said = self.introduced(piece);
        place.faults |= said.faults;
        if said.section != Section::Plain {
            (place.section, place.section_cue) = (said.section, said.cue);
        }
        place.legend = whole.classes.has(Class::Legend).then(|| legend(self.lexer.tokens())).flatten();
        let tokens = self.lexer.take();
        if whole.broken {
            for line in lines(&tokens) {
                let content = if line.len() == tokens.len() { whole } else { Content::of(line) };
                self.read_line(line, content, &place, piece);
            }
        } else {
            self.read_line(&tokens, whole, &place, piece);
        }
        self.lexer.give_back(tokens);
    }

    fn read_line(&mut self, tokens: &[Token], content: Content, place: &Place, piece: &Piece) {
        if content.can_claim(place.form == Form::Cell) {
            let mut buffer = std::mem::take(&mut self.buffer);
            self.line(&Line::new(self.source, tokens, content, place, &mut buffer), piece);
            self.buffer = buffer;
        }
    }

    fn line(&mut self, line: &Line<'_>, piece: &Piece) {
        let mut found = std::mem::take(&mut self.found);
        recognise::line(line, self.aside.lexicon(), &mut found);
        found.candidates.iter_mut().for_each(|candidate| candidate.clip(line));
        found.candidates.sort_by_key(|candidate| candidate.first);
        for refusal in &found.refusals {
            let Refusal { kind, span, rule, cue } = *refusal;
            self.reject(Rejected { span, kind, rule, cue });
        }
        for Dated { look, date, moment } in &found.stamps {
            let span = line.tokens.get(look.start).map_or(*date, |first| first.span()).cover(*date);
            let (look, headings) = (line.text(look.clone()), self.headings(piece));
            self.examined.stamps.push(Stamp { span, date: *date, moment: *moment, look, headings });
        }
        // Core and number of the claim before, in this line.
        let mut before: Option<(usize, usize)> = None;
        for candidate in &found.candidates {
            match veto::check(line, candidate) {
                Some((rule, cue)) => {
                    let span = line.span(candidate.first, candidate.last);
                    self.reject(Rejected { span, kind: candidate.kind.name(), rule, cue });
                }
                None => {
                    let claim = self.claim(line, piece, candidate, before);
                    before = Some((candidate.core(line), self.examined.claims.len()));
                    self.examined.claims.push(claim);
                }
            }
        }
        self.found = found;
    }

    fn claim(
        &mut self,
        line: &Line<'_>,
        piece: &Piece,
        candidate: &Candidate,
        before: Option<(usize, usize)>,
    ) -> Claim {
        Claim {
            span: line.span(candidate.first, candidate.last),
            kind: candidate.kind,
            comparator: candidate.comparator,
            polarity: candidate.polarity,
            subject: self.subject(line, piece, candidate, before),
            predicate: candidate.predicate.clone().map_or(String::new(), |range| line.text(range)),
            rung: candidate.rung,
            value_span: candidate.value_span,
            total_span: candidate.total_span,
            lead_in: piece.lead_in.map(|index| self.lead_in(index)),
            headings: self.headings(piece),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::document::markdown;

    fn examined(source: &str) -> Examined {
        examine(source, &markdown::prose(source), &Lexicon::english())
    }

    #[test]
    fn a_claim_tells_where_its_numbers_stand_and_what_is_above() {
        let source = "# One\n\n## Two\n\nServers:\n\n- **Mesh**: 19/20 MCP servers now deployed (x)\n";
        let claims = examined(source).claims;
        let [claim] = claims.as_slice() else { panic!("{claims:?}") };
        assert_eq!(&source[claim.span.range()], "19/20 MCP servers now deployed");
        assert_eq!(&source[claim.value_span.unwrap().range()], "19");
        assert_eq!(&source[claim.total_span.unwrap().range()], "20");
        assert_eq!((claim.predicate.as_str(), claim.rung), ("now deployed", Some(crate::rung::Rung::Exists)));
        assert_eq!(*claim.headings, ["One", "Two"]);
        assert_eq!(claim.lead_in.as_deref(), Some("Servers:"));
    }

    fn check(source: &str) -> Result<(), proptest::test_runner::TestCaseError> {
        let prose = markdown::prose(source);
        let examined = examine(source, &prose, &Lexicon::english());
        // What is left out where nothing is explained is left out of the reasons alone.
        let read = read(source, &prose, &Lexicon::english());
        proptest::prop_assert_eq!((&read.claims, &read.stamps), (&examined.claims, &examined.stamps));
        let mut end = 0;
        for claim in &examined.claims {
            proptest::prop_assert!(source.get(claim.span.range()).is_some_and(|quote| !quote.is_empty()));
            proptest::prop_assert!(claim.span.start >= end, "{:?} overlaps", &source[claim.span.range()]);
            proptest::prop_assert!(prose.pieces.iter().any(|piece| piece.span.contains(claim.span)));
            for span in [claim.value_span, claim.total_span].into_iter().flatten() {
                proptest::prop_assert!(claim.span.contains(span));
            }
            end = claim.span.end;
        }
        for rejected in &examined.rejected {
            proptest::prop_assert!(source.get(rejected.span.range()).is_some());
        }
        Ok(())
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_fault(source in "\\PC{0,120}") {
            check(&source)?;
        }

        #[test]
        fn claims_are_sorted_disjoint_and_of_one_piece(words in proptest::collection::vec(proptest::sample::select(&[
            "all", "tests", "21/21", "100%", "operational", "✅", "❌", "(", ")", ": ", " - ", ", ", "\n", "\n\n", "- ", "**",
            "`x`", "no", "errors", "not", "is", "are", "working", "and", "|", ". ", "5", "~60%", "servers", "[x] ", "# ", "of",
            "in progress", "Status", "failing", "Guidelines", "Rules:", "2025-08-18", "verified", "---\n", "zero", "→", "from", "to", "é", "> ", "now", "fully", "\"", "![a](/badge/t-3%25-x)",
        ][..]), 0..40)) {
            check(&words.join(" "))?;
            check(&words.concat())?;
        }
    }

    /// The same kind of text four times as long may take four times as long, not sixteen.
    #[test]
    fn time_is_linear_in_the_length() {
        type Text = fn(usize) -> String;
        let texts: &[(&str, Text)] = &[
            ("brackets", |n| "[".repeat(n)),
            ("digits", |n| "12/".repeat(n)),
            ("states", |n| "successfully ".repeat(n)),
            ("conjunctions", |n| "ok, and ".repeat(n)),
            ("percents", |n| "all 5% of ".repeat(n)),
            ("claims", |n| "5 tests ".repeat(n)),
            ("cells", |n| format!("|a|b|\n|-|-|\n{}", "| x | ✅ |\n".repeat(n))),
            ("columns", |n| format!("|{}\n|{}\n|{}\n", "a|".repeat(n), "-|".repeat(n), "✅|".repeat(n))),
            ("items", |n| format!("Works:\n\n{}", "- ✅ x\n".repeat(n))),
            ("lead-in", |n| format!("{}:\n\n{}", "status ".repeat(n), "- ✅ x\n".repeat(n))),
            ("marks", |n| "✅ ".repeat(n)),
            ("heading", |n| format!("# {}\n\n- x\n", "✅ ".repeat(n))),
            ("answers", |n| format!("- **R-6**: b{}", " - ✅ c".repeat(n))),
            ("required", |n| format!("- **R-6**: {} - ✅ c", "5 tests ".repeat(n))),
            ("quotes", |n| "\"is up\" ".repeat(n)),
            ("numbers", |n| format!("Parts {}", "5, ".repeat(n))),
            ("numbered", |n| "Bell (4), ".repeat(n)),
            ("marked", |n| "bell ✅ ".repeat(n)),
            ("named", |n| "all bells, ropes and wheels, ".repeat(n)),
            ("alternatives", |n| "no leak or errors ".repeat(n)),
            ("turns", |n| "runs but untested ".repeat(n)),
            ("articles", |n| "is a fully working ".repeat(n)),
        ];
        for (name, text) in texts {
            let time = |n: usize| {
                let text = text(n);
                (0..3)
                    .map(|_| {
                        let start = Instant::now();
                        examined(&text);
                        start.elapsed()
                    })
                    .min()
                    .unwrap_or_default()
            };
            let (short, long) = (time(2_000), time(8_000));
            assert!(long < short * 10 + Duration::from_millis(40), "{name}: {short:?}, then {long:?}");
        }
    }
}
