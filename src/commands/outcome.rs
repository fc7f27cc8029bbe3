//! The end of a command: its report on standard output, its exit code to the caller.

use std::io::{self, Write as _};
use std::time::Duration;

use super::assess::Assessment;
use super::survey::Survey;
use crate::cli::ReportFormat;
use crate::config::policy::Policy;
use crate::exit::{self, ExitCode};
use crate::judge::describe;
use crate::judge::verdict::Counts;
use crate::report::diagnostic::Diagnostic;
use crate::report::{self, Format, Report};
use crate::settings::Settings;

/// How a run is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Telling {
    /// In which form.
    pub format: ReportFormat,
    /// Whether a run that judged nothing is a success.
    pub allow_empty: bool,
    /// How long the run took.
    pub took: Duration,
}

/// Reports an assessment and returns how the run ends.
pub(super) fn tell(
    survey: &Survey,
    policy: &Policy,
    assessment: Assessment,
    telling: Telling,
    settings: &Settings,
) -> io::Result<ExitCode> {
    let Assessment { mut diagnostics, counts, .. } = assessment;
    let exit = exit::of(&counts, policy.levels, telling.allow_empty);
    if exit == ExitCode::Nothing || counts.faults == 0 {
        diagnostics.extend(describe::run::nothing_judged(&counts, telling.allow_empty));
    }
    let documents = survey.documents.iter().map(|document| document.source.name().to_owned()).collect();
    write(&Report::new(documents, diagnostics, counts, telling.took, exit), telling.format, settings)?;
    Ok(exit)
}

/// Reports faults that kept the run from beginning.
pub(super) fn refuse(faults: Vec<Diagnostic>, format: ReportFormat, settings: &Settings) -> io::Result<ExitCode> {
    let counts = Counts { faults: faults.len(), ..Counts::default() };
    let report = Report::new(Vec::new(), faults, counts, Duration::ZERO, ExitCode::Usage);
    write(&report, format, settings)?;
    Ok(ExitCode::Usage)
}

/// Tells of faults on standard error, beside the output of a command that goes on.
pub(super) fn complain_of(faults: &[Diagnostic], settings: &Settings) -> io::Result<()> {
    let counts = Counts { faults: faults.len(), ..Counts::default() };
    let report = Report::new(Vec::new(), faults.to_vec(), counts, Duration::ZERO, ExitCode::Usage);
    let mut out = io::BufWriter::new(io::stderr().lock());
    report::render(&report, Format::Human, &settings.style, &mut out)?;
    out.flush()
}

fn write(report: &Report, format: ReportFormat, settings: &Settings) -> io::Result<()> {
    let format = match format {
        ReportFormat::Human => Format::Human,
        ReportFormat::Json => Format::Json,
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    unless_nobody_reads(report::render(report, format, &settings.style, &mut out).and_then(|()| out.flush()))
}

/// Whoever read our output and left has enough of it: that is no fault, and how the run ends, the exit code says all the
/// same.
pub(super) fn unless_nobody_reads(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Says on standard error what kept the command from ending as it should.
pub(super) fn complain(error: &io::Error) -> ExitCode {
    // Nobody is left to tell when standard error is gone as well.
    _ = writeln!(io::stderr(), "error: {error}");
    ExitCode::Usage
}
