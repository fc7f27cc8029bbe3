//! Processes that run, have ended, were stopped; files that lie about them; systemd, and a system without it.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use trueup::failure::FailureClass;
use trueup::measure::discover::Handle;
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::probe::{self, Context};
use trueup::measure::request::{Check, ProcessCheck, ProcessSought};
use trueup::measure::source::Sources;
use trueup::rung::Rung;

use crate::{failed, look, look_within, passed, unmeasured};

/// A process under a name that no other has; it is killed and reaped at the end.
struct Sleeper {
    child: Child,
    name: String,
    folder: tempfile::TempDir,
}

impl Sleeper {
    fn new(name: &str) -> Sleeper {
        let folder = tempfile::tempdir().unwrap();
        let name = format!("{name}-{}", std::process::id());
        let program = folder.path().join(&name);
        std::fs::copy("/bin/sleep", &program).unwrap();
        let child = start(&program);
        let sleeper = Sleeper { child, name, folder };
        // Between fork and exec it is still called as the test is.
        sleeper.wait(|stat| stat.contains("(nap-") || !stat.contains("(looks-"));
        sleeper
    }

    fn number(&self) -> u32 {
        self.child.id()
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(i32::try_from(self.number()).unwrap()).unwrap(), signal).unwrap();
    }

    fn wait(&self, holds: impl Fn(&str) -> bool) {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.number())).unwrap_or_default();
            if holds(&stat) {
                return;
            }
            assert!(Instant::now() < until, "{stat}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn pid_file(&self, number: u32) -> PathBuf {
        let path = self.folder.path().join("pid");
        std::fs::write(&path, format!("{number}\n")).unwrap();
        path
    }
}

/// A program that was just written may still be open in a child that another test is starting at this moment.
fn start(program: &Path) -> Child {
    for _ in 0..100 {
        match Command::new(program).arg("300").stdin(Stdio::null()).stdout(Stdio::null()).spawn() {
            Ok(child) => return child,
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("`{}` stays busy", program.display());
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn named(name: &str) -> Check {
    Check::Process(ProcessCheck { sought: ProcessSought::Name(name.to_owned()) })
}

fn by_file(path: &Path, name: Option<&str>) -> Check {
    let sought = ProcessSought::PidFile { path: path.to_owned(), name: name.map(str::to_owned) };
    Check::Process(ProcessCheck { sought })
}

#[tokio::test]
async fn a_process_is_found_by_its_name_for_as_long_as_it_runs() {
    let mut sleeper = Sleeper::new("nap-of-a-long-name");
    let name = sleeper.name.clone();
    let number = sleeper.number();
    let seen = look(&named(&name)).await;
    assert_eq!(passed(&seen), format!("process {number}"));
    assert_eq!((seen.proved, seen.evidence.get("pid")), (Some(Rung::Running), Some(number.to_string().as_str())));
    sleeper.signal(Signal::STOP);
    sleeper.wait(|stat| stat.contains(") T "));
    let seen = look(&named(&name)).await;
    assert_eq!(failed(&seen), (FailureClass::Paused, format!("process {number} is stopped by a signal").as_str()));
    // Killed, and not reaped by us who started it.
    sleeper.signal(Signal::KILL);
    sleeper.wait(|stat| stat.contains(") Z "));
    // A zombie has lost its program, and is known by the fifteen characters that Linux keeps of its name.
    let seen = look(&by_file(&sleeper.pid_file(number), None)).await;
    assert_eq!(failed(&seen).0, FailureClass::Exited);
    assert!(failed(&seen).1.contains("a zombie"), "{seen:?}");
    sleeper.child.wait().unwrap();
    let seen = look(&named(&name)).await;
    assert_eq!(failed(&seen), (FailureClass::Missing, format!("no process is called `{name}`").as_str()));
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Running, None, true));
    let seen = look(&by_file(&sleeper.pid_file(number), None)).await;
    assert_eq!(failed(&seen).0, FailureClass::Exited);
    assert!(
        failed(&seen).1.ends_with(&format!("is stale: it says {number}, and there is no such process")),
        "{seen:?}"
    );
    assert_eq!(unmeasured(&look_within(&named(&name), Duration::ZERO).await).0, UnmeasuredCause::TimedOut);
}

#[tokio::test]
async fn a_file_is_held_against_the_process_that_it_names() {
    let sleeper = Sleeper::new("nap-file");
    let path = sleeper.pid_file(sleeper.number());
    passed(&look(&by_file(&path, None)).await);
    passed(&look(&by_file(&path, Some(&sleeper.name))).await);
    let seen = look(&by_file(&path, Some("nginx"))).await;
    assert_eq!(failed(&seen).0, FailureClass::WrongAnswer);
    // Written an hour before the process started: its number was given away since.
    let before = std::time::SystemTime::now() - Duration::from_secs(3600);
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
    let seen = look(&by_file(&path, None)).await;
    assert_eq!(failed(&seen).0, FailureClass::Exited);
    assert!(failed(&seen).1.contains("the number was given to another"), "{seen:?}");
    passed(&look(&by_file(&path, Some(&sleeper.name))).await);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(failed(&look(&by_file(&path, None)).await).0, FailureClass::Missing);
}

/// Tells this test, started once more where processes are hidden or systemd is another, which part to play.
const PART: &str = "TRUEUP_TEST_PROCESS_PART";

fn play(part: &str, test: &str, wrap: &[&str], path: Option<&Path>) {
    let (program, arguments) = wrap.split_first().unwrap();
    let mut command = Command::new(program);
    command.args(arguments).arg(std::env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]);
    command.env(PART, part).stdin(Stdio::null()).stdout(Stdio::null());
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let mut child = command.spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > until {
            child.kill().unwrap();
            panic!("`{part}` did not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    assert!(status.success(), "`{part}` failed");
}

#[tokio::test]
async fn what_is_hidden_is_not_told_as_missing() {
    if std::env::var_os(PART).is_some() {
        let seen = look(&named("no-such-process-anywhere")).await;
        let (cause, why) = unmeasured(&seen);
        assert_eq!(cause, UnmeasuredCause::PermissionDenied, "{why:?}");
        return;
    }
    let mount =
        "mount -t proc -o hidepid=2 proc /proc && exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\"";
    let wrap = ["unshare", "-m", "--", "sh", "-c", mount, "sh"];
    let able = Command::new(wrap[0]).args(&wrap[1..]).arg("true").stderr(Stdio::null()).status();
    // The test program may lie where nobody else may look.
    let reachable = std::env::current_exe().unwrap();
    let reads =
        Command::new(wrap[0]).args(&wrap[1..]).args(["test", "-x"]).arg(&reachable).stderr(Stdio::null()).status();
    if ![able, reads].into_iter().all(|status| status.is_ok_and(|status| status.success())) {
        use std::io::Write as _;
        _ = writeln!(std::io::stderr(), "left out: hidden processes: /proc cannot be mounted again here");
        return;
    }
    play("hidden", "process::what_is_hidden_is_not_told_as_missing", &wrap, None);
}

fn unit(name: &str) -> Check {
    Check::Process(ProcessCheck { sought: ProcessSought::Unit(name.to_owned()) })
}

/// What `systemctl show` of systemd 252 writes of a service that failed, of one that runs, and where systemd is not the
/// first process.
const SYSTEMCTL: &str = r#"#!/bin/sh
for unit; do :; done
case $unit in
web.service) printf 'LoadState=loaded\nActiveState=active\nSubState=running\nResult=success\nMainPID=70\nExecMainStatus=0\nNRestarts=2\n' ;;
api.service) printf 'LoadState=loaded\nActiveState=failed\nSubState=failed\nResult=exit-code\nMainPID=0\nExecMainStatus=3\nNRestarts=5\n' ;;
slow.service) exec sleep 300 ;;
*) echo "System has not been booted with systemd as init system (PID 1). Can't operate." >&2; exit 1 ;;
esac
"#;

