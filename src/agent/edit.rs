//! Edits that an agent is about to make, and the text that comes of them.

use std::borrow::Cow;
use std::path::PathBuf;

use super::chunk::{self, Chunk};

/// A change of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file, as the agent names it.
    pub path: PathBuf,
    /// What it is called until then, where it gets another name.
    pub from: Option<PathBuf>,
    /// What is changed in it.
    pub edit: Edit,
}

/// What is changed in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// It holds this text afterwards.
    Whole(String),
    /// Pieces are replaced, one after the other.
    Replace(Vec<Replacement>),
    /// Lines are replaced, found by what stands around them.
    Patch(Vec<Chunk>),
}

/// One piece that is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// What is there.
    pub old: String,
    /// What takes its place.
    pub new: String,
    /// Wherever it stands, and not only where it stands once.
    pub all: bool,
}

impl Edit {
    /// The text after the edit of `old`, which is `None` for a file that is not there yet. `None` where the edit does not
    /// fit: the agent's own tool fails then, and nothing is written.
    ///
    /// In a file with Windows line ends, those of the edit are taken for them, as agents do.
    pub fn apply(&self, old: Option<&str>) -> Option<String> {
        match self {
            Edit::Whole(text) => Some(text.clone()),
            Edit::Replace(replacements) => replacements
                .iter()
                .try_fold(old.map(Cow::Borrowed), |text, replacement| {
                    replaced(text.as_deref(), replacement).map(|text| Some(Cow::Owned(text)))
                })?
                .map(Cow::into_owned),
            Edit::Patch(chunks) => chunk::apply(old?, chunks),
        }
    }
}

fn replaced(text: Option<&str>, replacement: &Replacement) -> Option<String> {
    let Replacement { old, new, all } = replacement;
    let Some(text) = text else {
        return old.is_empty().then(|| new.clone());
    };
    if old.is_empty() {
        return text.trim().is_empty().then(|| new.clone());
    }
    if text.contains("\r\n") && !old.contains('\r') && !text.contains(old.as_str()) {
        let unified = replaced(Some(&text.replace("\r\n", "\n")), replacement)?;
        return Some(unified.replace("\r\n", "\n").replace('\n', "\r\n"));
    }
    match text.matches(old.as_str()).count() {
        0 => None,
        1 => Some(text.replacen(old.as_str(), new, 1)),
        _ if *all => Some(text.replace(old.as_str(), new)),
        // Which is meant, nobody knows.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replace(pairs: &[(&str, &str)], all: bool) -> Edit {
        let replacement = |(old, new): &(&str, &str)| Replacement { old: (*old).into(), new: (*new).into(), all };
        Edit::Replace(pairs.iter().map(replacement).collect())
    }

    #[test]
    fn the_text_that_comes_of_it() {
        for (edit, old, new) in [
            (Edit::Whole("b".into()), Some("a"), Some("b")),
            (Edit::Whole("b".into()), None, Some("b")),
            (replace(&[("a", "b")], false), Some("xay"), Some("xby")),
            (replace(&[("a", "b"), ("by", "c")], false), Some("xay"), Some("xc")),
            (replace(&[("a", "b"), ("a", "c")], false), Some("xay"), None),
            (replace(&[("a", "b")], false), Some("aa"), None),
            (replace(&[("a", "b")], true), Some("aa"), Some("bb")),
            (replace(&[("a", "b")], true), Some("x"), None),
            (replace(&[("", "b")], false), None, Some("b")),
            (replace(&[("", "b")], false), Some("\n"), Some("b")),
            (replace(&[("", "b")], false), Some("a"), None),
            (replace(&[("a", "b")], false), None, None),
            (replace(&[("a\nb", "c\nd")], false), Some("x\r\na\r\nb\r\n"), Some("x\r\nc\r\nd\r\n")),
            (replace(&[("a\r\nb", "c")], false), Some("a\r\nb\r\n"), Some("c\r\n")),
        ] {
            assert_eq!(edit.apply(old).as_deref(), new, "{edit:?} of {old:?}");
        }
    }
}
