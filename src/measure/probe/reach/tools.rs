//! The programs that an image may have to reach a place, and what their ends mean.

use super::Seen;
use crate::failure::FailureClass;
use crate::measure::container_request::Reached;
use crate::measure::engine::exec::Exit;

/// A program that can look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    /// `nc` with `-z`, as OpenBSD's and nmap's have it.
    NcScan,
    /// busybox's `nc`, which has no `-z` and runs a program once it is connected.
    NcRun,
    /// `/dev/tcp` of `bash`.
    Bash,
    /// `curl`.
    Curl,
    /// `wget`, GNU's and busybox's.
    Wget,
    /// `python3` and its standard library.
    Python,
    /// `node` and its standard library.
    Node,
}

/// What a tool said.
pub(super) enum Said {
    /// Something about the place.
    Seen(Seen),
    /// Nothing: it is not in the image, or is another program of that name.
    NoTool,
}

/// The tools for a place, in the order in which they are tried.
pub(super) fn of(to: &Reached) -> &'static [Tool] {
    match to {
        Reached::Tcp { .. } => &[Tool::NcScan, Tool::NcRun, Tool::Bash, Tool::Curl, Tool::Python, Tool::Node],
        Reached::Http { .. } => &[Tool::Curl, Tool::Wget, Tool::Python, Tool::Node],
    }
}

const PYTHON_TCP: &str = "import socket,sys\ntry: socket.create_connection((sys.argv[1],int(sys.argv[2])),float(sys.argv[3]))\nexcept OSError as e: sys.exit(str(e))";
const PYTHON_HTTP: &str = "import sys,urllib.request as u,urllib.error as e\ntry: print(u.urlopen(sys.argv[1],timeout=float(sys.argv[2])).status)\nexcept e.HTTPError as x: print(x.code)\nexcept OSError as x: sys.exit(str(x))";
const NODE_TCP: &str = "const s=require('net').connect(+process.argv[2],process.argv[1]);s.setTimeout(1000*process.argv[3],()=>{console.error('timed out');process.exit(1)});s.on('connect',()=>process.exit(0)).on('error',e=>{console.error(e.message);process.exit(1)})";
const NODE_HTTP: &str = "const u=process.argv[1];const r=require(u.startsWith('https:')?'https':'http').get(u,a=>{console.log(a.statusCode);process.exit(0)});r.setTimeout(1000*process.argv[2],()=>r.destroy(new Error('timed out')));r.on('error',e=>{console.error(e.message);process.exit(1)})";

