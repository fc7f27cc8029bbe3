//! The program itself, run as its users run it: in a folder of its own, with nothing of this machine's surroundings but
//! `PATH`, and bounded in time. After every run it is asserted that no process is left of it.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use regex::{Captures, Regex};
use serde_json::Value;
use tempfile::TempDir;

/// Longest time that a run may take where a test does not say. Far more than it needs: the machine may be busy.
const WITHIN: Duration = Duration::from_secs(60);

/// How long a killed process may take to vanish.
const VANISHES: Duration = Duration::from_secs(5);

/// Name of the variable by which all that descends from a run is found.
const MARK: &str = "TRUEUP_TEST_RUN";

/// A project in a folder that is deleted at the end.
pub struct Project {
    folder: TempDir,
    home: TempDir,
}

impl Project {
    /// An empty one.
    pub fn new() -> Project {
        let folder = || tempfile::Builder::new().prefix("trueup-program-").tempdir().unwrap();
        Project { folder: folder(), home: folder() }
    }

    /// A copy of one of the folders under `examples/`.
    pub fn of_example(name: &str) -> Project {
        let project = Project::new();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name), project.folder());
        project
    }

    /// The same with one file more, or with another text in it.
    pub fn with(self, name: &str, text: impl AsRef<[u8]>) -> Project {
        self.write(name, text);
        self
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The path of one of its files.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// What one of its files holds.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// What one of its files holds, as text.
    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    /// Every file with what it holds and when it was written, to be held against the same at another time.
    pub fn state(&self) -> BTreeMap<PathBuf, (String, SystemTime)> {
        let mut state = BTreeMap::new();
        let mut folders = vec![self.folder().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let written = fs::symlink_metadata(&path).unwrap().modified().unwrap();
                    let name = path.strip_prefix(self.folder()).unwrap().to_owned();
                    let bytes = fs::read(&path).unwrap_or_default();
                    state.insert(name, (bytes.escape_ascii().to_string(), written));
                }
            }
        }
        state
    }

    /// The program with arguments, not started yet.
    pub fn trueup<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Trueup<'_> {
        let arguments: Vec<OsString> = arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect();
        static RUNS: AtomicUsize = AtomicUsize::new(0);
        let mark = format!("{}-{}", std::process::id(), RUNS.fetch_add(1, Ordering::Relaxed));
        let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
        command
            .args(&arguments)
            .current_dir(self.folder())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("LC_ALL", "C")
            .env("NO_COLOR", "1")
            .env("COLUMNS", "100")
            .env(MARK, &mark)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Trueup { project: self, arguments, command, mark, stdin: None, within: WITHIN }
    }

    /// Runs the program with the words of `arguments`.
    #[track_caller]
    pub fn run(&self, arguments: &str) -> Run {
        self.trueup(arguments.split_whitespace()).run()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            // Modes come along: one server of the incident lacks its executable bit.
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// A run before it begins.
pub struct Trueup<'a> {
    project: &'a Project,
    arguments: Vec<OsString>,
    command: Command,
    mark: String,
    stdin: Option<Vec<u8>>,
    within: Duration,
}

