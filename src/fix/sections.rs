//! The edits that make sections current.

use crate::document::edit::Edit;
use crate::document::section::Sections;
use crate::render::status::SectionStatus;

/// What becomes of the sections of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionEdits {
    /// Edits to apply, in document order.
    pub edits: Vec<Edit>,
    /// Sections that are left though they are not current, as indexes: edited by hand, unmeasured, or without a template
    /// that can fill them; all of them where a marker is misplaced.
    pub left: Vec<usize>,
}

/// The edits for the sections of a document, which stand as `statuses` say: stale ones are written, those edited by hand
/// only with `force`, unmeasured and broken ones never. In a document with a misplaced marker nothing is written: where
/// its sections end is not certain.
pub fn section_edits(sections: &Sections, statuses: &[SectionStatus], force: bool) -> SectionEdits {
    let certain = sections.faults.is_empty();
    let mut found = SectionEdits::default();
    for (index, status) in statuses.iter().enumerate() {
        match status {
            SectionStatus::Current => {}
            SectionStatus::Stale { edit, .. } if certain => found.edits.push(edit.clone()),
            SectionStatus::Edited { edit: Some(edit) } if certain && force => found.edits.push(edit.clone()),
            SectionStatus::Stale { .. }
            | SectionStatus::Edited { .. }
            | SectionStatus::Unmeasured { .. }
            | SectionStatus::Broken(_) => {
                found.left.push(index);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::section::{MarkerFault, MarkerFaultKind};
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
        let mut sections = Sections::default();
        let edits = |sections: &Sections, force| section_edits(sections, &statuses, force);
        assert_eq!(edits(&sections, false), SectionEdits { edits: vec![edit(1)], left: vec![2, 3, 4] });
        assert_eq!(edits(&sections, true), SectionEdits { edits: vec![edit(1), edit(2)], left: vec![3, 4] });
        let span = Span::new(0, 0);
        sections.faults.push(MarkerFault { span, related: None, kind: MarkerFaultKind::NotAlone });
        assert_eq!(edits(&sections, true), SectionEdits { edits: vec![], left: vec![1, 2, 3, 4] });
    }
}
