//! Replacements in a text, and their application in one pass.

use super::source::Span;

/// Replace the bytes of `span` by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// Applies edits to `source`. Every byte outside their spans stays as it is.
///
/// # Errors
/// Returns the first edit that overlaps the one before it, or does not lie on character boundaries of `source`.
pub fn apply(source: &str, edits: &[Edit]) -> Result<String, Edit> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    for edit in sorted {
        let kept = (edit.span.start >= at).then(|| source.get(at..edit.span.start)).flatten();
        let (Some(kept), Some(_)) = (kept, source.get(edit.span.range())) else {
            return Err(edit.clone());
        };
        out.push_str(kept);
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(&source[at..]);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.to_owned() }
    }

    #[test]
    fn edits_apply_in_order_of_place() {
        assert_eq!(apply("21/21 up", &[edit(6, 8, "down"), edit(0, 2, "0")]).unwrap(), "0/21 down");
        assert_eq!(apply("abc", &[]).unwrap(), "abc");
    }

    #[test]
    fn overlapping_or_misplaced_edits_are_refused() {
        assert_eq!(apply("abcdef", &[edit(0, 3, "x"), edit(2, 4, "y")]), Err(edit(2, 4, "y")));
        assert_eq!(apply("é", &[edit(1, 2, "x")]), Err(edit(1, 2, "x")));
        assert_eq!(apply("a", &[edit(1, 9, "x")]), Err(edit(1, 9, "x")));
    }
}