impl<'a> Trueup<'a> {
    /// With a variable in its environment.
    pub fn env(mut self, name: &str, value: &str) -> Trueup<'a> {
        self.command.env(name, value);
        self
    }

    /// With one more argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Trueup<'a> {
        self.command.arg(&argument);
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Without a variable that runs have otherwise.
    pub fn without_env(mut self, name: &str) -> Trueup<'a> {
        self.command.env_remove(name);
        self
    }

    /// In a folder of the project.
    pub fn inside(mut self, folder: &str) -> Trueup<'a> {
        self.command.current_dir(self.project.path(folder));
        self
    }

    /// With something on its standard input.
    pub fn stdin(mut self, input: impl AsRef<[u8]>) -> Trueup<'a> {
        self.stdin = Some(input.as_ref().to_owned());
        self
    }

    /// With its standard output into something else; the run then has none to show.
    pub fn stdout(mut self, to: impl Into<Stdio>) -> Trueup<'a> {
        self.command.stdout(to);
        self
    }

    /// With its standard error into something else; the run then has none to show.
    pub fn stderr(mut self, to: impl Into<Stdio>) -> Trueup<'a> {
        self.command.stderr(to);
        self
    }

    /// With its standard error into a terminal that is its own, from which keys reach it as signals.
    pub fn on_terminal(mut self, terminal: std::os::fd::OwnedFd) -> Trueup<'a> {
        use std::os::unix::process::CommandExt;
        self.command.stderr(terminal);
        // SAFETY: between fork and exec only async-signal-safe calls are allowed; these two system calls are, and nothing
        // is allocated.
        unsafe {
            self.command.pre_exec(|| {
                rustix::process::setsid()?;
                rustix::process::ioctl_tiocsctty(rustix::stdio::stderr())?;
                Ok(())
            });
        }
        self
    }

    /// It must have ended within this time.
    pub fn within(mut self, time: Duration) -> Trueup<'a> {
        self.within = time;
        self
    }

    /// Starts it.
    pub fn start(mut self) -> Started<'a> {
        if self.stdin.is_some() {
            self.command.stdin(Stdio::piped());
        }
        let began = Instant::now();
        let mut child = self.command.spawn().unwrap();
        if let (Some(mut pipe), Some(input)) = (child.stdin.take(), self.stdin) {
            // A run that refuses its arguments does not read.
            thread::spawn(move || _ = pipe.write_all(&input));
        }
        let stdout = child.stdout.take().map(drain);
        let stderr = child.stderr.take().map(drain);
        let Trueup { project, arguments, mark, within, .. } = self;
        Started { project, arguments, child, mark, within, began, stdout, stderr }
    }

    /// Starts it with both ends of a conversation in the hands of the test.
    pub fn talk(mut self) -> (Started<'a>, ChildStdin, ChildStdout) {
        self.command.stdin(Stdio::piped());
        let began = Instant::now();
        let mut child = self.command.spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let stderr = child.stderr.take().map(drain);
        let Trueup { project, arguments, mark, within, .. } = self;
        (Started { project, arguments, child, mark, within, began, stdout: None, stderr }, stdin, stdout)
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(self) -> Run {
        self.start().end()
    }

    /// Runs it with a reader of its standard output that is gone before it begins to write.
    #[track_caller]
    pub fn run_into_a_closed_pipe(self) -> Run {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        self.stdout(writer).run()
    }
}

fn drain(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

/// A run under way.
pub struct Started<'a> {
    project: &'a Project,
    arguments: Vec<OsString>,
    child: Child,
    mark: String,
    within: Duration,
    began: Instant,
    stdout: Option<JoinHandle<Vec<u8>>>,
    stderr: Option<JoinHandle<Vec<u8>>>,
}

impl Started<'_> {
    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until a file of the project is there: a check's program says in this way that it runs.
    #[track_caller]
    pub fn wait_for(&mut self, name: &str) {
        let file = self.project.path(name);
        while !file.exists() {
            assert!(self.child.try_wait().unwrap().is_none(), "it ended before it made {name}");
            assert!(self.began.elapsed() < self.within, "{name} is not there after {:?}", self.within);
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for its end.
    #[track_caller]
    pub fn end(mut self) -> Run {
        let mut busy = None;
        let status = loop {
            busy = processor_time(&self.child).or(busy);
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if self.began.elapsed() > self.within => {
                    _ = self.child.kill();
                    _ = self.child.wait();
                    panic!("{:?} had not ended after {:?}", self.arguments, self.within);
                }
                None => thread::sleep(Duration::from_millis(3)),
            }
        };
        let took = self.began.elapsed();
        let left = left_behind(&self.mark);
        assert!(left.is_empty(), "{:?} left processes behind: {left:?}", self.arguments);
        let read = |drain: Option<JoinHandle<Vec<u8>>>| drain.map(|drain| drain.join().unwrap()).unwrap_or_default();
        Run {
            arguments: self.arguments,
            folder: self.project.folder().to_owned(),
            code: status.code(),
            stdout: read(self.stdout),
            stderr: read(self.stderr),
            took,
            busy: busy.unwrap_or(took),
        }
    }
}

