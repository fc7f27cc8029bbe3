use std::time::Duration;

use trueup::failure::FailureClass;
use trueup::measure::measurement::{CheckResult, Outcome, UnmeasuredCause};
use trueup::measure::request::{Check, CheckRequest, GroupRequest, Plan, TargetRequest};
use trueup::measure::schedule::{Bounds, Processes, run};
use trueup::measure::source::Sources;

use crate::endpoint::{Act, Endpoint};
use crate::http::status_only;

/// The result of one check in a run of its own.
async fn result(check: Check, timeout: Duration, attempts: u32, deadline: Duration) -> CheckResult {
    let check = CheckRequest { check, rung: None, timeout, attempts };
    let target = TargetRequest { name: "one".to_owned(), checks: vec![check] };
    let group = GroupRequest {
        name: "endpoints".to_owned(),
        expect: None,
        discover: Vec::new(),
        checks: Vec::new(),
        targets: vec![target],
    };
    let plan = Plan { groups: vec![group], ..Plan::default() };
    let mut snapshot =
        run(&plan, &Sources::new(false), Bounds { deadline, concurrency: 4, processes: Processes::AtMost(1) }).await;
    snapshot.groups.remove(0).targets.remove(0).checks.remove(0)
}

#[tokio::test]
async fn silence_is_down_unless_it_was_we_who_had_no_time() {
    let server = Endpoint::new(Act::Silence).await;
    let check = status_only(&server.url("/"));
    let (short, long) = (Duration::from_millis(300), Duration::from_secs(20));
    let patient = result(check.clone(), short, 2, long).await;
    assert!(
        matches!(&patient.outcome, Outcome::Failed(failure) if failure.class == FailureClass::NoAnswer),
        "{patient:?}"
    );
    assert_eq!(patient.attempts, 2);
    let hurried = result(check, long, 2, short).await;
    assert!(
        matches!(&hurried.outcome, Outcome::Unmeasured(unknown) if unknown.cause == UnmeasuredCause::TimedOut),
        "{hurried:?}"
    );
}

#[tokio::test]
async fn a_wrong_answer_is_not_asked_for_twice() {
    let server = Endpoint::answering("404 Not Found", "", "").await;
    let seen = result(status_only(&server.url("/")), Duration::from_secs(20), 5, Duration::from_secs(60)).await;
    assert_eq!((seen.attempts, server.requests().len()), (1, 1));
    let busy = Endpoint::answering("503 Busy", "", "").await;
    let seen = result(status_only(&busy.url("/")), Duration::from_secs(20), 2, Duration::from_secs(60)).await;
    assert_eq!((seen.attempts, busy.requests().len()), (2, 2));
}
