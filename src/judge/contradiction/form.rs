//! How a statement is made: in words, as the answer to a label, in a row, in a heading.

use crate::document::prose::{Piece, Role};

/// How a statement is made. A form that sections repeat ("**Files:** 3") speaks of the section that it stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    /// In words of its own: "19 servers running".
    #[default]
    Said,
    /// As the answer to a label: "Files: 3".
    Answer,
    /// As the answer to a label that speaks of the whole: "Total files: 3".
    Total,
    /// In a row of a table.
    Cell,
    /// In a heading: "Agents (54)".
    Title,
}

impl Form {
    /// The form of a claim in `piece` behind `name`, the label or the words that it follows; empty where it follows none.
    pub fn of(name: &str, piece: &Piece) -> Form {
        match piece.role {
            Role::Cell { .. } | Role::HeaderCell { .. } => return Form::Cell,
            Role::Heading(_) => return Form::Title,
            Role::Paragraph | Role::Item { .. } => {}
        }
        if !name.ends_with([':', '(']) {
            return Form::Said;
        }
        let whole = |word: &str| WHOLE.contains(&word.to_lowercase().as_str());
        if name.split(|c: char| !c.is_alphanumeric()).any(whole) { Form::Total } else { Form::Answer }
    }

    /// Whether a statement of this form speaks of the section that it stands in, where it is held against one of `other`.
    pub fn is_of_its_section(self, other: Form) -> bool {
        matches!(
            (self, other),
            (Form::Answer, Form::Answer | Form::Total)
                | (Form::Cell, Form::Cell)
                | (Form::Title, Form::Title)
                | (Form::Total, Form::Total)
        )
    }
}

/// Words of a label that speaks of the whole project, wherever it stands.
const WHOLE: &[&str] = &["total", "overall", "all", "combined", "altogether"];