/// What a process that has ended, and that nobody has waited for yet, had of the processors, where the system says so; to
/// the hundredth of a second.
#[cfg(target_os = "linux")]
fn processor_time(child: &Child) -> Option<Duration> {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let id = Pid::from_child(child);
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    waitid(WaitId::Pid(id), options).ok()??;
    let account = fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
    // The name of the program, in brackets, may hold anything; 12 and 13 are user and system time, counted after it.
    let fields = account.rsplit_once(") ")?.1.split(' ').skip(11).take(2);
    let ticks: u64 = fields.map_while(|field| field.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second()))
}

/// Nothing: this system does not show what other processes used.
#[cfg(not(target_os = "linux"))]
fn processor_time(_child: &Child) -> Option<Duration> {
    None
}

/// What processes with the mark are still there once they had time to vanish: their command lines.
#[cfg(target_os = "linux")]
fn left_behind(mark: &str) -> Vec<String> {
    let mark = format!("{MARK}={mark}");
    let carries = |folder: &Path| {
        let environment = fs::read(folder.join("environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
    };
    let began = Instant::now();
    loop {
        let entries = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        let left: Vec<String> = entries
            .filter(|folder| carries(folder))
            .map(|folder| String::from_utf8_lossy(&fs::read(folder.join("cmdline")).unwrap_or_default()).into_owned())
            .collect();
        if left.is_empty() || began.elapsed() > VANISHES {
            return left;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Nothing: this system does not show the environment of other processes.
#[cfg(not(target_os = "linux"))]
fn left_behind(_mark: &str) -> Vec<String> {
    Vec::new()
}

/// A run that ended.
#[derive(Debug)]
pub struct Run {
    arguments: Vec<OsString>,
    folder: PathBuf,
    /// Its exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    /// How long it took.
    pub took: Duration,
    /// What it had of the processors, threads and all, where the system says so; else how long it took.
    pub busy: Duration,
}

impl Run {
    /// Asserts how it ended, with all that it said where it did not.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Run {
        assert_eq!(self.code, Some(code), "\n{}", self.shown());
        self
    }

    /// What it wrote to standard output.
    pub fn stdout(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// What it wrote to standard error.
    pub fn stderr(&self) -> &str {
        std::str::from_utf8(&self.stderr).unwrap()
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(self.stdout()).unwrap_or_else(|error| panic!("{error}\n{}", self.shown()))
    }

    /// The findings with this code, in JSON output.
    #[track_caller]
    pub fn findings(&self, code: &str) -> Vec<Value> {
        let report = self.json();
        let findings = report["diagnostics"].as_array().unwrap().iter();
        findings.filter(|finding| finding["code"] == code).cloned().collect()
    }

    /// Arguments, exit code and output, without what differs from run to run: durations, times, the folder.
    pub fn shown(&self) -> String {
        let arguments: Vec<_> = self.arguments.iter().map(|argument| argument.to_string_lossy()).collect();
        let code = self.code.map_or_else(|| "by a signal".to_owned(), |code| code.to_string());
        let mut text = format!("$ trueup {}\nexit {code}\n", arguments.join(" "));
        for (stream, bytes) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !bytes.is_empty() {
                text.push_str(&format!("--- {stream}\n{}", String::from_utf8_lossy(bytes)));
            }
        }
        redacted(&text, &self.folder)
    }
}

/// `text` without what differs from run to run.
pub fn redacted(text: &str, folder: &Path) -> String {
    static VARYING: LazyLock<Regex> = LazyLock::new(|| {
        let took = r"\((?<took>[0-9.]+ (?:ms|s|min))\)";
        let milliseconds = r#"(?<key>"(?:took_ms|latency ms|duration ms)": ?)"?[0-9]+"?"#;
        let time = r"(?<time>20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)";
        let machine = r#"(?<machine>"(?:host|trueup)": ?)(?:"[^"]*"|null)"#;
        Regex::new(&format!("{took}|{milliseconds}|{time}|{machine}")).unwrap()
    });
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let text = text.replace(&*folder.to_string_lossy(), "PROJECT");
    let redact = |found: &Captures| {
        if found.name("took").is_some() {
            "(TOOK)".to_owned()
        } else if let Some(key) = found.name("key") {
            format!("{}0", key.as_str())
        } else if let Some(key) = found.name("machine") {
            format!("{}\"MACHINE\"", key.as_str())
        } else {
            "TIME".to_owned()
        }
    };
    VARYING.replace_all(&text, redact).into_owned()
}
