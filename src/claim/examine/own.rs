//! What a claim is about, as its own line says it.

use std::ops::Range;

use crate::claim::candidate::Candidate;
use crate::claim::lexicon::Class;
use crate::claim::line::Line;
use crate::claim::model::Kind;
use crate::claim::name;
use crate::claim::place::Form;
use crate::claim::subject;
use crate::claim::token::TokenKind;

/// A claim in its line.
pub(super) struct Own<'a> {
    line: &'a Line<'a>,
    candidate: &'a Candidate,
    /// Where its predicate or number begins.
    core: usize,
    /// The claim before it in the line.
    before: Option<Before<'a>>,
    /// Nothing but a mark says it.
    symbol: bool,
    /// The name of the entry that the line is, where the claim is not part of it.
    head: Option<Range<usize>>,
    /// The same, where a label gives it.
    label: Option<Range<usize>>,
}

/// A claim before another one in its line.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    /// Where it begins.
    pub at: usize,
    /// What it is about.
    pub subject: &'a str,
}

impl<'a> Own<'a> {
    pub(super) fn new(line: &'a Line<'a>, candidate: &'a Candidate, before: Option<Before<'a>>) -> Own<'a> {
        let core = candidate.core(line);
        let marks = |range: &Range<usize>| range.clone().all(|at| !line.tokens[at].is_word());
        let symbol = candidate.noun.is_none() && candidate.predicate.as_ref().is_some_and(marks);
        let cell = matches!(line.place.form, Form::Cell | Form::FirstCell);
        // "**Offline**: cache (1/4)" shares out what is offline.
        let states = |label: &Range<usize>| candidate.kind != Kind::State && name::is_state(line, label.clone());
        let head = line
            .label
            .clone()
            .filter(states)
            .or_else(|| subject::head(line))
            .filter(|head| !cell && !name::is_generic(line, head.clone()))
            .filter(|head| head.end <= core || symbol || head.start > candidate.last);
        let named = |label: &Range<usize>| label.end <= core && !name::is_generic(line, label.clone());
        let label = line.label.clone().filter(named).and_then(|_| head.clone());
        Own { line, candidate, core, before, symbol, head, label }
    }

    /// Whether the claim is one of its row rather than of its cell.
    pub(super) fn is_of_row(line: &Line<'_>, candidate: &Candidate) -> bool {
        let of_row = match candidate.kind {
            Kind::Count { .. } | Kind::Ratio { .. } => true,
            Kind::Percent { .. } => candidate.first == line.body,
            // "✅ Base complete" in a cell: the mark is that of the row.
            Kind::State => line.tokens[candidate.first].is_state_symbol(),
            Kind::Universal { .. } => false,
        };
        of_row && line.place.form == Form::Cell
    }

    /// The subject that the line gives.
    pub(super) fn subject(&self) -> Option<String> {
        self.of_list()
            .or_else(|| self.of_parentheses())
            .or_else(|| self.of_entry())
            .or_else(|| self.of_noun())
            .or_else(|| self.of_sentence())
    }

    /// The name of the entry before the claim, for want of another.
    pub(super) fn entry(&self) -> Option<String> {
        self.head.clone().filter(|head| head.end <= self.core).map(|head| self.text(head))
    }

    fn counts(&self) -> bool {
        matches!(self.candidate.kind, Kind::Count { .. })
    }

    fn shares(&self) -> bool {
        matches!(self.candidate.kind, Kind::Percent { .. } | Kind::Ratio { .. })
    }

    fn in_parentheses(&self) -> bool {
        self.line.depth(self.core) > 0
    }

    /// "Bells (4), Doors (3)", "macOS (works), Windows (broken)": each is that of the name before it.
    fn of_list(&self) -> Option<String> {
        let &Own { line, candidate, .. } = self;
        let named = candidate.noun.clone().filter(|noun| noun.start == candidate.first && noun.end < self.core);
        let counted = named.filter(|_| self.in_parentheses() && self.counts());
        let listed = || {
            let kind = self.shares() || candidate.kind == Kind::State;
            Some(candidate.first).filter(|_| kind).and_then(|at| subject::name_in_list(line, at))
        };
        counted.or_else(listed).map(|name| line.text(name))
    }

    /// "166/266 passing (62%)": of the same as what stands before the parenthesis.
    fn of_parentheses(&self) -> Option<String> {
        self.before.filter(|_| self.in_parentheses() && self.shares()).map(|before| before.subject.to_owned())
    }

    /// The entry that the line is, where the claim is said of it.
    fn of_entry(&self) -> Option<String> {
        let said = self.symbol || self.is_aside() || self.label.is_some() && self.is_labelled();
        self.head.clone().filter(|_| said).map(|head| self.line.text(head))
    }

    /// "Export (structure ready)", "Search (3 tools)": whether what stands in parentheses is said of the name before them.
    fn is_aside(&self) -> bool {
        let &Own { line, candidate, .. } = self;
        // "Six bells ring; the tower holds (12 ropes)": a sentence is no name.
        let sentence = line.place.form == Form::Paragraph && line.label.is_none();
        let behind =
            || self.head.as_ref().is_some_and(|head| line.get(head.end).is_some_and(|next| next.is_punct(b'(')));
        self.in_parentheses()
            && (candidate.kind != Kind::State || self.is_aspect())
            && (!sentence || candidate.noun.is_none() || behind())
    }

    /// "Export (structure ready)" is about the export, where nothing else is said of it.
    fn is_aspect(&self) -> bool {
        let &Own { line, candidate, .. } = self;
        let noun = candidate.noun.as_ref().filter(|noun| self.before.is_none() && noun.len() == 1 && noun.start > 0);
        noun.is_some_and(|noun| {
            let (word, before) = (&line.tokens[noun.start], &line.tokens[noun.start - 1]);
            word.is_word() && !word.capital && (before.is_punct(b'(') || before.is_state_symbol())
        })
    }

    /// Whether the label names what the claim is about, whatever noun the claim has of its own.
    fn is_labelled(&self) -> bool {
        let &Own { line, candidate, .. } = self;
        let label = || self.label.clone().unwrap_or(0..0);
        match candidate.kind {
            Kind::Percent { .. } => true,
            // "**Phase 3 complete:** 12 tools": the label has said what it says.
            Kind::Count { .. } => {
                // "- `query` - 40 pages": a path or a command holds what is counted; "Missing: 4 keys".
                let in_code = label().all(|at| line.tokens[at].kind == TokenKind::Code);
                let stated = candidate.noun.is_some() && name::is_state(line, label());
                candidate.first <= line.body && self.before.is_none() && !in_code && !stated
            }
            // "Chat: ✅ sign-in ready": the mark answers the label.
            Kind::State if line.colon => {
                line.tokens[candidate.first].is_state_symbol() && candidate.first <= line.body && !line.asks_status()
            }
            Kind::State => line.lead_symbol.is_some(),
            Kind::Universal { .. } => !line.colon && line.lead_symbol.is_some(),
            Kind::Ratio { .. } => false,
        }
    }

    /// The noun that the claim was recognised with, or else the label of the line or of its sentence.
    fn of_noun(&self) -> Option<String> {
        let line = self.line;
        let mut noun = self.candidate.noun.clone().filter(|noun| !name::is_generic(line, noun.clone()));
        if let Some(noun) = &mut noun {
            while noun.len() > 1 && line.is(noun.start, Class::Filler) {
                noun.start += 1;
            }
        }
        let named = noun.or_else(|| self.label.clone()).or_else(|| subject::label_of_sentence(line, self.core));
        named.map(|name| self.text(name))
    }

    /// "The stack is live: 21/21 operational": the sentence has said what it is about.
    fn of_sentence(&self) -> Option<String> {
        let sentence = self.line.sentence_start(self.core);
        let before =
            self.before.filter(|before| self.shares() && before.at >= sentence && !before.subject.is_empty())?;
        Some(before.subject.to_owned())
    }

    /// A name as text. "15 lamps: 12 lit": the parts are parts of the lamps.
    fn text(&self, name: Range<usize>) -> String {
        let number = self.counts() && name.len() > 1 && self.line.tokens[name.start].kind == TokenKind::Number;
        self.line.text(name.start + usize::from(number)..name.end)
    }
}
