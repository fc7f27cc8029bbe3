use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::parse;
use super::policy::{BindTarget, Level, Policy, Tolerance};
use crate::document::source::SourceFile;
use crate::measure::container_request::{ContainerQuery, ResourceLimits};
use crate::measure::engine_choice::EngineChoice;
use crate::measure::request::{
    Check, CheckRequest, CommandCheck, Condition, Credential, Discover, DnsCheck, DockerCheck, ExecCheck, FileCheck,
    HeaderValue, HttpCheck, Load, LoadFigure, McpCall, McpCheck, McpExec, McpRoute, McpServer, McpTransport, McpWeb,
    MetricSource, ProcessCheck, ProcessSought, PrometheusCheck, PrometheusQuery, PrometheusServer, Reading, Secret,
    TcpCheck, TcpPlace, TextRequest, TlsDemand, Trust,
};
use crate::report::diagnostic::Diagnostic;
use crate::rung::Rung;

pub(super) fn file(text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile::new("trueup.toml", text))
}

pub(super) fn valid(text: &str) -> Policy {
    match parse(&file(text), Path::new("/p")) {
        Ok(parsed) => {
            assert_eq!(parsed.warnings.len(), 0, "{:#?}", parsed.warnings);
            parsed.policy
        }
        Err(faults) => panic!("{:#?}", shown(&faults)),
    }
}

/// The text pointed at, the headline, and the help.
pub(super) fn shown(faults: &[Diagnostic]) -> Vec<(String, String, String)> {
    let one = |fault: &Diagnostic| {
        let at = fault.primary.as_ref().map(|label| label.file.slice(label.span).to_owned()).unwrap_or_default();
        (at, fault.headline.clone(), fault.help.join("; "))
    };
    faults.iter().map(one).collect()
}

/// Every key of trueup.toml but those that exclude one another.
pub(super) const FULL: &str = r#"
docs = ["CLAUDE.md", "docs/**/*.md", "!docs/old/**"]

[judge]
unbound    = "deny"
unmeasured = "warn"

[run]
deadline    = "1m 30s"
timeout     = "10s"
concurrency = 4
processes = 2

[hook]
max_age  = "30s"
deadline = "2s"

[group.mcp]
names    = ["MCP servers", "MCP services"]
expect   = 21
discover = [{ docker = { label = ["role=mcp", "tier"] } }, { mcp = ".mcp.json" }]
check.docker = { stable_for = "30s" }
check.mcp    = { via = "stdio", min_tools = 2, tools = ["a"], timeout = "5s" }
tolerance    = { points = 1, share = 0.5 }

[group.mcp.target.github]
check.mcp.call = { tool = "search", arguments = { query = "trueup", deep = [1, 2.5, true] }, expect = 'total', reject = "no" }

[group.endpoints]
names = ["endpoints"]
check.http = { method = "POST", headers = { Accept = "a/b", Authorization = { env = "TOKEN" } }, attempts = 3 }
[group.endpoints.target.backend]
check.http = { url = "http://localhost:10200/health", status = [200, 204], json = { "/status" = "ok" }, matches = "ok", body = "" }
[group.endpoints.target.shop]
check.http.url = "https://localhost/shop"

[group.rest.target.all]
check.exec = { container = "c", command = ["true"], stdout = "x", exit_code = 3 }
check.tcp = { address = "[::1]:5432" }
check.command = { command = ["sh", "-c", ""], cwd = "sub" }
check.file = { path = "a.yml", matches = "b", max_age = "1d2h", values = { "/a/0" = 1 }, rung = "functional" }
check.docker.container = "d"
[group.rest.target.own]
check.mcp = { command = ["node", "s.js"], env = { A = "b" } }

[metric.tests]
names = ["tests"]
from.command = { command = ["cargo", "test"], exit_code = [0, 101], pattern = '(?P<value>\d+) passed' }
timeout = "2m"
[metric.tools]
from.command = { command = ["t"], cwd = "x", json = "/n", total = "/m" }
[metric.lines]
from.command = { command = ["t"], lines = true }
[metric.whole]
from.command = { command = ["t"] }
[metric.docs]
from.file = { count = "docs/*.md" }
[metric.todos]
from.file = { count = ["src/**"], matches = "NOTE" }
[metric.version]
from.file = { path = "package.json", value = "/version", total = "/x~1y" }
[metric.users]
from.http = { url = "http://localhost/stats", value = "/count" }

[text.help]
command = ["trueup", "--help"]
[text.incident]
command = ["trueup", "check"]
cwd = "examples"
exit_code = [0, 1]
max_lines = 12
timeout = "3s"