#[tokio::test]
async fn a_unit_is_asked_for_at_systemd_where_there_is_one() {
    match std::env::var(PART).as_deref() {
        Ok("recorded") => {
            let seen = look_allowed(&unit("web.service"), Duration::from_secs(20)).await;
            assert_eq!(passed(&seen), "`web.service` is active (running)");
            assert_eq!((seen.evidence.get("restarts"), seen.evidence.get("pid")), (Some("2"), Some("70")));
            let seen = look_allowed(&unit("api.service"), Duration::from_secs(20)).await;
            assert_eq!(failed(&seen), (FailureClass::Exited, "`api.service` is failed (failed): exit-code, exit 3"));
            let seen = look_allowed(&unit("slow.service"), Duration::from_millis(400)).await;
            assert_eq!(unmeasured(&seen).0, UnmeasuredCause::TimedOut);
            let seen = look_allowed(&unit("other.service"), Duration::from_secs(20)).await;
            let (cause, why) = unmeasured(&seen);
            assert_eq!((cause, why.source.as_str()), (UnmeasuredCause::SourceAway, "systemd"));
            assert!(why.detail.contains("has not been booted with systemd"), "{}", why.detail);
        }
        Ok("absent") => {
            let seen = look_allowed(&unit("web.service"), Duration::from_secs(20)).await;
            let (cause, why) = unmeasured(&seen);
            assert_eq!((cause, why.source.as_str()), (UnmeasuredCause::SourceAway, "systemd"));
            assert!(why.detail.contains("`systemctl` is not on PATH"), "{}", why.detail);
        }
        Ok(other) => panic!("there is no part `{other}`"),
        Err(_) => {
            use std::os::unix::fs::PermissionsExt;
            let test = "process::a_unit_is_asked_for_at_systemd_where_there_is_one";
            let folder = tempfile::tempdir().unwrap();
            play("absent", test, &["/usr/bin/env"], Some(folder.path()));
            let program = folder.path().join("systemctl");
            std::fs::write(&program, SYSTEMCTL).unwrap();
            std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
            std::os::unix::fs::symlink("/bin/sleep", folder.path().join("sleep")).unwrap();
            play("recorded", test, &["/usr/bin/env"], Some(folder.path()));
            // It starts a program, and that may be refused.
            assert_eq!(unmeasured(&look(&unit("web.service")).await).0, UnmeasuredCause::NotAllowed);
        }
    }
}

/// Looks where programs may be started.
async fn look_allowed(check: &Check, time: Duration) -> probe::Look {
    let sources = Sources::new(true);
    let deadline = tokio::time::Instant::now() + time;
    let seen = probe::look(check, Context { handle: &Handle::Named, sources: &sources, deadline }).await;
    assert!(tokio::time::Instant::now() < deadline + Duration::from_secs(2));
    seen
}
