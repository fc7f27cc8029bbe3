use std::time::Duration;

use serde_json::json;
use trueup::failure::FailureClass;
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::request::{Check, HeaderValue, HttpCheck};
use trueup::rung::Rung;

use crate::endpoint::{Act, Endpoint, nobody};
use crate::{failed, look, look_within, passed, unmeasured};

pub fn request(url: &str) -> HttpCheck {
    HttpCheck::get(url)
}

pub fn status_only(url: &str) -> Check {
    Check::Http(request(url))
}

fn status_of_json(url: &str, expected: serde_json::Value) -> Check {
    Check::Http(HttpCheck { json: vec![("/status".to_owned(), expected)], ..request(url) })
}

#[tokio::test]
async fn a_status_alone_is_what_it_says_of_itself() {
    let server = Endpoint::answering("200 OK", "content-type: text/plain\r\n", "fine\u{1b}[31m\n").await;
    let seen = look(&status_only(&server.url("/health"))).await;
    assert_eq!(passed(&seen), "status 200");
    assert_eq!(seen.proved, Some(Rung::Healthy));
    assert_eq!(seen.evidence.get("url"), Some(server.url("/health").as_str()));
    assert_eq!(seen.evidence.get("status"), Some("200 OK"));
    assert_eq!(seen.evidence.get("content type"), Some("text/plain"));
    assert_eq!(seen.evidence.get("body"), Some("fine"));
    assert!(seen.evidence.get("latency ms").unwrap().parse::<u64>().is_ok());
}

#[tokio::test]
async fn content_that_is_right_proves_that_it_works() {
    let server = Endpoint::answering("200 OK", "", r#"{"status":"ok","tools":[1,2]}"#).await;
    let check = HttpCheck {
        json: vec![("/status".to_owned(), json!("ok")), ("/tools/1".to_owned(), json!(2.0))],
        matches: Some("\"tools\"".to_owned()),
        ..request(&server.url("/"))
    };
    let seen = look(&Check::Http(check)).await;
    assert_eq!(passed(&seen), "status 200; `/status` is \"ok\"; `/tools/1` is 2; the body matches `\"tools\"`");
    assert_eq!(seen.proved, Some(Rung::Functional));
}

#[tokio::test]
async fn other_content_fails_above_running() {
    let server = Endpoint::answering("200 OK", "", r#"{"status":"degraded"}"#).await;
    let url = server.url("/");
    let html = Endpoint::answering("200 OK", "", "<html>the app</html>").await;
    for (check, reason) in [
        (status_of_json(&url, json!("ok")), "`/status` is \"degraded\", expected \"ok\""),
        (
            Check::Http(HttpCheck { json: vec![("/gone".to_owned(), json!(1))], ..request(&url) }),
            "the body has no `/gone`, expected 1",
        ),
        (
            Check::Http(HttpCheck { matches: Some("healthy".to_owned()), ..request(&url) }),
            "the body does not match `healthy`: {\"status\":\"degraded\"}",
        ),
        (
            status_of_json(&html.url("/health"), json!("ok")),
            "the body is no JSON (expected value at line 1 column 1): <html>the app</html>",
        ),
    ] {
        let seen = look(&check).await;
        assert_eq!(failed(&seen), (FailureClass::WrongAnswer, reason));
        assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Functional, Some(Rung::Running), false));
    }
}

#[tokio::test]
async fn another_status_fails_with_its_class() {
    let running = Some(Rung::Running);
    for (status, class, reason, proved, transient) in [
        ("401 Unauthorized", FailureClass::Unauthorized, "status 401 Unauthorized, expected 200", running, false),
        ("403 Forbidden", FailureClass::Forbidden, "status 403 Forbidden, expected 200", running, false),
        ("404 Not Found", FailureClass::WrongAnswer, "status 404 Not Found, expected 200", running, false),
        ("500 Oops", FailureClass::WrongAnswer, "status 500 Internal Server Error, expected 200", running, true),
        ("503 Busy", FailureClass::WrongAnswer, "status 503 Service Unavailable, expected 200", running, true),
        ("502 Gone", FailureClass::WrongAnswer, "status 502 Bad Gateway, expected 200", None, true),
        ("504 Slow", FailureClass::WrongAnswer, "status 504 Gateway Timeout, expected 200", None, true),
        ("599 Odd", FailureClass::WrongAnswer, "status 599, expected 200", running, true),
    ] {
        let server = Endpoint::answering(status, "", "").await;
        let seen = look(&status_only(&server.url("/"))).await;
        assert_eq!(failed(&seen), (class, reason));
        assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, proved, transient), "{status}");
    }
}

