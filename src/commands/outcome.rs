//! The end of a command: its report on standard output, its exit code to the caller.

use std::io::{self, Write as _};
use std::time::Duration;

use super::assess::Assessment;
use super::survey::Survey;
use crate::cli::ReportFile;
use crate::config::policy::Policy;
use crate::exit::{self, ExitCode};
use crate::files;
use crate::judge::describe;
use crate::judge::verdict::Counts;
use crate::report::diagnostic::Diagnostic;
use crate::report::{self, Format, Report, Style};
use crate::settings::Settings;

/// Where a report goes: standard output in one form, and files.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outputs<'a> {
    /// The form on standard output.
    pub format: Format,
    /// Files, each in a form of its own.
    pub files: &'a [ReportFile],
}

impl Outputs<'_> {
    /// For people, on standard output alone.
    pub(super) const HUMAN: Outputs<'static> = Outputs { format: Format::Human, files: &[] };

    /// Refuses two forms for one file, before anything is measured.
    pub(super) fn check(&self) -> io::Result<()> {
        for (index, file) in self.files.iter().enumerate() {
            if self.files[..index].iter().any(|other| other.path == file.path) {
                let path = file.path.display();
                let twice = format!("`{path}` is named twice by --output; expected a file for each form");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, twice));
            }
        }
        Ok(())
    }
}

/// How a run is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Telling<'a> {
    /// Where.
    pub outputs: Outputs<'a>,
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
    telling: Telling<'_>,
    settings: &Settings,
) -> io::Result<ExitCode> {
    let report = report(survey, policy, assessment, telling.allow_empty, telling.took);
    write(&report, telling.outputs, settings)?;
    Ok(report.exit)
}

/// What there is to report of an assessment.
pub(super) fn report(
    survey: &Survey,
    policy: &Policy,
    assessment: Assessment,
    allow_empty: bool,
    took: Duration,
) -> Report {
    let Assessment { mut diagnostics, counts, .. } = assessment;
    let exit = exit::of(&counts, policy.levels, allow_empty);
    if exit == ExitCode::Nothing || counts.faults == 0 {
        diagnostics.extend(describe::run::nothing_judged(&counts, allow_empty));
    }
    let documents = survey.documents.iter().map(|document| document.source.name().to_owned()).collect();
    Report::new(documents, diagnostics, counts, took, exit)
}

/// Reports faults that kept the run from beginning.
pub(super) fn refuse(faults: Vec<Diagnostic>, outputs: Outputs<'_>, settings: &Settings) -> io::Result<ExitCode> {
    write(&refusal(faults), outputs, settings)?;
    Ok(ExitCode::Usage)
}

/// What there is to report where faults kept the run from beginning.
pub(super) fn refusal(faults: Vec<Diagnostic>) -> Report {
    let counts = Counts { faults: faults.len(), ..Counts::default() };
    Report::new(Vec::new(), faults, counts, Duration::ZERO, ExitCode::Usage)
}

/// Tells of faults on standard error, beside the output of a command that goes on.
pub(super) fn complain_of(faults: &[Diagnostic], settings: &Settings) -> io::Result<()> {
    let counts = Counts { faults: faults.len(), ..Counts::default() };
    let report = Report::new(Vec::new(), faults.to_vec(), counts, Duration::ZERO, ExitCode::Usage);
    let mut out = io::BufWriter::new(io::stderr().lock());
    report::render(&report, Format::Human, &settings.style, &mut out)?;
    out.flush()
}

/// Writes the report everywhere. A file that cannot be written keeps no other output back, and is told at the end.
pub(super) fn write(report: &Report, outputs: Outputs<'_>, settings: &Settings) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let told = report::render(report, outputs.format, &settings.style, &mut out).and_then(|()| out.flush());
    let mut failed = unless_nobody_reads(told);
    for file in outputs.files {
        failed = failed.and(save(report, file));
    }
    failed
}

/// Writes the report into a file: without colour, whatever the terminal.
fn save(report: &Report, file: &ReportFile) -> io::Result<()> {
    let mut bytes = Vec::new();
    report::render(report, file.format, &Style::default(), &mut bytes)?;
    files::put(&file.path, &bytes).map_err(|error| {
        let (name, path) = (file.format.name(), file.path.display());
        io::Error::other(format!("cannot write the {name} report to `{path}`: {error}"))
    })
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
