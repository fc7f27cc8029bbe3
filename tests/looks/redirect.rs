use trueup::failure::FailureClass;
use trueup::measure::request::{Check, HeaderValue, HttpCheck};
use trueup::rung::Rung;

use crate::endpoint::{Act, Endpoint};
use crate::http::request;
use crate::{failed, look, passed};

/// A server that sends every path on to another, as the list says, and answers all others with 200.
async fn signpost(ways: &[(&str, &str)]) -> Endpoint {
    let ways: Vec<(String, String)> = ways.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
    Endpoint::new(Act::Choose(std::sync::Arc::new(move |request: &str| {
        let path = request.split(' ').nth(1).unwrap_or_default();
        let bare = path.split('?').next().unwrap_or_default();
        match ways.iter().find(|(from, _)| from == path) {
            Some((_, to)) => format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n").into_bytes(),
            // Without what may be a secret: an echo of that would be the server's doing.
            None => format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{bare}", bare.len()).into_bytes(),
        }
    })))
    .await
}

fn following(url: &str, redirects: u32) -> HttpCheck {
    HttpCheck { redirects, ..request(url) }
}

#[tokio::test]
async fn as_many_redirects_as_allowed_are_followed() {
    let server = signpost(&[("/a", "/b"), ("/b", "c?token=secret#there")]).await;
    let check = HttpCheck { matches: Some("^/c".to_owned()), ..following(&server.url("/a"), 2) };
    let seen = look(&Check::Http(check)).await;
    passed(&seen);
    assert_eq!(seen.evidence.get("redirects"), Some("2"));
    assert_eq!(seen.evidence.get("url"), Some(server.url("/c?…").as_str()));
    assert!(!format!("{seen:?}").contains("secret"));
    let seen = look(&Check::Http(following(&server.url("/a"), 1))).await;
    let (class, reason) = failed(&seen);
    assert_eq!(class, FailureClass::WrongAnswer);
    assert!(reason.starts_with("more redirects than the 1 that are followed: one more leads to `http://"), "{reason}");
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, Some(Rung::Running), false));
}

#[tokio::test]
async fn a_circle_is_named() {
    let server = signpost(&[("/a", "/b"), ("/b", "/c"), ("/c", "/b")]).await;
    let seen = look(&Check::Http(following(&server.url("/a"), 20))).await;
    let (b, c) = (server.url("/b"), server.url("/c"));
    assert_eq!(
        failed(&seen),
        (FailureClass::WrongAnswer, format!("redirects in a circle: `{b}` to `{c}` to `{b}`").as_str())
    );
    assert_eq!(seen.proved, Some(Rung::Running));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_redirect_that_is_expected_is_an_answer() {
    let server = signpost(&[("/a", "/b")]).await;
    let check = HttpCheck { status: vec![302], ..following(&server.url("/a"), 5) };
    passed(&look(&Check::Http(check)).await);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_token_does_not_follow_to_another_host() {
    let elsewhere = signpost(&[]).await;
    let server = signpost(&[("/near", "/here"), ("/far", &elsewhere.url("/there"))]).await;
    // PATH stands in for a token: it is set in every environment.
    let token = || vec![("X-Token".to_owned(), HeaderValue::Env("PATH".to_owned()))];
    for path in ["/near", "/far"] {
        let check = HttpCheck { headers: token(), ..following(&server.url(path), 3) };
        passed(&look(&Check::Http(check)).await);
    }
    let near = server.requests();
    assert!(near.iter().all(|request| request.contains("x-token: ")), "{near:?}");
    let far = elsewhere.requests();
    assert!(far.len() == 1 && !far[0].contains("x-token"), "{far:?}");
}
