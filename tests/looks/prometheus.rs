//! Answers as Prometheus gives them, also those that a sound server cannot be made to give.

use std::time::Duration;

use trueup::failure::FailureClass;
use trueup::measure::discover::{self, Handle};
use trueup::measure::measurement::{MetricOutcome, Unmeasured, UnmeasuredCause};
use trueup::measure::metric;
use trueup::measure::request::{
    Check, Condition, Credential, Discover, MetricSource, PrometheusCheck, PrometheusQuery, PrometheusServer, Secret,
    TlsDemand,
};
use trueup::measure::source::Sources;
use trueup::rung::Rung;

use crate::endpoint::{Act, Endpoint, nobody};
use crate::{failed, look, look_within, passed, unmeasured};

pub fn query(url: &str, query: &str) -> PrometheusQuery {
    let server =
        PrometheusServer { url: url.to_owned(), headers: Vec::new(), credential: None, tls: TlsDemand::default() };
    PrometheusQuery { server, query: query.to_owned() }
}

pub fn check(query: PrometheusQuery, is: &str) -> Check {
    Check::Prometheus(PrometheusCheck { query: Some(query), is: Condition::parse(is).unwrap() })
}

/// The number that `query` gives, or why there is none.
pub async fn number(query: PrometheusQuery, total: Option<&str>) -> Result<(f64, Option<f64>), Unmeasured> {
    let source = MetricSource::Prometheus { query, total: total.map(str::to_owned) };
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    match metric::measure(&source, &Sources::new(false), deadline).await.0 {
        MetricOutcome::Measured(quantity) => Ok((quantity.value, quantity.total)),
        MetricOutcome::Unmeasured(why) => Err(why),
    }
}

async fn vector(series: &str, more: &str) -> Endpoint {
    let body = format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{series}]}}{more}}}"#);
    Endpoint::answering("200 OK", "content-type: application/json\r\n", &body).await
}

fn series(instance: &str, value: &str) -> String {
    format!(r#"{{"metric":{{"__name__":"up","instance":"{instance}","job":"j"}},"value":[1.5,"{value}"]}}"#)
}

#[tokio::test]
async fn every_series_must_satisfy_the_condition() {
    let server = vector(&[series("a", "1"), series("b", "0"), series("c", "1")].join(","), "").await;
    let seen = look(&check(query(&server.url("/"), "up{job=\"j\"}"), "== 1")).await;
    let reason = "1 of 3 series are not == 1: `up{instance=\"b\", job=\"j\"}` is 0";
    assert_eq!(failed(&seen), (FailureClass::WrongAnswer, reason));
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Functional, None, false));
    let seen = look(&check(query(&server.url("/"), "up"), ">= 0")).await;
    assert_eq!((passed(&seen), seen.proved), ("3 series, each >= 0", Some(Rung::Functional)));
    let asked = server.requests();
    assert!(asked[0].starts_with("GET /api/v1/query?query=up%7Bjob%3D%22j%22%7D HTTP/1.1\r\n"), "{asked:?}");
}

#[tokio::test]
async fn an_empty_vector_is_never_green() {
    let server = vector("", "").await;
    for condition in ["== 1", "!= 1", ">= 0"] {
        let seen = look(&check(query(&server.url("/"), "up{job=\"gone\"}"), condition)).await;
        let (cause, why) = unmeasured(&seen);
        assert_eq!(cause, UnmeasuredCause::NothingFound);
        assert!(why.detail.starts_with("`up{job=\"gone\"}` is an empty vector at `http://"), "{}", why.detail);
    }
    assert_eq!(number(query(&server.url("/"), "up"), None).await.unwrap_err().cause, UnmeasuredCause::NothingFound);
    let found = Discover::Prometheus { query: query(&server.url("/"), "up"), name: Vec::new() };
    assert_eq!(discover::discover(&found, &Sources::new(false)).await.unwrap().len(), 0);
    assert_eq!(discover::nothing_found(&found).unwrap().cause, UnmeasuredCause::NothingFound);
}

#[tokio::test]
async fn warnings_are_shown() {
    let more = r#","warnings":["remote read: \u001b[31mpartial"],"infos":["metric might not be a counter"]"#;
    let server = vector(&series("a", "1"), more).await;
    let seen = look(&check(query(&server.url("/"), "up"), "== 1")).await;
    passed(&seen);
    let warnings: Vec<_> =
        seen.evidence.facts.iter().filter(|fact| fact.name == "warning").map(|fact| fact.value.as_str()).collect();
    assert_eq!(warnings, ["remote read: partial", "metric might not be a counter"]);
}

#[tokio::test]
async fn what_is_no_number_is_unknown() {
    let server = vector(&[series("a", "1"), series("b", "NaN")].join(","), "").await;
    let seen = look(&check(query(&server.url("/"), "up"), "== 1")).await;
    assert_eq!(unmeasured(&seen).0, UnmeasuredCause::Unreadable);
    // One that is wrong is wrong, whatever is unknown besides.
    let seen = look(&check(query(&server.url("/"), "up"), "== 2")).await;
    assert_eq!(failed(&seen).0, FailureClass::WrongAnswer);
    let infinite = vector(&series("a", "+Inf"), "").await;
    assert_eq!(number(query(&infinite.url("/"), "up"), None).await.unwrap_err().cause, UnmeasuredCause::Unreadable);
    passed(&look(&check(query(&infinite.url("/"), "up"), "> 5")).await);
    let several = vector(&[series("a", "1"), series("b", "2")].join(","), "").await;
    let why = number(query(&several.url("/"), "up"), None).await.unwrap_err();
    assert_eq!(why.cause, UnmeasuredCause::Unreadable);
    assert!(why.detail.starts_with("`up` has 2 series, `up{instance=\"a\", job=\"j\"}` among them"), "{}", why.detail);
}