impl Tool {
    /// The program's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Tool::NcScan | Tool::NcRun => "nc",
            Tool::Bash => "bash",
            Tool::Curl => "curl",
            Tool::Wget => "wget",
            Tool::Python => "python3",
            Tool::Node => "node",
        }
    }

    /// The names of the tools for a place, for a message.
    pub(super) fn listed(to: &Reached) -> String {
        let mut names: Vec<&str> = of(to).iter().map(|tool| tool.name()).collect();
        names.dedup();
        names.join(", ")
    }

    /// The command line that looks, for at most `seconds` where the tool can be told so.
    pub(super) fn argv(self, to: &Reached, seconds: u64) -> Vec<String> {
        let seconds = seconds.to_string();
        let words: Vec<&str>;
        let number;
        match to {
            Reached::Tcp { host, port } => {
                number = port.to_string();
                let place = format!("telnet://{host}:{port}");
                words = match self {
                    Tool::NcScan => vec!["nc", "-z", "-w", &seconds, host, &number],
                    Tool::NcRun => vec!["nc", "-w", &seconds, host, &number, "-e", "true"],
                    Tool::Bash => vec!["bash", "-c", "exec 3<>\"/dev/tcp/$0/$1\"", host, &number],
                    Tool::Curl | Tool::Wget => {
                        vec!["curl", "-sS", "--connect-timeout", &seconds, "-m", &seconds, &place]
                    }
                    Tool::Python => vec!["python3", "-c", PYTHON_TCP, host, &number, &seconds],
                    Tool::Node => vec!["node", "-e", NODE_TCP, host, &number, &seconds],
                };
                words.into_iter().map(str::to_owned).collect()
            }
            Reached::Http { url, .. } => {
                words = match self {
                    Tool::Curl | Tool::NcScan | Tool::NcRun | Tool::Bash => {
                        vec!["curl", "-sS", "-o", "/dev/null", "-m", &seconds, "-w", "%{http_code}", "--", url]
                    }
                    Tool::Wget => vec!["wget", "-S", "-O", "/dev/null", url],
                    Tool::Python => vec!["python3", "-c", PYTHON_HTTP, url, &seconds],
                    Tool::Node => vec!["node", "-e", NODE_HTTP, url, &seconds],
                };
                words.into_iter().map(str::to_owned).collect()
            }
        }
    }

    /// What its end means.
    pub(super) fn read(self, exit: &Exit) -> Said {
        let stdout = String::from_utf8_lossy(&exit.output.stdout);
        let stderr = String::from_utf8_lossy(&exit.output.stderr);
        // Engines tell a missing program as output, shells and busybox as exit code 127; a usage is no answer either.
        let words = stderr.to_ascii_lowercase();
        let missing = matches!(exit.code, 126 | 127) || stdout.starts_with("OCI runtime exec failed");
        let other =
            ["usage:", "invalid option", "unrecognized option", "unknown option", "not supported", "unsupported"];
        if missing || (exit.code != 0 && other.iter().any(|sign| words.contains(sign))) {
            return Said::NoTool;
        }
        if let Some(status) = self.status(&stdout, &stderr) {
            return Said::Seen(Seen::Status(status));
        }
        if exit.code == 0 && self.connects() {
            return Said::Seen(Seen::Open);
        }
        // curl connects, and then ends for want of input or of something to read.
        if self == Tool::Curl && matches!(exit.code, 0 | 48 | 49 | 52 | 56) {
            return Said::Seen(Seen::Open);
        }
        let line = stderr.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("connection failed");
        let late =
            (self == Tool::Curl && exit.code == 28) || ["timed out", "timeout"].iter().any(|sign| words.contains(sign));
        let class = if late { FailureClass::NoAnswer } else { FailureClass::Unreachable };
        Said::Seen(Seen::Not(class, line.to_owned()))
    }

    /// Whether an end with 0 says that the port accepted.
    fn connects(self) -> bool {
        match self {
            Tool::NcScan | Tool::NcRun | Tool::Bash | Tool::Python | Tool::Node => true,
            Tool::Curl | Tool::Wget => false,
        }
    }

    /// The status of an answer over HTTP, where the tool tells one.
    fn status(self, stdout: &str, stderr: &str) -> Option<u16> {
        let status = match self {
            Tool::Curl | Tool::Python | Tool::Node => stdout.trim().parse().ok(),
            // The last one: redirects are followed.
            Tool::Wget => stderr.lines().rev().find_map(|line| {
                let rest = line.trim().strip_prefix("HTTP/")?;
                rest.split_whitespace().nth(1)?.parse().ok()
            }),
            Tool::NcScan | Tool::NcRun | Tool::Bash => None,
        };
        status.filter(|status| (100..600).contains(status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::engine::exec::Output;

    fn read(tool: Tool, code: i64, stdout: &str, stderr: &str) -> String {
        let output = Output { stdout: stdout.into(), stderr: stderr.into(), cut: false };
        match tool.read(&Exit { code, output }) {
            Said::NoTool => "no tool".to_owned(),
            Said::Seen(Seen::Open) => "open".to_owned(),
            Said::Seen(Seen::Status(status)) => status.to_string(),
            Said::Seen(Seen::Not(class, why)) => format!("{}: {why}", class.name()),
        }
    }

    #[test]
    fn how_tools_tell_it() {
        for (tool, code, stdout, stderr, expected) in [
            (Tool::NcScan, 0, "", "", "open"),
            (Tool::NcScan, 1, "", "nc: invalid option -- 'z'\nUsage: nc [-iN]", "no tool"),
            (Tool::NcScan, 127, "", "sh: nc: not found", "no tool"),
            (Tool::NcScan, 1, "", "", "unreachable: connection failed"),
            (
                Tool::NcRun,
                1,
                "",
                "nc: can't connect to remote host (127.0.0.1): Connection refused",
                "unreachable: nc: can't connect to remote host (127.0.0.1): Connection refused",
            ),
            (Tool::NcRun, 1, "", "nc: timed out", "no-answer: nc: timed out"),
            (Tool::Curl, 0, "204", "", "204"),
            (Tool::Curl, 7, "000", "curl: (7) Failed to connect", "unreachable: curl: (7) Failed to connect"),
            (Tool::Curl, 28, "000", "curl: (28) Operation", "no-answer: curl: (28) Operation"),
            (Tool::Curl, 0, "", "", "open"),
            (Tool::Wget, 0, "", "Connecting to x\n  HTTP/1.1 301 Moved\n  HTTP/1.0 200 OK\n", "200"),
            (Tool::Wget, 1, "", "  HTTP/1.1 503 Away\nwget: server returned error: HTTP/1.1 503 Away\n", "503"),
            (Tool::Wget, 1, "", "wget: bad address 'db'\n", "unreachable: wget: bad address 'db'"),
            (Tool::Python, 1, "", "timed out\n", "no-answer: timed out"),
            (Tool::Node, 0, "", "", "open"),
            (Tool::Bash, 126, "OCI runtime exec failed: exec failed: \"bash\"", "", "no tool"),
        ] {
            assert_eq!(read(tool, code, stdout, stderr), expected, "{tool:?} {code}");
        }
    }
}
