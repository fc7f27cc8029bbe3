//! Real servers of Debian packages, each with a folder and ports of its own, gone with the test that started them.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take until it answers; machines that run tests are busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server, until it is dropped.
pub struct Peer {
    child: Child,
    log: PathBuf,
}

impl Drop for Peer {
    fn drop(&mut self) {
        // nginx ends its workers when it is asked, and leaves them when it is killed.
        let asked = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = asked {
            _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let until = Instant::now() + Duration::from_secs(5);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

impl Peer {
    /// Starts `program` with its log in `folder`. Without the program the test says that it is skipped, and fails where
    /// nothing may be.
    pub fn start(test: &str, program: &str, arguments: &[String], folder: &Path) -> Option<Peer> {
        let log = folder.join(format!("{program}.log"));
        let out = fs::File::create(&log).unwrap();
        let started = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(out.try_clone().unwrap())
            .stderr(out)
            .spawn();
        match started {
            Ok(child) => Some(Peer { child, log }),
            Err(error) => {
                let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
                assert!(!all, "{test}: TRUEUP_TEST_ALL=1, and `{program}` cannot be started: {error}");
                // Past the capture of the test harness, which shows nothing of a test that passes.
                _ = writeln!(std::io::stderr(), "skipped: {test}: no {program} (run tests/run)");
                None
            }
        }
    }

    /// Waits until `GET path` at `address` is answered with something that contains `text`.
    pub fn wait_for(&mut self, address: &str, path: &str, text: &str) {
        let until = Instant::now() + PATIENCE;
        while !get(address, path).contains(text) {
            let ended = self.child.try_wait().unwrap();
            let log = || fs::read_to_string(&self.log).unwrap_or_default();
            assert!(ended.is_none(), "it ended with {ended:?}: {}", log());
            assert!(Instant::now() < until, "{address}{path} has no {text:?}: {}\n{}", get(address, path), log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// An address at which nobody listens yet.
pub fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// What comes of `GET path` at `address`, or nothing.
pub fn get(address: &str, path: &str) -> String {
    let asked = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    asked().unwrap_or_default()
}
