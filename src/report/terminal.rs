//! Text from outside, made safe for a terminal without losing its layout.

use crate::measure::evidence::{is_invisible, is_simple};

/// What a terminal is given in place of `c`: control characters as their pictures, nothing for characters that show
/// nothing. A tab stays a tab.
pub(super) fn shown(c: char) -> Option<char> {
    match c {
        '\t' => Some('\t'),
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{2028}' | '\u{2029}' => Some('\u{fffd}'),
        c if is_invisible(c) => None,
        c if c.is_control() => Some('\u{fffd}'),
        c => Some(c),
    }
}

/// One line of text, safe to show: [`shown`] for each character, a blank for a tab.
pub(super) fn line(text: &str) -> String {
    if is_simple(text) {
        return text.to_owned();
    }
    text.chars().filter_map(shown).map(|c| if c == '\t' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_is_left() {
        assert_eq!(line("a\u{1b}[2Jb\u{9b}31mc\r\n\td\u{202e}e\u{7f}\u{2028}"), "a␛[2Jb\u{fffd}31mc␍␊ de␡\u{fffd}");
        assert!((0..=0x2100_u32).filter_map(char::from_u32).filter_map(shown).all(|c| c == '\t' || !c.is_control()));
    }
}
