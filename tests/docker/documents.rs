//! What documents are told of containers besides their state: the ports that they publish, what they may use, and the
//! engine that they are on.

use std::time::{Duration, Instant};

use insta::assert_snapshot;
use regex::{Captures, Regex};
use trueup::measure::engine_choice::EngineChoice;
use trueup::measure::measurement::{EngineMeasurement, EngineOutcome};

use crate::looks::{PATIENCE, block_on};
use crate::support::engine::{TestEngine, require_peer};
use crate::support::program::{Project, Run};

/// A network of this test, in which ports can be published, with the containers in it.
struct Network<'a> {
    engine: &'a TestEngine,
    name: String,
    containers: Vec<String>,
}

impl<'a> Network<'a> {
    fn new(engine: &'a TestEngine) -> Network<'a> {
        let name = format!("trueup-{}-ports", std::process::id());
        engine.docker(&["network", "create", &name]).unwrap();
        Network { engine, name, containers: Vec::new() }
    }

    /// A container that carries the label of the network's name.
    fn make(&mut self, verb: &str, name: &str, options: &[&str], script: &str) -> String {
        let own = format!("{}-{name}", self.name);
        let fixed = [verb, "--name", &own, "--label", &self.name, "--network", &self.name];
        let image = ["trueup-test/shell", "sh", "-c", script];
        self.engine.docker(&[&fixed, options, &image].concat()).unwrap();
        self.containers.push(own.clone());
        own
    }
}

impl Drop for Network<'_> {
    fn drop(&mut self) {
        for container in &self.containers {
            let _ = self.engine.docker(&["rm", "--force", "--volumes", container]);
        }
        let _ = self.engine.docker(&["network", "rm", &self.name]);
    }
}

#[test]
fn ports_limits_and_the_engine_stand_in_documents() {
    let Some(engine) = TestEngine::require("ports_limits_and_the_engine_stand_in_documents") else { return };
    let mut network = Network::new(&engine);
    let serve = "mkdir /tmp/w; echo ok >/tmp/w/index.html; exec httpd -f -p 80 -h /tmp/w";
    let limits = ["--memory", "64m", "--cpus", "1.5", "--log-opt", "max-size=1m"];
    let web = network.make(
        "run",
        "web",
        &[&["--detach", "-p", "127.0.0.1::80", "-p", "127.0.0.1::81/udp"], &limits[..]].concat(),
        serve,
    );
    let port = engine.docker(&["port", &web, "80/tcp"]).unwrap();
    let queue = network.make("create", "queue", &["-p", "127.0.0.1:9:82"], "exit 3");
    let config = format!(
        "[group.app]\nnames = [\"containers\"]\ndiscover = {{ docker = {{ label = \"{}\" }} }}\n\
         check.docker = {{ stable_for = \"0s\", max_memory = \"32 MiB\" }}\n\
         [group.app.target.{web}]\ncheck.http = {{ url = \"http://{port}/\" }}\n",
        network.name
    );
    let project = Project::new().with("trueup.toml", config).with("STATUS.md", "Containers: 2/2 running\n");
    let render = |arguments: &str| -> Run {
        project.trueup(format!("render {arguments}").split(' ')).env("DOCKER_HOST", engine.host()).run()
    };
    // Names and ports differ from run to run, and with them the width of columns.
    let wide = Regex::new(r"127\.0\.0\.1:\d{2,}| {2,}|-{4,}").unwrap();
    let plain = |text: &str| {
        let text = text.replace(&web, "web").replace(&queue, "queue");
        let shorter = |found: &Captures| match &found[0] {
            port if port.starts_with('1') => "127.0.0.1:PORT",
            blanks if blanks.starts_with(' ') => " ",
            _ => "---",
        };
        wide.replace_all(&text, shorter).into_owned()
    };
    assert_snapshot!(plain(render("ports").exits(0).stdout()));
    let report = plain(render("incident").exits(0).stdout());
    let version = engine.docker(&["version", "--format", "{{.Server.Version}}` (API `{{.Server.APIVersion}}"]).unwrap();
    let told = format!("Containers were asked for from `docker {version}`, `{}`).", engine.host());
    assert!(report.contains(&told), "{told}\n{report}");
    let row = report.lines().find(|line| line.starts_with("| `web` ") && line.contains("restarts")).expect(&report);
    for told in ["memory limit `64.0 MiB`", "cpu limit `150%`", "log limit `1m`", ", memory `"] {
        assert!(row.contains(told), "{told}: {row}");
    }
    // From a snapshot, on a machine without that engine, the same.
    let probe = project.trueup(["probe", "-o", "seen.json"]).env("DOCKER_HOST", engine.host()).run();
    probe.exits(0);
    assert_eq!(render("ports --snapshot seen.json --no-exec").stdout(), render("ports").stdout());
    let recorded = project.run("render incident --snapshot seen.json");
    assert!(recorded.exits(0).stdout().contains(&format!("`docker {version}`")), "{}", recorded.shown());
}

/// What the engine at `engine` says it is.
fn said(engine: &TestEngine) -> Vec<EngineMeasurement> {
    let sources = engine.sources();
    sources.engine_at(&EngineChoice::Environment).unwrap();
    block_on(async { sources.engines(tokio::time::Instant::now() + PATIENCE).await })
}

#[test]
fn an_engine_says_what_it_is() {
    let test = "an_engine_says_what_it_is";
    let podman = require_peer("TRUEUP_TEST_PODMAN", test).map(|host| ("podman", TestEngine::at(&host)));
    let docker = TestEngine::require(test).map(|engine| ("docker", engine));
    for (product, engine) in podman.into_iter().chain(docker) {
        let said = said(&engine);
        let [EngineMeasurement { source, outcome: EngineOutcome::Measured(version) }] = said.as_slice() else {
            panic!("{said:#?}")
        };
        assert_eq!((source.as_str(), version.product.as_str()), (&*format!("docker {}", engine.host()), product));
        let expected = engine.docker(&["version", "--format", "{{.Server.Version}} {{.Server.APIVersion}}"]).unwrap();
        assert_eq!(format!("{} {}", version.version, version.api), expected);
    }
}

#[test]
fn nobody_waits_for_the_version_of_an_engine_that_is_silent() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let config = "[group.app]\n[group.app.target.web]\n\
        check.docker = { container = \"web\", timeout = \"200ms\" }\n";
    let project = Project::new().with("trueup.toml", config);
    let began = Instant::now();
    let host = format!("unix://{}", socket.display());
    let run = project.trueup(["probe", "--format", "json"]).env("DOCKER_HOST", &host).run();
    assert!(began.elapsed() < Duration::from_secs(30));
    let engines = &run.exits(3).json()["about"]["engines"];
    assert_eq!(engines[0]["outcome"]["outcome"], "unmeasured", "{engines}");
    assert_eq!(engines[0]["outcome"]["cause"], "timed-out", "{engines}");
    assert_eq!(engines.as_array().unwrap().len(), 1);
}
