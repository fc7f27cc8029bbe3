//! Look-up of short words: nearly all words of a text are short, and half of them are known.
//!
//! A word of up to sixteen bytes is one number, and finding it takes no loop over its letters and no allocation.

use std::hint::select_unpredictable;

use super::Entry;

/// Bytes of the longest word that is looked up here.
pub const SHORT: usize = 16;

/// Slots at first, a power of two.
const SLOTS: usize = 1 << 13;

/// Words of up to [`SHORT`] bytes of ASCII.
#[derive(Clone, Debug)]
pub(super) struct Short {
    /// By the hash of a word its number, each in the first free slot; zero is none. A power of two, at most a quarter of them
    /// taken, so that nearly all words, known or not, are told by one look; and small, to stay in the nearest cache.
    slots: Vec<u32>,
    /// The words; the first is none.
    words: Vec<u128>,
    /// What is known of each.
    entries: Vec<Entry>,
}

impl Default for Short {
    fn default() -> Short {
        Short { slots: vec![0; SLOTS], words: vec![0], entries: vec![Entry::default()] }
    }
}

/// How many letters and digits of ASCII `text` begins with, [`SHORT`] at most. It takes no branch on any of them: where
/// a word ends is what a processor guesses worst.
pub fn letters(text: &[u8]) -> usize {
    let bytes = u128::from_le_bytes(chunk(text));
    let (low, high) = (others(bytes as u64), others((bytes >> 64) as u64));
    (u128::from(low) | u128::from(high) << 64).trailing_zeros() as usize / 8
}

/// The upper bit of each byte that is neither a letter nor a digit of ASCII.
fn others(bytes: u64) -> u64 {
    let every = |byte: u8| u64::from_le_bytes([byte; 8]);
    // The upper bit of each byte of ASCII that is `first` or above: none is carried into the next.
    let from = |bytes: u64, first: u8| (bytes & every(0x7f)) + every(0x80 - first);
    let lower = bytes | every(0x20);
    let letters = from(lower, b'a') & !from(lower, b'z' + 1);
    let digits = from(bytes, b'0') & !from(bytes, b'9' + 1);
    (!(letters | digits) | bytes) & every(0x80)
}

/// The first bytes of `text`, zeros behind its end.
fn chunk(text: &[u8]) -> [u8; SHORT] {
    text.first_chunk().copied().unwrap_or_else(|| {
        let mut bytes = [0; SHORT];
        bytes[..text.len()].copy_from_slice(text);
        bytes
    })
}

/// The word of `length` bytes that `text` begins with, as a number in which case does not matter. A word holds letters,
/// digits, full stops, apostrophes and hyphens of ASCII; in those, this bit makes the difference of case alone.
pub(super) fn folded(text: &[u8], length: usize) -> u128 {
    let unused = 8 * (SHORT - length);
    (u128::from_le_bytes(chunk(text)) | u128::from_le_bytes([0x20; SHORT])) << unused >> unused
}

fn hash(word: u128) -> usize {
    let (low, high) = (word as u64, (word >> 64) as u64);
    let mixed = (low ^ high.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31)).wrapping_mul(0x517c_c1b7_2722_0a95);
    // The upper bits are the mixed ones.
    (mixed >> 40) as usize
}

impl Short {
    /// Sets what is known of a word.
    pub(super) fn insert(&mut self, word: u128, entry: Entry) {
        if 4 * self.words.len() > self.slots.len() {
            self.grow();
        }
        let slot = self.slot(word);
        if self.slots[slot] != 0 {
            self.entries[self.slots[slot] as usize] = entry;
            return;
        }
        self.slots[slot] = u32::try_from(self.words.len()).expect("fewer words than memory has room for");
        self.words.push(word);
        self.entries.push(entry);
    }

    /// What is known of a word. Whether it is known nobody guesses, processors neither: its slot and the next are read
    /// both, without a branch that tells one case from the other.
    #[inline]
    pub(super) fn get(&self, word: u128) -> Entry {
        let mask = self.slots.len() - 1;
        let slot = hash(word) & mask;
        let (first, second) = (self.slots[slot], self.slots[(slot + 1) & mask]);
        let same = |number: u32| select_unpredictable(self.words[number as usize] == word, number, 0);
        let mut number = same(first) | same(second);
        let full = select_unpredictable(number == 0, first.min(second), 0);
        if full != 0 {
            number = self.slots[self.slot(word)];
        }
        self.entries[number as usize]
    }

    /// The slot of a word, or the free one where it would be.
    fn slot(&self, word: u128) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(word) & mask;
        while self.slots[slot] != 0 && self.words[self.slots[slot] as usize] != word {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        self.slots = vec![0; 2 * self.slots.len()];
        for number in 1..self.words.len() {
            let slot = self.slot(self.words[number]);
            self.slots[slot] = number as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(word: &str) -> u128 {
        folded(word.as_bytes(), word.len())
    }

    #[test]
    fn words_are_found_in_any_case_wherever_they_stand() {
        assert_eq!(key("Running"), key("rUNNING"));
        assert_eq!(folded(b"running, and so on and on", 7), key("running"));
        assert_ne!(key("running"), key("runnin"));
        assert_ne!(key("don't"), key("dont"));
    }

    #[test]
    fn letters_are_counted_up_to_the_first_other_byte() {
        for byte in 0..=u8::MAX {
            for place in 0..=SHORT {
                let mut text = *b"aZ09zA5mM0aZ09zA?";
                text[place] = byte;
                let counted = text.iter().take(SHORT).take_while(|byte| byte.is_ascii_alphanumeric()).count();
                assert_eq!(letters(&text), counted, "{byte} at {place}");
                assert_eq!(letters(&text[..place]), place);
            }
        }
    }

    #[test]
    fn what_was_put_in_comes_out_and_nothing_else() {
        let entry = |value| Entry { value, ..Entry::default() };
        let mut short = Short::default();
        for number in 0..9_000 {
            short.insert(key(&format!("word{number}")), entry(number));
            short.insert(key(&format!("word{number}")), entry(number + 1));
        }
        for number in 0..9_000 {
            assert_eq!(short.get(key(&format!("WORD{number}"))), entry(number + 1));
            assert_eq!(short.get(key(&format!("ward{number}"))), Entry::default());
        }
    }
}
