//! The walk through a document: piece by piece, line by line.

use std::collections::HashMap;

use crate::claim::lexer::Lexer;
use crate::claim::lexicon::{Class, Classes, Lexicon};
use crate::claim::line::{Content, Line, Position, lines};
use crate::claim::model::{Claim, Kind};
use crate::claim::place::{Form, Place, Section, section};
use crate::claim::recognise::{self, Candidate, Found};
use crate::claim::subject;
use crate::claim::veto::{self, Rule};
use crate::document::prose::{Part, Piece, Prose, Role};
use crate::document::source::Span;

/// What was found in a document.
#[derive(Debug, Default)]
pub struct Examined {
    /// The claims, by position.
    pub claims: Vec<Claim>,
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
    examine(source, prose, lexicon).claims
}

/// Reads a document: its claims, and for what only looks like one the rule that says so.
pub fn examine(source: &str, prose: &Prose, lexicon: &Lexicon) -> Examined {
    let mut walk = Walk {
        source,
        prose,
        lexer: Lexer::new(source, lexicon),
        aside: Lexer::new(source, lexicon),
        sections: vec![(Section::Plain, None, false); prose.headings.len()],
        heading_pieces: vec![usize::MAX; prose.headings.len()],
        introductions: HashMap::new(),
        columns: Vec::new(),
        table: usize::MAX,
        marks: 0,
        row: (usize::MAX, usize::MAX, 0),
        found: Found::default(),
        buffer: Vec::new(),
        examined: Examined::default(),
    };
    for (index, piece) in prose.pieces.iter().enumerate() {
        walk.piece(index, piece);
    }
    walk.examined.claims.sort_by_key(|claim| (claim.span.start, claim.span.end));
    walk.examined.rejected.sort_by_key(|rejected| (rejected.span.start, rejected.span.end));
    walk.examined
}

/// What the header of a column says.
#[derive(Clone, Copy, Debug)]
struct Column {
    classes: Classes,
    span: Span,
    counts: bool,
}

struct Walk<'a> {
    source: &'a str,
    prose: &'a Prose,
    lexer: Lexer<'a>,
    /// For a look at another piece while one is being read.
    aside: Lexer<'a>,
    /// For each heading: what it says of what stands below, where, and whether it names faults.
    sections: Vec<(Section, Option<Span>, bool)>,
    heading_pieces: Vec<usize>,
    /// What lead-ins say, by piece.
    introductions: HashMap<usize, (Section, Option<Span>)>,
    /// The columns of the table being read.
    columns: Vec<Option<Column>>,
    table: usize,
    /// Cells of its first row that begin with a state symbol.
    marks: usize,
    /// Table and row being read, and the piece of its first cell.
    row: (usize, usize, usize),
    found: Found,
    buffer: Vec<Position>,
    examined: Examined,
}

/// Cells that are looked at to see what kind of table it is.
const MOST_COLUMNS: usize = 64;

/// Cells of the first row of `table` that begin with a state symbol; `index` is the first piece of its header.
fn marks_of(source: &str, prose: &Prose, lexicon: &Lexicon, index: usize, table: usize) -> usize {
    let first_row = |piece: &&Piece| matches!(piece.role, Role::Cell { table: of, row: 0, .. } if of == table);
    let marked = |piece: &&Piece| {
        let first = source[piece.span.range()].chars().next();
        first.is_some_and(|symbol| lexicon.symbol(symbol.encode_utf8(&mut [0; 4])).is_some())
    };
    prose.pieces[index..].iter().take(MOST_COLUMNS).filter(first_row).filter(marked).count()
}

/// A lead-in with more words is a sentence, not a title.
const LONGEST_TITLE: usize = 8;

/// How many lists around a list are asked what they are about.
const MOST_LEAD_INS: usize = 4;

/// Bytes of another piece that are read for its name.
const NAME: usize = 200;

