//! Test cases by how they ended.

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

    pub(super) fn add(&mut self, other: Cases) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.errors += other.errors;
        self.skipped += other.skipped;
    }
}
