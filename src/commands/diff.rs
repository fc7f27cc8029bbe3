//! What `trueup fix` would write, as a unified diff.

use std::io::{self, Write as _};

use super::assess::Assessment;
use super::outcome;
use super::survey::Survey;
use crate::document::edit;
use crate::fix::sections::section_edits;

/// Shows the changes of all documents on standard output.
pub(super) fn show(survey: &Survey, assessment: &Assessment, force: bool) -> io::Result<()> {
    outcome::unless_nobody_reads(write(survey, assessment, force))
}

fn write(survey: &Survey, assessment: &Assessment, force: bool) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (document, assessed) in survey.documents.iter().zip(&assessment.documents) {
        let edits = section_edits(&document.sections, &assessed.sections, force).edits;
        let text = document.source.text();
        if let Ok(changed) = edit::apply(text, &edits)
            && changed != text
        {
            let diff = similar::TextDiff::from_lines(text, &changed);
            let name = document.source.name();
            write!(out, "{}", diff.unified_diff().context_radius(3).header(name, name))?;
        }
    }
    out.flush()
}
