//! `[lexicon]`: words and symbols of a project's own.

use super::fault::{Fault, quote};
use super::keys;
use super::policy::{StateWord, Vocabulary};
use super::reader::{Table, Value};
use crate::claim::lexicon::class::{Class, LONGEST};
use crate::claim::model::Polarity;
use crate::document::source::Span;
use crate::nearest::nearest;
use crate::rung::Rung;

/// The keys of polarities.
const POLARITIES: [(&str, Polarity); 3] =
    [("up", Polarity::Up), ("partial", Polarity::Partial), ("down", Polarity::Down)];

/// Reads the table.
pub(super) fn vocabulary(table: &Table) -> Vocabulary {
    let classes = table.get("classes").and_then(|value| value.entries("a list of words")).unwrap_or_default();
    let numbers = table.get("numbers").and_then(|value| value.entries("a whole number from 0 to 65535"));
    Vocabulary {
        states: table.get("state").and_then(|value| value.table(&keys::LEXICON_STATE)).map(states).unwrap_or_default(),
        classes: classes.iter().flat_map(class).collect(),
        numbers: numbers.unwrap_or_default().iter().filter_map(number).collect(),
        symbols: table
            .get("symbols")
            .and_then(|value| value.table(&keys::LEXICON_SYMBOLS))
            .map(symbols)
            .unwrap_or_default(),
    }
}

fn states(table: Table) -> Vec<StateWord> {
    let mut found: Vec<(StateWord, Span)> = Vec::new();
    for (key, polarity) in POLARITIES {
        let Some(by_rung) = table.get(key).and_then(|value| value.table(&keys::LEXICON_RUNGS)) else { continue };
        let lists = keys::LEXICON_RUNGS.keys.iter().filter_map(|key| by_rung.get(key.name));
        for list in lists {
            for element in list.one_or_list("a word") {
                let Some(word) = word(&element) else { continue };
                if let Some((_, first)) = found.iter().find(|(known, _)| known.word == word) {
                    let message = format!("the word {} is given twice, expected one state for each", quote(&word));
                    element.fault(Fault::wrong(element.span, message, "again here").related(*first, "first here"));
                    continue;
                }
                let rung = Rung::from_name(list.name);
                found.push((StateWord { word, polarity, rung }, element.span));
            }
        }
    }
    found.into_iter().map(|(state, _)| state).collect()
}

/// The words of one class. Classes that words get by other keys are none that a user names.
fn class(value: &Value) -> Vec<(Class, String)> {
    let given = |class: &Class| {
        !matches!(
            class,
            Class::State | Class::PhraseStart | Class::PhraseNext | Class::NumberWord | Class::Scale | Class::Month
        )
    };
    let Some(class) = Class::from_name(value.name).filter(given) else {
        let names: Vec<String> = Class::ALL.iter().filter(|class| given(class)).map(|class| class.name()).collect();
        let message = format!("{} is no class of words", quote(value.name));
        let fault = Fault::wrong(value.key, message, "no such class");
        value.fault(match nearest(value.name, names.iter().map(String::as_str)) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help(format!("there are {}", names.join(", "))),
        });
        return Vec::new();
    };
    value.one_or_list("a word").iter().filter_map(|element| Some((class, word(element)?))).collect()
}

fn number(value: &Value) -> Option<(String, u16)> {
    let number = u16::try_from(value.whole(0..=i64::from(u16::MAX))?).ok()?;
    if !value.name.chars().all(char::is_alphabetic) || value.name.is_empty() {
        let message = format!("{} is no number word, expected letters only", quote(value.name));
        value.fault(Fault::wrong(value.key, message, "not a word"));
        return None;
    }
    Some((value.name.to_lowercase(), number))
}

fn symbols(table: Table) -> Vec<(Polarity, char)> {
    let mut found = Vec::new();
    for (key, polarity) in POLARITIES {
        let elements = table.get(key).map(|value| value.one_or_list("a symbol")).unwrap_or_default();
        found.extend(elements.iter().filter_map(|element| Some((polarity, symbol(element)?))));
    }
    found
}

/// A word or a phrase, in lower case.
fn word(value: &Value) -> Option<String> {
    let text = value.text()?;
    let word = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if word.len() > LONGEST {
        return value.invalid(text, &format!("which is longer than {LONGEST} bytes and would never be found"));
    }
    if !word.starts_with(char::is_alphanumeric) {
        return value.invalid(text, "which does not begin with a letter; symbols go under `lexicon.symbols`");
    }
    Some(word)
}

