//! Real servers: nginx, Prometheus and the Alertmanager that it scrapes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use trueup::config;
use trueup::document::source::SourceFile;
use trueup::failure::FailureClass;
use trueup::measure::measurement::{MetricOutcome, Outcome, Snapshot, UnmeasuredCause};
use trueup::measure::schedule::{self, Bounds, Processes};
use trueup::measure::source::Sources;

use crate::support::{Peer, free_address};

/// Measures what a trueup.toml in `root` says.
async fn measure(toml: &str, root: &Path) -> Snapshot {
    let source = std::sync::Arc::new(SourceFile::new("trueup.toml", toml));
    let plan = config::parse(&source, root).unwrap_or_else(|faults| panic!("{faults:#?}")).policy.plan();
    let bounds = Bounds { deadline: Duration::from_secs(60), concurrency: 16, processes: Processes::AtMost(2) };
    let sources = Sources::new(false);
    let snapshot = schedule::run(&plan, &sources, bounds).await;
    sources.close().await;
    snapshot
}

/// What came of the only check of a target: `passed: SUMMARY`, `CLASS: REASON`, `CAUSE: DETAIL`.
#[track_caller]
fn outcome(snapshot: &Snapshot, target: &str) -> String {
    let mut targets = snapshot.groups.iter().flat_map(|group| &group.targets);
    let found = targets.find(|seen| seen.name == target).unwrap_or_else(|| panic!("no {target}: {snapshot:#?}"));
    let [check] = found.checks.as_slice() else { panic!("{found:#?}") };
    match &check.outcome {
        Outcome::Passed { summary } => format!("passed: {summary}"),
        Outcome::Failed(failure) => format!("{}: {}", failure.class.name(), failure.reason),
        Outcome::Unmeasured(unmeasured) => format!("{}: {}", unmeasured.cause.name(), unmeasured.detail),
    }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

/// A certificate for 127.0.0.1, its key, and the authority that signed it, as files that nginx reads.
fn certificate(folder: &Path) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    fs::write(folder.join("ca.pem"), authority.self_signed(&key).unwrap().pem()).unwrap();
    let issuer = Issuer::new(authority, key);
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    fs::write(folder.join("server.pem"), server.pem()).unwrap();
    fs::write(folder.join("server.key"), key.serialize_pem()).unwrap();
}

fn nginx_configuration(folder: &Path, plain: &str, tls: &str) -> String {
    let folder = folder.display();
    format!(
        r#"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr;
        events {{ worker_connections 256; }}
        http {{
          access_log off; default_type text/plain;
          client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
          uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
          server {{
            listen {plain}; listen unix:{folder}/nginx.sock; listen {tls} ssl;
            ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
            gzip on; gzip_vary on; gzip_types application/json; gzip_min_length 1; gzip_proxied any;
            location = /health {{ default_type application/json; return 200 '{{"status":"ok","pad":"{pad}"}}'; }}
            location = /moved {{ return 301 /health; }}
            location = /circle {{ return 302 /circle2; }}
            location = /circle2 {{ return 302 /circle; }}
            location = /closed {{ return 444; }}
            location = /private {{ auth_basic "x"; auth_basic_user_file {folder}/users; return 200; }}
            location = /secured {{ if ($http_authorization != "Bearer s3cr3t-token") {{ return 401; }} return 200; }}
            location = /agent {{ return 200 "$http_user_agent"; }}
          }}
        }}"#,
        pad = "x".repeat(4000)
    )
}

