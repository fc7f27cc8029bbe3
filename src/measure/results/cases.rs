//! Test cases by how they ended.

/// Most cases that did not pass of which more is kept than their number.
pub const MOST_NAMED: usize = 20;

/// What a runner says of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestRun {
    /// Its cases.
    pub cases: Cases,
    /// The first of those that failed or ended in an error, [`MOST_NAMED`] at most, in the order of the report.
    pub failing: Vec<FailingCase>,
}

/// A case that failed or ended in an error, as its report names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailingCase {
    /// Its name, behind that of its class or file where the name alone does not begin with that.
    pub name: String,
    /// What is said of it; empty where the runner says it elsewhere.
    pub message: String,
}

impl TestRun {
    pub(super) fn add(&mut self, other: TestRun) {
        self.cases.add(other.cases);
        let room = MOST_NAMED.saturating_sub(self.failing.len());
        self.failing.extend(other.failing.into_iter().take(room));
    }
}

/// How many test cases ended how. A case has one end: an error counts before a failure, and both before a skip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// It ran and did what it should, at last: a case that passed when it was run again is here.
    pub passed: u64,
    /// It ran, and something was not as it should be.
    pub failed: u64,
    /// It could not be run to its end.
    pub errors: u64,
    /// It was not run.
    pub skipped: u64,
}

impl Cases {
    /// Those that were run.
    pub fn run(&self) -> u64 {
        self.passed + self.failed + self.errors
    }

    /// All of them.
    pub fn all(&self) -> u64 {
        self.run() + self.skipped
    }

    fn add(&mut self, other: Cases) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.errors += other.errors;
        self.skipped += other.skipped;
    }
}
