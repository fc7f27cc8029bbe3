//! Where a piece stands: under which heading, below which lead-in, in which column.

use super::{Announced, Walk};
use crate::claim::date;
use crate::claim::lexicon::{Class, Classes, Lexicon};
use crate::claim::model::Polarity;
use crate::claim::place::{Form, Place, Section, section};
use crate::claim::token::{Token, TokenKind};
use crate::document::prose::{Piece, Prose, Role};
use crate::document::source::Span;

/// What the header of a column says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    classes: Classes,
    span: Span,
    counts: bool,
    /// Which way it points, where it is a state and nothing else.
    state: Polarity,
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

/// Whether a title speaks of what is wrong: "Known issues", "What needs attention", "❌ Missing".
fn names_faults(tokens: &[Token]) -> bool {
    // "What does not work".
    let denied = tokens
        .windows(2)
        .any(|two| two[0].is(Class::Negator) && two[1].is_state_word() && two[1].entry.polarity == Polarity::Up);
    denied
        || tokens.iter().any(|token| {
            let wanting = matches!(token.entry.polarity, Polarity::Down | Polarity::Partial);
            token.is(Class::Defect) || token.is(Class::Need) || token.is(Class::State) && wanting
        })
}

impl Walk<'_> {
    /// Notes what the piece says about those after it.
    pub(super) fn enter(&mut self, index: usize, piece: &Piece) -> Form {
        let tokens = self.lexer.tokens();
        match piece.role {
            Role::Paragraph => Form::Paragraph,
            Role::Item { .. } => Form::Item,
            Role::Heading(heading) => {
                self.heading_pieces[heading] = index;
                self.sections[heading] = self.announced_by(heading);
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
                    let word = &self.source[token.span().range()];
                    token.is_word()
                        && (token.is(Class::TallyNoun)
                            || word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us"))
                        && !token.entry.classes.any(Classes::of(&[Class::Unit, Class::Workload]))
                });
                // "Expected result" is what is wanted, "Current / target" both.
                if let [goal, result] = tokens
                    && goal.is(Class::ColumnGoal)
                    && result.is(Class::ColumnState)
                {
                    classes = goal.entry.classes;
                }
                self.columns.resize(column.max(self.columns.len()), None);
                let state = match tokens {
                    [only] if only.is_state_word() && !only.is(Class::ColumnState) => only.entry.polarity,
                    [only, question] if only.is_state_word() && !only.is(Class::Weak) && question.is_punct(b'?') => {
                        only.entry.polarity
                    }
                    _ => Polarity::None,
                };
                self.columns.push(Some(Column { classes, span: piece.span, counts, state }));
                Form::HeaderCell
            }
            Role::Cell { table, row, column } => {
                if (self.row.0, self.row.1) != (table, row) {
                    self.row = (table, row, index);
                }
                if column > 0 {
                    return Form::Cell;
                }
                self.row_classes = Classes::NONE;
                tokens.iter().for_each(|token| self.row_classes.add(token.entry.classes));
                let states = tokens.iter().all(|token| token.is_state_word() || token.is_state_symbol());
                let says = |token: &&Token| token.is_state_word() && !token.is(Class::Nothing);
                let last = tokens.iter().rfind(says).filter(|_| states);
                self.row_state = last.map_or(Polarity::None, |last| last.entry.polarity);
                Form::FirstCell
            }
        }
    }

    /// What the heading read last says, in the light of the one above it.
    fn announced_by(&self, heading: usize) -> Announced {
        let tokens = self.lexer.tokens();
        let (section, cue) = match section(tokens, self.lexer.content().classes) {
            (Section::Plain, _) => self.dated().map_or((Section::Plain, None), |date| (Section::History, Some(date))),
            said => said,
        };
        let own = Announced { section, cue, faults: names_faults(tokens) };
        // "Missing features" praises nothing.
        let own =
            if own.faults && section == Section::Feature { Announced { section: Section::Plain, ..own } } else { own };
        // A title names the document; it does not say how each of its sections is meant.
        let titles = self.prose.headings[heading].level == 1 && section != Section::Status;
        let own = if titles { Announced { section: Section::Plain, cue: None, ..own } } else { own };
        let Some(above) = self.prose.headings[heading].parent.map(|parent| self.sections[parent]) else { return own };
        let as_above = Announced { faults: own.faults || above.faults, ..above };
        let mark = tokens.first().filter(|first| first.is_state_symbol());
        // A heading below it that names parts by their kind, where no title says how the whole document is meant.
        let names_kind = |class: Class| {
            let topic = |token: &Token| token.is(class) && token.is(Class::TopicNoun);
            !self.is_in_title(above.cue) && tokens.iter().any(topic)
        };
        match (own.section, above.section) {
            // "⏳ Still to be shown" under "Success metrics".
            (Section::Plain, Section::Example) if mark.is_some() => Announced { section: Section::Status, ..as_above },
            (Section::Plain, _) => as_above,
            // "✅ Access policies" under "Status": what the mark approves is there, whatever it is.
            (Section::Rule | Section::Feature, Section::Status)
                if mark.is_some_and(|mark| mark.entry.polarity == Polarity::Up) =>
            {
                as_above
            }
            // "Core features" under "Working features": the state of each is told, while "advantages" still praise, and a
            // whole report is no list of what works.
            (Section::Feature, Section::Status) => {
                if names_kind(Class::FeatureHeading) {
                    as_above
                } else {
                    own
                }
            }
            // "Page templates" under what is done: parts by their kind.
            (Section::Example, Section::Status) => {
                if names_kind(Class::ExampleHeading) {
                    as_above
                } else {
                    own
                }
            }
            _ => own,
        }
    }

    /// The date that the heading read last begins with: "2025-03-02 roof mended" is an entry of a diary.
    fn dated(&self) -> Option<Span> {
        let first = self.lexer.tokens().first().filter(|first| first.kind == TokenKind::Opaque)?;
        let text = &self.source[first.span().start..];
        date::read(text, self.lexer.lexicon()).is_some().then(|| first.span())
    }

    /// Whether the title of the document says what `cue` is the cue of.
    fn is_in_title(&self, cue: Option<Span>) -> bool {
        let title = self.prose.headings.first().filter(|heading| heading.level == 1);
        title.zip(cue).is_some_and(|(title, cue)| title.span.contains(cue))
    }

    /// What the heading above says, and where. Behind a thematic break its section is over.
    pub(super) fn section_above(&self, piece: &Piece) -> Announced {
        piece.heading.filter(|_| !piece.apart).map_or(Announced::default(), |heading| self.sections[heading])
    }

    pub(super) fn place(&self, piece: &Piece, form: Form) -> Place {
        // A heading itself stands in the section above.
        let Announced { section, cue: section_cue, faults } = self.section_above(piece);
        let column = match piece.role {
            Role::Cell { column, .. } => self.columns.get(column).copied().flatten(),
            _ => None,
        };
        Place {
            form,
            section,
            section_cue,
            section_near: section_cue
                .zip(piece.heading)
                .is_some_and(|(cue, heading)| self.prose.headings[heading].span.contains(cue)),
            column: column.map_or(Classes::NONE, |column| column.classes),
            column_span: column.map(|column| column.span),
            row: if form == Form::Cell { self.row_classes } else { Classes::NONE },
            column_counts: column.is_some_and(|column| column.counts),
            column_state: column.map_or(Polarity::None, |column| column.state),
            row_state: if form == Form::Cell { self.row_state } else { Polarity::None },
            columns: if column.is_some() { self.columns.len() } else { 0 },
            marks: if column.is_some() { self.marks } else { 0 },
            faults,
            nested: piece.heading.is_some_and(|heading| self.prose.headings[heading].level > 1),
            quoted: piece.quoted,
            ticked: matches!(piece.role, Role::Item { list, .. } if self.is_ticked(list)),
            legend: None,
        }
    }

    /// Whether a list of several boxes is done.
    pub(super) fn is_ticked(&self, list: usize) -> bool {
        self.prose.lists.get(list).is_some_and(|list| list.ticked > 1 && list.ticked == list.items)
    }

    /// What the lead-in of a list or table, or that of the list around it, says of its entries.
    pub(super) fn introduced(&mut self, piece: &Piece) -> Announced {
        let Some(lead_in) = piece.lead_in else { return Announced::default() };
        // Nearly always that of the item before.
        match self.introduced {
            Some((of, said)) if of == lead_in => said,
            _ => {
                let said = self.introduced_by(lead_in);
                self.introduced = Some((lead_in, said));
                said
            }
        }
    }

    /// What the nearest lead-in says that says anything; faults are named by the nearest alone.
    fn introduced_by(&mut self, lead_in: usize) -> Announced {
        let mut next = Some(lead_in);
        let mut faults = None;
        for _ in 0..MOST_LEAD_INS {
            let Some(index) = next else { break };
            let said = match self.introductions.get(&index) {
                Some(&said) => said,
                None => {
                    self.read_beginning(index);
                    let said = introduction(self.aside.tokens(), self.aside.content().classes);
                    self.introductions.insert(index, said);
                    said
                }
            };
            let faults = *faults.get_or_insert(said.faults);
            if said.section != Section::Plain {
                return Announced { faults, ..said };
            }
            next = self.prose.pieces[index].lead_in;
        }
        Announced { faults: faults.unwrap_or_default(), ..Announced::default() }
    }

    /// Notes what a piece that was just read says of the list or table right behind it, so that it need not be read again.
    pub(super) fn note_introduction(&mut self, index: usize, piece: &Piece) {
        let next = self.prose.pieces.get(index + 1);
        if next.is_some_and(|next| next.lead_in == Some(index)) && self.is_beginning(piece) {
            self.introductions.insert(index, introduction(self.lexer.tokens(), self.lexer.content().classes));
        }
    }
}