#[tokio::test]
async fn any_status_of_the_set_will_do() {
    let server = Endpoint::answering("401 Unauthorized", "", "").await;
    let check = HttpCheck { status: vec![200, 401], ..request(&server.url("/")) };
    assert_eq!(passed(&look(&Check::Http(check)).await), "status 401");
    let check = HttpCheck { status: vec![200, 204], ..request(&server.url("/")) };
    assert_eq!(failed(&look(&Check::Http(check)).await).1, "status 401 Unauthorized, expected 200 or 204");
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let location = "location: http://me:pass@elsewhere.example/login?token=t\r\n";
    let server = Endpoint::answering("302 Found", location, "").await;
    let seen = look(&status_only(&server.url("/"))).await;
    assert_eq!(failed(&seen).1, "status 302 Found to `http://elsewhere.example/login?…`, expected 200");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn the_request_is_sent_as_written() {
    let server = Endpoint::answering("200 OK", "", "").await;
    let check = HttpCheck {
        method: "POST".to_owned(),
        headers: vec![("X-Answer".to_owned(), HeaderValue::Text("42".to_owned()))],
        body: Some("{\"q\":1}".to_owned()),
        ..request(&server.url("/search?q=1"))
    };
    passed(&look(&Check::Http(check)).await);
    let requests = server.requests();
    assert!(requests[0].starts_with("POST /search?q=1 HTTP/1.1\r\n"), "{requests:?}");
    assert!(requests[0].contains("x-answer: 42\r\n") && requests[0].contains("content-length: 7\r\n"), "{requests:?}");
    assert!(requests[0].contains(concat!("user-agent: trueup/", env!("CARGO_PKG_VERSION"))), "{requests:?}");
}

#[tokio::test]
async fn a_refusal_is_down() {
    let address = nobody().await;
    let seen = look(&status_of_json(&format!("http://{address}/"), json!("ok"))).await;
    let (class, reason) = failed(&seen);
    assert_eq!(
        (class, reason),
        (FailureClass::Unreachable, format!("connection refused at `http://{address}/`").as_str())
    );
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Running, None, true));
    let port = address.rsplit(':').next().unwrap();
    let seen = look(&status_only(&format!("http://localhost:{port}/"))).await;
    assert_eq!(failed(&seen).0, FailureClass::Unreachable);
}

#[tokio::test]
async fn silence_until_the_check_gives_up_is_down() {
    let server = Endpoint::new(Act::Silence).await;
    let seen = look_within(&status_of_json(&server.url("/"), json!("ok")), Duration::from_millis(300)).await;
    let reason = format!("no answer from `{}` in time", server.url("/"));
    assert_eq!(failed(&seen), (FailureClass::NoAnswer, reason.as_str()));
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Functional, None, true));
    let seen = look_within(&status_only(&server.url("/")), Duration::ZERO).await;
    assert_eq!(unmeasured(&seen).0, UnmeasuredCause::TimedOut);
}

#[tokio::test]
async fn what_hangs_up_without_an_answer_is_down() {
    for act in [Act::Say(Vec::new()), Act::Reset(Vec::new())] {
        let server = Endpoint::new(act).await;
        let seen = look(&status_only(&server.url("/"))).await;
        let (class, reason) = failed(&seen);
        assert_eq!(class, FailureClass::Unreachable, "{reason}");
        assert!(reason.starts_with("the connection was closed without an answer at `http://"), "{reason}");
        assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, None, true));
    }
}

#[tokio::test]
async fn what_is_no_http_is_the_wrong_protocol() {
    let endless = (b"HTTP/1.1 200 OK\r\n".to_vec(), b"x-pad: 0123456789abcdef\r\n".repeat(64));
    for act in [
        Act::Say(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec()),
        Act::Say(b"HTTP/1.1 huh\r\n\r\n".to_vec()),
        Act::Endless(endless.0, endless.1),
        Act::Endless(b"HTTP/1.1 200 OK\r\nx-pad: ".to_vec(), vec![b'a'; 1 << 16]),
    ] {
        let server = Endpoint::new(act).await;
        let seen = look(&status_only(&server.url("/"))).await;
        let (class, reason) = failed(&seen);
        assert_eq!(class, FailureClass::Protocol, "{reason}");
        assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, None, false));
    }
}

#[tokio::test]
async fn tls_is_not_plain_text() {
    let server = Endpoint::new(Act::Greet(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())).await;
    let seen = look(&status_only(&server.url("/").replace("http:", "https:"))).await;
    let (class, reason) = failed(&seen);
    assert_eq!(class, FailureClass::Protocol, "{reason}");
    assert!(reason.contains("does not speak TLS as expected"), "{reason}");
    assert_eq!((seen.rung, seen.proved), (Rung::Healthy, None));
}

#[tokio::test]
async fn half_a_body_is_no_answer() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"status\":";
    for (act, class) in [
        (Act::Say(head.into()), FailureClass::Protocol),
        (Act::Reset(head.into()), FailureClass::Protocol),
        (Act::Stall(head.into()), FailureClass::NoAnswer),
    ] {
        let server = Endpoint::new(act).await;
        let seen = look_within(&status_of_json(&server.url("/"), json!("ok")), Duration::from_millis(500)).await;
        let (found, reason) = failed(&seen);
        assert_eq!(found, class, "{reason}");
        assert!(reason.contains("answered 200 and"), "{reason}");
        assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Functional, Some(Rung::Running), true));
        assert_eq!(seen.evidence.get("body"), Some("{\"status\":"));
    }
}

