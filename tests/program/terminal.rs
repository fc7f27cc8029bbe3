//! What somebody who waits at a terminal sees, and what is left on it afterwards.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};

use crate::support::program::Project;

/// A terminal, and what was written to it until now.
struct Terminal {
    keyboard: File,
    screen: Arc<Mutex<Vec<u8>>>,
    own: OwnedFd,
    before: Termios,
}

impl Terminal {
    fn new() -> Terminal {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let own = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).unwrap();
        tcsetwinsize(&own, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let before = tcgetattr(&own).unwrap();
        let keyboard = File::from(master);
        let (mut output, screen) = (keyboard.try_clone().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let kept = Arc::clone(&screen);
        // Ends with an error when the last one who has the terminal open is gone.
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                kept.lock().unwrap().extend_from_slice(&bytes[..count]);
            }
        });
        Terminal { keyboard, screen, own, before }
    }

    /// The end that a program gets.
    fn end(&self) -> OwnedFd {
        self.own.try_clone().unwrap()
    }

    fn written(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().unwrap()).into_owned()
    }

    /// All that was written by those who are done with it: what its reader has not taken yet comes
    /// before a last mark.
    fn all_written(&self) -> String {
        const LAST: &str = "\u{4}the last of it\u{4}";
        rustix::io::write(&self.own, LAST.as_bytes()).unwrap();
        self.wait_for(LAST);
        self.written().replace(LAST, "")
    }

    /// Waits until `text` was written.
    fn wait_for(&self, text: &str) -> Duration {
        let began = Instant::now();
        while !self.written().contains(text) {
            assert!(began.elapsed() < Duration::from_secs(30), "no {text:?} in {:?}", self.written());
            std::thread::sleep(Duration::from_millis(5));
        }
        began.elapsed()
    }

    /// What is to be seen on it: the text of each line after what was taken back.
    fn shown(&self) -> Vec<String> {
        let text = self.all_written();
        assert!(!text.contains("\x1b[?25l") || text.ends_with("\x1b[?25h"), "the cursor stays hidden: {text:?}");
        let lines = text.split('\n').map(|line| {
            // What stands after the last return to the beginning of a line that was erased.
            let visible = line.rsplit("\x1b[2K").next().unwrap_or_default();
            visible.rsplit('\r').find(|part| !part.is_empty()).unwrap_or_default().to_owned()
        });
        lines.filter(|line| !line.trim().is_empty()).collect()
    }

    /// Asserts that it is in the state in which it was.
    fn assert_as_before(&self) {
        let now = tcgetattr(&self.own).unwrap();
        assert_eq!(format!("{now:?}"), format!("{:?}", self.before));
    }
}

fn waiting(seconds: &str) -> Project {
    let config = format!(
        "[group.g.target.quick]\ncheck.command = {{ command = [\"true\"] }}\n\
         [group.g.target.slow]\ncheck.command = {{ command = [\"sleep\", \"{seconds}\"], timeout = \"5m\" }}\n\
         [run]\ndeadline = \"5m\"\n"
    );
    Project::new().with("trueup.toml", config).with("D.md", "Nothing is claimed here.\n")
}

#[test]
fn how_far_a_run_is_is_shown_after_a_second_and_taken_back() {
    let (project, terminal) = (waiting("2.5"), Terminal::new());
    let began = Instant::now();
    let run = project.trueup(["probe"]).env("TERM", "xterm").on_terminal(terminal.end()).start();
    terminal.wait_for("measuring: 1 of 2 done");
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
    let run = run.end();
    run.exits(0);
    assert!(run.stdout().contains("slow"), "{}", run.shown());
    assert_eq!(terminal.shown(), [""; 0], "{:?}", terminal.written());
    terminal.assert_as_before();
}

#[test]
fn nothing_is_shown_to_nobody_and_of_what_is_over_at_once() {
    let (project, terminal) = (waiting("0.1"), Terminal::new());
    let run = project.trueup(["probe"]).env("TERM", "xterm").on_terminal(terminal.end()).run();
    assert!(run.exits(0).took < Duration::from_secs(30));
    if run.took < Duration::from_secs(1) {
        assert_eq!(terminal.all_written(), "");
    }
    let project = waiting("1.5");
    let terminal = Terminal::new();
    project.trueup(["probe"]).env("TERM", "dumb").on_terminal(terminal.end()).run().exits(0);
    assert_eq!(terminal.all_written(), "");
    // Into a pipe.
    assert_eq!(project.trueup(["probe"]).env("TERM", "xterm").run().exits(0).stderr(), "");
}

#[test]
fn control_c_ends_a_run_at_once_and_leaves_a_clean_terminal() {
    let (project, mut terminal) = (waiting("300"), Terminal::new());
    let before = project.state();
    let run = project.trueup(["probe"]).env("TERM", "xterm").on_terminal(terminal.end()).start();
    terminal.wait_for("measuring: 1 of 2 done");
    let pressed = Instant::now();
    terminal.keyboard.write_all(b"\x03").unwrap();
    // That no process is left is asserted of every run.
    let run = run.end();
    assert!(pressed.elapsed() < Duration::from_secs(10), "{:?}", pressed.elapsed());
    run.exits(130);
    assert_eq!(run.stdout(), "");
    // The terminal itself shows which key was pressed.
    assert!(terminal.shown().iter().all(|line| line.trim() == "^C"), "{:?}", terminal.written());
    terminal.assert_as_before();
    assert_eq!(project.state(), before);
}
