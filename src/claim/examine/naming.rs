//! What a claim is about, where its own line does not say it, and the words around it.

use std::sync::Arc;

use super::Walk;
use super::own::{Before, Own};
use crate::claim::candidate::Candidate;
use crate::claim::line::{Buffer, Content, Line, lines};
use crate::claim::name;
use crate::claim::place::Form;
use crate::claim::subject;
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
        if Own::is_of_row(line, candidate) {
            let row = self.around(line, piece, None);
            if !row.is_empty() {
                return row;
            }
        }
        let before = before.map(|(at, claim)| Before { at, subject: &self.examined.claims[claim].subject });
        let own = Own::new(line, candidate, before);
        if let Some(subject) = own.subject() {
            return subject;
        }
        let entry = own.entry();
        self.around(line, piece, entry)
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
