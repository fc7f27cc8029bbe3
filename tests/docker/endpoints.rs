//! Engines that are reached by other ways than a socket of Docker's: TLS, ssh, podman.

use std::path::PathBuf;
use std::time::Duration;

use trueup::failure::FailureClass;
use trueup::measure::engine_choice::EngineChoice;
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::source::Sources;
use trueup::rung::Rung;

use crate::looks::{PATIENCE, at, docker, exec, look, mount, passed, reason, unmeasured};
use crate::support::engine::{TestEngine, require_peer};
use crate::support::program::Project;

/// The engine of `tests/run` behind TLS: its address, and the folder with a client's certificates.
fn tls(test: &str) -> Option<(TestEngine, String, PathBuf)> {
    let engine = TestEngine::require(test)?;
    let host = require_peer("TRUEUP_TEST_DOCKER_TLS", test)?;
    Some((engine, host, PathBuf::from(require_peer("TRUEUP_TEST_DOCKER_CERTS", test)?)))
}

fn choice(host: &str, tls: Option<PathBuf>) -> EngineChoice {
    EngineChoice::Host { host: host.to_owned(), tls }
}

#[test]
fn an_engine_behind_tls() {
    let Some((engine, host, folder)) = tls("an_engine_behind_tls") else { return };
    let container = engine.run("tls", &[], &["sleep", "300"]);
    let engine = choice(&host, Some(folder));
    let sources = Sources::new(true);
    // More looks than there are links: they wait for each other, and none is lost.
    for _ in 0..3 {
        assert!(passed(&look(&at(docker(container.name(), Duration::ZERO), &engine), &sources, PATIENCE)));
    }
    let answer = look(&at(exec(container.name(), &["echo", "hi"], Some("hi")), &engine), &sources, PATIENCE);
    assert!(passed(&answer), "{answer:#?}");
}

#[test]
fn tls_is_trusted_both_ways_or_not_at_all() {
    let Some((_engine, host, folder)) = tls("tls_is_trusted_both_ways_or_not_at_all") else { return };
    let see = |host: &str, folder: Option<PathBuf>| {
        let check = at(docker("web", Duration::ZERO), &choice(host, folder));
        unmeasured(&look(&check, &Sources::new(true), PATIENCE)).clone()
    };
    // Without a certificate of ours.
    let nobody = tempfile::tempdir().unwrap();
    std::fs::copy(folder.join("ca.pem"), nobody.path().join("ca.pem")).unwrap();
    let refused = see(&host, Some(nobody.path().to_owned()));
    assert_eq!(refused.cause, UnmeasuredCause::PermissionDenied, "{refused:?}");
    assert!(refused.detail.contains("does not accept our certificate"), "{}", refused.detail);
    // With another authority than theirs.
    let stranger = tempfile::tempdir().unwrap();
    std::fs::copy(folder.join("cert.pem"), stranger.path().join("ca.pem")).unwrap();
    let untrusted = see(&host, Some(stranger.path().to_owned()));
    assert_eq!(untrusted.cause, UnmeasuredCause::Unreadable, "{untrusted:?}");
    assert!(untrusted.detail.contains("certificate cannot be trusted"), "{}", untrusted.detail);
    // Without TLS, and with TLS where nobody listens.
    assert_ne!(see(&host, None).cause, UnmeasuredCause::TooEarly);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let gone = see(&format!("tcp://127.0.0.1:{port}"), Some(folder));
    assert_eq!(gone.cause, UnmeasuredCause::SourceAway);
    assert_eq!(gone.detail, format!("no engine at tcp+tls://127.0.0.1:{port}: connection refused"));
}

#[test]
fn the_variables_of_the_docker_client_lead_to_tls() {
    let Some((engine, host, folder)) = tls("the_variables_of_the_docker_client_lead_to_tls") else { return };
    let container = engine.run("tls-variables", &[], &["sleep", "300"]);
    let project = project(container.name());
    let run = |verify: &str| {
        let run = project.trueup(["check"]).env("DOCKER_HOST", &host).env("DOCKER_TLS_VERIFY", verify);
        run.env("DOCKER_CERT_PATH", &folder.to_string_lossy()).run()
    };
    run("1").exits(0);
    run("").exits(3);
}

/// A project that says of one container that it runs.
fn project(container: &str) -> Project {
    let toml = format!(
        "[group.boxes]\nnames = [\"boxes\"]\n[group.boxes.target.one]\ncheck.docker = {{ container = \"{container}\", stable_for = \"0s\" }}\n"
    );
    Project::new().with("trueup.toml", toml).with("STATUS.md", "1/1 boxes running.\n")
}

