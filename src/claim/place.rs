//! Where a piece stands in its document, as far as that tells what its words mean.

use crate::claim::lexicon::{Class, Classes};
use crate::claim::model::Polarity;
use crate::claim::token::{Token, TokenKind};
use crate::document::source::Span;

/// What a section, by its heading, says of all that stands in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Section {
    /// Nothing.
    #[default]
    Plain,
    /// The present state of things.
    Status,
    /// Praise.
    Feature,
    /// Rules, requirements, instructions.
    Rule,
    /// Plans.
    Plan,
    /// The past.
    History,
    /// An example.
    Example,
    /// The meaning of symbols.
    Legend,
}

/// The form of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A paragraph.
    Paragraph,
    /// A heading.
    Heading,
    /// A list item.
    Item,
    /// A cell in the body of a table; not the first of its row.
    Cell,
    /// The first cell of a row.
    FirstCell,
    /// A cell of the header.
    HeaderCell,
}

/// Where a line stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// The form of its piece.
    pub form: Form,
    /// The nearest telling heading above (its own, for a heading), and where its cue stands.
    pub section: Section,
    /// Where the cue of the section stands.
    pub section_cue: Option<Span>,
    /// Whether the cue stands in the heading right above, and not in one above that.
    pub section_near: bool,
    /// The classes of the words in the header of its column.
    pub column: Classes,
    /// Where the header of its column stands.
    pub column_span: Option<Span>,
    /// The classes of the words in the first cell of its row, for the cells after it.
    pub row: Classes,
    /// Whether the header of its column is a plural or speaks of a number.
    pub column_counts: bool,
    /// Which way the state points that is the header of its column: "Passing", "Failed".
    pub column_state: Polarity,
    /// Which way the state points that is the name of its row: "✅ Working".
    pub row_state: Polarity,
    /// How many columns its table has.
    pub columns: usize,
    /// How many cells of the first row of its table begin with a state symbol.
    pub marks: usize,
    /// Whether the heading above, or the first cell of the row, names faults.
    pub faults: bool,
    /// Under a heading that is not the title of the document.
    pub nested: bool,
    /// Inside a block quote.
    pub quoted: bool,
    /// Every box of its list is ticked.
    pub ticked: bool,
    /// The word that says that the piece explains symbols: "Legend: ✅ done | ⏳ waiting".
    pub legend: Option<Span>,
}

/// The word that opens a legend of several symbols, behind its label.
pub fn legend(tokens: &[Token]) -> Option<Span> {
    const LONGEST_LABEL: usize = 4;
    let plain = tokens.iter().filter(|token| !token.is_punct(b'*') && token.kind != TokenKind::Symbol);
    let colon = plain.clone().take(LONGEST_LABEL + 1).position(|token| token.is_punct(b':'))?;
    let last = plain.clone().nth(colon.checked_sub(1)?).filter(|last| last.is(Class::Legend))?;
    let symbols = tokens.iter().filter(|token| token.is_state_symbol()).count();
    (symbols > 1).then(|| last.span())
}

/// Words behind a noun that do not make it a part of a longer name.
const BEHIND_A_TOPIC: Classes = Classes::of(&[
    Class::Link,
    Class::Conjunction,
    Class::Copula,
    Class::Adverb,
    Class::Determiner,
    Class::Pronoun,
    Class::Negator,
    Class::Generic,
]);

/// Whether the cue at `at` is no part of a longer name.
pub fn announces(tokens: &[Token], at: usize) -> bool {
    let plain = |next: &Token| next.is_word() && !next.entry.classes.any(BEHIND_A_TOPIC);
    // "(do not trust it before Monday)" tells when.
    let when = tokens[at].is(Class::Temporal)
        && tokens[..at].iter().any(|token| token.is(Class::Negator) || token.is(Class::Imperative));
    // "Storage (5 tiers)" counts its parts.
    let counted = at > 1 && tokens[at - 1].kind == TokenKind::Number && tokens[at - 2].is_punct(b'(');
    if when || counted {
        return false;
    }
    !tokens[at].is(Class::TopicNoun) || !tokens.get(at + 1).is_some_and(plain)
}

