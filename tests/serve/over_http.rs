//! The server over HTTP: whom it lets in.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::project;
use crate::support::program::{Project, Run, Started};

/// A server that listens.
pub struct Served<'a> {
    started: Started<'a>,
    pub address: SocketAddr,
}

impl<'a> Served<'a> {
    /// At a free port of loopback, with more arguments.
    pub fn start(project: &'a Project, more: &[&str]) -> Served<'a> {
        let arguments = ["mcp", "--http", "127.0.0.1:0"].iter().chain(more);
        let (reader, writer) = std::io::pipe().unwrap();
        let started = project.trueup(arguments).stderr(OwnedFd::from(writer)).start();
        let mut line = String::new();
        BufReader::new(reader).read_line(&mut line).unwrap();
        let address = line.trim().strip_suffix("/mcp").and_then(|line| line.rsplit_once("http://"));
        let address = address.unwrap_or_else(|| panic!("{line:?}")).1.parse().unwrap();
        Served { started, address }
    }

    /// Ends it as a service manager does.
    pub fn end(self) -> Run {
        let kill = Command::new("kill").arg(self.started.id().to_string()).status().unwrap();
        assert!(kill.success());
        let run = self.started.end();
        run.exits(0);
        run
    }

    /// The answer to a request with these headers, as it comes.
    fn ask(&self, head: &str, headers: &[&str], body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let length = body.len();
        let request = format!(
            "{head} HTTP/1.1\r\n{headers}Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        // A server that refuses by the head does not read all of the body.
        _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_else(|| panic!("{answer:?}"))
}

#[test]
fn only_who_names_this_machine_and_is_no_page_is_let_in() {
    let project = project();
    let served = Served::start(&project, &["--allow-host", "trueup.test", "--allow-origin", "https://page.test:443"]);
    let port = served.address.port();
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "measure", "arguments": {"metrics": ["agents"]}}});
    let call = call.to_string();
    let local = format!("Host: 127.0.0.1:{port}");
    for (headers, expected) in [
        (vec![local.clone()], "200"),
        (vec![format!("Host: localhost:{port}")], "200"),
        (vec!["Host: trueup.test".to_owned()], "200"),
        // A name that an attacker made to resolve to loopback.
        (vec![format!("Host: evil.test:{port}")], "403"),
        (vec![format!("Host: 127.0.0.1.evil.test:{port}")], "403"),
        (vec![local.clone(), "Origin: https://evil.test".to_owned()], "403"),
        (vec![local.clone(), format!("Origin: http://localhost:{port}")], "403"),
        (vec![local.clone(), "Origin: null".to_owned()], "403"),
        (vec![local.clone(), "Origin: https://page.test".to_owned()], "200"),
    ] {
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let answer = served.ask("POST /mcp", &headers, &call);
        assert_eq!(status(&answer), expected, "{headers:?}: {answer}");
        assert_eq!(answer.contains("measured_at"), expected == "200", "{answer}");
    }
    assert_eq!(status(&served.ask("GET /mcp", &[&local], "")), "405");
    let large = format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{{\"x\":\"{}\"}}}}",
        "x".repeat(9 << 20)
    );
    let answer = served.ask("POST /mcp", &[&local], &large);
    assert!(answer.is_empty() || status(&answer) == "413", "{}", &answer[..answer.len().min(300)]);
    assert_eq!(status(&served.ask("POST /mcp", &[&local], "nonsense")).chars().next(), Some('4'));
    assert_eq!(status(&served.ask("POST /mcp", &[&local], &call)), "200");
    served.end();
}

#[test]
fn an_address_that_lets_others_in_is_refused_unless_their_name_for_it_is_said() {
    let project = project();
    let run = project.run("mcp --http 0.0.0.0:0");
    assert!(run.exits(2).stderr().contains("lets other machines in"), "{}", run.shown());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let run = project.trueup(["mcp", "--http", &taken.local_addr().unwrap().to_string()]).run();
    assert!(run.exits(2).stderr().starts_with("error: cannot listen on 127.0.0.1:"), "{}", run.shown());
    project.run("mcp --http localhost").exits(2);
    project.run("mcp --allow-host example.com").exits(2);
}
