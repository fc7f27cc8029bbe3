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
