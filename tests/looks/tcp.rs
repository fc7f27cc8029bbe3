use std::time::Duration;

use trueup::failure::FailureClass;
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::request::{Check, TcpCheck, TcpPlace};
use trueup::rung::Rung;

use crate::endpoint::{Act, Endpoint, nobody};
use crate::{failed, look, look_within, passed, unmeasured};

fn tcp(address: &str) -> Check {
    Check::Tcp(TcpCheck { place: TcpPlace::Port(address.to_owned()), banner: None })
}

#[tokio::test]
async fn a_port_that_accepts_runs() {
    let server = Endpoint::new(Act::Silence).await;
    let seen = look(&tcp(&server.address)).await;
    assert_eq!(passed(&seen), format!("`{}` accepts connections", server.address));
    assert_eq!(seen.proved, Some(Rung::Running));
    assert_eq!(seen.evidence.get("peer"), Some(server.address.as_str()));
}

#[tokio::test]
async fn a_name_is_tried_at_all_of_its_addresses() {
    let server = Endpoint::new(Act::Silence).await;
    let port = server.address.rsplit(':').next().unwrap();
    // May be ::1 first, where nobody listens.
    passed(&look(&tcp(&format!("localhost:{port}"))).await);
}

#[tokio::test]
async fn a_refusal_is_down_and_may_pass() {
    let address = nobody().await;
    let seen = look(&tcp(&address)).await;
    assert_eq!(failed(&seen), (FailureClass::Unreachable, format!("connection refused at `{address}`").as_str()));
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Running, None, true));
}

#[tokio::test]
async fn an_address_without_a_port_is_our_fault() {
    let seen = look(&tcp("localhost")).await;
    assert_eq!(unmeasured(&seen).0, UnmeasuredCause::Unreadable);
}

#[tokio::test]
async fn no_time_is_no_answer_about_anything() {
    let server = Endpoint::new(Act::Silence).await;
    let seen = look_within(&tcp(&server.address), Duration::ZERO).await;
    assert_eq!(unmeasured(&seen).0, UnmeasuredCause::TimedOut);
}

/// A listener whose queue is full drops what knocks: the closest that loopback comes to a host that is silent.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_port_that_does_not_answer_is_down_and_may_pass() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(Ok(stream)) =
        tokio::time::timeout(Duration::from_millis(200), tokio::net::TcpStream::connect(address)).await
    {
        queue.push(stream);
        assert!(queue.len() < 64, "the queue never fills");
    }
    let seen = look_within(&tcp(&address.to_string()), Duration::from_millis(300)).await;
    assert_eq!(failed(&seen).0, FailureClass::NoAnswer);
    assert_eq!((seen.rung, seen.transient), (Rung::Running, true));
}

#[tokio::test]
async fn a_banner_says_who_is_there() {
    let banner = |address: &str, pattern: &str| {
        Check::Tcp(TcpCheck { place: TcpPlace::Port(address.to_owned()), banner: Some(pattern.to_owned()) })
    };
    let ssh = Endpoint::new(Act::Greet(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec())).await;
    let seen = look(&banner(&ssh.address, "^SSH-2")).await;
    assert_eq!(passed(&seen), format!("`{}` says `SSH-2.0-OpenSSH_9.9`", ssh.address));
    assert_eq!(seen.proved, Some(Rung::Healthy));
    let seen = look(&banner(&ssh.address, "^220 ")).await;
    let reason = format!("`{}` says `SSH-2.0-OpenSSH_9.9`, expected `^220 `", ssh.address);
    assert_eq!(failed(&seen).1, reason);
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, Some(Rung::Running), false));
    let short = Endpoint::new(Act::Greet(Vec::new())).await;
    let seen = look(&banner(&short.address, "x*")).await;
    assert_eq!(failed(&seen).0, FailureClass::WrongAnswer);
    assert!(failed(&seen).1.contains("hangs up without a word"), "{seen:?}");
    let silent = Endpoint::new(Act::Silence).await;
    let seen = look_within(&banner(&silent.address, "^220 "), Duration::from_millis(300)).await;
    assert_eq!(failed(&seen).0, FailureClass::NoAnswer);
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, Some(Rung::Running), true));
    // One that says too much is listened to for a bounded time.
    let chatty = Endpoint::new(Act::Greet(vec![b'x'; 1 << 20])).await;
    assert_eq!(failed(&look(&banner(&chatty.address, "^220 ")).await).0, FailureClass::WrongAnswer);
    let seen = look(&banner(&ssh.address, "(")).await;
    assert_eq!(unmeasured(&seen).0, UnmeasuredCause::Unreadable);
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket_is_as_good_as_a_port() {
    use tokio::io::AsyncWriteExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sock");
    let check = |banner: Option<&str>| {
        Check::Tcp(TcpCheck { place: TcpPlace::Socket(path.clone()), banner: banner.map(str::to_owned) })
    };
    let place = path.display();
    let seen = look(&check(None)).await;
    assert_eq!(failed(&seen), (FailureClass::Unreachable, format!("there is no socket at `{place}`").as_str()));
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Running, None, true));
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let serving = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"hello\n").await.ok();
        }
    });
    assert_eq!(passed(&look(&check(None)).await), format!("`{place}` accepts connections"));
    assert_eq!(passed(&look(&check(Some("^hello"))).await), format!("`{place}` says `hello`"));
    serving.abort();
    _ = serving.await;
    // The file stays behind, as it does of a server that was killed.
    let seen = look(&check(None)).await;
    assert_eq!(failed(&seen), (FailureClass::Unreachable, format!("connection refused at `{place}`").as_str()));
}
