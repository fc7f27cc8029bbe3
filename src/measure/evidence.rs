//! What a probe saw, bounded and made safe to show.

use serde::{Deserialize, Serialize};

/// Longest value of one fact, in Unicode scalar values.
pub const FACT_LIMIT: usize = 400;

/// Most lines kept of a log.
pub const LOG_LINES: usize = 20;

/// Columns from one tab stop to the next.
const TAB: usize = 8;

/// Facts behind an outcome, in the order in which they were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Named facts: `exit code` 127, `restarts` 14, `tools` 12.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// Last lines of a log or of standard error, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
    /// What `probe --evidence` writes down besides: logs, documents, transcripts. Bounded, redacted, and kept only where
    /// somebody asked for it; never part of a snapshot.
    #[serde(skip)]
    pub exhibits: Vec<Exhibit>,
}

/// A text that is evidence as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhibit {
    /// Name of the file that it becomes: `stderr.log`, `transcript.txt`. Letters, digits, `-` and `.` alone.
    pub name: &'static str,
    /// It, redacted.
    pub text: String,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it says something about, in lower case: `exit code`, `health`.
    pub name: String,
    /// What it says.
    pub value: String,
}

impl Evidence {
    /// No facts yet.
    pub fn new() -> Evidence {
        Evidence::default()
    }

    /// Adds a fact. The value is bounded and stripped of control characters: it comes from outside.
    pub fn fact(&mut self, name: &str, value: impl AsRef<str>) -> &mut Evidence {
        self.facts.push(Fact { name: name.to_owned(), value: plain(value.as_ref(), FACT_LIMIT) });
        self
    }

    /// Sets the log to the last lines of `text` that are not blank.
    pub fn log_tail(&mut self, text: &str) -> &mut Evidence {
        let mut lines: Vec<String> = text
            .lines()
            .rev()
            .map(|line| plain(line, FACT_LIMIT))
            .filter(|line| !line.is_empty())
            .take(LOG_LINES)
            .collect();
        lines.reverse();
        self.log = lines;
        self
    }

    /// Attaches `text`, unless there is nothing in it.
    pub fn exhibit(&mut self, name: &'static str, text: String) -> &mut Evidence {
        if !text.trim().is_empty() {
            self.exhibits.push(Exhibit { name, text });
        }
        self
    }

    /// The value of the fact called `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.as_str())
    }
}

/// `text` on one line: control characters (line breaks too) become single blanks, escape sequences and invisible
/// direction marks go, and what is longer than `limit` Unicode scalar values ends in `…`.
pub fn plain(text: &str, limit: usize) -> String {
    if text.len() <= limit && is_simple(text) && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ")
    {
        return text.to_owned();
    }
    let mut blank = true;
    let single = visible(text).filter(|&c| {
        let again = c == ' ' && blank;
        blank = c == ' ';
        !again
    });
    bounded(single, limit)
}

/// One line of output as a terminal shows it: its blanks stay, a tab is blanks up to the next eighth column, and of what a
/// carriage return writes over, the last stays. Apart from that it is [`plain`].
pub fn line(text: &str, limit: usize) -> String {
    let text = text.trim_end_matches(['\r', '\n']);
    let text = text.rsplit('\r').next().unwrap_or_default();
    let mut out = String::new();
    let mut column = 0;
    for piece in text.split_inclusive('\t') {
        let (shown, tab) = piece.strip_suffix('\t').map_or((piece, false), |shown| (shown, true));
        for c in visible(shown) {
            out.push(c);
            column += 1;
        }
        let fill = if tab { TAB - column % TAB } else { 0 };
        out.extend(std::iter::repeat_n(' ', fill));
        column += fill;
    }
    bounded(out.chars(), limit)
}

/// The characters of `text` without escape sequences and without what shows nothing; blanks for control characters and for
/// whitespace of any kind.
fn visible(text: &str) -> impl Iterator<Item = char> {
    let mut chars = text.chars().peekable();
    std::iter::from_fn(move || {
        loop {
            let c = chars.next()?;
            if c == '\u{1b}' {
                skip_escape(&mut chars);
            } else if !is_invisible(c) {
                return Some(if c.is_control() || c.is_whitespace() { ' ' } else { c });
            }
        }
    })
}

/// `chars` without blanks at the end, ending in `…` where there are more than `limit`.
fn bounded(chars: impl Iterator<Item = char>, limit: usize) -> String {
    let mut out = String::new();
    for (count, c) in chars.enumerate() {
        if count == limit {
            out.truncate(out.trim_end().len());
            out.push('…');
            return out;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out
}

/// Consumes a terminal control sequence after its escape character.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            for c in chars.by_ref() {
                if ('@'..='~').contains(&c) {
                    break;
                }
            }
        }
        Some(']') => {
            chars.next();
            while let Some(c) = chars.next() {
                if c == '\u{7}' {
                    break;
                }
                if c == '\u{1b}' {
                    chars.next_if_eq(&'\\');
                    break;
                }
            }
        }
        Some(_) => {
            chars.next();
        }
        None => {}
    }
}

/// Whether every character shows itself and does nothing else, as far as ASCII tells: most text is told by this alone.
pub fn is_simple(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Whether `c` shows nothing and can reorder, hide or smuggle text: direction marks, zero-width characters, tag characters.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_is_made_plain() {
        assert_eq!(plain("a\u{1b}[31mred\u{1b}[0m\r\n\tb", 99), "ared b");
        assert_eq!(plain("x\u{1b}]0;title\u{7}y\u{202e}z", 99), "xyz");
        assert_eq!(plain("a\u{ad}b\u{61c}c\u{e0041}d\u{e007f}", 99), "abcd");
        assert_eq!(plain("  one   two  ", 99), "one two");
        assert_eq!(plain("abcdef", 3), "abc…");
        assert_eq!(plain("abc", 3), "abc");
        assert_eq!(plain("\u{1b}", 3), "");
    }

    proptest::proptest! {
        /// Text that is plain already is told by a short look, to the same end.
        #[test]
        fn the_short_way_is_the_long_one(text in "[ a-c]{0,12}", limit in 0..12usize) {
            proptest::prop_assert_eq!(plain(&text, limit), plain(&format!("\u{200b}{text}"), limit));
        }
    }

    #[test]
    fn a_line_keeps_its_layout() {
        assert_eq!(line("  a\tb  c  ", 99), "  a     b  c");
        assert_eq!(line("12345678\t|", 99), "12345678        |");
        assert_eq!(line("\u{1b}[1mok\u{1b}[0m\t|", 99), "ok      |");
        assert_eq!(line(" 10%\r 50%\r100%\r\n", 99), "100%");
        assert_eq!(line("a\u{202e}b\u{7}c\u{200b}\u{9b}2Jd\u{2028}e", 99), "ab c 2Jd e");
        assert_eq!(line("    ", 99), "");
        assert_eq!(line("  abcdef", 5), "  abc…");
        assert_eq!(line(&"x".repeat(1 << 20), 400).chars().count(), 401);
    }

    #[test]
    fn a_log_keeps_its_last_lines() {
        let text: String = (0..50).map(|n| format!("line {n}\n\n")).collect();
        let mut evidence = Evidence::new();
        evidence.log_tail(&text);
        assert_eq!(evidence.log.len(), LOG_LINES);
        assert_eq!(evidence.log.last().map(String::as_str), Some("line 49"));
    }
}