/// Where the ssh server of `tests/run` listens, and the folder with an `ssh` that knows it.
fn ssh(test: &str) -> Option<(TestEngine, String, String)> {
    let engine = TestEngine::require(test)?;
    Some((engine, require_peer("TRUEUP_TEST_SSH", test)?, require_peer("TRUEUP_TEST_SSH_BIN", test)?))
}

fn path_with(folder: &str) -> String {
    format!("{folder}:{}", std::env::var("PATH").unwrap_or_default())
}

#[test]
fn an_engine_by_ssh() {
    let Some((engine, server, bin)) = ssh("an_engine_by_ssh") else { return };
    let container = engine.run("ssh", &[], &["sleep", "300"]);
    let socket = engine.host().trim_start_matches("unix://");
    let project = project(container.name());
    let run = project.trueup(["check"]).env("DOCKER_HOST", &format!("{server}{socket}"));
    // That no `ssh` is left is asserted of every run.
    run.env("PATH", &path_with(&bin)).run().exits(0);
    // By a context, as `docker context create` writes it.
    project.write("config/config.json", "{\"currentContext\": \"far\"}");
    let meta = format!("{{\"Name\": \"far\", \"Endpoints\": {{\"docker\": {{\"Host\": \"{server}{socket}\"}}}}}}");
    project.write(&format!("config/contexts/meta/{}/meta.json", context_id()), meta);
    let config = project.path("config");
    let run = project.trueup(["check"]).env("DOCKER_CONFIG", &config.to_string_lossy());
    run.env("PATH", &path_with(&bin)).run().exits(0);
}

/// The folder of the context `far`: the SHA-256 of its name.
fn context_id() -> String {
    let output = std::process::Command::new("sh").args(["-c", "printf far | sha256sum"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split_whitespace().next().unwrap().to_owned()
}

#[test]
fn what_ssh_says_is_why_nobody_could_look() {
    let Some((engine, server, bin)) = ssh("what_ssh_says_is_why_nobody_could_look") else { return };
    let socket = engine.host().trim_start_matches("unix://").to_owned();
    let project = project("one");
    let told = |host: &str, bin: &str, arguments: &[&str]| {
        let run = project.trueup([&["check"], arguments].concat()).env("DOCKER_HOST", host);
        let run = run.env("PATH", &path_with(bin)).run();
        run.exits(3);
        run.stdout().to_owned()
    };
    let stranger = format!("ssh://trueup-nobody@{}{socket}", server.split('@').next_back().unwrap());
    let denied = told(&stranger, &bin, &[]);
    assert!(denied.contains("no access to ssh://") && denied.contains("Permission denied"), "{denied}");
    let away = told(&format!("{server}/trueup/no/such.sock"), &bin, &[]);
    assert!(away.contains("no engine at ssh://") && away.contains("such.sock"), "{away}");
    let refused = told("ssh://root@127.0.0.1:9", &bin, &[]);
    assert!(refused.contains("Connection refused"), "{refused}");
    let forbidden = told(&format!("{server}{socket}"), &bin, &["--no-exec"]);
    assert!(forbidden.contains("`--no-exec` refuses that"), "{forbidden}");
}

#[test]
fn an_engine_of_podman() {
    let test = "an_engine_of_podman";
    let Some(host) = require_peer("TRUEUP_TEST_PODMAN", test) else { return };
    let engine = TestEngine::at(&host);
    let image = "localhost/trueup-test/shell";
    let up = engine.make("run", "podman-up", &["--detach"], image, &["sh", "-c", "echo x >/tmp/x; sleep 300"]);
    let failed = engine.make("run", "podman-failed", &["--detach"], image, &["sh", "-c", "echo no luck; exit 3"]);
    failed.wait_until("{{.State.Status}}", |status| status == "exited");
    let created = engine.make("create", "podman-created", &[], image, &["true"]);
    let see = |check| look(&check, &engine.sources(), PATIENCE);
    assert!(passed(&see(docker(up.name(), Duration::ZERO))));
    let down = see(docker(failed.name(), Duration::ZERO));
    assert_eq!(reason(&down, FailureClass::Exited), "exit 3: no luck");
    reason(&see(docker(created.name(), Duration::ZERO)), FailureClass::NotStarted);
    let missing = see(docker("trueup-no-such-container", Duration::ZERO));
    assert_eq!(
        (reason(&missing, FailureClass::Missing), missing.rung),
        ("no container `trueup-no-such-container`", Rung::Exists)
    );
    let answer = see(exec(up.name(), &["echo", "hi"], Some("hi")));
    assert!(passed(&answer), "{answer:#?}");
    assert!(passed(&see(mount(up.name(), "/tmp/x"))));
    reason(&see(mount(up.name(), "/tmp/y")), FailureClass::Configuration);
    reason(&see(mount(failed.name(), "/tmp/y")), FailureClass::Configuration);
}