#[tokio::test]
async fn an_endless_body_is_read_as_far_as_is_bearable() {
    let head = b"HTTP/1.1 200 OK\r\n\r\nearly ".to_vec();
    let server = Endpoint::new(Act::Endless(head, vec![b'x'; 1 << 16])).await;
    let url = server.url("/");
    passed(&look(&status_only(&url)).await);
    let matching = |pattern: &str| Check::Http(HttpCheck { matches: Some(pattern.to_owned()), ..request(&url) });
    passed(&look(&matching("early")).await);
    for check in [matching("late"), status_of_json(&url, json!("ok"))] {
        let seen = look(&check).await;
        let (cause, why) = unmeasured(&seen);
        assert_eq!(cause, UnmeasuredCause::Unreadable);
        assert!(why.detail.starts_with("the first 1024 KiB of the body were read"), "{}", why.detail);
        assert_eq!(seen.proved, Some(Rung::Running));
    }
}

#[tokio::test]
async fn a_stream_of_events_is_up_when_it_begins() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: 1\n\n";
    let server = Endpoint::new(Act::Stall(head.into())).await;
    assert_eq!(passed(&look(&status_only(&server.url("/sse"))).await), "status 200");
}

#[tokio::test]
async fn no_credential_is_shown_even_when_the_server_echoes_it() {
    // PATH stands in for a token: it is set in every environment, and no test may change the environment of others.
    let token = std::env::var("PATH").unwrap();
    let body = serde_json::to_string(&json!({ "status": token, "seen": "hunter2secret" })).unwrap();
    let server = Endpoint::answering("200 OK", "", &body).await;
    let url = server.url("/?token=query-secret").replace("http://", "http://user:hunter2secret@");
    let check = HttpCheck {
        headers: vec![("X-Token".to_owned(), HeaderValue::Env("PATH".to_owned()))],
        json: vec![("/status".to_owned(), json!("ok"))],
        ..request(&url)
    };
    let seen = look(&Check::Http(check)).await;
    assert_eq!(failed(&seen).1, "`/status` is \"***\", expected \"ok\"");
    let sent = server.requests().remove(0);
    assert!(sent.contains(&format!("x-token: {token}\r\n")), "the token was sent");
    assert!(sent.contains("authorization: Basic "), "the user was sent");
    let shown = format!("{seen:?}");
    for secret in [token.as_str(), "hunter2secret", "query-secret"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    let refused = format!("http://user:hunter2secret@{}/?token=query-secret", nobody().await);
    let shown = format!("{:?}", look(&status_only(&refused)).await);
    assert!(!shown.contains("hunter2secret") && !shown.contains("query-secret"), "{shown}");
}

#[tokio::test]
async fn a_variable_that_is_not_set_is_named_and_nothing_is_asked() {
    let server = Endpoint::answering("200 OK", "", "").await;
    let variable = "TRUEUP_TEST_VARIABLE_THAT_NOBODY_SETS";
    let check = HttpCheck {
        headers: vec![("Authorization".to_owned(), HeaderValue::Env(variable.to_owned()))],
        ..request(&server.url("/"))
    };
    let seen = look(&Check::Http(check)).await;
    let (cause, why) = unmeasured(&seen);
    assert_eq!(cause, UnmeasuredCause::NotAllowed);
    assert_eq!(
        why.detail,
        format!("environment variable `{variable}` is not set, and header `Authorization` takes its value from there")
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn what_is_no_pointer_is_our_fault() {
    let server = Endpoint::answering("200 OK", "", r#"{"status":"ok"}"#).await;
    let check = HttpCheck { json: vec![("status".to_owned(), json!("ok"))], ..request(&server.url("/")) };
    let seen = look(&Check::Http(check)).await;
    let (cause, why) = unmeasured(&seen);
    assert_eq!(cause, UnmeasuredCause::Unreadable);
    assert_eq!(why.detail, "`status` is no JSON pointer; expected `/status`");
}

#[tokio::test]
async fn a_request_that_cannot_be_made_is_our_fault() {
    let variants = [
        HttpCheck { url: "http://user:hunter2@".to_owned(), ..request("") },
        HttpCheck { url: "ftp://127.0.0.1/".to_owned(), ..request("") },
        HttpCheck { method: "GE T".to_owned(), ..request("http://127.0.0.1:1/") },
        HttpCheck {
            headers: vec![("a b".to_owned(), HeaderValue::Text(String::new()))],
            ..request("http://127.0.0.1:1/")
        },
        HttpCheck {
            headers: vec![("a".to_owned(), HeaderValue::Text("b\r\nc: d".to_owned()))],
            ..request("http://127.0.0.1:1/")
        },
    ];
    for check in variants {
        let seen = look(&Check::Http(check)).await;
        let (cause, why) = unmeasured(&seen);
        assert_eq!((cause, why.source.as_str()), (UnmeasuredCause::Unreadable, "trueup.toml"), "{}", why.detail);
        assert!(!why.detail.contains("hunter2"), "{}", why.detail);
    }
}
