//! What a conversation says about a server.

use std::time::Duration;

use super::answer::{Worth, weigh};
use super::expectation::{missing, number, stranger};
use super::intended_rung;
use super::peer::{Fault, Heed};
use super::session::{Learnt, Step};
use crate::failure::FailureClass;
use crate::measure::classify::{Diagnosis, Exit, classify};
use crate::measure::evidence::plain;
use crate::measure::measurement::UnmeasuredCause;
use crate::measure::probe::Look;
use crate::measure::process::Capture;
use crate::measure::reach;
use crate::measure::redact::Redactor;
use crate::measure::request::{McpCall, McpCheck};
use crate::rung::Rung;

mod looks;

/// Longest line quoted in a reason, in Unicode scalar values.
const QUOTE: usize = 160;

/// Programs that may still be installing when they are silent.
const INSTALLERS: [&str; 7] = ["npx", "npm", "pnpm", "bunx", "uvx", "uv", "pipx"];

/// Why a conversation stopped.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// All was said.
    Done,
    /// There was no answer, or not the right one.
    Fault(Fault),
    /// The time was up.
    OutOfTime,
}

/// All that is known when a conversation stopped.
#[derive(Clone, Debug)]
pub struct Case {
    /// Why it stopped.
    pub stop: Stop,
    /// What was learnt.
    pub learnt: Learnt,
    /// What was heard besides.
    pub heed: Heed,
    /// How the server ended, if it did so before its input was closed.
    pub exit: Option<Exit>,
    /// Processes that had left the server's group, and were killed.
    pub escaped: usize,
    /// What it wrote to standard error.
    pub stderr: Capture,
    /// What the way to the server adds to the evidence.
    pub facts: Vec<(&'static str, String)>,
}

/// What a diagnosis is made with.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The program that was started, where one was.
    pub program: Option<String>,
    /// Hides what must not be shown.
    pub redactor: Redactor,
    /// How long the conversation took.
    pub waited: Duration,
    /// Whether the run's deadline, and not the check's timeout, was up.
    pub cut_short: bool,
}

/// What `case` says about the server of `check`.
pub fn look(check: &McpCheck, case: &Case, setting: &Setting) -> Look {
    let report = Report { check, case, setting };
    match &case.stop {
        Stop::Done => report.done(),
        Stop::Fault(fault) => report.fault(fault),
        Stop::OutOfTime if setting.cut_short => report.cut_short(),
        Stop::OutOfTime => report.silence(setting.waited),
    }
}

