//! Reports of test runners and coverage tools, as plain data.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

/// The files of a report, and how old they may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportFiles {
    /// Folder that `newer_than` is relative to.
    pub root: PathBuf,
    /// Its files, counted together. The last component of each may be a glob pattern.
    pub paths: Vec<PathBuf>,
    /// An older report does not count.
    pub max_age: Option<Duration>,
    /// Whether a report that is older than the commit that is checked out does not count.
    pub newer_than_head: bool,
    /// A report that is older than one of these files does not count: glob patterns.
    pub newer_than: Vec<String>,
}

impl ReportFiles {
    /// One file in `root`, however old.
    pub fn new(root: impl Into<PathBuf>, path: impl AsRef<Path>) -> ReportFiles {
        let root = root.into();
        let paths = vec![root.join(path)];
        ReportFiles { root, paths, max_age: None, newer_than_head: false, newer_than: Vec::new() }
    }

    /// Whether a program is started: the time of a commit is asked of git.
    pub fn executes(&self) -> bool {
        self.newer_than_head
    }

    /// The files as messages name them.
    pub fn place(&self) -> String {
        self.paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
    }
}

/// A test run that must have been a good one, by the report that its runner wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JunitCheck {
    /// The report, in JUnit XML.
    pub report: ReportFiles,
}

/// A number in the report of a test runner or a coverage tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportRequest {
    /// The report.
    pub files: ReportFiles,
    /// Which number.
    pub value: ReportValue,
}

/// Which number of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportValue {
    /// Test cases, of JUnit XML.
    Cases {
        /// How they ended.
        state: CaseState,
        /// Whether skipped ones are part of the whole that passed ones are held against.
        of_all: bool,
    },
    /// Coverage, of lcov, Cobertura XML or the JSON of coverage.py.
    Coverage(CoverageOf),
}

/// Test cases by how they ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseState {
    /// They did what they should.
    Passed,
    /// Something was not as it should be.
    Failed,
    /// They could not be run to their end.
    Errors,
    /// They were not run.
    Skipped,
    /// All of them.
    Total,
}

impl CaseState {
    /// Every one, by the word that trueup.toml writes.
    pub const ALL: &'static [(&'static str, CaseState)] = &[
        ("passed", CaseState::Passed),
        ("failed", CaseState::Failed),
        ("errors", CaseState::Errors),
        ("skipped", CaseState::Skipped),
        ("total", CaseState::Total),
    ];
}

/// What is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoverageOf {
    /// Lines.
    Lines,
    /// Branches.
    Branches,
    /// Functions.
    Functions,
    /// Lines and branches together, as coverage.py sums them up.
    LinesAndBranches,
}

impl CoverageOf {
    /// Every one.
    pub const ALL: &'static [CoverageOf] =
        &[CoverageOf::Lines, CoverageOf::Branches, CoverageOf::Functions, CoverageOf::LinesAndBranches];

    /// The word that trueup.toml writes.
    pub const fn name(self) -> &'static str {
        match self {
            CoverageOf::Lines => "lines",
            CoverageOf::Branches => "branches",
            CoverageOf::Functions => "functions",
            CoverageOf::LinesAndBranches => "lines and branches",
        }
    }
}
