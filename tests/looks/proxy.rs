use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use trueup::failure::FailureClass;
use trueup::measure::measurement::UnmeasuredCause;

use crate::endpoint::{Act, Endpoint, nobody};
use crate::http::status_only;
use crate::{failed, look, passed, unmeasured};

/// Tells this test, started once more in an environment with a proxy, which of its parts to play.
const PART: &str = "TRUEUP_TEST_PROXY_PART";

/// The environment belongs to all tests of a process, so each part plays in a process of its own.
async fn play(part: &str, proxy: &str, own: &str) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "proxy::a_proxy_that_refuses_says_nothing_about_the_host", "--nocapture"])
        .env(PART, part)
        .env("http_proxy", format!("http://{proxy}"))
        .env("TRUEUP_TEST_OWN", own)
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > until {
            child.kill().unwrap();
            panic!("`{part}` did not end");
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(status.success(), "`{part}` failed");
}

#[tokio::test]
async fn a_proxy_that_refuses_says_nothing_about_the_host() {
    // A name that exists nowhere: who asks the proxy does not look it up.
    let host = status_only("http://service.invalid/");
    match std::env::var(PART).as_deref() {
        Ok("away") => {
            let seen = look(&host).await;
            let (cause, why) = unmeasured(&seen);
            assert_eq!((cause, why.source.as_str()), (UnmeasuredCause::SourceAway, "proxy of the environment"));
            assert!(why.detail.contains("whether the host or the proxy"), "{}", why.detail);
        }
        Ok("wants a password") => {
            let seen = look(&host).await;
            assert_eq!(unmeasured(&seen).0, UnmeasuredCause::NotAllowed);
        }
        Ok("works") => {
            passed(&look(&host).await);
            let own = std::env::var("TRUEUP_TEST_OWN").unwrap();
            let seen = look(&status_only(&format!("http://{own}/"))).await;
            assert_eq!(failed(&seen).0, FailureClass::Unreachable, "a loopback address is not asked for at the proxy");
        }
        Ok(other) => panic!("there is no part `{other}`"),
        Err(_) => {
            let own = nobody().await;
            play("away", &nobody().await, &own).await;
            let closed = Endpoint::answering("407 Proxy Authentication Required", "", "").await;
            play("wants a password", &closed.address, &own).await;
            let open = Endpoint::new(Act::Say(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec())).await;
            play("works", &open.address, &own).await;
            let requests = open.requests();
            assert_eq!(requests.len(), 1, "{requests:?}");
            assert!(requests[0].starts_with("GET http://service.invalid/ HTTP/1.1\r\n"), "{requests:?}");
        }
    }
}
