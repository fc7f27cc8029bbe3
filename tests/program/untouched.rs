//! Judging from a snapshot opens no connection and starts no program, whatever trueup.toml names.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::program::Project;

/// Connections that were made to one listener.
type Count = Arc<AtomicUsize>;

/// Answers every connection in a way that no protocol knows, and counts it.
fn answer(mut stream: impl std::io::Read + std::io::Write, count: &Count) {
    count.fetch_add(1, Ordering::SeqCst);
    _ = stream.read(&mut [0; 4096]);
    _ = stream.write_all(b"HTTP/1.1 503 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
}

fn port() -> (String, Count) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let count = Count::default();
    let counted = Arc::clone(&count);
    std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, &counted)));
    (address, count)
}

fn socket(path: &std::path::Path) -> Count {
    let listener = UnixListener::bind(path).unwrap();
    let count = Count::default();
    let counted = Arc::clone(&count);
    std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, &counted)));
    count
}

#[test]
fn judging_from_a_snapshot_reaches_for_nothing_that_is_configured() {
    let project = Project::new();
    let ports: Vec<(&str, (String, Count))> =
        ["http", "tcp", "prometheus", "mcp", "discovery", "http metric", "prometheus metric", "tcp engine"]
            .map(|name| (name, port()))
            .into();
    let sockets: Vec<(&str, Count)> =
        ["engine.sock", "tcp.sock", "http.sock"].map(|name| (name, socket(&project.path(name)))).into();
    let of = |name: &str| &ports.iter().find(|(known, _)| *known == name).unwrap().1.0;
    // Whatever program is started writes its name down. There are no others on the PATH.
    let bin = project.path("bin");
    fs::create_dir(&bin).unwrap();
    let programs = ["git", "systemctl", "docker", "ssh", "command", "server", "metric", "text", "listed"];
    let started = project.path("started");
    for program in programs {
        let script = format!("#!/bin/sh\necho {program} >>'{}'\n", started.display());
        fs::write(bin.join(program), script).unwrap();
        fs::set_permissions(bin.join(program), Permissions::from_mode(0o755)).unwrap();
    }
    project.write(".mcp.json", r#"{"mcpServers": {"listed": {"command": "listed"}}}"#);
    project.write("a.xml", "<testsuites><testcase name='a'/></testsuites>");
    let folder = project.folder().display();
    project.write(
        "trueup.toml",
        format!(
            r#"
docs = ["A.md"]
engine = "unix://{folder}/engine.sock"
[group.things]
names = ["things"]
[group.things.target.http]
check.http = {{ url = "http://{http}/" }}
[group.things.target.http-socket]
check.http = {{ url = "http://localhost/", socket = "http.sock" }}
[group.things.target.tcp]
check.tcp = {{ address = "{tcp}" }}
[group.things.target.tcp-socket]
check.tcp = {{ socket = "tcp.sock" }}
[group.things.target.prometheus]
check.prometheus = {{ url = "http://{prometheus}", query = "up" }}
[group.things.target.mcp]
check.mcp = {{ url = "http://{mcp}/mcp" }}
[group.things.target.stdio]
check.mcp = {{ command = ["server"] }}
[group.things.target.command]
check.command = {{ command = ["command"] }}
[group.things.target.unit]
check.process = {{ unit = "x.service" }}
[group.things.target.repository]
check.git = {{ clean = true }}
[group.things.target.run]
check.junit = {{ path = "a.xml", newer_than = "HEAD" }}
[group.things.target.container]
check.docker = {{ container = "c" }}
check.exec = {{ container = "c", command = ["true"] }}
[group.series]
discover = {{ prometheus = {{ url = "http://{discovery}", query = "up" }} }}
check.prometheus = {{ is = "== 1" }}
[group.servers]
discover = {{ mcp = ".mcp.json" }}
check.mcp = {{}}
[group.containers]
engine = "tcp://{engine}"
discover = {{ docker = {{ label = "a" }} }}
check.docker = {{}}
[metric.http]
from.http = {{ url = "http://{number}/", value = "/a" }}
[metric.prometheus]
from.prometheus = {{ url = "http://{series}", query = "sum(up)" }}
[metric.command]
from.command = {{ command = ["metric"] }}
[metric.git]
from.git = {{ count = "commits" }}
[metric.docker]
from.docker = {{ container = "c", value = "memory" }}
[text.text]
command = ["text"]
"#,
            http = of("http"),
            tcp = of("tcp"),
            prometheus = of("prometheus"),
            mcp = of("mcp"),
            discovery = of("discovery"),
            number = of("http metric"),
            series = of("prometheus metric"),
            engine = of("tcp engine"),
        ),
    );
    project.write("A.md", "All things operational.\n");
    let path = bin.display().to_string();
    let run = |arguments: &[&str]| project.trueup(arguments).env("PATH", &path).run();
    let connections = || -> Vec<(&str, usize)> {
        let ports = ports.iter().map(|(name, (_, count))| (*name, count.swap(0, Ordering::SeqCst)));
        ports.chain(sockets.iter().map(|(name, count)| (*name, count.swap(0, Ordering::SeqCst)))).collect()
    };
    // Measured, everything is reached: what follows would notice.
    run(&["probe", "-o", "s.json"]).exits(3);
    for (name, count) in connections() {
        assert!(count > 0, "nobody came to `{name}`");
    }
    let names = fs::read_to_string(&started).unwrap();
    for program in ["git", "systemctl", "command", "server", "metric", "text", "listed"] {
        assert!(names.lines().any(|line| line == program), "`{program}` was not started: {names}");
    }
    fs::remove_file(&started).unwrap();
    for arguments in [
        &["check", "--snapshot", "s.json"][..],
        &["check", "--snapshot", "s.json", "--max-age", "1h", "--format", "json"],
        &["fix", "--snapshot", "s.json", "--diff"],
        &["claims", "--bound", "--snapshot", "s.json"],
    ] {
        let run = run(arguments);
        assert_ne!(run.code, Some(2), "{}", run.shown());
        assert_eq!(connections().iter().map(|(_, count)| count).sum::<usize>(), 0, "{}", run.shown());
        assert!(!started.exists(), "{arguments:?} started {}", fs::read_to_string(&started).unwrap());
    }
}
