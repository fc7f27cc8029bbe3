//! What goes over the wire, and what of an answer can be bad: sockets, credentials, headers, latency, packed bodies.

use std::time::Duration;

use trueup::failure::FailureClass;
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::request::{Check, Credential, HttpCheck, Secret};
use trueup::rung::Rung;

use crate::endpoint::{Act, Endpoint};
use crate::http::request;
use crate::{failed, look, look_within, passed, unmeasured};

#[tokio::test]
async fn headers_of_the_answer_must_match() {
    let server = Endpoint::answering("200 OK", "content-type: text/html\r\nx-role: a\r\nx-role: b\r\n", "").await;
    let check = |name: &str, pattern: &str| {
        let answer_headers = vec![(name.to_owned(), pattern.to_owned())];
        Check::Http(HttpCheck { answer_headers, ..request(&server.url("/")) })
    };
    let seen = look(&check("Content-Type", "^text/")).await;
    assert_eq!(passed(&seen), "status 200; header `Content-Type` is `text/html`");
    assert_eq!(seen.proved, Some(Rung::Healthy), "a header is what it says of itself");
    passed(&look(&check("X-Role", "^b$")).await);
    let seen = look(&check("Content-Type", "json")).await;
    let reason = "header `Content-Type` is `text/html`, which does not match `json`";
    assert_eq!(failed(&seen), (FailureClass::WrongAnswer, reason));
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, Some(Rung::Running), false));
    let seen = look(&check("X-Gone", ".")).await;
    assert_eq!(failed(&seen).1, "the answer has no header `X-Gone`, expected `.`");
    assert_eq!(unmeasured(&look(&check("X-Role", "(")).await).0, UnmeasuredCause::Unreadable);
}

#[tokio::test]
async fn an_answer_that_is_right_and_late_is_slow() {
    let late = Act::Late(Duration::from_millis(120), b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec());
    let server = Endpoint::new(late).await;
    let check = |most| Check::Http(HttpCheck { max_latency: Some(most), ..request(&server.url("/")) });
    passed(&look(&check(Duration::from_secs(10))).await);
    let seen = look(&check(Duration::from_millis(100))).await;
    let (class, reason) = failed(&seen);
    assert_eq!(class, FailureClass::Slow);
    assert!(reason.starts_with("answered after 1") && reason.ends_with(" ms, expected within 100 ms"), "{reason}");
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, Some(Rung::Running), true));
}

#[tokio::test]
async fn credentials_are_sent_and_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "open-sesame\n").unwrap();
    let echo = Endpoint::answering("401 No", "", "open-sesame b3Blbi1zZXNhbWU= bWU6b3Blbi1zZXNhbWU=").await;
    let check =
        |credential| HttpCheck { credential: Some(credential), matches: Some("x".into()), ..request(&echo.url("/")) };
    let basic = Credential::Basic { user: "me".to_owned(), password: Secret::File(file.clone()) };
    for (credential, sent) in [
        (Credential::Bearer(Secret::File(file.clone())), "authorization: Bearer open-sesame\r\n"),
        (basic, "authorization: Basic bWU6b3Blbi1zZXNhbWU=\r\n"),
    ] {
        let seen = look(&Check::Http(HttpCheck { status: vec![401], ..check(credential) })).await;
        assert_eq!(failed(&seen).0, FailureClass::WrongAnswer);
        let shown = format!("{seen:?}");
        let packed = sent.trim_end().rsplit(' ').next().unwrap();
        assert!(!shown.contains("open-sesame") && !shown.contains(packed), "{shown}");
        assert!(echo.requests().last().unwrap().contains(sent), "{:?}", echo.requests());
    }
    let asked = echo.requests().len();
    let gone = Credential::Bearer(Secret::File(folder.path().join("gone")));
    assert_eq!(unmeasured(&look(&Check::Http(check(gone))).await).0, UnmeasuredCause::SourceAway);
    let unset = Credential::Bearer(Secret::Env("TRUEUP_TEST_VARIABLE_THAT_NOBODY_SETS".to_owned()));
    let seen = look(&Check::Http(check(unset))).await;
    let (cause, why) = unmeasured(&seen);
    assert_eq!(cause, UnmeasuredCause::NotAllowed);
    assert!(why.detail.ends_with("is not set, and the bearer token takes its value from there"), "{}", why.detail);
    assert_eq!(echo.requests().len(), asked, "nothing is asked without them");
}