[[bind]]
pattern = "servers"
docs = ["CLAUDE.md"]
to = "mcp.healthy"

[[bind]]
pattern = "GitHub"
to = "mcp/github"

[[bind]]
pattern = "green"
to = "tests"
"#;

fn docker(container: Option<&str>, stable_for: Duration) -> DockerCheck {
    let (engine, limits) = (EngineChoice::Environment, ResourceLimits::default());
    DockerCheck { engine, container: container.map(str::to_owned), stable_for, limits }
}

fn check<'a>(checks: &'a [CheckRequest], name: &str) -> &'a Check {
    &checks.iter().find(|check| check.check.name() == name).unwrap().check
}

#[test]
fn a_full_text_is_read_as_written() {
    let policy = valid(FULL);
    assert_eq!(policy.root, Path::new("/p"));
    assert_eq!(policy.docs, ["CLAUDE.md", "docs/**/*.md", "!docs/old/**"]);
    assert_eq!((policy.levels.unbound, policy.levels.unmeasured), (Level::Deny, Level::Warn));
    assert_eq!(policy.limits.deadline, Duration::from_secs(90));
    assert_eq!(policy.limits.timeout, Duration::from_secs(10));
    assert_eq!((policy.limits.concurrency, policy.limits.processes), (Some(4), Some(2)));
    assert_eq!((policy.hook.max_age, policy.hook.deadline), (Duration::from_secs(30), Duration::from_secs(2)));

    let names: Vec<_> = policy.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["mcp", "endpoints", "rest"], "in the order of the text");
    for group in &policy.groups {
        assert_eq!(&FULL[group.span.range()], group.name);
    }
    let mcp = &policy.groups[0];
    assert_eq!(mcp.names[1].text, "MCP services");
    assert_eq!(&FULL[mcp.names[1].span.range()], "\"MCP services\"");
    assert_eq!(mcp.tolerance, Tolerance { points: 1.0, share: 0.5 });
    assert_eq!(mcp.request.expect, Some(21));
    let labels = vec!["role=mcp".to_owned(), "tier".to_owned()];
    let found = [
        Discover::Docker(ContainerQuery { labels, ..ContainerQuery::default() }),
        Discover::McpJson { path: PathBuf::from("/p/.mcp.json") },
    ];
    assert_eq!(mcp.request.discover, found);
    let stable_for = Duration::from_secs(30);
    assert_eq!(check(&mcp.request.checks, "docker"), &Check::Docker(docker(None, stable_for)));
    let own = McpCheck { min_tools: 2, tools: vec!["a".to_owned()], ..McpCheck::default() };
    assert_eq!(check(&mcp.request.checks, "mcp"), &Check::Mcp(own.clone()));
    assert_eq!(mcp.request.checks[0].timeout, Duration::from_secs(10), "run.timeout");
    assert_eq!(mcp.request.checks[1].timeout, Duration::from_secs(5), "its own");
}

#[test]
fn a_target_inherits_the_keys_of_its_groups_check() {
    let policy = valid(FULL);
    let github = &policy.groups[0].request.targets[0];
    assert_eq!((github.name.as_str(), github.checks.len()), ("github", 1));
    assert_eq!(github.checks[0].timeout, Duration::from_secs(5));
    let call = McpCall {
        tool: "search".to_owned(),
        arguments: json!({ "query": "trueup", "deep": [1, 2.5, true] }),
        expect: Some("total".to_owned()),
        reject: Some("no".to_owned()),
    };
    let merged = McpCheck { min_tools: 2, tools: vec!["a".to_owned()], calls: vec![call], ..McpCheck::default() };
    assert_eq!(github.checks[0].check, Check::Mcp(merged));

    let endpoints = &policy.groups[1].request;
    assert_eq!(endpoints.checks, [], "without a URL it is no check, only what the targets' are merged over");
    let headers = vec![
        ("Accept".to_owned(), HeaderValue::Text("a/b".to_owned())),
        ("Authorization".to_owned(), HeaderValue::Env("TOKEN".to_owned())),
    ];
    let shop = HttpCheck { method: "POST".to_owned(), headers, ..HttpCheck::get("https://localhost/shop") };
    let backend = HttpCheck {
        url: "http://localhost:10200/health".to_owned(),
        body: Some(String::new()),
        status: vec![200, 204],
        json: vec![("/status".to_owned(), json!("ok"))],
        matches: Some("ok".to_owned()),
        ..shop.clone()
    };
    assert_eq!(endpoints.targets[0].checks[0].check, Check::Http(backend));
    assert_eq!(endpoints.targets[1].checks[0].check, Check::Http(shop));
    assert_eq!(endpoints.targets[1].checks[0].attempts, 3);
}