impl Walk<'_> {
    fn piece(&mut self, index: usize, piece: &Piece) {
        self.lexer.read(self.prose.parts_of(piece));
        let form = self.enter(index, piece);
        let whole = Content::of(self.lexer.tokens());
        if !whole.can_claim() {
            return;
        }
        let mut place = self.place(piece, form);
        if let Some((section, cue)) = self.introduced(piece) {
            (place.section, place.section_cue) = (section, cue);
        }
        let lexer = std::mem::replace(&mut self.lexer, Lexer::new(self.source, self.aside.lexicon()));
        for tokens in lines(lexer.tokens()) {
            let content = if tokens.len() == lexer.tokens().len() { whole } else { Content::of(tokens) };
            if content.can_claim() {
                let buffer = std::mem::take(&mut self.buffer);
                let line = Line::new(self.source, tokens, content, &place, buffer);
                self.line(&line, piece);
                self.buffer = line.into_buffer();
            }
        }
        self.lexer = lexer;
    }

    /// Notes what the piece says about those after it.
    fn enter(&mut self, index: usize, piece: &Piece) -> Form {
        let tokens = self.lexer.tokens();
        match piece.role {
            Role::Paragraph => Form::Paragraph,
            Role::Item { .. } => Form::Item,
            Role::Heading(heading) => {
                let above = self.prose.headings[heading].parent.map(|parent| self.sections[parent]);
                let (own, cue) = match section(tokens) {
                    // A title names the document; it does not say how each of its sections is meant.
                    (own, _) if self.prose.headings[heading].level == 1 && own != Section::Status => {
                        (Section::Plain, None)
                    }
                    own => own,
                };
                let faults = tokens.iter().any(|token| token.is(Class::Defect));
                self.heading_pieces[heading] = index;
                self.sections[heading] = match (own, above) {
                    (Section::Plain, Some((section, cue, _))) => (section, cue, faults),
                    _ => (own, cue, faults),
                };
                Form::Heading
            }
            Role::HeaderCell { table, column } => {
                if self.table != table {
                    self.table = table;
                    self.columns.clear();
                    self.marks = marks_of(self.source, self.prose, self.aside.lexicon(), index, table);
                }
                let mut classes = Classes::NONE;
                tokens.iter().for_each(|token| classes.add(token.entry.classes));
                let counts = tokens.iter().any(|token| {
                    let word = &self.source[token.span.range()];
                    token.is_word()
                        && (token.is(Class::TallyNoun)
                            || word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us"))
                        && !token.is(Class::Unit)
                });
                self.columns.resize(column.max(self.columns.len()), None);
                self.columns.push(Some(Column { classes, span: piece.span, counts }));
                Form::HeaderCell
            }
            Role::Cell { table, row, column } => {
                if (self.row.0, self.row.1) != (table, row) {
                    self.row = (table, row, index);
                }
                if column == 0 { Form::FirstCell } else { Form::Cell }
            }
        }
    }

    fn place(&self, piece: &Piece, form: Form) -> Place {
        // A heading itself stands in the section above; behind a thematic break a section is over.
        let own = piece.heading.filter(|_| !piece.apart);
        let (section, section_cue, faults) =
            own.map_or((Section::Plain, None, false), |heading| self.sections[heading]);
        let column = match piece.role {
            Role::Cell { column, .. } => self.columns.get(column).copied().flatten(),
            _ => None,
        };
        Place {
            form,
            section,
            section_cue,
            column: column.map_or(Classes::NONE, |column| column.classes),
            column_span: column.map(|column| column.span),
            column_counts: column.is_some_and(|column| column.counts),
            columns: if column.is_some() { self.columns.len() } else { 0 },
            marks: if column.is_some() { self.marks } else { 0 },
            faults,
            quoted: piece.quoted,
        }
    }

    fn line(&mut self, line: &Line<'_>, piece: &Piece) {
        let mut found = std::mem::take(&mut self.found);
        recognise::line(line, &mut found);
        found.candidates.iter_mut().for_each(|candidate| candidate.clip(line));
        found.candidates.sort_by_key(|candidate| candidate.first);
        for refusal in &found.refusals {
            let recognise::Refusal { kind, span, rule, cue } = *refusal;
            self.examined.rejected.push(Rejected { span, kind, rule, cue });
        }
        // Subject of the claim before, in this line.
        let mut before: Option<(usize, String)> = None;
        for candidate in &found.candidates {
            match veto::check(line, candidate) {
                Some((rule, cue)) => {
                    let span = line.span(candidate.first, candidate.last);
                    self.examined.rejected.push(Rejected { span, kind: candidate.kind.name(), rule, cue });
                }
                None => {
                    let claim = self.claim(line, piece, candidate, before.as_ref());
                    before = Some((candidate.core(line), claim.subject.clone()));
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
        before: Option<&(usize, String)>,
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
            lead_in: piece.lead_in.map(|index| self.beginning(index)),
            headings: self.headings(piece),
        }
    }

    fn subject(
        &mut self,
        line: &Line<'_>,
        piece: &Piece,
        candidate: &Candidate,
        before: Option<&(usize, String)>,
    ) -> String {
        if let Some(label) = candidate.badge {
            return self.source[label.range()].replace("%20", " ").replace('_', " ");
        }
        let core = candidate.core(line);
        let marks = |range: &std::ops::Range<usize>| range.clone().all(|at| !line.tokens[at].is_word());
        let symbol = candidate.noun.is_none() && candidate.predicate.as_ref().is_some_and(marks);
        let head = subject::head(line)
            .filter(|head| {
                !matches!(line.place.form, Form::Cell | Form::FirstCell) && !subject::is_generic(line, head.clone())
            })
            .filter(|head| head.end <= core || symbol || head.start > candidate.last);
        let in_parens = line.depth(core) > 0;
        if let (true, Kind::Percent { .. }, Some((_, before))) = (in_parens, candidate.kind, before) {
            return before.clone();
        }
        let label = line
            .label
            .clone()
            .filter(|label| label.end <= core && !subject::is_generic(line, label.clone()))
            .and_then(|_| head.clone());
        let labelled = match candidate.kind {
            Kind::Percent { .. } => true,
            Kind::Count { .. } => candidate.first <= line.body,
            Kind::State | Kind::Universal { .. } => !line.colon && line.lead_symbol.is_some(),
            Kind::Ratio { .. } => false,
        };
        let entry = symbol || in_parens && candidate.kind != Kind::State || labelled && label.is_some();
        if let Some(head) = head.clone().filter(|_| entry) {
            return line.text(head);
        }
        let mut noun = candidate.noun.clone().filter(|noun| !subject::is_generic(line, noun.clone()));
        if let Some(range) = &mut noun {
            while range.len() > 1 && line.is(range.start, Class::Filler) {
                range.start += 1;
            }
        }
        if let Some(noun) = noun.or(label) {
            return line.text(noun);
        }
        // "The stack is live: 21/21 operational": the sentence has said what it is about.
        let sentence = line.sentence_start(core);
        let numbers = matches!(candidate.kind, Kind::Ratio { .. } | Kind::Percent { .. });
        if let Some((_, said)) = before.filter(|(at, said)| numbers && *at >= sentence && !said.is_empty()) {
            return said.clone();
        }
        self.around(line, piece, head.filter(|head| head.end <= core).map(|head| line.text(head)))
    }

    /// A subject from outside the line: the row's first cell, the item above, the heading.
    fn around(&mut self, line: &Line<'_>, piece: &Piece, head: Option<String>) -> String {
        if let Role::Cell { .. } = piece.role {
            return self.name_of(self.row.2);
        }
        if let Some(head) = head.filter(|_| line.label.is_none()) {
            return head;
        }
        if let Role::Item { parent: Some(parent), .. } = piece.role {
            let name = self.name_of(parent);
            if !name.is_empty() {
                return name;
            }
        }
        if matches!(piece.role, Role::Item { .. } | Role::Paragraph)
            && let Some(heading) = piece.heading.filter(|&heading| self.prose.headings[heading].level > 2)
        {
            return self.name_of(self.heading_pieces[heading]);
        }
        String::new()
    }

    /// What the lead-in of a list or table, or that of the list around it, says of its entries.
    fn introduced(&mut self, piece: &Piece) -> Option<(Section, Option<Span>)> {
        let mut next = piece.lead_in;
        for _ in 0..MOST_LEAD_INS {
            let index = next?;
            let said = match self.introductions.get(&index) {
                Some(&said) => said,
                None => {
                    let said = self.introduction(index);
                    self.introductions.insert(index, said);
                    said
                }
            };
            if said.0 != Section::Plain {
                return Some(said);
            }
            next = self.prose.pieces[index].lead_in;
        }
        None
    }

    fn introduction(&mut self, index: usize) -> (Section, Option<Span>) {
        self.read_beginning(index);
        let tokens = self.aside.tokens();
        let words = tokens.iter().filter(|token| token.is_word()).count();
        let titled = tokens.last().is_some_and(|last| last.is_punct(b':')) || tokens.iter().all(|token| token.strong);
        if titled && words <= LONGEST_TITLE { section(tokens) } else { (Section::Plain, None) }
    }

    /// Reads the first bytes of a piece into the lexer for looks aside.
    fn read_beginning(&mut self, index: usize) {
        let piece = &self.prose.pieces[index];
        let end = piece.span.start + NAME;
        let parts: Vec<Part> = self
            .prose
            .parts_of(piece)
            .iter()
            .take_while(|part| part.span.start < end)
            .map(|part| Part { span: Span::new(part.span.start, self.boundary(part.span.end.min(end))), ..*part })
            .take(40)
            .collect();
        self.aside.read(&parts);
    }

    /// The name that a piece begins with.
    fn name_of(&mut self, index: usize) -> String {
        let Some(piece) = self.prose.pieces.get(index) else { return String::new() };
        self.read_beginning(index);
        let place = self.place(piece, Form::Paragraph);
        let Some(tokens) = lines(self.aside.tokens()).next() else { return String::new() };
        let line = Line::new(self.source, tokens, Content::default(), &place, Vec::new());
        let name = subject::head(&line).filter(|head| !subject::is_generic(&line, head.clone()));
        name.map_or(String::new(), |head| line.text(head))
    }

    /// The last character boundary up to `at`.
    fn boundary(&self, at: usize) -> usize {
        (0..=at).rev().find(|&at| self.source.is_char_boundary(at)).unwrap_or(0)
    }

    /// The visible text that a piece begins with.
    fn beginning(&self, index: usize) -> String {
        let piece = &self.prose.pieces[index];
        let end = piece.span.start + NAME;
        let mut text = String::new();
        for part in self.prose.parts_of(piece).iter().take_while(|part| part.span.start < end) {
            text.push_str(&self.source[part.span.start..self.boundary(part.span.end.min(end).max(part.span.start))]);
        }
        text
    }

    fn headings(&self, piece: &Piece) -> Vec<String> {
        let mut path = Vec::new();
        let mut next = piece.heading;
        while let Some(heading) = next {
            let text = &self.prose.headings[heading].text;
            let end = (0..=text.len().min(NAME)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            path.push(text[..end].to_owned());
            next = self.prose.headings[heading].parent;
        }
        path.reverse();
        path
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
        assert_eq!(claim.headings, ["One", "Two"]);
        assert_eq!(claim.lead_in.as_deref(), Some("Servers:"));
    }

    fn check(source: &str) -> Result<(), proptest::test_runner::TestCaseError> {
        let prose = markdown::prose(source);
        let examined = examine(source, &prose, &Lexicon::english());
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
            "in progress", "Status", "failing", "zero", "→", "from", "to", "é", "> ", "now", "fully", "\"", "![a](/badge/t-3%25-x)",
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
            ("quotes", |n| "\"is up\" ".repeat(n)),
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