#[cfg(unix)]
#[tokio::test]
async fn a_request_goes_through_a_unix_socket() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("http.sock");
    let check = HttpCheck { socket: Some(path.clone()), ..request("http://api.invalid/health") };
    let seen = look(&Check::Http(check.clone())).await;
    assert_eq!(
        failed(&seen),
        (FailureClass::Unreachable, format!("there is no socket at `{}`", path.display()).as_str())
    );
    assert_eq!(seen.rung, Rung::Running);
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let serving = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let count = stream.read(&mut request).await.unwrap();
            let request = String::from_utf8_lossy(&request[..count]).into_owned();
            let status = if request.contains("host: api.invalid\r\n") { "200 OK" } else { "400 Bad" };
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.ok();
        }
    });
    assert_eq!(passed(&look(&Check::Http(check.clone())).await), "status 200");
    serving.abort();
    _ = serving.await;
    assert_eq!(failed(&look(&Check::Http(check)).await).0, FailureClass::Unreachable);
}

/// `bytes` packed with gzip, by the program of that name.
fn gzip(bytes: impl Fn(&mut dyn std::io::Write)) -> Vec<u8> {
    let mut child = std::process::Command::new("gzip")
        .args(["-9", "-c"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("gzip is there");
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut packed = Vec::new();
        std::io::Read::read_to_end(&mut stdout, &mut packed).unwrap();
        packed
    });
    bytes(&mut stdin);
    drop(stdin);
    let packed = reader.join().unwrap();
    assert!(child.wait().unwrap().success());
    packed
}

async fn packed(body: &[u8]) -> Endpoint {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", body.len());
    Endpoint::new(Act::Say([head.as_bytes(), body].concat())).await
}

#[tokio::test]
async fn a_packed_body_is_unpacked_and_one_that_would_fill_the_machine_is_cut() {
    let small = packed(&gzip(|out| out.write_all(br#"{"status":"ok"}"#).unwrap())).await;
    let json = vec![("/status".to_owned(), serde_json::json!("ok"))];
    passed(&look(&Check::Http(HttpCheck { json: json.clone(), ..request(&small.url("/")) })).await);
    // 1 GiB in 1 MiB, and a beginning that can be told apart.
    let zeros = vec![0; 1 << 20];
    let bomb = gzip(|out| {
        out.write_all(b"early ").unwrap();
        (0..1024).for_each(|_| out.write_all(&zeros).unwrap());
    });
    assert!(bomb.len() < 2 << 20, "{}", bomb.len());
    let bomb = packed(&bomb).await;
    let matching =
        |pattern: &str| Check::Http(HttpCheck { matches: Some(pattern.to_owned()), ..request(&bomb.url("/")) });
    passed(&look_within(&matching("^early"), Duration::from_secs(5)).await);
    for check in [matching("late"), Check::Http(HttpCheck { json, ..request(&bomb.url("/")) })] {
        let seen = look_within(&check, Duration::from_secs(5)).await;
        let (cause, why) = unmeasured(&seen);
        assert_eq!(cause, UnmeasuredCause::Unreadable);
        assert!(why.detail.starts_with("the first 1024 KiB of the body were read"), "{}", why.detail);
        assert_eq!(seen.proved, Some(Rung::Running));
    }
    let torn = packed(b"\x1f\x8b no gzip at all").await;
    assert_eq!(failed(&look(&Check::Http(request(&torn.url("/")))).await).0, FailureClass::Protocol);
}

#[tokio::test]
async fn an_endless_chunked_body_ends() {
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let server = Endpoint::new(Act::Endless(
        head.clone(),
        b"1000\r\n".iter().copied().chain([b'x'; 4096]).chain(*b"\r\n").collect(),
    ))
    .await;
    let check = Check::Http(HttpCheck { matches: Some("late".to_owned()), ..request(&server.url("/")) });
    let seen = look_within(&check, Duration::from_secs(5)).await;
    assert_eq!(unmeasured(&seen).0, UnmeasuredCause::Unreadable);
    assert_eq!(seen.proved, Some(Rung::Running));
    // One that never says the size of its chunk.
    let stalled = Endpoint::new(Act::Stall([head.as_slice(), b"ffff\r\nabc"].concat())).await;
    let check = Check::Http(HttpCheck { matches: Some("late".to_owned()), ..request(&stalled.url("/")) });
    let seen = look_within(&check, Duration::from_millis(400)).await;
    assert_eq!((failed(&seen).0, seen.proved), (FailureClass::NoAnswer, Some(Rung::Running)));
}

#[tokio::test]
async fn a_header_of_a_megabyte_is_the_wrong_protocol() {
    let head = format!("HTTP/1.1 200 OK\r\nx-pad: {}\r\ncontent-length: 0\r\n\r\n", "a".repeat(1 << 20));
    let server = Endpoint::new(Act::Say(head.into_bytes())).await;
    let seen = look(&Check::Http(request(&server.url("/")))).await;
    assert_eq!(failed(&seen).0, FailureClass::Protocol);
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, None, false));
}
