//! Making text from outside safe for the place where it lands.
//!
//! Names, reasons and answers come from containers and servers, and the documents they end up in are read by people and
//! by coding agents. Whatever they hold, they must not end a section, leave a table cell, become a link or an image, or
//! hide what they say.

use crate::measure::evidence::{line, plain};

/// Longest value in Unicode scalar values; what is longer ends in `…`.
pub const VALUE_LIMIT: usize = 400;

/// Most lines of a fenced block, where nobody says how many.
pub const FENCE_LINES: usize = 40;

/// `text` for running Markdown text, a table cell included: on one line, with everything escaped that could be markup.
pub fn inline(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len() + 8);
    // At the start of a line these make a heading, a list, a quote or a rule.
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let opens_list = digits > 0 && text[digits..].starts_with(['.', ')']);
    for (at, c) in text.char_indices() {
        let special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' => true,
            '#' | '+' | '-' | '=' => at == 0,
            '.' | ')' => opens_list && at == digits,
            // GitHub makes a link of a bare address.
            ':' => text[at..].starts_with("://"),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// `text` as inline code outside of tables.
pub fn code(text: &str) -> String {
    span(&clean(text))
}

/// `text` as inline code in a table cell, where a pipe ends the cell even inside code; `limit` scalar values at most.
pub fn cell_code(text: &str, limit: usize) -> String {
    let text = plain(text, limit.min(VALUE_LIMIT));
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '|' {
            // `\\|` is an escaped backslash before a bare pipe to some parsers, and the other way round to others.
            out.push_str(if out.ends_with('\\') { " \\|" } else { "\\|" });
        } else {
            out.push(c);
        }
    }
    span(&out)
}

/// Inline code around text that is clean.
fn span(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let ticks = "`".repeat(longest_run(text, '`') + 1);
    // One blank on each side is taken away again, and needed where the text itself begins or ends with a back-quote.
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// A link that shows `text`, or only the text where `url` is not one that a browser should follow.
pub fn link(text: &str, url: &str) -> String {
    let allowed = ["https://", "http://", "mailto:", "#", "/", "./", "../"];
    if !allowed.iter().any(|start| url.starts_with(start)) {
        return inline(text);
    }
    let mut target = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => target.push(char::from(byte)),
            b'-' | b'.' | b'~' | b'/' | b':' | b'?' | b'#' | b'@' | b'!' | b'$' | b'&' | b'+' | b',' | b';' | b'='
            | b'%' => {
                target.push(char::from(byte));
            }
            b'_' => target.push('_'),
            _ => target.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("[{}](<{}>)", inline(text), target.replace('&', "&amp;"))
}

/// `lines` as a code block that says `info`: the last `limit` of them, their blanks as they are, in a fence longer than any
/// inside.
pub fn fenced<'a>(lines: impl IntoIterator<Item = &'a str>, info: &str, limit: usize) -> String {
    let lines: Vec<String> = lines.into_iter().map(|text| line(text, VALUE_LIMIT)).collect();
    let kept = &lines[lines.len().saturating_sub(limit)..];
    let longest = kept.iter().map(|line| longest_run(line, '`')).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let body: String = kept.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    format!("{fence}{info}\n{body}{fence}")
}

/// `text` without control characters, on one line, bounded.
pub fn clean(text: &str) -> String {
    plain(text, VALUE_LIMIT)
}

fn longest_run(text: &str, wanted: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_text_is_escaped_and_stays_readable() {
        assert_eq!(inline("claude-flow 2.0 (beta): exit 127"), "claude-flow 2.0 (beta): exit 127");
        assert_eq!(inline("a_b|c`d`<e>"), "a\\_b\\|c\\`d\\`\\<e\\>");
        assert_eq!(inline("# h"), "\\# h");
        assert_eq!(inline("- item"), "\\- item");
        assert_eq!(inline("12. item"), "12\\. item");
        assert_eq!(inline("see http://x"), "see http\\://x");
        assert_eq!(inline("one\n\ntwo"), "one two");
    }

    #[test]
    fn code_is_fenced_longer_than_what_it_holds() {
        assert_eq!(code("sh: npx: not found"), "`sh: npx: not found`");
        assert_eq!(code("a `b` c"), "``a `b` c``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a|b"), "`a|b`");
        assert_eq!(cell_code("a|b", 9), "`a\\|b`");
        assert_eq!(cell_code("a\\|b", 9), "`a\\ \\|b`");
        assert_eq!(cell_code("abcdef", 3), "`abc…`");
        assert_eq!(code(""), "");
        assert_eq!(fenced(["  a  b", "````"], "text", 9), "`````text\n  a  b\n````\n`````");
        assert_eq!(fenced(vec!["x"; 99], "text", FENCE_LINES).lines().count(), FENCE_LINES + 2);
        assert_eq!(fenced(["a\u{1b}[31m", "b\nc"], "console", 1), "```console\nb c\n```");
        assert_eq!(fenced([], "text", 9), "```text\n```");
    }

    #[test]
    fn only_addresses_that_a_browser_should_follow_become_links() {
        assert_eq!(link("a]b", "https://x/y z"), "[a\\]b](<https://x/y%20z>)");
        assert_eq!(link("a", "https://x/>)<b"), "[a](<https://x/%3E%29%3Cb>)");
        assert_eq!(link("a", "javascript:alert(1)"), "a");
        assert_eq!(link("a", "data:text/html,x"), "a");
    }
}