#[tokio::test]
async fn nginx_by_port_socket_and_tls() {
    let root = tempfile::tempdir().unwrap();
    let (plain, tls) = (free_address(), free_address());
    certificate(root.path());
    fs::write(root.path().join("token"), "s3cr3t-token\n").unwrap();
    fs::write(root.path().join("nginx.conf"), nginx_configuration(root.path(), &plain, &tls)).unwrap();
    let conf = root.path().join("nginx.conf").display().to_string();
    let prefix = root.path().display().to_string();
    let arguments = texts(&["-p", &prefix, "-e", "stderr", "-c", &conf]);
    let Some(mut nginx) = Peer::start("nginx", "nginx", &arguments, root.path()) else { return };
    nginx.wait_for(&plain, "/health", "ok");
    let toml = format!(
        r#"
        [group.web.target.health]
        check.http = {{ url = "http://{plain}/health", json = {{ "/status" = "ok" }}, answer_headers = {{ server = "^nginx", vary = "Accept-Encoding" }}, max_latency = "10s" }}
        [group.web.target.socket]
        check.http = {{ url = "http://anything/health", socket = "nginx.sock", matches = "ok" }}
        [group.web.target.tls]
        check.http = {{ url = "https://{tls}/health", tls = {{ ca = "ca.pem", days = 14 }}, matches = "ok" }}
        [group.web.target.untrusted]
        check.http = {{ url = "https://{tls}/health" }}
        [group.web.target.anybody]
        check.http = {{ url = "https://{tls}/health", tls = {{ trusted = false }} }}
        [group.web.target.plain-at-tls]
        check.http = {{ url = "http://{tls}/health" }}
        [group.web.target.tls-at-plain]
        check.http = {{ url = "https://{plain}/health", tls = {{ trusted = false }} }}
        [group.web.target.moved]
        check.http = {{ url = "http://{plain}/moved", redirects = 1, matches = "ok" }}
        [group.web.target.not-followed]
        check.http = {{ url = "http://{plain}/moved" }}
        [group.web.target.circle]
        check.http = {{ url = "http://{plain}/circle", redirects = 10 }}
        [group.web.target.closed]
        check.http = {{ url = "http://{plain}/closed" }}
        [group.web.target.secured]
        check.http = {{ url = "http://{plain}/secured", bearer = {{ file = "token" }} }}
        [group.web.target.refused]
        check.http = {{ url = "http://{plain}/secured" }}
        [group.web.target.load]
        check.http = {{ url = "http://{plain}/agent", matches = "^trueup/", load = {{ requests = 200, concurrency = 20 }} }}
        [group.web.target.port]
        check.tcp = {{ address = "{plain}" }}
        [group.web.target.unix]
        check.tcp = {{ socket = "nginx.sock" }}
        [group.web.target.process]
        check.process = {{ pid_file = "nginx.pid", name = "nginx" }}
        [metric.p95]
        from.http = {{ url = "http://{plain}/health", load = {{ requests = 50, concurrency = 10 }}, value = "p95" }}
        [metric.good]
        from.http = {{ url = "http://{plain}/health", load = {{ requests = 50, concurrency = 10 }}, value = "successes" }}
        "#
    );
    let seen = measure(&toml, root.path()).await;
    let starts = |target: &str, expected: &str| {
        let found = outcome(&seen, target);
        assert!(found.starts_with(expected), "{target}: {found}\nbegins not with {expected}");
    };
    starts("health", "passed: status 200; header `server` is `nginx/");
    for target in ["socket", "tls", "moved", "secured", "load", "port", "unix", "process", "anybody"] {
        starts(target, "passed: ");
    }
    starts("untrusted", "certificate: the certificate of `https://127.0.0.1:");
    starts("plain-at-tls", "wrong-answer: status 400 Bad Request");
    starts("tls-at-plain", "protocol: ");
    starts("not-followed", "wrong-answer: status 301 Moved Permanently to `http://");
    starts("circle", "wrong-answer: redirects in a circle: `http://");
    starts("closed", "unreachable: the connection was closed without an answer");
    starts("refused", "unauthorized: status 401 Unauthorized");
    let value = |name: &str| match &seen.metric(name).unwrap().outcome {
        MetricOutcome::Measured(quantity) => *quantity,
        MetricOutcome::Unmeasured(why) => panic!("{why:?}"),
    };
    assert!(value("p95").value > 0.0);
    assert_eq!((value("good").value, value("good").total), (50.0, Some(50.0)));
    drop(nginx);
    let gone = measure(&toml, root.path()).await;
    for target in ["health", "tls", "load", "port"] {
        assert!(outcome(&gone, target).starts_with("unreachable: "), "{}", outcome(&gone, target));
    }
    // nginx takes its files with it.
    assert!(outcome(&gone, "process").starts_with("missing: "), "{}", outcome(&gone, "process"));
    assert!(outcome(&gone, "unix").starts_with("unreachable: "), "{}", outcome(&gone, "unix"));
}

/// A Prometheus that scrapes itself, an Alertmanager, and a port at which nobody listens.
struct Monitoring {
    prometheus: String,
    nobody: String,
    alertmanager: String,
    peers: (Peer, Peer),
    root: tempfile::TempDir,
}

