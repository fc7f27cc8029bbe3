//! What may not be looked at is neither up nor down. Nothing is forbidden to root, so somebody else looks.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use rustix::process::Uid;
use tokio::time::Instant;
use trueup::measure::measurement::{MetricOutcome, UnmeasuredCause};
use trueup::measure::metric::measure;
use trueup::measure::probe::Look;
use trueup::measure::request::{
    CaseState, Check, Credential, FileCheck, HttpCheck, JunitCheck, MetricSource, ReportFiles, ReportRequest,
    ReportValue, Secret, TcpCheck, TcpPlace,
};
use trueup::measure::source::Sources;
use trueup::rung::Rung;

use crate::endpoint::Endpoint;
use crate::{look, passed, unmeasured};

/// What comes of `work`, done by a thread, and by those that it starts, that are not root's.
fn as_nobody<T: Send>(work: impl AsyncFnOnce() -> T + Send) -> T {
    let run = || {
        if rustix::process::geteuid().is_root() {
            let nobody = Uid::from_raw(65_534);
            rustix::thread::set_thread_res_uid(nobody, nobody, nobody).unwrap();
        }
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work())
    };
    std::thread::scope(|scope| scope.spawn(run).join().unwrap())
}

fn seen(check: Check) -> Look {
    as_nobody(async move || look(&check).await)
}

/// Sets the mode of `path`, and returns it.
fn mode(path: &Path, mode: u32) -> &Path {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    path
}

#[test]
fn a_check_of_what_is_closed_to_us_could_not_look() {
    let root = tempfile::tempdir().unwrap();
    mode(root.path(), 0o755);
    let at = |name: &str| root.path().join(name);
    for (name, text) in [("closed.json", "{\"a\": 1}"), ("open.json", "{\"a\": 1}"), ("token", "t")] {
        fs::write(at(name), text).unwrap();
        mode(&at(name), if name.starts_with("open") { 0o644 } else { 0o000 });
    }
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("folder/inside"), "").unwrap();
    let _listener = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    mode(&at("socket"), 0o000);
    fs::write(at("a.xml"), "<testsuites><testcase name='a'/></testsuites>").unwrap();
    mode(&at("a.xml"), 0o000);
    let values = vec![("/a".to_owned(), serde_json::json!(1))];
    let file = |name: &str| FileCheck::new(at(name));
    passed(&seen(Check::File(FileCheck { values: values.clone(), ..file("open.json") })));
    // Whoever may not read a file may see that it is there, and how old it is.
    passed(&seen(Check::File(FileCheck { max_age: Some(Duration::from_secs(3600)), ..file("closed.json") })));
    let http = HttpCheck::get("http://localhost/");
    let token = Some(Credential::Bearer(Secret::File(at("token"))));
    mode(&at("folder"), 0o000);
    let cases = [
        ("text", Check::File(FileCheck { matches: Some("a".to_owned()), ..file("closed.json") }), Some(Rung::Exists)),
        ("values", Check::File(FileCheck { values, ..file("closed.json") }), Some(Rung::Exists)),
        ("file in a folder", Check::File(file("folder/inside")), None),
        ("report", Check::Junit(JunitCheck { report: ReportFiles::new(root.path(), "a.xml") }), None),
        ("socket", Check::Tcp(TcpCheck { place: TcpPlace::Socket(at("socket")), banner: None }), None),
        ("http socket", Check::Http(HttpCheck { socket: Some(at("socket")), ..http.clone() }), None),
        ("token", Check::Http(HttpCheck { credential: token, ..http }), None),
    ];
    for (name, check, proved) in cases {
        let look = seen(check);
        let (cause, why) = unmeasured(&look);
        assert_eq!((cause, look.proved), (UnmeasuredCause::PermissionDenied, proved), "{name}: {why:?}");
    }
    mode(&at("folder"), 0o755);
}

#[test]
fn a_number_in_what_is_closed_to_us_is_unknown() {
    let root = tempfile::tempdir().unwrap();
    mode(root.path(), 0o755);
    let at = |name: &str| root.path().join(name);
    fs::create_dir(at("folder")).unwrap();
    for (name, text) in [("a.json", "{\"a\": 1}"), ("a.xml", "<testsuites><testcase name='a'/></testsuites>")] {
        fs::write(at(name), text).unwrap();
        mode(&at(name), 0o000);
    }
    mode(&at("folder"), 0o000);
    let (root_path, globs) = (root.path().to_owned(), vec!["**/*.json".to_owned()]);
    let files = ReportFiles::new(root.path(), "a.xml");
    let value = ReportValue::Cases { state: CaseState::Passed, of_all: false };
    for source in [
        MetricSource::FileValue { path: at("a.json"), value: "/a".to_owned(), total: None },
        MetricSource::FileCount { root: root_path.clone(), globs: globs.clone() },
        MetricSource::MatchCount { root: root_path, globs, pattern: "a".to_owned() },
        MetricSource::Report(ReportRequest { files, value }),
    ] {
        let asked = source.clone();
        let outcome = as_nobody(async move || {
            measure(&asked, &Sources::new(false), Instant::now() + Duration::from_secs(20)).await.0
        });
        let MetricOutcome::Unmeasured(why) = outcome else { panic!("{source:?}: {outcome:?}") };
        assert_eq!(why.cause, UnmeasuredCause::PermissionDenied, "{source:?}: {why:?}");
    }
    mode(&at("folder"), 0o755);
}

/// The test above would pass where nobody could look at anything.
#[tokio::test]
async fn nobody_can_look_at_what_is_open() {
    let server = Endpoint::answering("200 OK", "", "").await;
    let check = Check::Http(HttpCheck::get(server.url("/")));
    let look = tokio::task::spawn_blocking(move || seen(check)).await.unwrap();
    passed(&look);
}
