//! "✅ Operational" becomes "❌ down (exit 127)"; for a group, "13 of 21 operational".

use super::grammar;
use super::ground::Ground;
use super::left::Left;
use super::numeral::{self, cased};
use super::symbol::{self, Extent};
use crate::claim::model::Polarity;
use crate::document::edit::Edit;
use crate::document::source::Span;
use crate::judge::verdict::{Member, MemberState};
use crate::rung::Rung;

/// Adverbs that say that a state is complete, or that it is so now: they do not go with another state.
const IDLE: &[&str] = &["fully", "completely", "entirely", "totally", "all", "now", "currently", "already", "still"];

/// Words that take a state back, in part or whole: without them the state is what was denied.
const TAKING_BACK: &[&str] =
    &["not", "yet", "partially", "partly", "mostly", "almost", "nearly", "largely", "somewhat", "fairly"];

/// Verbs that are a state by themselves ("the parser works"), in the singular and the plural.
const VERBS: &[(&str, &str)] = &[
    ("works", "work"),
    ("operates", "operate"),
    ("passes", "pass"),
    ("fails", "fail"),
    ("exists", "exist"),
    ("completes", "complete"),
];

/// Wordings for a state.
pub(super) fn wordings(ground: &Ground<'_>) -> Result<Vec<Vec<Edit>>, Left> {
    let extent = ground.extent().ok_or(Left::NoWording)?;
    let up = if ground.claim.polarity == Polarity::Down { extent.turned() } else { extent };
    let said = Said::new(ground)?;
    if ground.claim.polarity != Polarity::Up
        && said.words.is_none()
        && said.symbol.is_some_and(|(_, text)| symbol::is_up(text))
    {
        return Err(Left::NoWording);
    }
    // What a claim of its polarity says of the whole; a partial one says "some".
    let symbol = match said.symbol {
        Some((span, text)) => {
            let text = if text.starts_with('[') { Some(ticked(up)) } else { symbol::saying(text, up) };
            Some(Edit { span, text: text.ok_or(Left::NoWording)?.to_owned() })
        }
        None => None,
    };
    let Some(words) = said.words else {
        return Ok(vec![Vec::from_iter(symbol)]);
    };
    let rest = ground.after(words.end).trim_start_matches(['*', '_']).trim_start();
    let explains = |c: char| matches!(c, '-' | '–' | '—' | '(' | ',' | ':');
    // "operational since May", "broken - the store is full": what follows was said of the other state. What follows an "up"
    // is mostly what the thing is for.
    let about_the_other = |c: char| c.is_alphanumeric() || ground.claim.polarity != Polarity::Up && explains(c);
    if rest.starts_with(about_the_other) {
        return Err(Left::NoWording);
    }
    if said.acts(words) {
        return Err(Left::NoWording);
    }
    let of_words = match up {
        Extent::All => said.all(words),
        Extent::Nothing => said.nothing(words),
        Extent::Some => said.some(words)?,
    };
    Ok(of_words.into_iter().map(|edits| edits.into_iter().chain(symbol.clone()).collect()).collect())
}

/// The parts of a claim about a state.
struct Said<'a> {
    ground: &'a Ground<'a>,
    /// The symbol or box of the claim.
    symbol: Option<(Span, &'a str)>,
    /// The words of state; `None` where a symbol is all.
    words: Option<Span>,
    /// Whether a noun that the state is said of stands before it, in the claim.
    noun: Option<Span>,
}