#[tokio::test]
async fn a_server_that_cannot_answer_is_no_target_that_is_down() {
    use UnmeasuredCause::{PermissionDenied, SourceAway, TimedOut, Unreadable};
    let error = |kind: &str| format!(r#"{{"status":"error","errorType":"{kind}","error":"why"}}"#);
    let result = |kind: &str, result: &str| {
        format!(r#"{{"status":"success","data":{{"resultType":"{kind}","result":{result}}}}}"#)
    };
    for (status, body, cause) in [
        ("400 Bad", error("bad_data"), Unreadable),
        ("422 No", error("execution"), Unreadable),
        ("503 Late", error("timeout"), TimedOut),
        ("503 Busy", error("unavailable"), SourceAway),
        ("503 Busy", "<html>".to_owned(), SourceAway),
        ("502 Bad Gateway", String::new(), SourceAway),
        ("200 OK", "<html>a page for people".to_owned(), Unreadable),
        ("200 OK", "{\"status\":\"success\"}".to_owned(), Unreadable),
        ("200 OK", result("matrix", "[]"), Unreadable),
        ("200 OK", result("string", "[1,\"a\"]"), Unreadable),
        ("200 OK", result("vector", "[{\"metric\":{},\"histogram\":[1,{}]}]"), Unreadable),
        ("200 OK", result("vector", "{}"), Unreadable),
        ("401 No", String::new(), PermissionDenied),
        ("403 No", String::new(), PermissionDenied),
        ("404 Gone", "404 page not found".to_owned(), Unreadable),
    ] {
        let server = Endpoint::answering(status, "", &body).await;
        let seen = look(&check(query(&server.url("/"), "up"), "== 1")).await;
        let (found, why) = unmeasured(&seen);
        assert_eq!(found, cause, "{status} {body}: {}", why.detail);
        assert_eq!(why.source, format!("prometheus {}", server.url("/")));
    }
    let scalar = Endpoint::answering("200 OK", "", &result("scalar", "[1,\"4.5\"]")).await;
    assert_eq!(number(query(&scalar.url("/"), "scalar(x)"), None).await, Ok((4.5, None)));
    let away = format!("http://{}", nobody().await);
    let seen = look(&check(query(&away, "up"), "== 1")).await;
    assert_eq!(unmeasured(&seen).0, SourceAway);
    assert_eq!(unmeasured(&seen).1.source, format!("prometheus {away}/"));
    let silent = Endpoint::new(Act::Silence).await;
    let seen = look_within(&check(query(&silent.url("/"), "up"), "== 1"), Duration::from_millis(300)).await;
    assert_eq!(unmeasured(&seen).0, TimedOut);
    let endless = Endpoint::new(Act::Endless(b"HTTP/1.1 200 OK\r\n\r\n{".to_vec(), vec![b' '; 1 << 16])).await;
    assert_eq!(unmeasured(&look(&check(query(&endless.url("/"), "up"), "== 1")).await).0, Unreadable);
}

#[tokio::test]
async fn series_become_targets_called_by_their_labels() {
    let server = vector(&[series("b:1", "0"), series("a:1", "1")].join(","), "").await;
    let discovered = |name: &[&str]| Discover::Prometheus {
        query: query(&server.url("/"), "up"),
        name: name.iter().map(|label| (*label).to_owned()).collect(),
    };
    let sources = Sources::new(false);
    let found = discover::discover(&discovered(&[]), &sources).await.unwrap();
    let names: Vec<_> = found.iter().map(|found| found.name.as_str()).collect();
    assert_eq!(names, ["a:1", "b:1"], "in the order of their labels");
    let found = discover::discover(&discovered(&["job", "instance"]), &sources).await.unwrap();
    assert_eq!(found[0].name, "j a:1");
    // Asked once in a run, whatever is made of it.
    assert_eq!(server.requests().len(), 1);
    let why = discover::discover(&discovered(&["job"]), &sources).await.unwrap_err();
    assert_eq!(why.cause, UnmeasuredCause::Unreadable);
    assert!(why.detail.contains("are both called `j`"), "{}", why.detail);
    let judged = Check::Prometheus(PrometheusCheck { query: None, is: Condition::IS_ONE });
    for (at, up) in [(0, true), (1, false)] {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        let context = trueup::measure::probe::Context { handle: &found[at].handle, sources: &sources, deadline };
        let seen = trueup::measure::probe::look(&judged, context).await;
        if up { assert_eq!(passed(&seen), "it is 1") } else { assert_eq!(failed(&seen).1, "it is 0, expected == 1") }
    }
    assert!(matches!(&found[0].handle, Handle::Series(series) if series.value == 1.0));
    assert_eq!(unmeasured(&look(&judged).await).0, UnmeasuredCause::NoCheck);
}

#[tokio::test]
async fn credentials_are_those_of_the_server() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), "s3cr3t-token").unwrap();
    let server = vector(&series("s3cr3t-token", "0"), "").await;
    let mut asked = query(&server.url("/prefix/"), "up");
    asked.server.credential = Some(Credential::Bearer(Secret::File(folder.path().join("token"))));
    let seen = look(&check(asked, "== 0")).await;
    passed(&seen);
    let sent = server.requests().remove(0);
    assert!(
        sent.starts_with("GET /prefix/api/v1/query?") && sent.contains("authorization: Bearer s3cr3t-token"),
        "{sent}"
    );
}
