//! The desk of a project: questions of clients, answered by what the commands do.

use super::home::{Home, shortened, written};
use super::{check, explain, measure, section};
use crate::report::snapshot;
use crate::serve::{Answer, Ask, Desk, Refusal};

/// Answers for one project.
#[derive(Debug)]
pub(super) struct ProjectDesk {
    /// The project.
    pub home: Home,
}

impl Desk for ProjectDesk {
    fn answer(&self, ask: Ask) -> Result<Answer, Refusal> {
        let answer = match ask {
            Ask::Check(ask) => check::answer(&self.home, &ask),
            Ask::Measure(ask) => measure::answer(&self.home, &ask),
            Ask::Explain(ask) => explain::answer(&self.home, &ask),
            Ask::Render(ask) => section::answer(&self.home, &ask),
        }?;
        Ok(Answer { text: shortened(answer.text), ..answer })
    }

    fn snapshot(&self) -> Result<String, Refusal> {
        let nothing = "nothing was measured yet; the tools `measure` and `check_claims` do";
        let kept = self.home.kept()?.ok_or_else(|| Refusal(nothing.to_owned()))?;
        written(|out| snapshot::json(&kept, out))
    }
}
