//! One file per probe. A probe performs one kind of check, reports facts and judges nothing.
//!
//! Every probe keeps four promises:
//! - it returns by its deadline, having killed what it started (the whole process group);
//! - it bounds what it reads;
//! - it turns every failure into either a failed check (the thing is down) or `Unmeasured` (we could not look), and its
//!   module documentation tables which is which;
//! - it shows no secret: no value of an environment variable, no credential.

use tokio::time::Instant;

use super::discover::Handle;
use super::evidence::Evidence;
use super::measurement::{Failure, Outcome, Unmeasured, UnmeasuredCause};
use super::reach::Fault;
use super::request::Check;
use super::source::Sources;
use crate::failure::FailureClass;
use crate::rung::Rung;

pub mod command;
pub mod container;
pub mod docker;
pub mod exec;
pub mod file;
pub mod http;
pub mod limits;
pub mod mcp;
pub mod mount;
pub mod reach;
pub mod tcp;

/// What a probe is told besides its check.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What discovery knows of the target.
    pub handle: &'a Handle,
    /// Connections that the probes of one run share.
    pub sources: &'a Sources,
    /// When the probe must have returned.
    pub deadline: Instant,
}

/// What a probe saw in one attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The rung that was proved, disproved, or could not be looked at.
    pub rung: Rung,
    /// The highest rung proved on the way; see [`CheckResult::proved`](super::measurement::CheckResult::proved).
    pub proved: Option<Rung>,
    /// What came of it.
    pub outcome: Outcome,
    /// Facts.
    pub evidence: Evidence,
    /// Whether another attempt may end differently: refused, timed out, 5xx. Never a wrong answer.
    pub transient: bool,
}

impl Look {
    /// The target stands on `rung`.
    pub fn passed(rung: Rung, summary: impl Into<String>, evidence: Evidence) -> Look {
        let outcome = Outcome::Passed { summary: summary.into() };
        Look { rung, proved: Some(rung), outcome, evidence, transient: false }
    }

    /// The target does not stand on `rung`.
    pub fn failed(rung: Rung, class: FailureClass, reason: impl Into<String>, evidence: Evidence) -> Look {
        let outcome = Outcome::Failed(Failure { class, reason: reason.into() });
        Look { rung, proved: None, outcome, evidence, transient: false }
    }

    /// Nobody could look whether it stands on `rung`.
    pub fn unmeasured(rung: Rung, unmeasured: Unmeasured) -> Look {
        let outcome = Outcome::Unmeasured(unmeasured);
        Look { rung, proved: None, outcome, evidence: Evidence::new(), transient: false }
    }

    /// The exchange that `asked` needs did not come about: that disproves [`Rung::Running`] where nobody is there, else
    /// `asked`.
    pub fn of_fault(asked: Rung, fault: Fault) -> Look {
        match fault {
            Fault::Unknown(unmeasured) => Look::unmeasured(asked, unmeasured),
            Fault::Down(down) => {
                let rung = if down.nobody_there { Rung::Running } else { asked };
                let look = Look::failed(rung, down.class, down.reason, Evidence::new());
                if down.transient { look.transient() } else { look }
            }
        }
    }

    /// Notes a lower rung that was proved before the look failed or ended.
    #[must_use]
    pub fn having_proved(mut self, rung: Rung) -> Look {
        self.proved = Some(rung);
        self
    }

    /// Marks that another attempt may end differently.
    #[must_use]
    pub fn transient(mut self) -> Look {
        self.transient = true;
        self
    }
}

/// Performs `check` once.
pub async fn look(check: &Check, context: Context<'_>) -> Look {
    if check.executes() && !context.sources.may_execute() {
        return Look::unmeasured(
            intended_rung(check),
            Unmeasured {
                cause: UnmeasuredCause::NotAllowed,
                detail: format!("a `{}` check starts a program, and `--no-exec` refuses that", check.name()),
                source: "--no-exec".to_owned(),
            },
        );
    }
    match check {
        Check::Docker(check) => docker::look(check, context).await,
        Check::Exec(check) => exec::look(check, context).await,
        Check::Mount(check) => mount::look(check, context).await,
        Check::Reach(check) => reach::look(check, context).await,
        Check::Mcp(check) => mcp::look(check, context).await,
        Check::Http(check) => http::look(check, context).await,
        Check::Tcp(check) => tcp::look(check, context).await,
        Check::Command(check) => command::look(check, context).await,
        Check::File(check) => file::look(check, context).await,
    }
}

/// The rung that a pass of `check` proves, as far as it is known before the look.
pub fn intended_rung(check: &Check) -> Rung {
    match check {
        Check::Mount(_) => Rung::Exists,
        Check::Docker(_) | Check::Reach(_) | Check::Tcp(_) => Rung::Running,
        Check::Mcp(check) => mcp::intended_rung(check),
        Check::Exec(_) | Check::Command(_) => Rung::Functional,
        Check::Http(check) => http::asked_rung(check),
        Check::File(check) => file::asked_rung(check),
    }
}

/// What a probe answers whose deadline is over before it began.
fn no_time_left(check: &str) -> Unmeasured {
    Unmeasured {
        cause: UnmeasuredCause::TimedOut,
        detail: format!("no time was left for the `{check}` check"),
        source: "deadline".to_owned(),
    }
}
