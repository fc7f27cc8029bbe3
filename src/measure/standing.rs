//! Where a target stands on the ladder of evidence, from all of its checks together.

use super::measurement::{CheckResult, Failure, Outcome, TargetMeasurement, Unmeasured, UnmeasuredCause};
use crate::rung::Rung;

/// Whether a target stands on an asked rung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It does. `weak` is where the evidence stops when no check reaches the asked rung and none failed.
    Up {
        /// The highest rung proved, where that is below the asked one.
        weak: Option<Rung>,
    },
    /// It does not.
    Down(Failure),
    /// We could not look.
    Unknown(Unmeasured),
}

impl TargetMeasurement {
    /// The failure at the lowest rung, with its check.
    pub fn first_failure(&self) -> Option<(&CheckResult, &Failure)> {
        let failures = self.checks.iter().filter_map(|check| match &check.outcome {
            Outcome::Failed(failure) => Some((check, failure)),
            Outcome::Passed { .. } | Outcome::Unmeasured(_) => None,
        });
        failures.min_by_key(|(check, _)| check.rung)
    }

    /// The highest rung that was proved, below the first failure. `None` where even its being listed is disproved.
    pub fn proved(&self) -> Option<Rung> {
        let ceiling = self.first_failure().map(|(check, _)| check.rung);
        let proved = self.checks.iter().filter_map(|check| check.proved).chain([self.origin]);
        proved.filter(|rung| ceiling.is_none_or(|ceiling| *rung < ceiling)).max()
    }

    /// Whether the target stands on `asked`.
    ///
    /// A failed check at or below the asked rung says no, and so does one above it when nothing proves the asked rung.
    /// Without failures, evidence that stops at [`Rung::Running`] or above answers for a higher rung, marked weak;
    /// evidence that stops below answers nothing.
    pub fn stand(&self, asked: Rung) -> Stand {
        let failure = self.first_failure();
        if let Some((check, failure)) = failure
            && check.rung <= asked
        {
            return Stand::Down(failure.clone());
        }
        let proved = self.proved();
        if proved >= Some(asked) {
            return Stand::Up { weak: None };
        }
        if let Some(unmeasured) = self.unmeasured_above(proved) {
            return Stand::Unknown(unmeasured.clone());
        }
        match (failure, proved) {
            (Some((_, failure)), _) => Stand::Down(failure.clone()),
            (None, Some(proved)) if proved >= Rung::Running => Stand::Up { weak: Some(proved) },
            (None, _) => Stand::Unknown(Unmeasured {
                cause: UnmeasuredCause::NoCheck,
                detail: format!("no check of `{}` reaches `{}`", self.name, asked.name()),
                source: "trueup.toml".to_owned(),
            }),
        }
    }

    /// The first check above `proved` that could not be made.
    fn unmeasured_above(&self, proved: Option<Rung>) -> Option<&Unmeasured> {
        self.checks.iter().filter(|check| Some(check.rung) > proved).find_map(|check| match &check.outcome {
            Outcome::Unmeasured(unmeasured) => Some(unmeasured),
            Outcome::Passed { .. } | Outcome::Failed(_) => None,
        })
    }

    /// Whether its own health check says healthy while a functional check fails.
    pub fn health_check_lies(&self) -> bool {
        let says_healthy = self.checks.iter().any(|check| check.proved == Some(Rung::Healthy));
        says_healthy && self.first_failure().is_some_and(|(check, _)| check.rung == Rung::Functional)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::FailureClass;
    use crate::measure::evidence::Evidence;

    fn failure() -> Failure {
        Failure { class: FailureClass::Exited, reason: "exit 1".to_owned() }
    }

    fn unmeasured() -> Unmeasured {
        Unmeasured { cause: UnmeasuredCause::SourceAway, detail: "away".to_owned(), source: "docker".to_owned() }
    }

    fn check(rung: Rung, proved: Option<Rung>, outcome: Outcome) -> CheckResult {
        let check = "test".to_owned();
        CheckResult { check, rung, proved, outcome, evidence: Evidence::new(), took_ms: 0, attempts: 1 }
    }

    fn pass(rung: Rung) -> CheckResult {
        check(rung, Some(rung), Outcome::Passed { summary: String::new() })
    }

    fn fail(rung: Rung) -> CheckResult {
        check(rung, None, Outcome::Failed(failure()))
    }

    fn away(rung: Rung) -> CheckResult {
        check(rung, None, Outcome::Unmeasured(unmeasured()))
    }

    fn target(checks: Vec<CheckResult>) -> TargetMeasurement {
        TargetMeasurement { name: "t".to_owned(), origin: Rung::Exists, checks }
    }

    #[test]
    fn the_highest_rung_below_the_first_failure() {
        use Rung::{Exists, Functional, Healthy, Running};
        let up = Stand::Up { weak: None };
        let down = Stand::Down(failure());
        let unknown = Stand::Unknown(unmeasured());
        let weak = Stand::Up { weak: Some(Running) };
        let cases = [
            ("all pass", vec![pass(Running), pass(Functional)], Functional, &up),
            ("a functional failure leaves running", vec![pass(Running), fail(Functional)], Running, &up),
            ("and takes functional", vec![pass(Running), fail(Functional)], Functional, &down),
            ("a low failure takes all above", vec![fail(Running), pass(Functional)], Functional, &down),
            ("but not what is below", vec![fail(Running), pass(Functional)], Exists, &up),
            ("a failure above, nothing proved", vec![fail(Functional)], Running, &down),
            ("evidence stops at running", vec![pass(Running)], Functional, &weak),
            ("the upper check was not made", vec![pass(Running), away(Functional)], Functional, &unknown),
            ("that is no matter below it", vec![pass(Running), away(Functional)], Running, &up),
            ("a stronger pass covers a missing look", vec![away(Running), pass(Functional)], Running, &up),
            ("unknown beats a failure above", vec![away(Running), fail(Functional)], Running, &unknown),
            ("a failure at the rung beats unknown", vec![away(Running), fail(Healthy)], Healthy, &down),
        ];
        for (what, checks, asked, expected) in cases {
            assert_eq!(&target(checks).stand(asked), expected, "{what}");
        }
    }

    #[test]
    fn being_listed_does_not_answer_for_running() {
        assert!(
            matches!(target(vec![]).stand(Rung::Running), Stand::Unknown(u) if u.cause == UnmeasuredCause::NoCheck)
        );
        assert_eq!(target(vec![]).stand(Rung::Exists), Stand::Up { weak: None });
    }

    #[test]
    fn a_failed_call_keeps_what_the_handshake_proved() {
        let call = check(Rung::Functional, Some(Rung::Running), Outcome::Failed(failure()));
        assert_eq!(target(vec![call.clone()]).stand(Rung::Running), Stand::Up { weak: None });
        assert_eq!(target(vec![call]).proved(), Some(Rung::Running));
    }

    #[test]
    fn a_health_check_lies_when_the_functional_check_fails() {
        assert!(target(vec![pass(Rung::Healthy), fail(Rung::Functional)]).health_check_lies());
        assert!(!target(vec![pass(Rung::Running), fail(Rung::Functional)]).health_check_lies());
        assert!(!target(vec![pass(Rung::Healthy), pass(Rung::Functional)]).health_check_lies());
    }
}