#[test]
fn checks_of_every_kind() {
    let policy = valid(FULL);
    let all = &policy.groups[2].request.targets[0].checks;
    let kinds: Vec<_> = all.iter().map(|check| check.check.name()).collect();
    assert_eq!(kinds, ["exec", "tcp", "command", "file", "docker"], "in the order of the text");
    let exec = ExecCheck {
        engine: EngineChoice::Environment,
        container: Some("c".to_owned()),
        argv: vec!["true".to_owned()],
        exit_code: 3,
        stdout: Some("x".to_owned()),
    };
    assert_eq!(all[0].check, Check::Exec(exec));
    assert_eq!(all[1].check, Check::Tcp(TcpCheck { place: TcpPlace::Port("[::1]:5432".to_owned()), banner: None }));
    let argv = ["sh", "-c", ""].map(str::to_owned).to_vec();
    assert_eq!(all[2].check, Check::Command(CommandCheck::new(argv, "/p/sub")));
    assert_eq!(all[3].rung, Some(Rung::Functional));
    let path = PathBuf::from("/p/a.yml");
    assert_eq!(
        all[3].check,
        Check::File(FileCheck {
            max_age: Some(Duration::from_secs(26 * 3600)),
            matches: Some("b".to_owned()),
            values: vec![("/a/0".to_owned(), serde_json::json!(1))],
            ..FileCheck::new(path)
        })
    );
    let docker = docker(Some("d"), Duration::from_secs(60));
    assert_eq!(all[4].check, Check::Docker(docker));
    let server = McpServer {
        argv: vec!["node".to_owned(), "s.js".to_owned()],
        env: [("A".to_owned(), "b".to_owned())].into(),
        cwd: PathBuf::from("/p"),
    };
    let own = McpCheck { server: Some(McpRoute::Stdio(server)), ..McpCheck::default() };
    assert_eq!(policy.groups[2].request.targets[1].checks[0].check, Check::Mcp(own));
}