/// "`search`, `read`".
fn ticked(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{}`", plain(name, 60))).collect::<Vec<_>>().join(", ")
}

fn no_messages(lines: u64) -> String {
    if lines == 1 { "1 line that is no message".to_owned() } else { format!("{lines} lines that are no messages") }
}

struct Report<'a> {
    check: &'a McpCheck,
    case: &'a Case,
    setting: &'a Setting,
}

impl Report<'_> {
    fn done(&self) -> Look {
        let learnt = &self.case.learnt;
        match stranger(self.check, learnt) {
            Ok(None) => {}
            Ok(Some(stranger)) => return self.failed_above(FailureClass::WrongAnswer, stranger),
            Err(why) => return self.unmeasured(UnmeasuredCause::Unreadable, why, "trueup.toml"),
        }
        if let Some(missing) = missing(self.check, learnt) {
            return self.failed_above(FailureClass::MissingTools, missing);
        }
        let count = self.offered();
        let mut expected = Vec::new();
        let mut merely_answered = Vec::new();
        for (call, answer) in self.check.calls.iter().zip(&learnt.answers) {
            match weigh(call, answer) {
                Worth::AsExpected => expected.push(call.tool.as_str()),
                Worth::Answered => merely_answered.push(call.tool.as_str()),
                Worth::Failed { class, reason } => return self.failed_above(class, reason),
                Worth::Pattern { why } => return self.unmeasured(UnmeasuredCause::Unreadable, why, "trueup.toml"),
            }
        }
        match (expected.as_slice(), merely_answered.as_slice()) {
            ([], []) => self.passed(Rung::Running, format!("{count}, handshake only: configure a call"), None),
            ([], answered) => {
                let summary =
                    format!("{count}; {} answered: give the call an `expect` to prove that it works", ticked(answered));
                self.passed(Rung::Running, summary, Some("answered"))
            }
            (expected, _) => {
                let summary = format!("{count}; {} answered as expected", ticked(expected));
                self.passed(Rung::Functional, summary, Some("as expected"))
            }
        }
    }

    /// "2 tools", and what else was asked for.
    fn offered(&self) -> String {
        let learnt = &self.case.learnt;
        let mut parts = vec![number(learnt.tools.len(), "tool")];
        parts.extend(learnt.resources.map(|count| number(count, "resource")));
        parts.extend(learnt.prompts.map(|count| number(count, "prompt")));
        parts.join(", ")
    }

    fn fault(&self, fault: &Fault) -> Look {
        match fault {
            Fault::Closed | Fault::GoneAfterRefusal { .. } => self.closed(),
            Fault::Flood => self.protocol(format!(
                "floods standard output: {} MiB without a message, in {} lines{}",
                (self.case.heed.noise_bytes + self.case.heed.unfinished) >> 20,
                self.case.heed.noise_lines,
                self.such_as()
            )),
            Fault::Refused { method: "initialize" | "server/discover", error } => {
                let first = self.case.learnt.refusal.as_ref().unwrap_or(error);
                self.protocol(format!("refuses `initialize`: {first}"))
            }
            Fault::Refused { method, error } => self.call_failed(format!("`{method}` returned {error}")),
            Fault::Shape { method: "tools/call", why } => {
                self.call_failed(format!("the answer to `tools/call` is not one: {why}"))
            }
            Fault::Shape { method, why } if self.case.learnt.step == Step::Offering => {
                self.failed_above(FailureClass::Protocol, format!("the answer to `{method}` is not one: {why}"))
            }
            Fault::Shape { method, why } => self.protocol(format!("the answer to `{method}` is not one: {why}")),
            Fault::Web(fault) => self.web(fault),
        }
    }

    /// The exchange over HTTP failed.
    fn web(&self, fault: &reach::Fault) -> Look {
        let down = match fault {
            reach::Fault::Unknown(unmeasured) => {
                let mut look = Look::unmeasured(intended_rung(self.check), unmeasured.clone());
                look.evidence = self.evidence();
                look.proved = (self.case.learnt.step >= Step::Offering).then_some(Rung::Running);
                return look;
            }
            reach::Fault::Down(down) => down,
        };
        let reason = match self.case.learnt.step {
            Step::Opening => down.reason.clone(),
            Step::Listing | Step::Offering | Step::Calling | Step::Answered => {
                format!("instead of an answer to {}: {}", self.pending(), down.reason)
            }
        };
        let look = match self.case.learnt.step {
            Step::Opening | Step::Listing => self.failed(down.class, reason),
            Step::Offering | Step::Calling | Step::Answered => self.failed_above(down.class, reason),
        };
        if down.transient { look.transient() } else { look }
    }

    /// The end of its output, while an answer was waited for.
    fn closed(&self) -> Look {
        let Some(exit) = self.case.exit else {
            return self
                .protocol(format!("closed its standard output instead of answering {}, and runs on", self.pending()));
        };
        if self.case.heed.echo && exit == Exit::Code(0) {
            return self.echo();
        }
        // What an engine says when it cannot start something stands on standard output.
        let log = format!("{}\n{}", self.case.heed.noise.join("\n"), self.case.stderr.text());
        let Diagnosis { class, reason } = classify(exit, &self.setting.redactor.hide_values(&log));
        match self.case.learnt.step {
            Step::Opening => match &self.case.learnt.refusal {
                Some(refusal) => self.protocol(format!("refuses `initialize`: {refusal}; then {reason}")),
                None => self.failed(class, reason),
            },
            Step::Listing => self.failed(class, format!("ended after the handshake: {reason}")),
            Step::Offering | Step::Calling | Step::Answered => {
                self.call_failed(format!("ended instead of answering {}: {reason}", self.pending()))
            }
        }
    }

    fn silence(&self, waited: Duration) -> Look {
        if self.case.learnt.step >= Step::Offering {
            let reason = format!("no answer to {} within {:.1} s", self.pending(), waited.as_secs_f64());
            return self.call_failed(reason).transient();
        }
        if self.case.heed.echo {
            return self.echo();
        }
        if let Some(refusal) = &self.case.learnt.refusal {
            return self.protocol(format!("refuses `initialize`: {refusal}; then silence"));
        }
        let said = match (&self.case.heed.stray, self.case.heed.noise_lines) {
            (Some(stray), _) => format!("; it returned {stray}, without saying to what"),
            (None, 0) if self.case.heed.unfinished > 0 => {
                format!("; it runs, and wrote {} bytes without a line ending", self.case.heed.unfinished)
            }
            (None, 0) => "; it runs, and wrote nothing".to_owned(),
            (None, lines) => format!("; it runs, and wrote {}{}", no_messages(lines), self.such_as()),
        };
        let reason =
            format!("no answer to {} within {:.1} s{said}{}", self.pending(), waited.as_secs_f64(), self.installer());
        self.failed(FailureClass::NoAnswer, reason).transient()
    }

    fn cut_short(&self) -> Look {
        let detail = format!("the run's deadline passed, and there was no answer to {} yet", self.pending());
        let look = self.unmeasured(UnmeasuredCause::TimedOut, detail, "the run's deadline");
        if self.case.learnt.step >= Step::Offering { look.having_proved(Rung::Running) } else { look }
    }

    fn echo(&self) -> Look {
        self.protocol("its standard input comes back as its output: it is `cat`, or on a terminal (drop -t)".to_owned())
    }

    /// What was asked and not answered.
    fn pending(&self) -> String {
        match self.case.learnt.step {
            Step::Opening => "`initialize`".to_owned(),
            Step::Listing => "`tools/list`".to_owned(),
            Step::Offering if self.case.learnt.resources.is_none() && self.check.min_resources.is_some() => {
                "`resources/list`".to_owned()
            }
            Step::Offering => "`prompts/list`".to_owned(),
            Step::Calling | Step::Answered => match self.unanswered() {
                Some(call) => format!("the call of `{}`", call.tool),
                None => "`tools/call`".to_owned(),
            },
        }
    }

    /// The first call without an answer.
    fn unanswered(&self) -> Option<&McpCall> {
        self.check.calls.get(self.case.learnt.answers.len())
    }

    fn such_as(&self) -> String {
        self.case.heed.noise.first().map_or_else(String::new, |line| {
            format!(", such as `{}`", plain(&self.setting.redactor.clean(line), QUOTE))
        })
    }

    fn installer(&self) -> &'static str {
        let program = self.setting.program.as_deref().unwrap_or_default();
        let name = program.rsplit(std::path::is_separator).next().unwrap_or(program);
        if INSTALLERS.contains(&name) { "; it may still be installing, or waiting for its registry" } else { "" }
    }
}