/// "**Minor faults:** 3 (none urgent)": a label in bold, and how many there are.
fn is_counted_label(tokens: &[Token]) -> bool {
    let colon = tokens.iter().position(|token| token.is_punct(b':'));
    colon.is_some_and(|colon| {
        colon > 0
            && tokens[..colon].iter().all(|token| token.strong)
            && tokens.get(colon + 1).is_some_and(|number| number.kind == TokenKind::Number)
    })
}

/// What `tokens`, with which a lead-in begins, say of the entries below it.
fn introduction(tokens: &[Token], classes: Classes) -> Announced {
    let words = tokens.iter().filter(|token| token.is_word()).count();
    let titled = tokens.last().is_some_and(|last| last.is_punct(b':'))
        || tokens.iter().all(|token| token.strong)
        || is_counted_label(tokens);
    if !titled {
        return Announced::default();
    }
    // "The monitor is a part that:", "This will:": what stands below goes on with the sentence, and tells what it does.
    let last = tokens.iter().rfind(|token| token.is_word());
    if let Some(last) = last.filter(|last| last.is(Class::Continued)) {
        return Announced { section: Section::Feature, cue: Some(last.span()), faults: false };
    }
    // "The mill at present:" leads on to its state.
    if let Some(last) = last.filter(|last| last.is(Class::Now)) {
        return Announced { section: Section::Status, cue: Some(last.span()), faults: false };
    }
    let (section, cue) = if words <= LONGEST_TITLE { section(tokens, classes) } else { (Section::Plain, None) };
    // "Each target requires a file:" asks for something, and finds no fault.
    let faults = names_faults(tokens) && !tokens.iter().any(|token| token.is(Class::Need));
    // A list of faults under rules tells what is, not what has to be.
    let told = faults && section == Section::Plain && words <= LONGEST_TITLE;
    Announced { section: if told { Section::Status } else { section }, cue, faults }
}
