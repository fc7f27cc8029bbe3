use std::path::{Path, PathBuf};

use super::parse;
use super::tests::{file, shown, valid};
use crate::measure::container_request::{
    ComposeQuery, ContainerQuery, MountCheck, ReachCheck, Reached, Resource, ResourceLimits,
};
use crate::measure::engine_choice::{EngineChoice, Inside};
use crate::measure::request::{Check, Discover, MetricSource};

const TEXT: &str = r#"
engine = "ssh://me@box"

[group.services]
discover = [{ compose = "compose.yaml" }, { compose = { file = ["a.yaml", "b.yaml"], project = "shop", profiles = ["dev"] } }]
check.docker = { max_memory = "512MiB", max_cpu = 150, max_restarts_per_hour = 0, max_log_per_minute = "1m" }
check.mount  = { path = "/opt/app", may_be_empty = true }
check.reach  = { address = "[::1]:5432" }

[group.inner]
engine   = { inside = "dind", host = "unix:///run/inner.sock", client = ["chroot", "/host", "docker"] }
discover = { docker = { name = "web-*", project = "shop", service = "web" } }
check.reach = { url = "http://db/health", status = 204 }

[group.far.target.one]
check.docker.container = "one"
[group.far]
engine = { host = "tcp://far:2376", tls = "certs" }

[metric.memory]
from.docker = { container = "web", value = "memory", engine = { context = "prod" } }
[metric.restarts]
from.docker = { container = "web", value = "restarts-per-hour" }
"#;

fn ssh() -> EngineChoice {
    EngineChoice::Host { host: "ssh://me@box".to_owned(), tls: None }
}

#[test]
fn what_is_asked_of_containers() {
    let policy = valid(TEXT);
    let (services, inner) = (&policy.groups[0].request, &policy.groups[1].request);
    let compose = |files: &[&str], project: Option<&str>, profiles: &[&str]| {
        Discover::Compose(ComposeQuery {
            engine: ssh(),
            files: files.iter().map(|file| Path::new("/p").join(file)).collect(),
            project: project.map(str::to_owned),
            profiles: profiles.iter().map(|name| (*name).to_owned()).collect(),
        })
    };
    assert_eq!(
        services.discover,
        [compose(&["compose.yaml"], None, &[]), compose(&["a.yaml", "b.yaml"], Some("shop"), &["dev"])]
    );
    let Check::Docker(docker) = &services.checks[0].check else { panic!("{services:#?}") };
    let limits = ResourceLimits {
        memory: Some(512 << 20),
        cpu: Some(150),
        restarts_per_hour: Some(0),
        log_bytes_per_minute: Some(1 << 20),
    };
    assert_eq!((docker.limits, &docker.engine), (limits, &ssh()));
    let mount = MountCheck { engine: ssh(), container: None, path: "/opt/app".to_owned(), may_be_empty: true };
    assert_eq!(services.checks[1].check, Check::Mount(mount));
    let to = Reached::Tcp { host: "::1".to_owned(), port: 5432 };
    assert_eq!(services.checks[2].check, Check::Reach(ReachCheck { engine: ssh(), container: None, to }));

    let inside = EngineChoice::Inside(Box::new(Inside {
        container: "dind".to_owned(),
        host: Some("unix:///run/inner.sock".to_owned()),
        client: ["chroot", "/host", "docker"].map(str::to_owned).to_vec(),
        outer: ssh(),
    }));
    let query = ContainerQuery {
        engine: inside.clone(),
        labels: Vec::new(),
        name: Some("web-*".to_owned()),
        project: Some("shop".to_owned()),
        service: Some("web".to_owned()),
    };
    assert_eq!(inner.discover, [Discover::Docker(query)]);
    let to = Reached::Http { url: "http://db/health".to_owned(), status: vec![204] };
    assert_eq!(inner.checks[0].check, Check::Reach(ReachCheck { engine: inside, container: None, to }));

    let Check::Docker(far) = &policy.groups[2].request.targets[0].checks[0].check else { panic!() };
    let tls = Some(PathBuf::from("/p/certs"));
    assert_eq!(far.engine, EngineChoice::Host { host: "tcp://far:2376".to_owned(), tls });

    let usage = |engine, resource| MetricSource::Container { engine, container: "web".to_owned(), resource };
    assert_eq!(
        policy.metrics[0].request.source,
        usage(EngineChoice::Context { name: "prod".to_owned() }, Resource::Memory)
    );
    assert_eq!(policy.metrics[1].request.source, usage(ssh(), Resource::RestartsPerHour));
}

#[test]
fn what_makes_no_sense_is_said() {
    for (text, words) in [
        ("engine = \"/run/docker.sock\"", "which has no scheme"),
        ("engine = \"ftp://box\"", "which is no address of an engine"),
        ("engine = {}", "names no engine"),
        ("engine = { inside = \"a\", context = \"b\" }", "`inside` and `context`"),
        ("engine = { context = \"b\", host = \"unix:///x\" }", "`context` and `host`"),
        ("engine = { host = \"unix:///x\", client = [\"docker\"] }", "no effect without `inside`"),
        ("[group.a]\ndiscover = { docker = {} }", "does not say which containers"),
        ("[group.a]\ndiscover = { compose = {} }", "has no `file`"),
        ("[group.a.target.b]\ncheck.mount = { container = \"c\", path = \"app\" }", "does not begin with `/`"),
        ("[group.a.target.b]\ncheck.mount = { path = \"/app\" }", "names no container"),
        ("[group.a.target.b]\ncheck.reach = { container = \"c\" }", "names no place"),
        (
            "[group.a.target.b]\ncheck.reach = { container = \"c\", address = \"a:1\", url = \"http://a\" }",
            "expected one of them",
        ),
        (
            "[group.a.target.b]\ncheck.reach = { container = \"c\", address = \"a:1\", status = 200 }",
            "no effect on an address",
        ),
        ("[group.a.target.b]\ncheck.docker = { container = \"c\", max_memory = \"lots\" }", "which is not a size"),
        ("[metric.a]\nfrom.docker = { container = \"c\", value = \"disk\" }", "expected one of"),
    ] {
        let faults = parse(&file(text), Path::new("/p")).map(|parsed| parsed.policy.groups.len());
        let told = shown(&faults.expect_err(text));
        assert!(told.iter().any(|(_, headline, _)| headline.contains(words)), "{text}: {told:#?}");
    }
}
