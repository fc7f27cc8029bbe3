//! A real container engine, as `tests/run` starts one, and containers on it that do not outlive their test.

use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use trueup::measure::engine::address::Address;
use trueup::measure::source::Sources;

/// The engine that tests may use: never the user's own.
#[derive(Clone)]
pub struct TestEngine {
    host: String,
}

impl TestEngine {
    /// The engine that `tests/run` started. Without one the test says that it is skipped, and fails where nothing may be.
    pub fn require(test: &str) -> Option<TestEngine> {
        if let Ok(host) = std::env::var("TRUEUP_TEST_DOCKER_HOST") {
            return Some(TestEngine { host });
        }
        let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
        assert!(!all, "{test}: TRUEUP_TEST_ALL=1, and TRUEUP_TEST_DOCKER_HOST is not set");
        // Past the capture of the test harness, which shows nothing of a test that passes.
        let _ = writeln!(std::io::stderr(), "skipped: {test}: no engine (run tests/run)");
        None
    }

    /// One at another address, which a test has started itself.
    pub fn at(host: &str) -> TestEngine {
        TestEngine { host: host.to_owned() }
    }

    /// Its address, as `DOCKER_HOST` has it.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Sources of a fresh run against it.
    pub fn sources(&self) -> Sources {
        self.sources_that(true)
    }

    /// The same, of a run that may or may not start programs.
    pub fn sources_that(&self, may_execute: bool) -> Sources {
        Sources::new(may_execute).with_engine(Address::parse(&self.host).unwrap())
    }

    /// Runs `docker` and gives its standard output, or its standard error where it failed.
    pub fn docker(&self, arguments: &[&str]) -> Result<String, String> {
        let output = Command::new("timeout")
            .args(["--kill-after=5", "60", "docker", "--host", &self.host])
            .args(arguments)
            .output()
            .expect("the docker client runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// `docker run --detach` with these options and this command, under a name of the test's own. A container that the
    /// engine cannot start is there all the same.
    pub fn run(&self, name: &str, options: &[&str], command: &[&str]) -> TestContainer {
        self.make("run", name, &[&["--detach"], options].concat(), "trueup-test/shell", command)
    }

    /// A container of the image without a shell that is in the network of another one.
    pub fn join(&self, name: &str, other: &TestContainer, image: &str, command: &[&str]) -> TestContainer {
        let name = format!("trueup-{}-{name}", std::process::id());
        let network = format!("container:{}", other.name);
        let fixed = ["run", "--detach", "--name", &name, "--network", &network, "--stop-timeout", "0", image];
        self.docker(&[&fixed, command].concat()).unwrap();
        TestContainer { engine: self.clone(), name }
    }

    /// The same for `docker create`.
    pub fn create(&self, name: &str, options: &[&str], command: &[&str]) -> TestContainer {
        self.make("create", name, options, "trueup-test/shell", command)
    }

    /// The same with an image.
    pub fn make(&self, verb: &str, name: &str, options: &[&str], image: &str, command: &[&str]) -> TestContainer {
        self.make_named(verb, format!("trueup-{}-{name}", std::process::id()), options, image, command)
    }

    /// The same under a name that is used as it is.
    pub fn make_named(
        &self,
        verb: &str,
        name: String,
        options: &[&str],
        image: &str,
        command: &[&str],
    ) -> TestContainer {
        let container = TestContainer { engine: self.clone(), name };
        let fixed: &[&str] = &[verb, "--name", &container.name, "--network", "none", "--stop-timeout", "0"];
        let made = self.docker(&[fixed, options, &[image], command].concat());
        if let Err(error) = made {
            assert!(container.inspect("{{.Id}}").is_ok(), "cannot make {}: {error}", container.name);
        }
        container
    }
}

/// What another peer of `tests/run` left in the variable `name`; without it the test says that it is skipped, and fails
/// where nothing may be.
pub fn require_peer(name: &str, test: &str) -> Option<String> {
    if let Ok(value) = std::env::var(name) {
        return Some(value);
    }
    let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
    assert!(!all, "{test}: TRUEUP_TEST_ALL=1, and {name} is not set");
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {name} is not set (run tests/run)");
    None
}

/// A container that is removed at the end of its test.
pub struct TestContainer {
    engine: TestEngine,
    name: String,
}

impl TestContainer {
    /// Its name on the engine.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the engine says of it, by a template of `docker inspect`.
    pub fn inspect(&self, template: &str) -> Result<String, String> {
        self.engine.docker(&["inspect", "--type", "container", "--format", template, &self.name])
    }

    /// Waits until the template gives what `holds` wants.
    pub fn wait_until(&self, template: &str, holds: impl Fn(&str) -> bool) {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let value = self.inspect(template).unwrap();
            if holds(&value) {
                return;
            }
            assert!(Instant::now() < end, "{}: {template} is still {value}", self.name);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until the engine has told of this event of the container.
    pub fn wait_for_event(&self, event: &str) {
        let filters = [format!("container={}", self.name), format!("event={event}")];
        let end = Instant::now() + Duration::from_secs(30);
        let arguments = ["events", "--since", "5m", "--until", "0s", "--filter", &filters[0], "--filter", &filters[1]];
        while self.engine.docker(&arguments).unwrap().is_empty() {
            assert!(Instant::now() < end, "{}: no event {event}", self.name);
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for TestContainer {
    fn drop(&mut self) {
        // A test that removed it itself leaves nothing to remove.
        let _ = self.engine.docker(&["rm", "--force", "--volumes", &self.name]);
    }
}
