//! HTML inside of Markdown: the comments that steer, and the images that readers see.

use super::source::Span;

/// What of HTML is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// From `<!--` to `-->`.
    Comment {
        /// The whole of it.
        span: Span,
        /// What stands between the two, surrounding white space left out.
        inner: Span,
    },
    /// From `<img` to `>`.
    Image(Span),
}

/// Elements whose content is no HTML: what they call a comment is not one of the document.
const RAW: [&str; 3] = ["script", "style", "textarea"];

/// The comments and images in a piece of HTML, in the order in which they stand.
pub fn marks(source: &str, within: Span) -> Vec<Mark> {
    let text = &source[within.range()];
    let mut marks = Vec::new();
    if RAW.iter().any(|name| is_element(text.trim_start(), name)) {
        return marks;
    }
    let span = |start: usize, end: usize| Span::new(within.start + start, within.start + end);
    let (mut at, mut closed) = (0, true);
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        let rest = &text[start..];
        if rest.starts_with("<!--") {
            let Some((inner, end)) = comment(text, start) else { break };
            marks.push(Mark::Comment { span: span(start, end), inner: span(inner.0, inner.1) });
            at = end;
            continue;
        }
        at = start + 1;
        if closed && is_image(rest) {
            match tag_length(rest) {
                Some(length) => {
                    marks.push(Mark::Image(span(start, start + length)));
                    at = start + length;
                }
                // One that never ends hides no comment behind it, and is looked for once.
                None => closed = false,
            }
        }
    }
    marks
}

/// Whether an image begins here.
pub fn is_image(text: &str) -> bool {
    is_element(text, "img")
}

/// Whether the element `name` begins here.
fn is_element(text: &str, name: &str) -> bool {
    let text = text.as_bytes();
    let end = name.len() + 1;
    text.len() > end
        && text[0] == b'<'
        && text[1..end].eq_ignore_ascii_case(name.as_bytes())
        && !text[end].is_ascii_alphanumeric()
}

/// Bytes up to the end of the tag that `text` begins with. What stands between quotation marks does not end it.
fn tag_length(text: &str) -> Option<usize> {
    let mut quote = None;
    let end = text.bytes().position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        quote.is_none() && byte == b'>'
    });
    end.map(|end| end + 1)
}

/// What stands in the comment that begins at `start`, and its end; nothing where it is not closed.
fn comment(text: &str, start: usize) -> Option<((usize, usize), usize)> {
    let open = start + "<!--".len();
    // HTML closes `<!-->` and `<!--->` at once.
    let (inner_end, end) = match text[open..].strip_prefix('-').unwrap_or(&text[open..]).starts_with('>') {
        true => (open, open + text[open..].find('>').map_or(0, |found| found + 1)),
        false => {
            let found = text[open..].find("-->")?;
            (open + found, open + found + "-->".len())
        }
    };
    let inner = text[open..inner_end].trim_start();
    let inner_start = inner_end - inner.len();
    Some(((inner_start, inner_start + inner.trim_end().len()), end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(source: &str) -> Vec<&str> {
        let marks = marks(source, Span::new(0, source.len()));
        marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Image(span) => Some(&source[span.range()]),
                Mark::Comment { .. } => None,
            })
            .collect()
    }

    #[test]
    fn images_are_found_where_a_reader_sees_them() {
        assert_eq!(images("<p><img src=\"a>b\"/> <IMG\nsrc='c'></p>"), ["<img src=\"a>b\"/>", "<IMG\nsrc='c'>"]);
        assert_eq!(images("<!-- <img src=a> --><image src=b><img"), [] as [&str; 0]);
        let open = "<p><img src=\"a>\n<!-- b -->";
        let inner = Span::new(open.len() - 5, open.len() - 4);
        assert_eq!(
            marks(open, Span::new(0, open.len())),
            [Mark::Comment { span: Span::new(open.len() - 10, open.len()), inner }]
        );
        assert_eq!(images("<script>\n\"<img src=a>\"</script>"), [] as [&str; 0]);
    }
}
