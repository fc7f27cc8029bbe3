//! Everything that can go wrong at once: each is told as what it is, and the run ends in time.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::support::program::Project;

/// The address of a server that does `act` with every connection once it has read a request.
fn server(act: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let act = std::sync::Arc::new(act);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let act = std::sync::Arc::clone(&act);
            std::thread::spawn(move || {
                if stream.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {
                    act(stream);
                }
            });
        }
    });
    address
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\n";

fn for_ever(mut stream: TcpStream, first: &[u8], more: &[u8]) {
    let mut sent = stream.write_all(OK).and_then(|()| stream.write_all(first));
    while sent.is_ok() {
        sent = stream.write_all(more);
    }
}

#[test]
fn a_run_full_of_faults_ends_in_time_with_the_right_verdicts() {
    let silent = server(|_stream| std::thread::sleep(Duration::from_secs(120)));
    let chunked = server(|stream| {
        let chunk = [b"4000\r\n".as_slice(), &[b'x'; 0x4000], b"\r\n"].concat();
        for_ever(stream, b"transfer-encoding: chunked\r\n\r\n", &chunk);
    });
    let header = server(|stream| for_ever(stream, b"x-pad: ", &[b'a'; 4096]));
    let torn = server(|mut stream| _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"));
    let circle = server(|mut stream| {
        _ = stream.write_all(b"HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n");
    });
    let bomb = server(|mut stream| {
        // Valid gzip that says the same 32 KiB over and over, by way of stored blocks: it never ends.
        let mut body = b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec();
        let block: Vec<u8> = [&[0, 0xff, 0x7f, 0, 0x80][..], &[b'x'; 0x7fff]].concat();
        body.extend(&block);
        let mut sent = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n");
        while sent.is_ok() {
            sent = stream.write_all(&body);
            body.clone_from(&block);
        }
    });
    let http = |name: &str, address: &str, more: &str| {
        format!("[group.g.target.{name}]\ncheck.http = {{ url = \"http://{address}/\", {more} }}\n")
    };
    let forks = "trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & setsid sh -c 'trap \\\"\\\" TERM HUP; sleep 301' & while :; do sleep 1; done";
    let config = [
        "[run]\ndeadline = \"8s\"\ntimeout = \"3s\"\n".to_owned(),
        http("silent", &silent, "attempts = 2"),
        http("chunked", &chunked, "matches = \"late\""),
        http("header", &header, "timeout = \"5s\""),
        http("torn", &torn, "matches = \"half\""),
        http("circle", &circle, "redirects = 5"),
        http("bomb", &bomb, "matches = \"late\""),
        format!("[group.g.target.forks]\ncheck.command = {{ command = [\"sh\", \"-c\", \"{forks}\"] }}\n"),
        "[group.g.target.stale]\ncheck.junit = { path = \"stale.xml\", newer_than = \"*.rs\" }\n".to_owned(),
        "[group.g.target.cut]\ncheck.junit = { path = \"cut.xml\", max_age = \"1d\" }\n".to_owned(),
        "[group.g.target.future]\ncheck.file = { path = \"future\", max_age = \"1d\" }\n".to_owned(),
        "[group.g.target.fine]\ncheck.command = { command = [\"true\"] }\n".to_owned(),
    ]
    .concat();
    let project = Project::new().with("trueup.toml", config);
    let report = "<testsuites><testcase name='a'/><testcase name='b'/></testsuites>";
    for (name, text, seconds) in
        [("stale.xml", report, -60), ("a.rs", "", 0), ("cut.xml", &report[..40], 0), ("future", "", 86_400)]
    {
        project.write(name, text);
        let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        let file = std::fs::File::options().write(true).open(project.path(name)).unwrap();
        file.set_modified(at.into()).unwrap();
    }
    let before = project.state();
    let began = Instant::now();
    // That no process is left is asserted of every run.
    let run = project.trueup(["probe", "--format", "json"]).within(Duration::from_secs(30)).run();
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    run.exits(3);
    let seen = run.json();
    let targets = seen["groups"][0]["targets"].as_array().unwrap();
    let verdict = |name: &str| {
        let outcome = &targets.iter().find(|target| target["name"] == name).unwrap()["checks"][0]["outcome"];
        let text = |key: &str| outcome[key].as_str().map(str::to_owned);
        text("class").or_else(|| text("cause")).or_else(|| text("outcome")).unwrap()
    };
    for (name, expected) in [
        ("silent", "no-answer"),
        ("chunked", "unreadable"),
        ("header", "protocol"),
        ("torn", "protocol"),
        ("circle", "wrong-answer"),
        ("bomb", "unreadable"),
        ("forks", "no-answer"),
        ("stale", "too-old"),
        ("cut", "unreadable"),
        ("future", "unreadable"),
        ("fine", "passed"),
    ] {
        assert_eq!(verdict(name), expected, "{name}: {}", run.shown());
    }
    assert_eq!(project.state(), before, "a file is left");
}

/// The clock of the wall is set forth and back by a year while a run is under way; the run has one of its own.
#[test]
#[cfg(target_os = "linux")]
fn a_clock_that_jumps_neither_ends_a_run_nor_keeps_it() {
    if std::process::Command::new("faketime").arg("--version").output().is_err() {
        let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
        assert!(!all, "TRUEUP_TEST_ALL=1, and there is no faketime");
        _ = writeln!(std::io::stderr(), "skipped: a clock that jumps: no faketime (run tests/run)");
        return;
    }
    let library = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
        .map(|folder| format!("{folder}/faketime/libfaketime.so.1"))
        .into_iter()
        .find(|path| std::path::Path::new(path).exists())
        .expect("the library of faketime");
    let jumps = "date -u +%Y > year0; echo +400d > clock; sleep 0.3; date -u +%Y > year1; echo -400d > clock; sleep 0.3; date -u +%Y > year2; echo +0d > clock";
    let config = format!(
        "[run]\ndeadline = \"20s\"\ntimeout = \"10s\"\n\
         [group.g.target.jumps]\ncheck.command = {{ command = [\"sh\", \"-c\", \"{jumps}\"] }}\n\
         [group.g.target.waits]\ncheck.command = {{ command = [\"sleep\", \"1.5\"] }}\n\
         [group.g.target.late]\ncheck.command = {{ command = [\"env\", \"-u\", \"LD_PRELOAD\", \"sleep\", \"300\"], timeout = \"2s\" }}\n"
    );
    let project = Project::new().with("trueup.toml", config).with("clock", "+0d\n");
    let clock = project.path("clock").display().to_string();
    let run = project
        .trueup(["probe", "--format", "json"])
        .env("LD_PRELOAD", &library)
        .env("FAKETIME_TIMESTAMP_FILE", &clock)
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .within(Duration::from_secs(40))
        .run();
    let seen = run.json();
    let years = ["year0", "year1", "year2"].map(|name| std::fs::read_to_string(project.path(name)).unwrap());
    assert!(years[1] > years[0] && years[2] < years[0], "the clock did not jump: {years:?}");
    let targets = seen["groups"][0]["targets"].as_array().unwrap();
    let check = |name: &str| &targets.iter().find(|target| target["name"] == name).unwrap()["checks"][0];
    for name in ["jumps", "waits"] {
        assert_eq!(check(name)["outcome"]["outcome"], "passed", "{}", run.shown());
    }
    assert_eq!(check("late")["outcome"]["class"], "no-answer", "{}", run.shown());
    for target in targets {
        let took = target["checks"][0]["took_ms"].as_u64().unwrap();
        assert!((300..20_000).contains(&took), "{took} ms: {}", run.shown());
    }
}