#[test]
fn the_ways_to_an_mcp_server() {
    let mcp = |keys: &str| {
        let policy = valid(&format!("[group.g.target.t.check.mcp]\n{keys}"));
        match policy.groups[0].request.targets[0].checks[0].check.clone() {
            Check::Mcp(check) => check,
            other => panic!("{other:?}"),
        }
    };
    let headers = vec![("Authorization".to_owned(), HeaderValue::Env("TOKEN".to_owned()))];
    let url = "http://localhost:3000/mcp".to_owned();
    let web = |transport, headers| Some(McpRoute::Web(McpWeb { url: url.clone(), transport, headers }));
    let with = "headers = { Authorization = { env = 'TOKEN' } }";
    assert_eq!(mcp(&format!("url = '{url}'\n{with}")).server, web(McpTransport::Http, headers));
    assert_eq!(mcp(&format!("via = 'sse'\nurl = '{url}'")).server, web(McpTransport::Sse, Vec::new()));
    let exec = |argv: Option<&[&str]>| {
        let argv = argv.map(|argv| argv.iter().map(|&word| word.to_owned()).collect());
        Some(McpRoute::Exec(McpExec {
            engine: EngineChoice::Environment,
            container: Some("c".to_owned()),
            argv,
            env: [].into(),
        }))
    };
    assert_eq!(mcp("via = 'exec'\ncontainer = 'c'").server, exec(None));
    assert_eq!(mcp("via = 'exec'\ncontainer = 'c'\ncommand = ['srv', '-x']").server, exec(Some(&["srv", "-x"])));
    let check = mcp(
        "command = ['s']\nserver = '^srv 1'\nmin_resources = 2\nmin_prompts = 0\ncall = [{ tool = 'a' }, { tool = 'b', expect = 'x' }]",
    );
    assert_eq!(check.identity.as_deref(), Some("^srv 1"));
    assert_eq!((check.min_resources, check.min_prompts), (Some(2), Some(0)));
    assert_eq!(check.calls.iter().map(|call| call.tool.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn metrics_and_rules() {
    let policy = valid(FULL);
    let source = |name: &str| policy.metrics.iter().find(|metric| metric.name == name).unwrap().request.source.clone();
    let root = PathBuf::from("/p");
    let command = |program: &[&str], cwd: &str, exit_codes: &[i32], read| MetricSource::Command {
        argv: program.iter().map(|word| (*word).to_owned()).collect(),
        cwd: PathBuf::from(cwd),
        exit_codes: exit_codes.to_vec(),
        read,
    };
    let regex = Reading::Regex(r"(?P<value>\d+) passed".to_owned());
    assert_eq!(source("tests"), command(&["cargo", "test"], "/p", &[0, 101], regex));
    let json = Reading::Json { value: "/n".to_owned(), total: Some("/m".to_owned()) };
    assert_eq!(source("tools"), command(&["t"], "/p/x", &[0], json));
    assert_eq!(source("lines"), command(&["t"], "/p", &[0], Reading::Lines));
    assert_eq!(source("whole"), command(&["t"], "/p", &[0], Reading::Whole));
    let globs = vec!["docs/*.md".to_owned()];
    assert_eq!(source("docs"), MetricSource::FileCount { root: root.clone(), globs });
    let (globs, pattern) = (vec!["src/**".to_owned()], "NOTE".to_owned());
    assert_eq!(source("todos"), MetricSource::MatchCount { root: root.clone(), globs, pattern });
    let (path, value, total) = (root.join("package.json"), "/version".to_owned(), Some("/x~1y".to_owned()));
    assert_eq!(source("version"), MetricSource::FileValue { path, value, total });
    assert!(matches!(source("users"), MetricSource::HttpValue { request, value, total: None }
        if request.url == "http://localhost/stats" && request.status == [200] && value == "/count"));
    assert_eq!(policy.metrics[0].request.timeout, Duration::from_secs(120));
    assert_eq!(policy.metrics[1].request.timeout, Duration::from_secs(10));

    let text = |name: &str, argv: &[&str], cwd: &str, exit_codes: &[i32], max_lines, seconds| TextRequest {
        name: name.to_owned(),
        argv: argv.iter().map(|&argument| argument.to_owned()).collect(),
        cwd: PathBuf::from(cwd),
        exit_codes: exit_codes.to_vec(),
        max_lines,
        timeout: Duration::from_secs(seconds),
    };
    let texts: Vec<_> = policy.texts.iter().map(|text| text.request.clone()).collect();
    let help = text("help", &["trueup", "--help"], "/p", &[0], 40, 10);
    assert_eq!(texts, [help, text("incident", &["trueup", "check"], "/p/examples", &[0, 1], 12, 3)]);
    assert!(policy.texts.iter().all(|text| FULL[text.span.range()] == text.name));

    let to = |name: &str, target: Option<&str>, rung| BindTarget {
        name: name.to_owned(),
        target: target.map(str::to_owned),
        rung,
    };
    let bound: Vec<_> = policy.binds.iter().map(|rule| rule.to.clone()).collect();
    let expected = [to("mcp", None, Some(Rung::Healthy)), to("mcp", Some("github"), None), to("tests", None, None)];
    assert_eq!(bound, expected);
    assert_eq!(policy.binds[0].docs, ["CLAUDE.md"]);
    assert_eq!(&FULL[policy.binds[0].span.range()], "pattern = \"servers\"");
}

#[test]
fn an_empty_text_is_the_empty_policy() {
    let (empty, none) = (valid(""), Policy::empty(PathBuf::from("/p")));
    assert_eq!(format!("{empty:?}"), format!("{none:?}"));
}

/// The keys of looks over the network and at this machine, those that exclude one another in targets of their own.
const LOOKS: &str = r#"
[run]
per_source = 5
[group.api]
discover = { prometheus = { url = "http://localhost:9090", query = "up{job='api'}", name = ["job", "instance"], bearer = { env = "TOKEN" } } }
check.prometheus = { is = ">= 0.5" }
[group.web.target.front]
check.http = { url = "https://localhost/", socket = "run/web.sock", redirects = 3, tls = { days = 14, ca = "ca.pem" }, answer_headers = { Server = "^nginx" }, max_latency = "250ms", load = { requests = 100 }, basic = { user = "me", password = { file = "password" } } }
check.tcp = { socket = "run/web.sock", banner = "^220 " }
check.dns = { name = "db.internal", addresses = ["10.0.0.5", "::1"] }
check.prometheus = { url = "http://localhost:9090", query = "up", tls = { trusted = false } }
check.process = { pid_file = "run/web.pid", name = "web" }
check.command = { command = ["t"], env = ["HOME"], exit_code = [0, 3], json = { "/a" = 1 }, min_lines = 1, max_lines = 9 }
[group.web.target.unit]
check.process = { unit = "web.service" }
[group.web.target.name]
check.process = { name = "web" }
[metric.p95]
from.http = { url = "http://localhost/", load = { requests = 50, concurrency = 5 }, value = "p95" }
[metric.up]
from.prometheus = { url = "http://localhost:9090", query = "sum(up)", total = "count(up)" }
"#;

#[test]
fn looks_are_read_as_written() {
    let policy = valid(LOOKS);
    assert_eq!(policy.limits.per_source, Some(5));
    let server = |credential, tls| PrometheusServer {
        url: "http://localhost:9090".to_owned(),
        headers: Vec::new(),
        credential,
        tls,
    };
    let token = Some(Credential::Bearer(Secret::Env("TOKEN".to_owned())));
    let query = PrometheusQuery { server: server(token, TlsDemand::default()), query: "up{job='api'}".to_owned() };
    let name = vec!["job".to_owned(), "instance".to_owned()];
    assert_eq!(policy.groups[0].request.discover, [Discover::Prometheus { query, name }]);
    let is = Condition::parse(">= 0.5").unwrap();
    assert_eq!(policy.groups[0].request.checks[0].check, Check::Prometheus(PrometheusCheck { query: None, is }));

    let front = &policy.groups[1].request.targets[0].checks;
    let socket = PathBuf::from("/p/run/web.sock");
    let password = Secret::File(PathBuf::from("/p/password"));
    let http = HttpCheck {
        socket: Some(socket.clone()),
        credential: Some(Credential::Basic { user: "me".to_owned(), password }),
        redirects: 3,
        tls: TlsDemand { days: Some(14), trust: Trust::File(PathBuf::from("/p/ca.pem")) },
        answer_headers: vec![("Server".to_owned(), "^nginx".to_owned())],
        max_latency: Some(Duration::from_millis(250)),
        load: Some(Load { requests: 100, concurrency: 10 }),
        ..HttpCheck::get("https://localhost/")
    };
    assert_eq!(check(front, "http"), &Check::Http(http));
    let tcp = TcpCheck { place: TcpPlace::Socket(socket), banner: Some("^220 ".to_owned()) };
    assert_eq!(check(front, "tcp"), &Check::Tcp(tcp));
    let addresses = ["10.0.0.5", "::1"].map(|address| address.parse().unwrap()).to_vec();
    assert_eq!(check(front, "dns"), &Check::Dns(DnsCheck { name: "db.internal".to_owned(), addresses }));
    let tls = TlsDemand { days: None, trust: Trust::Anybody };
    let query = Some(PrometheusQuery { server: server(None, tls), query: "up".to_owned() });
    assert_eq!(check(front, "prometheus"), &Check::Prometheus(PrometheusCheck { query, is: Condition::IS_ONE }));
    let process = |sought| Check::Process(ProcessCheck { sought });
    let path = PathBuf::from("/p/run/web.pid");
    assert_eq!(check(front, "process"), &process(ProcessSought::PidFile { path, name: Some("web".to_owned()) }));
    let command = CommandCheck {
        env: Some(vec!["HOME".to_owned()]),
        exit_codes: vec![0, 3],
        json: vec![("/a".to_owned(), json!(1))],
        min_lines: Some(1),
        max_lines: Some(9),
        ..CommandCheck::new(vec!["t".to_owned()], "/p")
    };
    assert_eq!(check(front, "command"), &Check::Command(command));
    let of = |target: usize| &policy.groups[1].request.targets[target].checks[0].check;
    assert_eq!(of(1), &process(ProcessSought::Unit("web.service".to_owned())));
    assert_eq!(of(2), &process(ProcessSought::Name("web".to_owned())));

    let source = |at: usize| policy.metrics[at].request.source.clone();
    let load = Some(Load { requests: 50, concurrency: 5 });
    let request = HttpCheck { load, ..HttpCheck::get("http://localhost/") };
    assert_eq!(source(0), MetricSource::HttpLoad { request, figure: LoadFigure::P95 });
    let query = PrometheusQuery { server: server(None, TlsDemand::default()), query: "sum(up)".to_owned() };
    assert_eq!(source(1), MetricSource::Prometheus { query, total: Some("count(up)".to_owned()) });
}

#[test]
fn durations_are_those_of_prometheus() {
    for (text, seconds) in [("1h30m", 5400), ("2w", 1_209_600), ("1d12h", 129_600), ("90s", 90), ("5m", 300)] {
        let policy = valid(&format!("[run]\ndeadline = \"{text}\"\n"));
        assert_eq!(policy.limits.deadline, Duration::from_secs(seconds), "{text}");
    }
    assert_eq!(valid("[run]\ntimeout = \"250ms\"\n").limits.timeout, Duration::from_millis(250));
}
