//! Comments that speak to trueup: `<!-- trueup:begin … -->`, `<!-- trueup: ignore -->`.

use super::prose::Comment;
use super::source::Span;

/// Words with a meaning of their own after `trueup:`. Anything else there names what a claim is about.
pub const WORDS: &[&str] = &["begin", "end", "ignore", "ignore-start", "ignore-end", "ignore-file"];

/// What a comment says to trueup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// The whole comment.
    pub comment: Span,
    /// The first word after `trueup:`; empty where nothing follows.
    pub word: Span,
    /// Everything after that word, surrounding white space left out.
    pub rest: Span,
    /// Everything after `trueup:`, the word included.
    pub all: Span,
    /// The colon after `trueup` is there.
    pub colon: bool,
    /// White space stands between the colon and the word.
    pub spaced: bool,
}

/// What `comment` says to trueup, if it speaks to trueup at all.
///
/// A comment that forgets the colon counts where one of [`WORDS`] follows: it was meant for us, and would otherwise be
/// passed over in silence.
pub fn addressed(source: &str, comment: &Comment) -> Option<Address> {
    const NAME: &str = "trueup";
    let inner = &source[comment.inner.range()];
    if !inner.get(..NAME.len())?.eq_ignore_ascii_case(NAME) {
        return None;
    }
    let after = &inner[NAME.len()..];
    let trimmed = after.trim_start();
    let colon = trimmed.starts_with(':');
    let said = if colon { &trimmed[1..] } else { after };
    let all = said.trim_start();
    let spaced = all.len() < said.len();
    let word = &all[..all.find(|c: char| c.is_whitespace() || c == ':').unwrap_or(all.len())];
    if !colon && (!spaced || !WORDS.contains(&word)) {
        return None;
    }
    let end = comment.inner.end;
    let start = end - all.len();
    let word_end = start + word.len();
    let rest = source[word_end..end].trim_start();
    Some(Address {
        comment: comment.span,
        word: Span::new(start, word_end),
        rest: Span::new(end - rest.len(), end),
        all: Span::new(start, end),
        colon,
        spaced,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::markdown::prose;

    fn words(source: &str) -> Option<(&str, &str)> {
        let comment = prose(source).comments[0];
        addressed(source, &comment).map(|address| (&source[address.word.range()], &source[address.rest.range()]))
    }

    #[test]
    fn only_what_speaks_to_us_is_heard() {
        assert_eq!(words("<!-- trueup:begin a b=c -->"), Some(("begin", "a b=c")));
        assert_eq!(words("<!--trueup: ignore: why-->"), Some(("ignore", ": why")));
        assert_eq!(words("<!-- TrueUp : mcp/github -->"), Some(("mcp/github", "")));
        assert_eq!(words("<!-- trueup: -->"), Some(("", "")));
        assert_eq!(words("<!-- trueup ignore -->"), Some(("ignore", "")));
        assert_eq!(words("<!-- trueup is a tool -->"), None);
        assert_eq!(words("<!-- trueupbegin -->"), None);
        assert_eq!(words("<!-- true -->"), None);
        assert_eq!(words("<!-- 日本 -->"), None);
        assert_eq!(words("<!---->"), None);
    }
}
