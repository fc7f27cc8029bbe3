//! An engine inside a container of another one, where the services of the incident lived.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use trueup::failure::FailureClass;
use trueup::measure::container_request::ContainerQuery;
use trueup::measure::discover;
use trueup::measure::engine_choice::{EngineChoice, Inside};
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::request::Discover;

use crate::looks::{PATIENCE, at, block_on, docker, exec, look, mount, passed, reason, unmeasured};
use crate::support::engine::{TestContainer, TestEngine};
use crate::support::program::Project;

/// An engine in a container. Its containers have to be gone before it.
struct Nested {
    engine: TestEngine,
    container: TestContainer,
    socket: String,
    _folder: tempfile::TempDir,
}

impl Nested {
    /// Starts one with the test's image. It is a program of this machine in the container's own namespaces, since the
    /// image has none.
    fn start(outer: &TestEngine, name: &str) -> Nested {
        let folder = tempfile::Builder::new().prefix("trueup-nested-").tempdir().unwrap();
        let at = |name: &str| format!("{}/{name}", folder.path().display());
        let socket = at("inner.sock");
        let capabilities = ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "DAC_READ_SEARCH"];
        let mut options: Vec<String> = ["--detach", "--pid", "host"].map(str::to_owned).into();
        options.extend(capabilities.iter().flat_map(|name| ["--cap-add".to_owned(), (*name).to_owned()]));
        for confined in ["seccomp=unconfined", "apparmor=unconfined"] {
            options.extend(["--security-opt".to_owned(), confined.to_owned()]);
        }
        for mount in ["/:/host", "/proc:/host/proc", "/sys:/host/sys", "/dev:/host/dev"] {
            options.extend(["--volume".to_owned(), mount.to_owned()]);
        }
        let host = format!("unix://{socket}");
        let command = [
            "chroot",
            "/host",
            "/usr/sbin/dockerd",
            "--host",
            &host,
            "--data-root",
            &at("data"),
            "--exec-root",
            &at("exec"),
            "--pidfile",
            &at("pid"),
            "--bridge=none",
            "--iptables=false",
            "--ip6tables=false",
            "--storage-driver=vfs",
        ];
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let container = outer.make("run", name, &options, "trueup-test/shell", &command);
        let engine = TestEngine::at(&host);
        let end = Instant::now() + Duration::from_secs(60);
        while engine.docker(&["version"]).is_err() {
            let log = || outer.docker(&["logs", "--tail", "20", container.name()]);
            assert!(Instant::now() < end, "the inner engine does not start: {:?}", log());
            std::thread::sleep(Duration::from_millis(100));
        }
        let load = format!("docker -H {} save trueup-test/shell | docker -H {host} load", outer.host());
        assert!(Command::new("sh").args(["-c", &load]).output().unwrap().status.success());
        Nested { engine, container, socket, _folder: folder }
    }

    /// How it is reached through the outer engine.
    fn choice(&self) -> EngineChoice {
        self.choice_by(&["chroot", "/host", "docker"])
    }

    fn choice_by(&self, client: &[&str]) -> EngineChoice {
        EngineChoice::Inside(Box::new(Inside {
            container: self.container.name().to_owned(),
            host: Some(self.engine.host().to_owned()),
            client: client.iter().map(|word| (*word).to_owned()).collect(),
            outer: EngineChoice::Environment,
        }))
    }

    /// Processes that pass bytes on to it, once they had time to end.
    fn links_left(&self) -> usize {
        let end = Instant::now() + Duration::from_secs(5);
        loop {
            let left = dialling(&self.socket);
            if left == 0 || Instant::now() > end {
                return left;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Processes of this machine whose command line has the socket and passes bytes on.
fn dialling(socket: &str) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    lines
        .filter(|line| {
            let line = String::from_utf8_lossy(line);
            line.contains(socket) && line.contains("dial-stdio")
        })
        .count()
}

#[test]
fn services_are_looked_at_where_they_live() {
    let Some(outer) = TestEngine::require("services_are_looked_at_where_they_live") else { return };
    let nested = Nested::start(&outer, "dind");
    let inner = &nested.engine;
    let tagged = ["--label", "com.example.nested=yes"];
    let up = inner.run("nested-up", &tagged, &["sleep", "300"]);
    // The path is there on the machine, and not where the inner engine looks: what it mounts is an empty folder.
    let bind = format!("{}/not-there:/opt/app", Path::new(&nested.socket).parent().unwrap().display());
    let down = inner.run("nested-down", &[&tagged[..], &["--volume", &bind]].concat(), &["sh", "-c", "ls /opt/app/x"]);
    down.wait_until("{{.State.Status}}", |status| status == "exited");

    let choice = nested.choice();
    let sources = outer.sources();
    let query = ContainerQuery {
        engine: choice.clone(),
        labels: vec!["com.example.nested=yes".to_owned()],
        ..ContainerQuery::default()
    };
    let found = block_on(async { discover::discover(&Discover::Docker(query), &sources).await }).unwrap();
    let names: Vec<&str> = found.iter().map(|found| found.name.as_str()).collect();
    assert_eq!(names, [down.name(), up.name()]);

    let sources = outer.sources();
    block_on(async {
        // Links belong to the runtime that they were made in: one run, one runtime.
        use tokio::time::Instant;
        use trueup::measure::discover::Handle;
        use trueup::measure::probe::{self, Context};
        let handle = Handle::Named;
        let see = async |check| {
            let context = Context { handle: &handle, sources: &sources, deadline: Instant::now() + PATIENCE };
            probe::look(&at(check, &choice), context).await
        };
        let look = see(docker(up.name(), Duration::ZERO)).await;
        assert!(passed(&look), "{look:#?}");
        let look = see(exec(up.name(), &["echo", "hi"], Some("hi"))).await;
        assert!(passed(&look), "{look:#?}");
        let look = see(docker(down.name(), Duration::ZERO)).await;
        assert!(reason(&look, FailureClass::Configuration).contains("/opt/app/x"), "{look:#?}");
        let look = see(mount(down.name(), "/opt/app")).await;
        assert!(reason(&look, FailureClass::Configuration).starts_with("`/opt/app` is an empty folder"), "{look:#?}");
    });
    drop(sources);
    assert_eq!(nested.links_left(), 0);

    let toml = format!(
        "[group.boxes]\nnames = [\"boxes\"]\nengine = {{ inside = \"{}\", host = \"{}\", client = [\"chroot\", \"/host\", \"docker\"] }}\n\
         discover = {{ docker = {{ label = \"com.example.nested\" }} }}\ncheck.docker = {{ stable_for = \"0s\" }}\n",
        nested.container.name(),
        inner.host(),
    );
    let project = Project::new().with("trueup.toml", toml).with("STATUS.md", "2/2 boxes running.\n");
    let run = project.trueup(["check"]).env("DOCKER_HOST", outer.host()).run();
    run.exits(1);
    assert!(run.stdout().contains("claimed 2/2 running, measured 1/2"), "{}", run.stdout());
    assert_eq!(nested.links_left(), 0);
    project.trueup(["check", "--no-exec"]).env("DOCKER_HOST", outer.host()).run().exits(3);

    // A client that is not there, and a container that is not there, say nothing about any service.
    let check = at(docker(up.name(), Duration::ZERO), &nested.choice_by(&["no-docker"]));
    let away = unmeasured(&look(&check, &outer.sources(), PATIENCE)).clone();
    assert_eq!(away.cause, UnmeasuredCause::SourceAway, "{away:?}");
    assert!(away.detail.contains("no-docker") && away.detail.contains(nested.container.name()), "{}", away.detail);
    drop((up, down));
    stopped_in_the_middle(&outer, &nested);
}

/// The daemon is stopped between two looks of one run: what was seen stays, and the rest is unknown in time.
fn stopped_in_the_middle(outer: &TestEngine, nested: &Nested) {
    let container = nested.engine.run("nested-last", &[], &["sleep", "300"]);
    let check = docker(container.name(), Duration::ZERO);
    let inner = nested.engine.sources();
    assert!(passed(&look(&check, &inner, PATIENCE)));
    // A number of this machine, for the engine shares its processes.
    let pid = container.inspect("{{.State.Pid}}").unwrap();
    outer.docker(&["kill", nested.container.name()]).unwrap();
    nested.container.wait_until("{{.State.Status}}", |status| status == "exited");
    let began = Instant::now();
    let probe = exec(container.name(), &["true"], None);
    let direct = unmeasured(&look(&probe, &inner, PATIENCE)).clone();
    assert_eq!(direct.cause, UnmeasuredCause::SourceAway, "{direct:?}");
    let through = unmeasured(&look(&at(probe, &nested.choice()), &outer.sources(), PATIENCE)).clone();
    assert_eq!(through.cause, UnmeasuredCause::SourceAway, "{through:?}");
    assert!(through.detail.contains("is not running"), "{}", through.detail);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(nested.links_left(), 0);
    // The inner container is in a group of its own and outlives its engine.
    let _ = Command::new("kill").args(["-KILL", &pid]).output();
}