/// One symbol, a variation selector behind it left out.
fn symbol(value: &Value) -> Option<char> {
    let text = value.text()?;
    let mut chars = text.trim().chars().filter(|c| !matches!(c, '\u{fe0e}' | '\u{fe0f}'));
    match (chars.next(), chars.next()) {
        (Some(symbol), None) if !symbol.is_alphanumeric() && !symbol.is_ascii() => Some(symbol),
        _ => value.invalid(text, "which is not one symbol beyond ASCII"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::tests::{file, shown};

    fn faults(text: &str) -> Vec<(String, String, String)> {
        crate::config::parse(&file(text), Path::new("/p")).map(|_| Vec::new()).unwrap_or_else(|faults| shown(&faults))
    }

    #[test]
    fn words_symbols_classes_and_numbers() {
        let text = "[lexicon.state.up]\nfunctional = [\"Rock  Solid\"]\nany = \"dandy\"\n[lexicon.state.down]\nany = [\"kaput\"]\n\
                    [lexicon.symbols]\npartial = [\"🛠\u{fe0f}\"]\n[lexicon.classes]\nunit = [\"parsecs\"]\n\
                    [lexicon.numbers]\ndozen = 12\n";
        let policy = crate::config::parse(&file(text), Path::new("/p")).unwrap().policy;
        let state = |word: &str, polarity, rung| StateWord { word: word.to_owned(), polarity, rung };
        let expected = Vocabulary {
            states: vec![
                state("dandy", Polarity::Up, None),
                state("rock solid", Polarity::Up, Some(Rung::Functional)),
                state("kaput", Polarity::Down, None),
            ],
            classes: vec![(Class::Unit, "parsecs".to_owned())],
            numbers: vec![("dozen".to_owned(), 12)],
            symbols: vec![(Polarity::Partial, '🛠')],
        };
        assert_eq!(policy.vocabulary, expected);
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let text = "[lexicon.state.upp]\nany = [\"a\"]\n[lexicon.state.up]\nhealty = [\"b\"]\nany = [\"\", \"c\", \"✅\", 3]\n\
                    [lexicon.state.down]\nany = [\"c\", \"one that is far longer than any word could ever be\"]\n\
                    [lexicon.symbols]\nup = [\"ok\"]\n[lexicon.classes]\nunits = [\"d\"]\nstate = [\"e\"]\n\
                    [lexicon.numbers]\ndozen = 1.5\n\"2x\" = 2\n";
        let faults = faults(text);
        let told: Vec<(&str, &str)> = faults.iter().map(|(at, said, _)| (at.as_str(), said.as_str())).collect();
        let long = "one that is far longer than any word could ever be";
        assert_eq!(
            told,
            [
                ("upp", "unknown key `upp` in `lexicon.state`"),
                ("healty", "unknown key `healty` in `lexicon.state.up`"),
                ("\"\"", "`lexicon.state.up.any[0]` is \"\", which is blank; expected a word"),
                (
                    "\"✅\"",
                    "`lexicon.state.up.any[2]` is \"✅\", which does not begin with a letter; symbols go under \
                     `lexicon.symbols`; expected a word"
                ),
                ("3", "`lexicon.state.up.any[3]` is the integer 3, expected a word"),
                ("\"c\"", "the word \"c\" is given twice, expected one state for each"),
                (
                    format!("\"{long}\"").as_str(),
                    format!(
                        "`lexicon.state.down.any[1]` is \"{long}\", which is longer than 40 bytes and would never be \
                         found; expected a word"
                    )
                    .as_str()
                ),
                (
                    "\"ok\"",
                    "`lexicon.symbols.up[0]` is \"ok\", which is not one symbol beyond ASCII; expected a symbol"
                ),
                ("units", "\"units\" is no class of words"),
                ("state", "\"state\" is no class of words"),
                ("1.5", "`lexicon.numbers.dozen` is the number 1.5, expected a whole number from 0 to 65535"),
                ("\"2x\"", "\"2x\" is no number word, expected letters only"),
            ]
        );
        assert_eq!(faults[0].2, "did you mean `up`?");
        assert_eq!(faults[8].2, "did you mean `unit`?");
    }
}
