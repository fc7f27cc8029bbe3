//! docs/lexicon.md is made of the data that recognition reads. `TRUEUP_WRITE_DOCS=1 cargo test --test lexicon` rewrites it.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use trueup::claim::lexicon::{Class, Lexicon, Words};
use trueup::claim::model::Polarity;
use trueup::claim::rule::RULES;
use trueup::rung::Rung;

const HEAD: &str = "\
<!-- trueup: ignore-file: lists of words state nothing -->

# The words that trueup knows

This page is generated from the lexicon by `tests/lexicon.rs`; change the data, not the page. Case does not matter, and
a phrase is found with hyphens in place of its blanks too. Words of your own go into trueup.toml:

```toml
[lexicon.state.up]            # or partial, or down
functional = [\"rock solid\"]   # by the rung that the word asks for; `any` where it asks for none
[lexicon.symbols]
down = [\"🧨\"]
[lexicon.classes]             # by the part that a word plays, see below
goal = [\"north star\"]
[lexicon.numbers]
dozen = 12
```
";

/// Lists in pages are cut at words, so that a word added changes few lines.
fn wrapped(words: &[String]) -> String {
    let mut text = String::new();
    let mut width = 0;
    for (at, word) in words.iter().enumerate() {
        let last = at + 1 == words.len();
        let word = if last { word.clone() } else { format!("{word},") };
        if width + word.chars().count() + 1 > 120 {
            text.push('\n');
            width = 0;
        } else if width > 0 {
            text.push(' ');
            width += 1;
        }
        width += word.chars().count();
        text.push_str(&word);
    }
    text
}

fn page(words: &Words) -> String {
    let mut page = HEAD.to_owned();
    page.push_str("\n## Words and symbols of state\n\n| polarity | rung | words |\n|---|---|---|\n");
    for polarity in [Polarity::Up, Polarity::Partial, Polarity::Down] {
        let by_rung = words.state.get(&polarity);
        for rung in Rung::ALL.iter().rev().map(|rung| rung.name()).chain(["any"]) {
            if let Some(list) = by_rung.and_then(|by_rung| by_rung.get(rung)) {
                writeln!(page, "| {} | {rung} | {} |", polarity.name(), list.join(", ")).unwrap();
            }
        }
        if let Some(symbols) = words.symbols.get(&polarity) {
            writeln!(page, "| {} | by symbol | {} |", polarity.name(), symbols.join(" ")).unwrap();
        }
    }
    page.push_str("\n## Parts that words play\n");
    for class in Class::ALL {
        if let Some(list) = words.classes.get(class) {
            let mut list = list.clone();
            list.sort();
            list.dedup();
            write!(page, "\n### `{}`\n\n{}\n\n{}\n", class.name(), class.meaning(), wrapped(&list)).unwrap();
        }
    }
    page.push_str("\n## Number words\n\n");
    let mut numbers: Vec<_> = words.numbers.iter().collect();
    numbers.sort_by_key(|(word, value)| (**value, word.as_str()));
    let numbers: Vec<String> = numbers.iter().map(|(word, value)| format!("{word} ({value})")).collect();
    page.push_str(&wrapped(&numbers));
    page.push_str(
        "\n\nTens and units are joined: \"twenty-one\", \"twenty one\". These multiply the number before them:\n\n",
    );
    let mut scales: Vec<_> = words.scales.iter().collect();
    scales.sort_by_key(|(_, factor)| **factor);
    let scales: Vec<String> = scales.iter().map(|(word, factor)| format!("{word} ({factor})")).collect();
    page.push_str(&wrapped(&scales));
    page.push_str("\n\n## Months\n\n");
    let mut months: Vec<_> = words.months.iter().collect();
    months.sort_by_key(|(word, number)| (**number, word.as_str()));
    let months: Vec<String> = months.iter().map(|(word, number)| format!("{word} ({number})")).collect();
    page.push_str(&wrapped(&months));
    page.push_str(
        "\n\n## What is no claim\n\nThe rules that say so, by the names that `trueup explain` uses.\n\n| rule | meaning |\n|---|---|\n",
    );
    for rule in RULES {
        writeln!(page, "| `{}` | {} |", rule.name, rule.description).unwrap();
    }
    page
}

#[test]
fn the_page_is_made_of_the_data() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lexicon.md");
    let page = page(&Lexicon::english_words());
    if env::var_os("TRUEUP_WRITE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let differs = page.lines().zip(written.lines()).position(|(made, written)| made != written);
    assert!(
        page == written,
        "docs/lexicon.md is not what the data say (first at line {:?}); run `TRUEUP_WRITE_DOCS=1 cargo test --test lexicon`",
        differs.map_or(written.lines().count(), |at| at) + 1
    );
}

#[test]
fn the_page_states_nothing() {
    let source = page(&Lexicon::english_words());
    let prose = trueup::document::markdown::prose(&source);
    let directives = trueup::document::directives::find(&source, &prose).directives;
    assert_eq!(directives.len(), 1);
    assert_eq!(directives[0].covers.range(), 0..source.len());
}

#[test]
fn class_names_lead_back() {
    for class in Class::ALL {
        assert_eq!(Class::from_name(&class.name()), Some(*class));
        assert!(!class.meaning().is_empty());
    }
    assert_eq!(Class::PartialAdverb.name(), "partial_adverb");
}
