//! A conversation with the server, line by line: every line that it writes is a message of the protocol.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::ChildStdin;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::program::{Project, Run, Started, Trueup};

/// Longest wait for an answer. Far more than it needs.
const PATIENCE: Duration = Duration::from_secs(40);

pub struct Talk<'a> {
    started: Started<'a>,
    stdin: Option<ChildStdin>,
    lines: Receiver<Value>,
    last: u64,
}

impl<'a> Talk<'a> {
    /// With `trueup mcp` in the folder of the project, past the handshake.
    pub fn with(project: &'a Project) -> Talk<'a> {
        Talk::over(project.trueup(["mcp"]))
    }

    /// With a program that is not started yet.
    pub fn over(program: Trueup<'a>) -> Talk<'a> {
        let (started, stdin, stdout) = program.talk();
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let message: Value = serde_json::from_str(&line).unwrap_or_else(|_| json!({ "no message": line }));
                _ = sender.send(message);
            }
        });
        let mut talk = Talk { started, stdin: Some(stdin), lines, last: 0 };
        let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
        let about = talk.request("initialize", hello);
        assert_eq!(about["result"]["serverInfo"]["name"], "trueup", "{about}");
        talk.raw(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
        talk
    }

    /// Sends a line as it is.
    pub fn raw(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        writeln!(stdin, "{line}").unwrap();
        stdin.flush().unwrap();
    }

    /// Sends a request and does not wait; returns its number.
    pub fn send(&mut self, method: &str, params: Value) -> u64 {
        self.last += 1;
        let id = self.last;
        self.raw(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string());
        id
    }

    /// The next message.
    #[track_caller]
    pub fn next(&mut self) -> Value {
        let message = self.lines.recv_timeout(PATIENCE).expect("an answer");
        assert_eq!(message["jsonrpc"], "2.0", "{message}");
        message
    }

    /// Sends a request and returns the answer to it, which is the next message.
    #[track_caller]
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params);
        let message = self.next();
        assert_eq!(message["id"], id, "{message}");
        message
    }

    /// Calls a tool; returns whether it refused, its text and its data.
    #[track_caller]
    pub fn call(&mut self, tool: &str, arguments: Value) -> (bool, String, Value) {
        let answer = self.request("tools/call", json!({"name": tool, "arguments": arguments}));
        let result = &answer["result"];
        let text = result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        (result["isError"] == true, text, result["structuredContent"].clone())
    }

    /// Calls a tool, which answers.
    #[track_caller]
    pub fn answer(&mut self, tool: &str, arguments: Value) -> (String, Value) {
        let (refused, text, data) = self.call(tool, arguments);
        assert!(!refused, "{text}");
        (text, data)
    }

    /// Calls a tool, which refuses; returns why.
    #[track_caller]
    pub fn refusal(&mut self, tool: &str, arguments: Value) -> String {
        let (refused, text, _) = self.call(tool, arguments);
        assert!(refused, "{text}");
        text
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.started.id()
    }

    /// Waits until a file of the project is there.
    #[track_caller]
    pub fn wait_for(&mut self, name: &str) {
        self.started.wait_for(name);
    }

    /// Waits for its end, without a word.
    #[track_caller]
    pub fn end(self) -> Run {
        let run = self.started.end();
        drop(self.stdin);
        run
    }

    /// Closes its standard input and waits for its end.
    #[track_caller]
    pub fn close(mut self) -> Run {
        self.stdin = None;
        self.started.end()
    }
}
