//! Names, as a name server of the test's own answers for them. The resolver of the system reads where its servers are from a
//! file, so the looks are made by this test started once more, where that file is another.

use std::net::UdpSocket;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use trueup::failure::FailureClass;
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::request::{Check, DnsCheck};
use trueup::rung::Rung;

use crate::http::status_only;
use crate::{failed, look, look_within, passed, unmeasured};

fn dns(name: &str, addresses: &[&str]) -> Check {
    let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
    Check::Dns(DnsCheck { name: name.to_owned(), addresses })
}

#[tokio::test]
async fn a_name_of_the_hosts_file_resolves() {
    let seen = look(&dns("localhost", &[])).await;
    assert!(passed(&seen).starts_with("`localhost` is "), "{seen:?}");
    assert_eq!(seen.proved, Some(Rung::Running));
    let seen = look_within(&dns("localhost", &[]), Duration::ZERO).await;
    assert_eq!(unmeasured(&seen).0, UnmeasuredCause::TimedOut);
}

/// Tells this test, started once more, that it is the one to look.
const LOOKS: &str = "TRUEUP_TEST_DNS_LOOKS";

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_name_server_that_does_not_answer_says_nothing_about_the_name() {
    if std::env::var_os(LOOKS).is_some() {
        return looks().await;
    }
    let address = format!("127.53.{}.{}", std::process::id() / 250 % 250 + 1, std::process::id() % 250 + 1);
    let namespaces = Command::new("unshare").args(["-m", "true"]).stderr(Stdio::null()).status();
    let (Ok(socket), true) = (UdpSocket::bind((address.as_str(), 53)), namespaces.is_ok_and(|status| status.success()))
    else {
        let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
        assert!(!all, "a name server of the test's own needs root");
        use std::io::Write as _;
        _ = writeln!(std::io::stderr(), "skipped: dns: a name server of the test's own needs root (run tests/run)");
        return;
    };
    std::thread::spawn(move || serve(&socket));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("resolv.conf");
    std::fs::write(&file, format!("nameserver {address}\noptions timeout:30 attempts:1\n")).unwrap();
    let mut child = Command::new("unshare")
        .args([
            "-m",
            "sh",
            "-c",
            "mount --bind \"$1\" /etc/resolv.conf && exec \"$2\" --exact \"$3\" --nocapture",
            "sh",
        ])
        .arg(&file)
        .arg(std::env::current_exe().unwrap())
        .arg("dns::a_name_server_that_does_not_answer_says_nothing_about_the_name")
        .env(LOOKS, "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > until {
            child.kill().unwrap();
            panic!("the looks did not end");
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(status.success(), "the looks failed");
}

async fn looks() {
    let seen = look(&dns("up.trueup.test", &["192.0.2.7"])).await;
    assert_eq!(passed(&seen), "`up.trueup.test` is 192.0.2.7");
    assert_eq!((seen.proved, seen.evidence.get("addresses")), (Some(Rung::Functional), Some("192.0.2.7")));

    let seen = look(&dns("up.trueup.test", &["192.0.2.7", "192.0.2.8"])).await;
    assert_eq!(failed(&seen), (FailureClass::WrongAnswer, "`up.trueup.test` is 192.0.2.7, expected 192.0.2.8"));
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Functional, Some(Rung::Running), false));

    for name in ["gone.trueup.test", "empty.trueup.test"] {
        let seen = look(&dns(name, &[])).await;
        let (class, reason) = failed(&seen);
        assert_eq!(class, FailureClass::Unreachable, "{reason}");
        assert!(reason.starts_with(&format!("the host in `{name}` does not exist")), "{reason}");
        assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Running, None, true));
    }

    let silent = |check| async move { look_within(&check, Duration::from_millis(500)).await };
    let seen = silent(dns("silent.trueup.test", &[])).await;
    let (cause, why) = unmeasured(&seen);
    assert_eq!((cause, why.source.as_str()), (UnmeasuredCause::TimedOut, "name resolution"));
    // And it is the same for whatever needs the name.
    let seen = silent(status_only("http://silent.trueup.test/")).await;
    assert_eq!(unmeasured(&seen).0, UnmeasuredCause::TimedOut);

    let seen = look(&dns("broken.trueup.test", &[])).await;
    let (cause, why) = unmeasured(&seen);
    assert_eq!((cause, why.source.as_str()), (UnmeasuredCause::SourceAway, "name resolution"));
    assert_eq!(seen.rung, Rung::Running);
}

/// Answers for the names of the test, until the process ends.
fn serve(socket: &UdpSocket) {
    let mut query = [0; 512];
    while let Ok((count, from)) = socket.recv_from(&mut query) {
        let query = &query[..count];
        // The name begins after the header, in labels that say how long they are.
        let first = query.get(13..13 + usize::from(query[12])).unwrap_or_default();
        let end = 12 + query[12..].iter().position(|&byte| byte == 0).unwrap() + 1;
        let asks_for_v4 = query[end..end + 2] == [0, 1];
        let (code, found) = match first {
            b"up" => (0, asks_for_v4),
            b"empty" => (0, false),
            b"broken" => (2, false),
            b"silent" => continue,
            _ => (3, false),
        };
        let mut answer = query[..2].to_vec();
        answer.extend([0x81, 0x80 | code, 0, 1, 0, u8::from(found), 0, 0, 0, 0]);
        answer.extend(&query[12..end + 4]);
        if found {
            answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]);
        }
        socket.send_to(&answer, from).unwrap();
    }
}
