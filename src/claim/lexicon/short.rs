//! Look-up of short words: nearly all words of a text are short, and half of them are known.
//!
//! A word of up to sixteen bytes is one number, and finding it takes no loop over its letters and no allocation.

use std::hint::select_unpredictable;

use super::Entry;

/// Bytes of the longest word that is looked up here.
pub const SHORT: usize = 16;

/// Buckets at first, a power of two: small, to stay in the nearest cache.
const BUCKETS: usize = 1 << 11;

/// Words of up to [`SHORT`] bytes of ASCII.
#[derive(Clone, Debug)]
pub(super) struct Short {
    /// By the hash of a word a bucket of four: for each word a part of its hash and its number, filled in order; zero is
    /// none. So few are taken that hardly a bucket is ever full, and all words, known or not, are told by one look.
    buckets: Vec<[u32; 4]>,
    /// The words and what is known of each; the first is none.
    words: Vec<(u128, Entry)>,
}

/// Bits of a slot that are the number of a word; the others are a part of its hash.
const NUMBER: u32 = 20;

impl Default for Short {
    fn default() -> Short {
        Short { buckets: vec![[0; 4]; BUCKETS], words: vec![(0, Entry::default())] }
    }
}

/// How many letters and digits of ASCII `text` begins with, [`SHORT`] at most. It takes no branch on any of them: where
/// a word ends is what a processor guesses worst.
#[inline]
pub fn letters(text: &[u8; SHORT]) -> usize {
    let bytes = u128::from_le_bytes(*text);
    let (low, high) = (others(bytes as u64), others((bytes >> 64) as u64));
    (u128::from(low) | u128::from(high) << 64).trailing_zeros() as usize / 8
}

/// The upper bit of each byte that is neither a letter nor a digit of ASCII.
#[inline]
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
#[inline]
pub fn chunk(text: &[u8]) -> [u8; SHORT] {
    text.first_chunk().copied().unwrap_or_else(|| {
        let mut bytes = [0; SHORT];
        bytes[..text.len()].copy_from_slice(text);
        bytes
    })
}

/// By the length of a word the bytes of it among the sixteen.
static BYTES: [u128; SHORT + 1] = {
    let mut masks = [0; SHORT + 1];
    let mut length = 1;
    while length <= SHORT {
        masks[length] = u128::MAX >> (8 * (SHORT - length));
        length += 1;
    }
    masks
};

/// The word of `length` bytes that `text` begins with, as a number in which case does not matter. A word holds letters,
/// digits, full stops, apostrophes and hyphens of ASCII; in those, this bit makes the difference of case alone.
#[inline]
pub(super) fn folded(text: &[u8], length: usize) -> u128 {
    (u128::from_le_bytes(chunk(text)) | u128::from_le_bytes([0x20; SHORT])) & BYTES[length]
}

#[inline]
fn hash(word: u128) -> u64 {
    let (low, high) = (word as u64, (word >> 64) as u64);
    let mixed = (low ^ high.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31)).wrapping_mul(0x517c_c1b7_2722_0a95);
    // The upper bits are the mixed ones.
    mixed >> 20
}

/// What a slot holds for word `number` of this hash.
#[inline]
fn content(hash: u64, number: usize) -> u32 {
    tag(hash) | number as u32
}

#[inline]
fn tag(hash: u64) -> u32 {
    (hash >> 12) as u32 >> NUMBER << NUMBER
}

impl Short {
    /// Sets what is known of a word.
    pub(super) fn insert(&mut self, word: u128, entry: Entry) {
        if let Some(number) = self.find(word) {
            self.words[number].1 = entry;
            return;
        }
        // Two words a bucket: fewer would be told faster, if the table were not twice the nearest cache then.
        if self.words.len() > 2 * self.buckets.len() {
            self.buckets = vec![[0; 4]; 2 * self.buckets.len()];
            for number in 1..self.words.len() {
                self.place(self.words[number].0, number);
            }
        }
        assert!(self.words.len() < 1 << NUMBER, "a lexicon of more than a million short words");
        self.place(word, self.words.len());
        self.words.push((word, entry));
    }

    /// What is known of a word. Whether it is known nobody guesses, processors neither: its bucket is read without a branch
    /// that tells one case from the other.
    #[inline]
    pub(super) fn get(&self, word: u128) -> Entry {
        let hash = hash(word);
        let tag = tag(hash);
        let bucket = self.buckets[hash as usize & (self.buckets.len() - 1)];
        let same = |content: u32| select_unpredictable(content ^ tag < 1 << NUMBER, content ^ tag, 0);
        let number = same(bucket[0]) | same(bucket[1]) | same(bucket[2]) | same(bucket[3]);
        let Some(&(known, entry)) = self.words.get(number as usize) else { return self.search(word) };
        // Another word, a full bucket: hardly ever. Unknown words are compared with a word of nothing.
        let expected = select_unpredictable(number == 0, u128::from(bucket[3]), word);
        if known == expected { entry } else { self.search(word) }
    }

    #[cold]
    #[inline(never)]
    fn search(&self, word: u128) -> Entry {
        self.find(word).map_or(Entry::default(), |number| self.words[number].1)
    }

    /// The number of a word.
    fn find(&self, word: u128) -> Option<usize> {
        let mask = self.buckets.len() - 1;
        let mut at = hash(word) as usize & mask;
        loop {
            for &content in &self.buckets[at] {
                let number = content as usize & ((1 << NUMBER) - 1);
                match number {
                    0 => return None,
                    _ if self.words[number].0 == word => return Some(number),
                    _ => {}
                }
            }
            at = (at + 1) & mask;
        }
    }

    fn place(&mut self, word: u128, number: usize) {
        let hash = hash(word);
        let mask = self.buckets.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            if let Some(free) = self.buckets[at].iter_mut().find(|content| **content == 0) {
                *free = content(hash, number);
                return;
            }
            at = (at + 1) & mask;
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
                assert_eq!(letters(text.first_chunk().unwrap()), counted, "{byte} at {place}");
                assert_eq!(letters(&chunk(&text[..place])), place);
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
