//! Look-up of short words: nearly all words of a text are short, and half of them are known.
//!
//! A word of up to sixteen bytes is one number, and finding it takes no loop over its letters and no allocation.

use super::Entry;

/// Bytes of the longest word that is looked up here.
pub const SHORT: usize = 16;

/// Slots at first, a power of two.
const SLOTS: usize = 1 << 13;

/// Words of up to [`SHORT`] bytes of ASCII.
#[derive(Clone, Debug)]
pub(super) struct Short {
    /// Words by their hash, each in the first free slot; zero is none. A power of two, at most a quarter of them taken, so
    /// that nearly all words, known or not, are told by one look.
    words: Vec<u128>,
    /// For each slot the number of its entry.
    numbers: Vec<u32>,
    /// What is known of words; the first is of none.
    entries: Vec<Entry>,
}

impl Default for Short {
    fn default() -> Short {
        Short { words: vec![0; SLOTS], numbers: vec![0; SLOTS], entries: vec![Entry::default()] }
    }
}

/// The word of `length` bytes that `text` begins with, as a number in which case does not matter. A word holds letters,
/// digits, full stops, apostrophes and hyphens of ASCII; in those, this bit makes the difference of case alone.
pub(super) fn folded(text: &[u8], length: usize) -> u128 {
    let bytes = match text.first_chunk() {
        Some(bytes) => u128::from_le_bytes(*bytes),
        None => {
            let mut bytes = [0; SHORT];
            bytes[..text.len()].copy_from_slice(text);
            u128::from_le_bytes(bytes)
        }
    };
    let unused = 8 * (SHORT - length);
    (bytes | u128::from_le_bytes([0x20; SHORT])) << unused >> unused
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
        if 4 * self.entries.len() > self.words.len() {
            self.grow();
        }
        let slot = self.slot(word);
        if self.words[slot] == word {
            self.entries[self.numbers[slot] as usize] = entry;
            return;
        }
        let number = u32::try_from(self.entries.len()).expect("fewer words than memory has room for");
        self.entries.push(entry);
        (self.words[slot], self.numbers[slot]) = (word, number);
    }

    /// What is known of a word.
    pub(super) fn get(&self, word: u128) -> Entry {
        self.entries[self.numbers[self.slot(word)] as usize]
    }

    /// The slot of a word, or the free one where it would be.
    fn slot(&self, word: u128) -> usize {
        let mask = self.words.len() - 1;
        let mut slot = hash(word) & mask;
        while self.words[slot] != word && self.words[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let slots = 2 * self.words.len();
        let words = std::mem::replace(&mut self.words, vec![0; slots]);
        let numbers = std::mem::replace(&mut self.numbers, vec![0; slots]);
        for (word, number) in words.into_iter().zip(numbers).filter(|(word, _)| *word != 0) {
            let slot = self.slot(word);
            (self.words[slot], self.numbers[slot]) = (word, number);
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
