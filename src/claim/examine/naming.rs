//! What a claim is about, where its own line does not say it, and the words around it.

use std::ops::Range;
use std::sync::Arc;

use super::Walk;
use crate::claim::candidate::Candidate;
use crate::claim::lexicon::Class;
use crate::claim::line::{Buffer, Content, Line, lines};
use crate::claim::model::Kind;
use crate::claim::name;
use crate::claim::place::Form;
use crate::claim::subject;
use crate::claim::token::TokenKind;
use crate::document::prose::{Part, Piece, Role};
use crate::document::source::Span;

/// Bytes of another piece that are read for its name.
const NAME: usize = 200;

/// Parts of another piece that are read for its name.
const NAME_PARTS: usize = 40;

/// What another piece is called.
#[derive(Clone, Debug, Default)]
pub(super) struct Name {
    text: String,
    /// It is one of several: "Phase 2: Import".
    numbered: bool,
}

impl Walk<'_> {
    pub(super) fn subject(
        &mut self,
        line: &Line<'_>,
        piece: &Piece,
        candidate: &Candidate,
        before: Option<(usize, usize)>,
    ) -> String {
        if let Some(label) = candidate.badge {
            return self.source[label.range()].replace("%20", " ").replace('_', " ");
        }
        // In a table what is counted or marked is so of the row.
        let of_row = match candidate.kind {
            Kind::Count { .. } | Kind::Ratio { .. } => true,
            Kind::Percent { .. } => candidate.first == line.body,
            // "✅ Base complete" in a cell: the mark is that of the row.
            Kind::State => line.tokens[candidate.first].is_state_symbol(),
            Kind::Universal { .. } => false,
        };
        if of_row && line.place.form == Form::Cell {
            let row = self.around(line, piece, None);
            if !row.is_empty() {
                return row;
            }
        }
        let said = |claim: usize| &self.examined.claims[claim].subject;
        let core = candidate.core(line);
        let marks = |range: &Range<usize>| range.clone().all(|at| !line.tokens[at].is_word());
        let symbol = candidate.noun.is_none() && candidate.predicate.as_ref().is_some_and(marks);
        // "**Offline**: cache (1/4)" shares out what is offline.
        let states =
            line.label.clone().filter(|label| candidate.kind != Kind::State && name::is_state(line, label.clone()));
        let head = states
            .or_else(|| subject::head(line))
            .filter(|head| {
                !matches!(line.place.form, Form::Cell | Form::FirstCell) && !name::is_generic(line, head.clone())
            })
            .filter(|head| head.end <= core || symbol || head.start > candidate.last);
        let in_parens = line.depth(core) > 0;
        let share = matches!(candidate.kind, Kind::Percent { .. } | Kind::Ratio { .. });
        // "Bells (4), Doors (3)": each number is that of the name before it.
        let named = candidate.noun.clone().filter(|noun| noun.start == candidate.first && noun.end < core);
        if let Some(name) = named.filter(|_| in_parens && matches!(candidate.kind, Kind::Count { .. })) {
            return line.text(name);
        }
        if let Some(name) = Some(candidate.first)
            .filter(|_| share || candidate.kind == Kind::State)
            .and_then(|at| subject::name_in_list(line, at))
        {
            return line.text(name);
        }
        if let Some((_, before)) = before.filter(|_| in_parens && share) {
            return said(before).clone();
        }
        let label = line
            .label
            .clone()
            .filter(|label| label.end <= core && !name::is_generic(line, label.clone()))
            .and_then(|_| head.clone());
        // "- `query` - 40 pages": a path or a command holds what is counted.
        let in_code = || label.clone().is_some_and(|mut label| label.all(|at| line.tokens[at].kind == TokenKind::Code));
        // "Missing: 4 keys".
        let stated = || candidate.noun.is_some() && label.clone().is_some_and(|label| name::is_state(line, label));
        let labelled = match candidate.kind {
            Kind::Percent { .. } => true,
            // "**Phase 3 complete:** 12 tools": the label has said what it says.
            Kind::Count { .. } => candidate.first <= line.body && before.is_none() && !in_code() && !stated(),
            // "Chat: ✅ sign-in ready": the mark answers the label.
            Kind::State if line.colon => {
                line.tokens[candidate.first].is_state_symbol() && candidate.first <= line.body && !line.asks_status()
            }
            Kind::State => line.lead_symbol.is_some(),
            Kind::Universal { .. } => !line.colon && line.lead_symbol.is_some(),
            Kind::Ratio { .. } => false,
        };
        // "Export (structure ready)" is about the export, where nothing else is said of it.
        let alone = in_parens && before.is_none();
        let aspect = candidate.noun.as_ref().filter(|noun| alone && noun.len() == 1 && noun.start > 0);
        let aspect = aspect.is_some_and(|noun| {
            let (word, before) = (&line.tokens[noun.start], &line.tokens[noun.start - 1]);
            word.is_word() && !word.capital && (before.is_punct(b'(') || before.is_state_symbol())
        });
        // "Six bells ring; the tower holds (12 ropes)": a sentence is no name.
        let sentence = line.place.form == Form::Paragraph && line.label.is_none();
        let behind = head.as_ref().is_some_and(|head| line.get(head.end).is_some_and(|next| next.is_punct(b'(')));
        let in_parens =
            in_parens && (candidate.kind != Kind::State || aspect) && (behind || !sentence || candidate.noun.is_none());
        let entry = symbol || in_parens || labelled && label.is_some();
        if let Some(head) = head.clone().filter(|_| entry) {
            return line.text(head);
        }
        let mut noun = candidate.noun.clone().filter(|noun| !name::is_generic(line, noun.clone()));
        if let Some(range) = &mut noun {
            while range.len() > 1 && line.is(range.start, Class::Filler) {
                range.start += 1;
            }
        }
        // "15 lamps: 12 lit": the parts are parts of the lamps.
        let whole = |name: Range<usize>| {
            let counts = matches!(candidate.kind, Kind::Count { .. }) && name.len() > 1;
            let number = counts && line.tokens[name.start].kind == TokenKind::Number;
            line.text(name.start + usize::from(number)..name.end)
        };
        if let Some(noun) = noun.or(label).or_else(|| subject::label_of_sentence(line, core)) {
            return whole(noun);
        }
        // "The stack is live: 21/21 operational": the sentence has said what it is about.
        let sentence = line.sentence_start(core);
        let numbers = matches!(candidate.kind, Kind::Ratio { .. } | Kind::Percent { .. });
        if let Some((_, claim)) = before.filter(|&(at, claim)| numbers && at >= sentence && !said(claim).is_empty()) {
            return said(claim).clone();
        }
        self.around(line, piece, head.filter(|head| head.end <= core).map(whole))
    }

    /// A subject from outside the line: the row's first cell, the item above, the heading.
    fn around(&mut self, line: &Line<'_>, piece: &Piece, head: Option<String>) -> String {
        if let Role::Cell { .. } = piece.role {
            let name = self.name_of(self.row.2).text;
            // A column of numbers names nothing, nor do identifiers like "M01": the next one does.
            let next = self.row.2 + 1;
            let more = self.prose.pieces.get(next).is_some_and(|cell| cell.span.end < piece.span.start);
            let next = if name::is_number(&name) && more { self.name_of(next).text } else { String::new() };
            return if next.is_empty() { name } else { next };
        }
        if let Some(head) = head.filter(|_| line.label.is_none()) {
            return head;
        }
        if let Role::Item { parent: Some(parent), .. } = piece.role {
            let name = self.name_of(parent).text;
            if !name.is_empty() {
                return name;
            }
        }
        if matches!(piece.role, Role::Item { .. } | Role::Paragraph)
            && let Some(heading) = piece.heading
        {
            let name = self.name_of(self.heading_pieces[heading]);
            // The sections of a document tell of all of it, but for those that are one of several: "## Phase 2: Import".
            if self.prose.headings[heading].level > 2 || name.numbered {
                return name.text;
            }
        }
        String::new()
    }

    /// Reads the first bytes of a piece into the lexer for looks aside.
    pub(super) fn read_beginning(&mut self, index: usize) {
        let piece = &self.prose.pieces[index];
        let end = piece.span.start + NAME;
        let parts: Vec<Part> = self
            .prose
            .parts_of(piece)
            .iter()
            .take_while(|part| part.span.start < end)
            .map(|part| Part { span: Span::new(part.span.start, self.boundary(part.span.end.min(end))), ..*part })
            .take(NAME_PARTS)
            .collect();
        self.aside.read(&parts);
    }

    /// Whether a piece is no longer than what is read of one for its name.
    pub(super) fn is_beginning(&self, piece: &Piece) -> bool {
        piece.span.len() <= NAME && piece.parts.len() <= NAME_PARTS
    }

    /// The name that a piece begins with, read once for all that is said of it in a row.
    fn name_of(&mut self, index: usize) -> Name {
        if let Some((_, name)) = self.named.as_ref().filter(|(of, _)| *of == index) {
            return name.clone();
        }
        let name = self.read_name(index).unwrap_or_default();
        self.named = Some((index, name.clone()));
        name
    }

    fn read_name(&mut self, index: usize) -> Option<Name> {
        let piece = self.prose.pieces.get(index)?;
        self.read_beginning(index);
        let place = self.place(piece, Form::Paragraph);
        let tokens = lines(self.aside.tokens()).next()?;
        let mut buffer = Buffer::default();
        let line = Line::new(self.source, tokens, Content::of(tokens), &place, &mut buffer);
        let head = subject::head(&line).filter(|head| !name::is_generic(&line, head.clone()))?;
        Some(Name { numbered: name::is_one_of_several(&line, head.start), text: line.text(head) })
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

    /// The headings above a piece, made once for all claims below one heading.
    pub(super) fn headings(&mut self, piece: &Piece) -> Arc<[String]> {
        match &self.path {
            Some((of, path)) if *of == piece.heading => Arc::clone(path),
            _ => {
                let path: Arc<[String]> = self.path_to(piece).into();
                self.path = Some((piece.heading, Arc::clone(&path)));
                path
            }
        }
    }

    /// The visible text that a lead-in begins with, made once for all claims of a list.
    pub(super) fn lead_in(&mut self, index: usize) -> Arc<str> {
        match &self.lead_in {
            Some((of, text)) if *of == index => Arc::clone(text),
            _ => {
                let text: Arc<str> = self.beginning(index).into();
                self.lead_in = Some((index, Arc::clone(&text)));
                text
            }
        }
    }

    fn path_to(&self, piece: &Piece) -> Vec<String> {
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
