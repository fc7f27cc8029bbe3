//! The edits that make sections current.

use crate::document::edit::Edit;
use crate::render::status::SectionStatus;

/// What becomes of the sections of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionEdits {
    /// Edits to apply, in document order.
    pub edits: Vec<Edit>,
    /// Sections that are left though they are not current, as indexes: edited by hand, unmeasured, or without a template
    /// that can fill them.
    pub left: Vec<usize>,
}

/// The edits for sections that stand as `statuses` say: stale ones are written, those edited by hand only with `force`,
/// unmeasured and broken ones never.
pub fn section_edits(statuses: &[SectionStatus], force: bool) -> SectionEdits {
    let mut found = SectionEdits::default();
    for (index, status) in statuses.iter().enumerate() {
        match status {
            SectionStatus::Current => {}
            SectionStatus::Stale { edit, .. } => found.edits.push(edit.clone()),
            SectionStatus::Edited { edit: Some(edit) } if force => found.edits.push(edit.clone()),
            SectionStatus::Edited { .. } | SectionStatus::Unmeasured { .. } | SectionStatus::Broken(_) => {
                found.left.push(index);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::source::Span;
    use crate::render::status::Staleness;

    #[test]
    fn stale_is_written_edited_only_by_force_unmeasured_never() {
        let edit = |at: usize| Edit { span: Span::new(at, at), text: "x".to_owned() };
        let statuses = [
            SectionStatus::Current,
            SectionStatus::Stale { why: Staleness::Facts, edit: edit(1) },
            SectionStatus::Edited { edit: Some(edit(2)) },
            SectionStatus::Edited { edit: None },
            SectionStatus::Unmeasured { reasons: vec![] },
        ];
        assert_eq!(section_edits(&statuses, false), SectionEdits { edits: vec![edit(1)], left: vec![2, 3, 4] });
        assert_eq!(section_edits(&statuses, true), SectionEdits { edits: vec![edit(1), edit(2)], left: vec![3, 4] });
    }
}
