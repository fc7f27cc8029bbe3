//! Engines that misbehave: small servers on a Unix socket or on loopback that do what no real engine can be brought to.

use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use trueup::measure::container_request::ContainerQuery;
use trueup::measure::discover;
use trueup::measure::engine::address::Address;
use trueup::measure::measurement::{Unmeasured, UnmeasuredCause};
use trueup::measure::request::Discover;
use trueup::measure::source::Sources;
use trueup::rung::Rung;

use crate::looks::{block_on, docker, exec, look, unmeasured};

/// A socket that answers every request with the same bytes, then hangs up or falls silent.
struct Fake {
    folder: tempfile::TempDir,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    fn answering(answer: &'static str, then_hang_up: bool) -> Fake {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("engine.sock")).unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            let mut silent = Vec::new();
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let mut request = [0; 4096];
                let length = stream.read(&mut request).unwrap_or(0);
                let text = String::from_utf8_lossy(&request[..length]);
                seen.lock().unwrap().push(text.lines().next().unwrap_or_default().to_owned());
                let _ = stream.write_all(answer.as_bytes());
                if !then_hang_up {
                    silent.push(stream);
                }
            }
        });
        Fake { folder, requests }
    }

    /// First lines of the requests that came.
    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    fn host(&self) -> String {
        format!("unix://{}/engine.sock", self.folder.path().display())
    }

    fn sources(&self) -> Sources {
        sources(&self.host())
    }
}

fn sources(host: &str) -> Sources {
    Sources::new(true).with_engine(Address::parse(host).unwrap())
}

/// What a docker check and an exec check make of the engine; both must see the same.
fn both(sources: &Sources) -> Unmeasured {
    let patience = Duration::from_millis(500);
    let began = Instant::now();
    let looked = look(&docker("web", Duration::ZERO), sources, patience);
    assert_eq!((looked.rung, looked.proved), (Rung::Running, None));
    let executed = look(&exec("web", &["true"], None), sources, patience);
    assert_eq!(executed.rung, Rung::Functional);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(unmeasured(&looked).cause, unmeasured(&executed).cause);
    assert_eq!(unmeasured(&looked).source, unmeasured(&executed).source);
    unmeasured(&looked).clone()
}

#[test]
fn silence_ends_with_the_deadline_and_is_waited_for_once() {
    let fake = Fake::answering("", false);
    let sources = fake.sources();
    let unmeasured = both(&sources);
    assert_eq!(unmeasured.cause, UnmeasuredCause::TimedOut);
    assert_eq!(unmeasured.source, format!("docker {}", fake.host()));
    let began = Instant::now();
    let query = ContainerQuery { labels: vec!["a".to_owned()], ..ContainerQuery::default() };
    let listed = block_on(discover::discover(&Discover::Docker(query), &sources));
    assert_eq!(listed.unwrap_err().cause, UnmeasuredCause::TimedOut);
    assert!(began.elapsed() < Duration::from_millis(200), "{:?}", began.elapsed());
    assert_eq!(fake.requests().len(), 1);
}

const HALF: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{\"Id\": \"abc\", \"Sta";

#[test]
fn half_a_document_is_unreadable_or_late_and_never_an_answer() {
    assert_eq!(both(&Fake::answering(HALF, true).sources()).cause, UnmeasuredCause::Unreadable);
    assert_eq!(both(&Fake::answering(HALF, false).sources()).cause, UnmeasuredCause::TimedOut);
    let complete = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"Id\": \"abc\"";
    assert_eq!(both(&Fake::answering(complete, true).sources()).cause, UnmeasuredCause::Unreadable);
}

#[test]
fn a_server_that_is_no_engine_does_not_say_that_a_container_is_missing() {
    let web = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 22\r\n\r\n<h1>404 Not Found</h1>";
    assert_eq!(both(&Fake::answering(web, true).sources()).cause, UnmeasuredCause::Unreadable);
    assert_eq!(both(&Fake::answering("SSH-2.0-OpenSSH_9.2\r\n", false).sources()).cause, UnmeasuredCause::Unreadable);
    let error =
        "HTTP/1.1 500 Oops\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n{\"message\":\"disk full\"}";
    let unmeasured = both(&Fake::answering(error, true).sources());
    assert_eq!(unmeasured.cause, UnmeasuredCause::SourceAway);
    assert!(unmeasured.detail.ends_with("disk full"), "{}", unmeasured.detail);
}

#[test]
fn no_engine_is_one_finding() {
    let folder = tempfile::tempdir().unwrap();
    let host = format!("unix://{}/none.sock", folder.path().display());
    let unmeasured = both(&sources(&host));
    assert_eq!(unmeasured.cause, UnmeasuredCause::SourceAway);
    assert_eq!(unmeasured.source, format!("docker {host}"));
    assert_eq!(unmeasured.detail, format!("no engine at {host}: no such file"));
}

#[test]
fn a_socket_that_nobody_serves_is_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dead.sock");
    drop(UnixListener::bind(&path).unwrap());
    let unmeasured = both(&sources(&format!("unix://{}", path.display())));
    assert_eq!(unmeasured.cause, UnmeasuredCause::SourceAway);
    assert!(unmeasured.detail.ends_with("connection refused"), "{}", unmeasured.detail);
}

#[test]
fn a_port_that_nobody_serves_is_away() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let unmeasured = both(&sources(&format!("tcp://127.0.0.1:{port}")));
    assert_eq!(unmeasured.cause, UnmeasuredCause::SourceAway);
    assert_eq!(unmeasured.source, format!("docker tcp://127.0.0.1:{port}"));
}

#[test]
fn a_socket_without_access_is_no_missing_engine() {
    use std::os::unix::fs::PermissionsExt;
    let fake = Fake::answering("", false);
    let path = fake.folder.path().join("engine.sock");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::os::unix::net::UnixStream::connect(&path).is_ok() {
        // Root opens every door; the sorting of the error itself is tested beside the code.
        return;
    }
    assert_eq!(both(&fake.sources()).cause, UnmeasuredCause::PermissionDenied);
}

#[test]
fn containers_are_inspected_once_a_run() {
    let inspect = r#"{"Id":"abc","Name":"/web","RestartCount":0,"State":{"Status":"running","StartedAt":"2020-01-01T00:00:00Z"}}"#;
    let answer: &'static str = Box::leak(
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{inspect}",
            inspect.len()
        )
        .into_boxed_str(),
    );
    let fake = Fake::answering(answer, true);
    let sources = fake.sources();
    for _ in 0..3 {
        let look = look(&docker("web", Duration::from_secs(60)), &sources, Duration::from_secs(2));
        assert_eq!(look.proved, Some(Rung::Running), "{look:#?}");
    }
    // No version in the path: the engine answers in its own, and there is nothing to negotiate.
    assert_eq!(fake.requests(), ["GET /containers/web/json HTTP/1.1"]);
}
