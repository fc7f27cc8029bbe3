//! The words that recognition knows, as data: what each says of a state, and which part it plays in a sentence.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::claim::model::Polarity;
use crate::rung::Rung;

pub mod class;
mod short;

pub use class::{Class, Classes, LONGEST};
use short::Short;
pub use short::{SHORT, chunk, letters};

/// The format of a language's data file, and of the extensions that users write.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The language, for messages.
    #[serde(default)]
    pub language: String,
    /// State words: polarity, then the rung that they ask for (`any` where there is none), then the words.
    #[serde(default)]
    pub state: BTreeMap<Polarity, BTreeMap<String, Vec<String>>>,
    /// Words by the part they play, under the names of [`Class::ALL`].
    #[serde(default)]
    pub classes: BTreeMap<Class, Vec<String>>,
    /// Number words.
    #[serde(default)]
    pub numbers: BTreeMap<String, u16>,
    /// Number words that multiply the number before them, by what they multiply it with.
    #[serde(default)]
    pub scales: BTreeMap<String, u32>,
    /// Names of months, by their number in the year.
    #[serde(default)]
    pub months: BTreeMap<String, u16>,
    /// Symbols that say a state.
    #[serde(default)]
    pub symbols: BTreeMap<Polarity, Vec<String>>,
}

/// Whether a number word takes a unit behind it: "twenty" does in "twenty-one".
pub fn is_tens(value: u16) -> bool {
    (20..100).contains(&value) && value.is_multiple_of(10)
}

/// Whether a number word can stand behind tens.
pub fn is_unit(value: u16) -> bool {
    (1..10).contains(&value)
}

/// What multiplies a number, in the bits of an [`Entry`]: its digits before its zeros, and how many zeros those are.
fn packed(factor: u32) -> u16 {
    let zeros = (1..10).take_while(|&zeros| factor.is_multiple_of(10u32.pow(zeros))).count() as u32;
    ((factor / 10u32.pow(zeros)) * 16 + zeros) as u16
}

/// What a word with this value multiplies a number with.
pub fn factor(value: u16) -> f64 {
    f64::from(value / 16) * 10f64.powi(i32::from(value % 16))
}

/// What the lexicon knows of a word, a phrase or a symbol.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Entry {
    /// The parts it can play.
    pub classes: Classes,
    /// Which way it points, for state words and symbols.
    pub polarity: Polarity,
    /// The rung it asks for, for state words.
    pub rung: Option<Rung>,
    /// Its value, for number words; its [`factor`], packed, for those that multiply; its number in the year, for months.
    pub value: u16,
}

impl Entry {
    /// Whether the word says nothing alone: the lexicon knows it in phrases at most.
    pub fn is_unknown(&self) -> bool {
        self.classes.only_in(PHRASES)
    }
}

/// What a word is as a part of phrases.
const PHRASES: Classes = Classes::of(&[Class::PhraseStart, Class::PhraseNext]);

/// A language's words, ready for look-up.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    words: HashMap<Box<[u8]>, Entry, BuildHasherDefault<Fx>>,
    /// Those of them that are short.
    short: Short,
    symbols: HashMap<Box<str>, Entry, BuildHasherDefault<Fx>>,
    shapes: Shapes,
}

/// The lengths, first two and last letters of all words, one bit each: nearly all unknown words are told by these alone.
#[derive(Clone, Debug)]
struct Shapes(Box<[u64; 1 << 10]>);

impl Default for Shapes {
    fn default() -> Shapes {
        Shapes(Box::new([0; 1 << 10]))
    }
}

impl Shapes {
    fn bit(word: &[u8]) -> Option<usize> {
        let (first, last) = (*word.first()?, *word.last()?);
        let second = *word.get(1).unwrap_or(&0);
        // The low five bits of a letter are the same in both cases.
        let letters = usize::from(first & 31) | usize::from(second & 31) << 5 | usize::from(last & 31) << 10;
        let shape = letters | word.len().min(63) << 15;
        Some(shape.wrapping_mul(0x9e37_79b9) >> 12 & 0xffff)
    }

    fn insert(&mut self, word: &str) {
        if let Some(bit) = Shapes::bit(word.as_bytes()) {
            self.0[bit >> 6] |= 1 << (bit & 63);
        }
    }

    fn may_hold(&self, word: &[u8]) -> bool {
        Shapes::bit(word).is_some_and(|bit| self.0[bit >> 6] & 1 << (bit & 63) != 0)
    }
}

static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon::default();
    lexicon.extend(&Lexicon::english_words());
    lexicon
});

impl Lexicon {
    /// English.
    pub fn english() -> Lexicon {
        ENGLISH.clone()
    }

    /// The English data itself, for documentation.
    pub fn english_words() -> Words {
        toml::from_str(include_str!("en.toml")).expect("the English data file is well formed (tested)")
    }