/// Words of a heading over the meaning of symbols, at most.
const LONGEST_LEGEND: usize = 3;

/// What `tokens`, as a heading or lead-in, say of what stands below, and which of them says so. `classes` are all that
/// they have.
pub fn section(tokens: &[Token], classes: Classes) -> (Section, Option<Span>) {
    let find = |class: Class| {
        let mut places = if classes.has(class) { 0..tokens.len() } else { 0..0 };
        places.rfind(|&at| tokens[at].is(class) && announces(tokens, at))
    };
    // "You know that it works when:" leads on to conditions.
    if let Some(last) = tokens.iter().rfind(|token| token.is_word()).filter(|last| last.is(Class::Condition)) {
        return (Section::Rule, Some(last.span()));
    }
    let first_word = tokens.iter().position(Token::is_word).unwrap_or(tokens.len());
    // A heading that states something itself speaks of the present: "Features: 14/14", "Metrics - ACHIEVED".
    let stated = tokens.iter().enumerate().rev().find(|(at, token)| {
        let last = tokens.get(at + 1).is_none_or(|next| !next.is_word());
        let said = !token.is(Class::Weak) || token.is(Class::Finished);
        let done = token.is_state_word() && said && !token.is(Class::HistoryHeading);
        done && last && matches!(token.entry.polarity, Polarity::Up | Polarity::Partial)
            || token.is_punct(b'%')
            || token.is_state_symbol() && at + 1 == tokens.len()
            // "Speed ✅ all targets met".
            || token.is_state_symbol() && token.entry.polarity == Polarity::Up && first_word < *at
    });
    let stated = stated.map(|(_, token)| token);
    let ratio = tokens.windows(3).find(|three| {
        matches!((three[0].kind, three[2].kind), (TokenKind::Number, TokenKind::Number)) && three[1].is_punct(b'/')
    });
    if let Some(token) = stated.or(ratio.map(|three| &three[0])) {
        return (Section::Status, Some(token.span()));
    }
    // "Status legend", but "Key files".
    let words = tokens.iter().filter(|token| token.is_word());
    let legend = words.clone().next_back().filter(|last| last.is(Class::Legend) && words.count() <= LONGEST_LEGEND);
    if let Some(last) = legend {
        return (Section::Legend, Some(last.span()));
    }
    // "Remaining issues" are there now.
    let faults = classes.has(Class::Defect);
    for (section, class) in [
        (Section::Plan, Class::PlanHeading),
        (Section::History, Class::HistoryHeading),
        (Section::Rule, Class::RuleHeading),
        (Section::Status, Class::StatusHeading),
        (Section::Feature, Class::FeatureHeading),
        (Section::Example, Class::ExampleHeading),
    ] {
        if section == Section::Plan && faults {
            continue;
        }
        let Some(at) = find(class) else { continue };
        // "Completed milestones", "Completed key goals" are no plans any more.
        let before = tokens[..at].iter().rfind(|token| !token.is(Class::Filler));
        let reached = before.is_some_and(|token| token.is_state_word() && token.entry.polarity == Polarity::Up);
        let section = if section == Section::Plan && reached { Section::Status } else { section };
        return (section, Some(tokens[at].span()));
    }
    // "When working on …": instructions.
    let mut words = tokens.iter().filter(|token| token.is_word());
    let (first, second) = (words.next(), words.next());
    match first {
        Some(token) if token.is(Class::Condition) => (Section::Rule, Some(token.span())),
        // "You may not:".
        Some(token) if token.is(Class::Person) && second.is_some_and(|next| next.is(Class::Modal)) => {
            (Section::Rule, second.map(|next| next.span()))
        }
        // "What the hook prevents:" explains; the marks below are bullets.
        // "What will happen" as well.
        Some(token)
            if token.is(Class::Question)
                && !tokens.iter().any(|token| token.is(Class::Negator))
                && second.is_some_and(|next| next.is(Class::Determiner) || next.is(Class::Plan)) =>
        {
            (Section::Feature, Some(token.span()))
        }
        _ => (Section::Plain, None),
    }
}
