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
use super::redact::Redactor;
use super::request::{Check, HttpCheck, TcpPlace};
use super::source::Sources;
use crate::failure::FailureClass;
use crate::rung::Rung;

pub mod command;
pub mod container;
pub mod dns;
pub mod docker;
pub mod exec;
pub mod file;
pub mod git;
pub mod http;
pub mod junit;
pub mod limits;
pub mod mcp;
pub mod mount;
pub mod process;
pub mod prometheus;
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

    /// Hides what must not be shown, in all that it says.
    fn conceal(&mut self, redactor: &Redactor) {
        let conceal = |text: &mut String| {
            let concealed = redactor.clean(text);
            if concealed != *text {
                *text = concealed;
            }
        };
        match &mut self.outcome {
            Outcome::Passed { summary } => conceal(summary),
            Outcome::Failed(failure) => conceal(&mut failure.reason),
            Outcome::Unmeasured(unmeasured) => conceal(&mut unmeasured.detail),
        }
        self.evidence.facts.iter_mut().for_each(|fact| conceal(&mut fact.value));
        self.evidence.log.iter_mut().for_each(conceal);
    }

    /// Marks that another attempt may end differently.
    #[must_use]
    pub fn transient(mut self) -> Look {
        self.transient = true;
        self
    }
}

/// Performs `check` once. Whatever came of it, it shows no credential that is known by its form, and nothing of a
/// container's environment.
pub async fn look(check: &Check, context: Context<'_>) -> Look {
    let mut look = look_openly(check, context).await;
    let of = |engine, named: &'_ Option<String>| {
        let name = container::container_of(named.as_deref(), context.handle).ok()?;
        Some((context.sources.engine_at(engine).ok()?, name.to_owned()))
    };
    let container = match check {
        Check::Docker(check) => of(&check.engine, &check.container),
        Check::Exec(check) => of(&check.engine, &check.container),
        Check::Mount(check) => of(&check.engine, &check.container),
        Check::Reach(check) => of(&check.engine, &check.container),
        Check::Mcp(_)
        | Check::Http(_)
        | Check::Tcp(_)
        | Check::Dns(_)
        | Check::Prometheus(_)
        | Check::Process(_)
        | Check::Command(_)
        | Check::File(_)
        | Check::Junit(_)
        | Check::Git(_) => None,
    };
    let mut redactor = Redactor::new();
    if let Some((engine, container)) = container
        && (context.sources.keeps_exhibits() || !look.evidence.log.is_empty())
    {
        redactor = container::exhibit(&engine, &container, &mut look.evidence, context).await;
    }
    look.conceal(&redactor);
    look
}

async fn look_openly(check: &Check, context: Context<'_>) -> Look {
    if executes(check, context.handle) && !context.sources.may_execute() {
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
        Check::Dns(check) => dns::look(check, context).await,
        Check::Prometheus(check) => prometheus::look(check, context).await,
        Check::Process(check) => process::look(check, context).await,
        Check::Command(check) => command::look(check, context).await,
        Check::File(check) => file::look(check, context).await,
        Check::Junit(check) => junit::look(check, context).await,
        Check::Git(check) => git::look(check, context).await,
    }
}

/// Whether a look at the target behind `handle` starts a program, here or in a container: what `--no-exec` refuses.
pub fn executes(check: &Check, handle: &Handle) -> bool {
    match check {
        Check::Mcp(check) => mcp::executes(check, handle),
        Check::Docker(_)
        | Check::Exec(_)
        | Check::Mount(_)
        | Check::Reach(_)
        | Check::Http(_)
        | Check::Tcp(_)
        | Check::Dns(_)
        | Check::Prometheus(_)
        | Check::Process(_)
        | Check::Command(_)
        | Check::File(_)
        | Check::Junit(_)
        | Check::Git(_) => check.executes(),
    }
}

/// The rung that a pass of `check` proves, as far as it is known before the look.
pub fn intended_rung(check: &Check) -> Rung {
    match check {
        Check::Mount(_) => Rung::Exists,
        Check::Docker(_) | Check::Reach(_) | Check::Process(_) => Rung::Running,
        Check::Tcp(check) => tcp::asked_rung(check),
        Check::Dns(check) => dns::asked_rung(check),
        Check::Prometheus(_) => Rung::Functional,
        Check::Mcp(check) => mcp::intended_rung(check),
        Check::Exec(_) | Check::Command(_) | Check::Junit(_) | Check::Git(_) => Rung::Functional,
        Check::Http(check) => http::asked_rung(check),
        Check::File(check) => file::asked_rung(check),
    }
}

/// The source that `check` asks, where several checks may ask the same: at each no more are under way at once than the run
/// allows. Programs are bounded on their own, and files and names are nobody's to protect.
pub fn source_of(check: &Check, handle: &Handle) -> Option<String> {
    match check {
        Check::Docker(_) | Check::Exec(_) | Check::Mount(_) | Check::Reach(_) => Some("engine".to_owned()),
        Check::Http(check) => http_source(check),
        Check::Tcp(check) => Some(match &check.place {
            TcpPlace::Port(address) => address.clone(),
            TcpPlace::Socket(path) => path.display().to_string(),
        }),
        Check::Prometheus(check) => http_source(&check.query.as_ref()?.server.request("")),
        Check::Mcp(check) => mcp::address(check, handle).and_then(authority),
        Check::Dns(_) | Check::Process(_) | Check::Command(_) | Check::File(_) | Check::Junit(_) | Check::Git(_) => {
            None
        }
    }
}

/// The server that a request goes to.
pub fn http_source(check: &HttpCheck) -> Option<String> {
    match &check.socket {
        Some(socket) => Some(socket.display().to_string()),
        None => authority(&check.url),
    }
}

fn authority(url: &str) -> Option<String> {
    let url = reqwest::Url::parse(url).ok()?;
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}

/// What a probe answers whose deadline is over before it began.
fn no_time_left(check: &str) -> Unmeasured {
    Unmeasured {
        cause: UnmeasuredCause::TimedOut,
        detail: format!("no time was left for the `{check}` check"),
        source: "deadline".to_owned(),
    }
}