    /// Adds words. One that is known already plays its new part too, and takes the new polarity and rung.
    pub fn extend(&mut self, words: &Words) {
        for (&polarity, by_rung) in &words.state {
            for (rung, list) in by_rung {
                for word in list {
                    self.add(word, |entry| {
                        entry.classes.insert(Class::State);
                        entry.polarity = polarity;
                        entry.rung = Rung::from_name(rung);
                    });
                }
            }
        }
        for (&class, list) in &words.classes {
            for word in list {
                self.add(word, |entry| entry.classes.insert(class));
            }
        }
        let tens = words.numbers.iter().filter(|(_, value)| is_tens(**value));
        let hyphenated = tens.flat_map(|(word, tens)| {
            let units = words.numbers.iter().filter(|(_, value)| is_unit(**value));
            units.map(move |(unit, value)| (format!("{word}-{unit}"), tens + value))
        });
        let single = words.numbers.iter().map(|(word, &value)| (word.clone(), value));
        for (word, value) in single.chain(hyphenated) {
            self.add(&word, |entry| {
                entry.classes.insert(Class::NumberWord);
                entry.value = value;
            });
        }
        for (word, &factor) in &words.scales {
            self.add(word, |entry| {
                entry.classes.add(Classes::of(&[Class::NumberWord, Class::Scale]));
                entry.value = packed(factor);
            });
        }
        for (month, &number) in &words.months {
            self.add(month, |entry| {
                entry.classes.insert(Class::Month);
                entry.value = number;
            });
        }
        for (&polarity, list) in &words.symbols {
            for symbol in list {
                let entry = self.symbols.entry(symbol.as_str().into()).or_default();
                entry.classes.insert(Class::State);
                entry.polarity = polarity;
            }
        }
    }

    fn add(&mut self, word: &str, change: impl Fn(&mut Entry)) {
        let word = word.to_lowercase();
        self.set(&word, &change);
        if let Some((first, rest)) = word.split_once(' ') {
            let second = rest.split_once(' ').map_or(rest, |(second, _)| second);
            self.set(first, &|entry: &mut Entry| entry.classes.insert(Class::PhraseStart));
            self.set(second, &|entry: &mut Entry| entry.classes.insert(Class::PhraseNext));
            self.set(&word.replace(' ', "-"), &change);
        }
    }

    fn set(&mut self, word: &str, change: &dyn Fn(&mut Entry)) {
        self.shapes.insert(word);
        let entry = self.words.entry(word.as_bytes().into()).or_default();
        change(entry);
        if word.is_ascii() && (1..=SHORT).contains(&word.len()) {
            self.short.insert(short::folded(word.as_bytes(), word.len()), *entry);
        }
    }

    /// What is known of the word of `length` bytes, [`SHORT`] at most, that `text` begins with, in any case. It holds
    /// letters, digits, full stops, apostrophes and hyphens of ASCII alone. An unknown word has an empty entry.
    #[inline]
    pub fn short(&self, text: &[u8], length: usize) -> Entry {
        self.short.get(short::folded(text, length))
    }

    /// Whether a word, in any case, can be one that is known: false for most that are not.
    pub fn may_know(&self, word: &[u8]) -> bool {
        self.shapes.may_hold(word)
    }

    /// What is known of a word or phrase in lower case.
    pub fn word(&self, lower: impl AsRef<[u8]>) -> Option<Entry> {
        self.words.get(lower.as_ref()).copied()
    }

    /// What is known of a symbol, without a variation selector.
    pub fn symbol(&self, symbol: &str) -> Option<Entry> {
        self.symbols.get(symbol).copied()
    }
}

/// A short multiplicative hash: words are short, and the table is ours, so nobody can aim collisions at it.
#[derive(Clone, Copy, Debug, Default)]
struct Fx(u64);

impl Fx {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Fx {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.mix(u64::from_le_bytes(chunk.try_into().expect("chunks of eight")));
        }
        let mut rest = 0;
        for &byte in chunks.remainder() {
            rest = rest << 8 | u64::from(byte);
        }
        self.mix(rest);
    }

    fn write_usize(&mut self, length: usize) {
        self.mix(length as u64);
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 29
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_well_formed_and_names_only_known_rungs() {
        for (word, &scale) in &Lexicon::english_words().scales {
            assert_eq!(factor(packed(scale)), f64::from(scale), "{word} does not fit");
        }
        let words: Words = toml::from_str(include_str!("en.toml")).unwrap();
        for rung in words.state.values().flat_map(BTreeMap::keys) {
            assert!(rung == "any" || Rung::from_name(rung).is_some(), "{rung}");
        }
        for word in words.state.values().flat_map(BTreeMap::values).flatten() {
            assert!(word.len() <= LONGEST && *word == word.to_lowercase(), "{word}");
        }
    }

    #[test]
    fn the_words_of_the_rungs() {
        let lexicon = Lexicon::english();
        for (word, rung) in [
            ("deployed", Rung::Exists),
            ("installed", Rung::Exists),
            ("running", Rung::Running),
            ("up", Rung::Running),
            ("active", Rung::Running),
            ("started", Rung::Running),
            ("online", Rung::Running),
            ("healthy", Rung::Healthy),
            ("operational", Rung::Functional),
            ("functional", Rung::Functional),
            ("working", Rung::Functional),
            ("connected", Rung::Functional),
            ("ready", Rung::Functional),
            ("responding", Rung::Functional),
            ("passing", Rung::Functional),
        ] {
            assert_eq!(lexicon.word(word).and_then(|entry| entry.rung), Some(rung), "{word}");
        }
    }

    #[test]
    fn users_can_add_words() {
        let mut lexicon = Lexicon::english();
        let words: Words = toml::from_str(
            "[state.up]\nhealthy = [\"Hunky Dory\"]\n[symbols]\ndown = [\"☠\"]\n[classes]\nunit = [\"parsecs\"]",
        )
        .unwrap();
        lexicon.extend(&words);
        let entry = lexicon.word("hunky-dory").unwrap();
        assert_eq!((entry.polarity, entry.rung), (Polarity::Up, Some(Rung::Healthy)));
        assert_eq!(lexicon.symbol("☠").map(|entry| entry.polarity), Some(Polarity::Down));
        assert!(lexicon.word("parsecs").unwrap().classes.has(Class::Unit));
        assert!(toml::from_str::<Words>("[classes]\nnonsense = []").is_err());
    }
}
