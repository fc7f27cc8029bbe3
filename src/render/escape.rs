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
            '.' | ')' if opens_list && at == digits => true,
            // GitHub makes a link of a bare address.
            ':' => text[at..].starts_with("://"),
            '.' => text[..at].bytes().rev().take(3).all(|byte| byte.eq_ignore_ascii_case(&b'w')) && at > 2,
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

/// A static badge: an image that shields.io draws, with the same words as its alternative text.
pub fn badge(label: &str, message: &str, color: &str) -> String {
    let part = |text: &str| {
        let mut out = String::new();
        for byte in clean(text).bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' => out.push(char::from(byte)),
                b' ' => out.push('_'),
                b'-' => out.push_str("--"),
                b'_' => out.push_str("__"),
                _ => out.push_str(&format!("%{byte:02X}")),
            }
        }
        out
    };
    let url = format!("https://img.shields.io/badge/{}-{}-{}", part(label), part(message), part(color));
    format!("![{}]({url})", inline(&format!("{label}: {message}")))
}

/// `text` as one argument of a shell command, or `None` where what one sees would not be what one types: it holds control
/// or invisible characters, or is too long to be shown.
pub fn shell(text: &str) -> Option<String> {
    const LONGEST: usize = 200;
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if text.is_empty() || plain(text, LONGEST) != text {
        return None;
    }
    Some(if text.chars().all(bare) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) })
}

/// A time for people: `2025-08-17 10:00:00 UTC`. What is no time stays as it is.
pub fn time(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// `text` as a sentence begins with it: `endpoints` becomes `Endpoints`, and `npm` too.
pub fn upfirst(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
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
        assert_eq!(inline("see www.x.example"), "see www\\.x.example");
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

    #[test]
    fn times_and_beginnings_are_for_people() {
        assert_eq!(time("2025-08-17T10:00:00.608919613Z"), "2025-08-17 10:00:00 UTC");
        assert_eq!(time("soon"), "soon");
        assert_eq!(upfirst("endpoints of X"), "Endpoints of X");
        assert_eq!(upfirst(""), "");
    }

    #[test]
    fn a_badge_says_the_same_to_those_who_see_no_image() {
        assert_eq!(
            badge("MCP servers", "0 of 21", "red"),
            "![MCP servers: 0 of 21](https://img.shields.io/badge/MCP_servers-0_of_21-red)"
        );
        assert_eq!(
            badge("a-b_c)](x", "<1/2>", "red"),
            "![a-b\\_c)\\](x: \\<1/2\\>](https://img.shields.io/badge/a--b__c%29%5D%28x-%3C1%2F2%3E-red)"
        );
    }

    #[test]
    fn a_shell_reads_one_argument_or_there_is_none() {
        for name in ["nx-mcp", "a b", "$(id)", "it's", "`x`", "a;b", "-x", "\\", "<!-- trueup:end -->", "é✅"] {
            let quoted = shell(name).unwrap();
            let script = format!("printf %s {quoted}");
            let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
            let heard = String::from_utf8(output.stdout).unwrap();
            // `printf` of some shells takes what begins with a dash for an option, which is no matter of quoting.
            assert!(heard == name || name.starts_with('-'), "{quoted}: {heard}");
        }
        for name in ["", "a\nb", "a\u{1b}[2Jb", "a\u{202e}b", &"x".repeat(201)] {
            assert_eq!(shell(name), None, "{name:?}");
        }
    }
}
