//! What containers can reach.

use std::net::TcpListener;

use trueup::failure::FailureClass;
use trueup::measure::container_request::Reached;
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::probe::Look;
use trueup::rung::Rung;

use crate::looks::{PATIENCE, look, passed, reach, reason, unmeasured};
use crate::support::engine::{TestContainer, TestEngine};

fn tcp(host: &str, port: u16) -> Reached {
    Reached::Tcp { host: host.to_owned(), port }
}

fn http(url: &str) -> Reached {
    Reached::Http { url: url.to_owned(), status: Vec::new() }
}

fn see(engine: &TestEngine, container: &TestContainer, to: Reached) -> Look {
    look(&reach(container.name(), to), &engine.sources(), PATIENCE)
}

/// A container with a web server in its own network.
fn server(engine: &TestEngine, name: &str) -> TestContainer {
    let script = "echo hello >/tmp/index.html; httpd -p 8080 -h /tmp; sleep 300";
    let container = engine.run(name, &[], &["sh", "-c", script]);
    let listens = || engine.docker(&["exec", container.name(), "wget", "-q", "-O-", "http://127.0.0.1:8080/"]);
    while listens().is_err() {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    container
}

#[test]
fn a_container_reaches_what_is_in_its_own_network() {
    let Some(engine) = TestEngine::require("a_container_reaches_what_is_in_its_own_network") else { return };
    let container = server(&engine, "reach-shell");
    for to in [tcp("127.0.0.1", 8080), http("http://127.0.0.1:8080/"), http("http://127.0.0.1:8080/missing")] {
        let look = see(&engine, &container, to);
        assert!(passed(&look), "{look:#?}");
        assert_eq!(look.proved, Some(Rung::Running), "that it works is not proved by what it reaches");
        assert!(look.evidence.get("seen by").is_some_and(|way| way.ends_with("in the container")), "{look:#?}");
    }
    let look = see(&engine, &container, tcp("127.0.0.1", 9));
    let said = reason(&look, FailureClass::Unreachable);
    assert!(said.starts_with("`127.0.0.1:9` cannot be reached from inside") && said.contains("refused"), "{said}");
    assert_eq!((look.rung, look.proved), (Rung::Functional, Some(Rung::Running)));
    let unknown = see(&engine, &container, http("http://no-such-service/health"));
    reason(&unknown, FailureClass::Unreachable);
    let strict = Reached::Http { url: "http://127.0.0.1:8080/missing".to_owned(), status: vec![200] };
    let said = see(&engine, &container, strict);
    assert!(reason(&said, FailureClass::WrongAnswer).contains("answers 404 from inside, expected 200"));
}

#[test]
fn what_this_machine_reaches_says_nothing_of_the_container() {
    let Some(engine) = TestEngine::require("what_this_machine_reaches_says_nothing_of_the_container") else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let shell = engine.run("reach-isolated", &[], &["sleep", "300"]);
    let bare = engine.make("run", "reach-isolated-bare", &["--detach"], "trueup-test/bare", &["sleep", "300"]);
    for container in [&shell, &bare] {
        reason(&see(&engine, container, tcp("127.0.0.1", port)), FailureClass::Unreachable);
    }
}

#[test]
fn an_image_without_tools_is_seen_from_its_network() {
    let Some(engine) = TestEngine::require("an_image_without_tools_is_seen_from_its_network") else { return };
    let other = server(&engine, "reach-other");
    let bare = engine.join("reach-bare", &other, "trueup-test/bare", &["sleep", "300"]);
    for to in [tcp("127.0.0.1", 8080), tcp("localhost", 8080), http("http://localhost:8080/")] {
        let look = see(&engine, &bare, to);
        assert!(passed(&look), "{look:#?}");
        assert_eq!(look.evidence.get("seen by"), Some("the container's network, entered from here"));
    }
    reason(&see(&engine, &bare, tcp("localhost", 9)), FailureClass::Unreachable);
    for to in [tcp("no-such-service", 80), http("https://localhost:8080/")] {
        let look = see(&engine, &bare, to);
        assert_eq!(unmeasured(&look).cause, UnmeasuredCause::NothingFound, "{look:#?}");
        assert_eq!(look.rung, Rung::Functional);
    }
}

#[test]
fn a_container_that_does_not_run_reaches_nothing() {
    let Some(engine) = TestEngine::require("a_container_that_does_not_run_reaches_nothing") else { return };
    let exited = engine.run("reach-exited", &[], &["sh", "-c", "echo giving up; exit 1"]);
    exited.wait_until("{{.State.Status}}", |status| status == "exited");
    let look = see(&engine, &exited, tcp("127.0.0.1", 8080));
    assert_eq!((reason(&look, FailureClass::Exited), look.rung), ("exit 1: giving up", Rung::Running));
}