fn monitoring(test: &str, web_config: Option<&dyn Fn(&Path) -> String>) -> Option<Monitoring> {
    let root = tempfile::tempdir().unwrap();
    let (prometheus, alertmanager, nobody) = (free_address(), free_address(), free_address());
    let file = |name: &str, text: &str| -> String {
        let path: PathBuf = root.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let config = file(
        "prometheus.yml",
        &format!(
            "global: {{ scrape_interval: 1s }}\nscrape_configs:\n\
             - {{ job_name: prometheus, static_configs: [{{ targets: ['{prometheus}'] }}], scheme: {scheme}, tls_config: {{ insecure_skip_verify: true }}, basic_auth: {{ username: me, password: s3cr3t-password }} }}\n\
             - {{ job_name: alertmanager, static_configs: [{{ targets: ['{alertmanager}'] }}] }}\n\
             - {{ job_name: gone, static_configs: [{{ targets: ['{nobody}'] }}] }}\n",
            scheme = if web_config.is_some() { "https" } else { "http" }
        ),
    );
    let alerts = file("alertmanager.yml", "route: { receiver: none }\nreceivers: [{ name: none }]\n");
    let data = |name: &str| root.path().join(name).display().to_string();
    let mut arguments = vec![
        format!("--config.file={config}"),
        format!("--storage.tsdb.path={}", data("tsdb")),
        format!("--web.listen-address={prometheus}"),
    ];
    if let Some(web_config) = web_config {
        arguments.push(format!("--web.config.file={}", file("web.yml", &web_config(root.path()))));
    }
    let started = Peer::start(test, "prometheus", &arguments, root.path())?;
    let arguments = [
        format!("--config.file={alerts}"),
        format!("--storage.path={}", data("alerts")),
        format!("--web.listen-address={alertmanager}"),
        "--cluster.listen-address=".to_owned(),
    ];
    let mut second = Peer::start(test, "prometheus-alertmanager", &arguments, root.path())?;
    second.wait_for(&alertmanager, "/-/ready", "200 OK");
    Some(Monitoring { prometheus, nobody, alertmanager, peers: (started, second), root })
}

#[tokio::test]
async fn prometheus_and_what_it_scrapes() {
    let Some(mut world) = monitoring("prometheus", None) else { return };
    let url = format!("http://{}", world.prometheus);
    let up = "/api/v1/query?query=sum(up)%20==%202%20and%20on()%20count(up)%20==%203";
    world.peers.0.wait_for(&world.prometheus, up, "\"value\"");
    let toml = format!(
        r#"
        [group.scraped]
        discover = {{ prometheus = {{ url = "{url}", query = "up" }} }}
        check.prometheus = {{ is = "== 1" }}
        [group.jobs]
        discover = {{ prometheus = {{ url = "{url}", query = "up", name = ["job"] }} }}
        check.prometheus = {{}}
        [group.nothing]
        discover = {{ prometheus = {{ url = "{url}", query = "up{{job='nowhere'}}" }} }}
        check.prometheus = {{}}
        [group.expected]
        expect = 2
        discover = {{ prometheus = {{ url = "{url}", query = "up{{job='nowhere'}}" }} }}
        check.prometheus = {{}}
        [group.written.target.all]
        check.prometheus = {{ url = "{url}", query = "up" }}
        [group.written.target.alerting]
        check.prometheus = {{ url = "{url}", query = "up{{job='alertmanager'}}" }}
        [group.written.target.empty]
        check.prometheus = {{ url = "{url}", query = "ALERTS{{alertstate='firing'}}", is = "!= 1" }}
        [group.written.target.broken]
        check.prometheus = {{ url = "{url}", query = "up{{" }}
        [group.written.target.range]
        check.prometheus = {{ url = "{url}", query = "up[5m]" }}
        [group.written.target.ready]
        check.http = {{ url = "http://{alertmanager}/-/ready", matches = "OK" }}
        [metric.up]
        from.prometheus = {{ url = "{url}", query = "sum(up)", total = "count(up)" }}
        [metric.scalar]
        from.prometheus = {{ url = "{url}", query = "scalar(count(up)) * 2" }}
        [metric.several]
        from.prometheus = {{ url = "{url}", query = "up" }}
        [metric.empty]
        from.prometheus = {{ url = "{url}", query = "nothing_of_this_name" }}
        [metric.nan]
        from.prometheus = {{ url = "{url}", query = "vector(0) / 0" }}
        "#,
        alertmanager = world.alertmanager
    );
    let seen = measure(&toml, world.root.path()).await;
    let names =
        |group: &str| seen.group(group).unwrap().targets.iter().map(|target| target.name.clone()).collect::<Vec<_>>();
    let mut scraped = vec![world.prometheus.clone(), world.alertmanager.clone(), world.nobody.clone()];
    scraped.sort();
    assert_eq!(names("scraped"), scraped);
    assert_eq!(outcome(&seen, &world.prometheus), "passed: it is 1");
    assert_eq!(outcome(&seen, &world.nobody), "wrong-answer: it is 0, expected == 1");
    let mut jobs = names("jobs");
    jobs.sort();
    assert_eq!(jobs, ["alertmanager", "gone", "prometheus"]);
    assert_eq!(outcome(&seen, "alertmanager"), "passed: it is 1");
    let nothing = seen.group("nothing").unwrap();
    let why = nothing.discovery.as_ref().unwrap();
    assert_eq!((why.cause, nothing.total()), (UnmeasuredCause::NothingFound, 0));
    assert!(why.detail.starts_with("`up{job='nowhere'}` is an empty vector at `http://"), "{}", why.detail);
    let expected = seen.group("expected").unwrap();
    assert_eq!((expected.discovery.as_ref(), expected.total()), (None, 2), "those that were expected are missing");
    let all = outcome(&seen, "all");
    assert!(all.starts_with("wrong-answer: 1 of 3 series are not == 1: `up{instance=\"127.0.0.1:"), "{all}");
    assert_eq!(outcome(&seen, "alerting"), "passed: it is 1");
    assert!(outcome(&seen, "empty").starts_with("nothing-found: `ALERTS"), "{}", outcome(&seen, "empty"));
    let broken = outcome(&seen, "broken");
    assert!(broken.starts_with("unreadable: `up{`: bad_data: ") && broken.contains("parse error"), "{broken}");
    assert!(outcome(&seen, "range").ends_with("is a matrix, expected an instant vector or a scalar"));
    assert!(outcome(&seen, "ready").starts_with("passed: "), "{}", outcome(&seen, "ready"));
    let metric = |name: &str| match &seen.metric(name).unwrap().outcome {
        MetricOutcome::Measured(quantity) => Ok((quantity.value, quantity.total)),
        MetricOutcome::Unmeasured(why) => Err(why.cause),
    };
    assert_eq!(metric("up"), Ok((2.0, Some(3.0))));
    assert_eq!(metric("scalar"), Ok((6.0, None)));
    assert_eq!(metric("several"), Err(UnmeasuredCause::Unreadable));
    assert_eq!(metric("empty"), Err(UnmeasuredCause::NothingFound));
    assert_eq!(metric("nan"), Err(UnmeasuredCause::Unreadable));

    // The Alertmanager goes, and Prometheus says so; then Prometheus goes, and nobody says anything.
    let Monitoring { peers: (mut first, second), prometheus, root, .. } = world;
    drop(second);
    first.wait_for(&prometheus, "/api/v1/query?query=up%7Bjob='alertmanager'%7D%20==%200", "\"value\"");
    let seen = measure(&toml, root.path()).await;
    assert_eq!(outcome(&seen, "alertmanager"), "wrong-answer: it is 0, expected == 1");
    drop(first);
    let seen = measure(&toml, root.path()).await;
    for group in ["scraped", "jobs", "nothing", "expected"] {
        let group = seen.group(group).unwrap();
        assert_eq!(group.discovery.as_ref().unwrap().cause, UnmeasuredCause::SourceAway);
        assert_eq!((group.total(), &group.discovery), (0, &seen.groups[0].discovery), "one finding for all");
    }
    assert!(outcome(&seen, "all").starts_with("source-away: connection refused at "), "{}", outcome(&seen, "all"));
    assert!(outcome(&seen, "ready").starts_with(FailureClass::Unreachable.name()));
}

#[tokio::test]
async fn prometheus_behind_tls_and_a_password() {
    // bcrypt of "s3cr3t-password".
    let web = |root: &Path| {
        certificate(root);
        let hash = "$2b$04$CQiKxe5F2NCZercDqTKHVe89nkTMleNJ//v8qFYa6ZwOpU8WY.uuu";
        format!(
            "tls_server_config: {{ cert_file: server.pem, key_file: server.key }}\nbasic_auth_users: {{ me: '{hash}' }}\n"
        )
    };
    let Some(world) = monitoring("prometheus-tls", Some(&web)) else { return };
    fs::write(world.root.path().join("password"), "s3cr3t-password").unwrap();
    fs::write(world.root.path().join("wrong"), "guess").unwrap();
    let target = |name: &str, keys: &str| {
        let url = format!("https://{}", world.prometheus);
        format!("[group.g.target.{name}]\ncheck.prometheus = {{ url = \"{url}\", query = \"vector(1)\", {keys} }}\n")
    };
    let toml = [
        target("in", "basic = { user = \"me\", password = { file = \"password\" } }, tls = { ca = \"ca.pem\" }"),
        target("out", "basic = { user = \"me\", password = { file = \"wrong\" } }, tls = { ca = \"ca.pem\" }"),
        target("untrusted", "basic = { user = \"me\", password = { file = \"password\" } }"),
    ]
    .concat();
    let until = std::time::Instant::now() + Duration::from_secs(30);
    let seen = loop {
        let seen = measure(&toml, world.root.path()).await;
        if !outcome(&seen, "in").contains("refused") || std::time::Instant::now() > until {
            break seen;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!(outcome(&seen, "in"), "passed: it is 1");
    assert!(outcome(&seen, "out").starts_with("permission-denied: "), "{}", outcome(&seen, "out"));
    assert!(
        outcome(&seen, "untrusted").contains("unknown authority: ")
            || outcome(&seen, "untrusted").contains("self-signed"),
        "{}",
        outcome(&seen, "untrusted")
    );
    assert!(!format!("{seen:?}").contains("s3cr3t-password"));
}