impl<'a> Said<'a> {
    fn new(ground: &'a Ground<'a>) -> Result<Said<'a>, Left> {
        let claim = ground.claim;
        let predicate = claim.predicate.as_str();
        let quote = ground.quote();
        let symbol = symbol::beside(ground.source, claim.span);
        let boxed = predicate.starts_with('[').then(|| {
            let span = Span::new(claim.span.start, claim.span.start + predicate.len());
            (span, predicate)
        });
        if boxed.is_some() || symbol::leading(predicate).is_some() {
            // A mark that is all there is, or that stands before a sentence and says whether it is so ("✅ The lid closes");
            // with words beside it that answer ("✅ Fast") they would have to change as well.
            let symbol = boxed.filter(|(span, _)| span.len() == ticked(Extent::All).len()).or(symbol);
            let alone = symbol.is_some_and(|(span, _)| {
                let told = &ground.source[span.end..claim.span.end];
                let leads = span.start == claim.span.start && !claim.subject.is_empty();
                span == claim.span || leads && told.contains(&claim.subject)
            });
            return if alone { Ok(Said { ground, symbol, words: None, noun: None }) } else { Err(Left::NoWording) };
        }
        let start = quote.rfind(predicate).filter(|_| !predicate.is_empty()).ok_or(Left::NoWording)?;
        let words = Span::new(claim.span.start + start, claim.span.start + start + predicate.len());
        // A symbol further off than the words is another's.
        let near =
            |(span, _): &(Span, &str)| claim.span.contains(*span) || span.end <= words.start || span.start >= words.end;
        let before = &quote[..start];
        let noun = grammar::words(before, claim.span.start);
        let noun = noun.first().map(|(first, _)| Span::new(first.start, words.start));
        Ok(Said { ground, symbol: symbol.filter(near), words: Some(words), noun })
    }

    fn text(&self, words: Span) -> &'a str {
        self.ground.text(words)
    }

    /// The state without what does not go with another: "fully operational" is "operational".
    fn bare(&self, words: Span) -> String {
        let text = self.text(words);
        let idle = |word: &str| IDLE.iter().any(|idle| word.eq_ignore_ascii_case(idle)) && word != text.trim();
        text.split_whitespace().filter(|word| !idle(word)).collect::<Vec<_>>().join(" ")
    }

    /// "Works" needs a form of "to be" in its place; `None` where the state is no verb.
    fn verb(&self, words: Span) -> Option<&'static str> {
        let text = self.bare(words).to_lowercase();
        let found = VERBS.iter().find(|(one, many)| text == *one || text == *many)?;
        self.noun?;
        Some(if text == found.0 { "is" } else { "are" })
    }

    /// Whether the state is a verb that no wording is known for: "the build needs repair".
    fn acts(&self, words: Span) -> bool {
        let text = self.text(words).to_lowercase();
        let first = text.split_whitespace().next().unwrap_or_default();
        let Some(before) = self.noun.map(|noun| self.text(noun).trim_end().to_lowercase()) else { return false };
        let copula =
            ["is", "are", "was", "now", "be", "been", "remains", "stays"].iter().any(|word| before.ends_with(word));
        let verb = first.ends_with('s') && !first.ends_with("ss") && !first.ends_with("us");
        verb && !copula && self.verb(words).is_none()
    }

    /// `state` in the place of the words, in their case where no symbol stands before them.
    fn put(&self, words: Span, state: &str) -> Vec<Edit> {
        let old = self.text(words);
        let shouted = old.chars().filter(|c| c.is_alphabetic()).count() > 3 && !old.chars().any(char::is_lowercase);
        let led = self.symbol.is_some_and(|(span, _)| span.start < words.start);
        // The reason in parentheses is not shouted.
        let (said, why) = state.split_at(state.find(" (").unwrap_or(state.len()));
        let state = match self.verb(words) {
            Some(verb) => format!("{verb} {state}"),
            None if shouted => format!("{}{why}", cased(old, said)),
            None if !led && self.noun.is_none() => format!("{}{why}", cased(old, said)),
            None => state.to_owned(),
        };
        vec![Edit { span: words, text: state }]
    }

    /// Everything is as the claim denied.
    fn all(&self, words: Span) -> Vec<Vec<Edit>> {
        let state = match self.ground.rung.unwrap_or(Rung::Functional) {
            Rung::Declared | Rung::Exists => "deployed",
            Rung::Running => "running",
            Rung::Healthy => "healthy",
            Rung::Functional => "operational",
        };
        // "Not implemented" becomes "implemented", "down" becomes "operational".
        let text = self.bare(words).to_lowercase();
        let taken_back = |word: &&str| !TAKING_BACK.contains(word);
        let denied = text.split_whitespace().filter(taken_back).collect::<Vec<_>>().join(" ");
        if !denied.is_empty() && denied != text {
            return vec![self.put(words, &denied), self.put(words, state)];
        }
        vec![self.put(words, state)]
    }

    /// Nothing is as the claim says: "down (exit 127)", "0 of 21 operational".
    fn nothing(&self, words: Span) -> Vec<Vec<Edit>> {
        let total = self.ground.total.unwrap_or(1.0);
        let mut wordings = Vec::new();
        if total > 1.0 {
            wordings.extend(self.of_total(words));
        }
        let negated = format!("not {}", self.bare(words).to_lowercase());
        let negated = self.verb(words).is_none().then_some(negated.as_str());
        // What is "complete" or "configured" and is not so is not "down".
        let states: &[&str] = match (self.ground.claim.polarity, self.ground.claim.rung) {
            (Polarity::Up, None) if negated.is_some() => &[],
            (_, Some(Rung::Exists)) => &["missing", "down"],
            (_, _) => &["down"],
        };
        // "(working)" becomes "(down)": a reason in parentheses would be one inside of another.
        let enclosed = self.ground.after(words.end).starts_with([')', ']']);
        for state in states.iter().copied().chain(negated) {
            if let [member] = self.ground.members
                && !enclosed
                && total == 1.0
            {
                wordings.extend(why(member).iter().map(|why| self.put(words, &format!("{state} ({why})"))));
            }
            wordings.push(self.put(words, state));
        }
        wordings
    }

    /// Some of a group are.
    fn some(&self, words: Span) -> Result<Vec<Vec<Edit>>, Left> {
        let mut wordings = self.of_total(words);
        let (Some(up), Some(total)) = (numeral::digits(self.up()), self.ground.total.and_then(numeral::digits)) else {
            return Err(Left::NoWording);
        };
        let bare = self.bare(words).to_lowercase();
        if self.ground.claim.polarity == Polarity::Up && self.verb(words).is_none() {
            if !self.ground.after(words.end).starts_with([')', ']']) {
                wordings.push(self.put(words, &format!("partially {bare} ({up} of {total})")));
            }
            wordings.push(self.put(words, &format!("partially {bare}")));
        }
        Ok(wordings)
    }

    fn up(&self) -> f64 {
        let total = self.ground.total.unwrap_or_default();
        if self.ground.claim.polarity == Polarity::Down { total - self.ground.part } else { self.ground.part }
    }

    /// "13 of 21 operational", "13 of 21 MCP servers are operational": only where what is counted stands in the plural, or
    /// does not stand there at all.
    fn of_total(&self, words: Span) -> Vec<Vec<Edit>> {
        let Some(total) = self.ground.total.and_then(numeral::digits) else { return Vec::new() };
        let Some(part) = numeral::digits(self.ground.part) else { return Vec::new() };
        // "Partially working" says how many by itself.
        if self.ground.claim.polarity == Polarity::Partial {
            return Vec::new();
        }
        let bare = self.bare(words);
        let Some(noun) = self.noun else {
            // Right behind another word it would be a part of what that says: "Rust 2024 compatible".
            let before = self.ground.before(words.start).trim_end_matches([' ', '\t', '*', '_']);
            if before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '`' | ')' | '"')) {
                return Vec::new();
            }
            let bare = if bare.chars().any(char::is_lowercase) { bare.to_lowercase() } else { bare };
            return vec![vec![Edit { span: words, text: format!("{part} of {total} {bare}") }]];
        };
        let before = self.text(noun);
        let plural = grammar::words(before, noun.start)
            .iter()
            .any(|(_, word)| matches!(word.to_lowercase().as_str(), "are" | "aren't"));
        let verb = self.verb(words) == Some("are");
        if !(plural || verb) || before.contains(['*', '_', '`', '[', ']', '\n']) {
            return Vec::new();
        }
        // "The MCP servers are" becomes "13 of 21 MCP servers are".
        let line = self.ground.before(noun.start);
        let article =
            ["The ", "the ", "Our ", "our ", "These ", "these "].iter().find(|article| line.ends_with(**article));
        let start = noun.start - article.map_or(0, |article| article.len());
        let one = self.ground.part == 1.0;
        let told = if one { before.replace(" are ", " is ") } else { before.to_owned() };
        let state = match (one, self.verb(words)) {
            (true, Some(_)) => {
                VERBS.iter().find(|(_, many)| bare.eq_ignore_ascii_case(many)).map_or("", |(one, _)| one)
            }
            (true | false, _) => bare.as_str(),
        };
        vec![vec![Edit { span: Span::new(start, words.end), text: format!("{part} of {total} {told}{state}") }]]
    }
}

/// The box of a task item.
fn ticked(extent: Extent) -> &'static str {
    match extent {
        Extent::All => "[x]",
        Extent::Some | Extent::Nothing => "[ ]",
    }
}

/// Why a target is down, in two or three words of our own, best first: what programs and servers wrote is not put into
/// documents.
fn why(member: &Member) -> Vec<String> {
    let MemberState::Down(failure) = &member.state else { return Vec::new() };
    let exit = failure.reason.strip_prefix("exit ").map(|rest| {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        rest[..digits].to_owned()
    });
    match exit.filter(|code| (1..4).contains(&code.len())) {
        Some(code) => vec![format!("exit {code}")],
        // "Call failed" would be a second state, "call-failed" is a name.
        None => vec![failure.class.name().replace('-', " "), failure.class.name().to_owned()],
    }
}
