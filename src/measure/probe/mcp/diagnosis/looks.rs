//! The looks that a diagnosis ends in, and the evidence that each of them carries.

use super::{Case, QUOTE, Report, no_messages};
use crate::failure::FailureClass;
use crate::measure::classify::Exit;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::probe::Look;
use crate::measure::probe::mcp::intended_rung;
use crate::measure::probe::mcp::session::Step;
use crate::rung::Rung;

impl Report<'_> {
    pub(super) fn passed(&self, rung: Rung, mut summary: String, call: Option<&str>) -> Look {
        if self.case.heed.noise_lines > 0 {
            let noise = no_messages(self.case.heed.noise_lines);
            summary.push_str(&format!("; it also wrote {noise}, which breaks strict clients"));
        }
        let mut evidence = self.evidence();
        if let Some(call) = call {
            evidence.fact("call", call);
        }
        Look::passed(rung, summary, evidence)
    }

    pub(super) fn failed(&self, class: FailureClass, reason: String) -> Look {
        Look::failed(Rung::Running, class, plain(&self.setting.redactor.clean(&reason), QUOTE * 3), self.evidence())
    }

    pub(super) fn protocol(&self, reason: String) -> Look {
        self.failed(FailureClass::Protocol, reason)
    }

    /// A failure above the handshake and the list, which are proved.
    pub(super) fn failed_above(&self, class: FailureClass, reason: String) -> Look {
        let mut evidence = self.evidence();
        if self.case.learnt.step >= Step::Calling && class != FailureClass::MissingTools && !self.check.calls.is_empty()
        {
            evidence.fact("call", "failed");
        }
        Look::failed(Rung::Functional, class, plain(&self.setting.redactor.clean(&reason), QUOTE * 3), evidence)
            .having_proved(Rung::Running)
    }

    /// A call that failed; before the list was there it was not ours, and the server itself is what failed.
    pub(super) fn call_failed(&self, reason: String) -> Look {
        match self.case.learnt.step {
            Step::Opening | Step::Listing => self.failed(FailureClass::CallFailed, reason),
            Step::Offering | Step::Calling | Step::Answered => self.failed_above(FailureClass::CallFailed, reason),
        }
    }

    pub(super) fn unmeasured(&self, cause: UnmeasuredCause, detail: String, source: &str) -> Look {
        let mut look =
            Look::unmeasured(intended_rung(self.check), Unmeasured { cause, detail, source: source.to_owned() });
        look.evidence = self.evidence();
        look
    }

    pub(super) fn evidence(&self) -> Evidence {
        let Case { learnt, heed, exit, escaped, stderr, facts, .. } = self.case;
        let mut evidence = Evidence::new();
        for (name, value) in facts {
            evidence.fact(name, self.setting.redactor.clean(value));
        }
        if let Some(version) = &learnt.version {
            evidence.fact("protocol version", version);
        }
        if let Some(server) = &learnt.server {
            evidence.fact("server", self.setting.redactor.clean(server));
        }
        if learnt.step >= Step::Offering {
            evidence.fact("tools", learnt.tools.len().to_string());
        }
        let counts = [("resources", learnt.resources), ("prompts", learnt.prompts)];
        for (name, count) in counts.into_iter().filter_map(|(name, count)| Some((name, count?))) {
            evidence.fact(name, count.to_string());
        }
        match exit {
            Some(Exit::Code(code)) => evidence.fact("exit code", code.to_string()),
            Some(Exit::Signal(signal)) => evidence.fact("signal", signal.to_string()),
            None => &mut evidence,
        };
        if heed.noise_lines > 0 {
            evidence.fact("lines that are no messages", heed.noise_lines.to_string());
        }
        for line in &heed.noise {
            evidence.fact("noise", self.setting.redactor.clean(line));
        }
        if heed.invalid_utf8 {
            evidence.fact("encoding", "not UTF-8");
        }
        if heed.echo {
            evidence.fact("echo", "our own messages came back");
        }
        if heed.foreign > 0 {
            evidence.fact("answers to others", heed.foreign.to_string());
        }
        if *escaped > 0 {
            evidence.fact("escaped processes killed", escaped.to_string());
        }
        let stderr = self.setting.redactor.clean(&stderr.text());
        evidence.log_tail(&stderr);
        let transcript = self.setting.redactor.clean(&heed.transcript.text());
        if !transcript.is_empty() {
            evidence.exhibit("transcript.txt", transcript).exhibit("stderr.log", stderr);
        }
        evidence
    }
}
