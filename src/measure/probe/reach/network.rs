//! A look from a container's network without a program of its image: a thread of ours enters the network, connects, and
//! hands the connection over. It changes nothing for the rest of us, and ends with the attempt.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use reqwest::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use super::Seen;
use crate::failure::FailureClass;
use crate::measure::blocking::done_by;
use crate::measure::container_request::Reached;
use crate::measure::engine::container::Container;
use crate::platform::network::connect_in;

/// Bytes of an answer that are read: its first line must be in them.
const HEAD: usize = 1024;

/// Looks; the error says why nobody can.
pub(super) async fn look(to: &Reached, container: &Container, local: bool, deadline: Instant) -> Result<Seen, String> {
    let pid = container.pid.ok_or("the container does not run any more")?;
    if !local || !is_process_of(pid, &container.id) {
        return Err("its processes are not this machine's, so its network cannot be entered from here".to_owned());
    }
    let (host, port, request) = match to {
        Reached::Tcp { host, port } => (host.clone(), *port, None),
        Reached::Http { url, .. } => {
            let url = Url::parse(url).map_err(|error| format!("the URL cannot be read: {error}"))?;
            if url.scheme() != "http" {
                return Err("https is spoken only by one of those".to_owned());
            }
            let host = url.host_str().ok_or("the URL has no host")?.trim_matches(['[', ']']).to_owned();
            let path = match url.query() {
                Some(query) => format!("{}?{query}", url.path()),
                None => url.path().to_owned(),
            };
            let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept: */*\r\n\r\n");
            (host, url.port_or_known_default().unwrap_or(80), Some(request))
        }
    };
    let Some(ip) = address_of(&host, pid) else {
        return Err(format!("`{host}` can be looked up only by one of those"));
    };
    let patience = deadline.saturating_duration_since(Instant::now()).saturating_sub(Duration::from_millis(300));
    let connected = done_by(deadline, move |_| connect_in(pid, SocketAddr::new(ip, port), patience)).await;
    let stream = match connected {
        None => return Ok(Seen::Not(FailureClass::NoAnswer, "no answer in time".to_owned())),
        Some(Err(error)) => return of_error(&error),
        Some(Ok(stream)) => stream,
    };
    let Some(request) = request else { return Ok(Seen::Open) };
    match timeout_at(deadline, status(stream, &request)).await {
        Err(_) => Ok(Seen::Not(FailureClass::NoAnswer, "it accepts, and does not answer in time".to_owned())),
        Ok(Err(error)) => Ok(Seen::Not(FailureClass::Unreachable, error.to_string())),
        Ok(Ok(None)) => Ok(Seen::Not(FailureClass::Protocol, "what it answers is no HTTP".to_owned())),
        Ok(Ok(Some(status))) => Ok(Seen::Status(status)),
    }
}

fn of_error(error: &io::Error) -> Result<Seen, String> {
    use io::ErrorKind;
    match error.kind() {
        ErrorKind::PermissionDenied => Err("we may not enter its network (root may)".to_owned()),
        ErrorKind::Unsupported => Err("this system cannot enter the network of another process".to_owned()),
        ErrorKind::TimedOut | ErrorKind::WouldBlock => {
            Ok(Seen::Not(FailureClass::NoAnswer, "no answer in time".to_owned()))
        }
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::ConnectionReset => Ok(Seen::Not(FailureClass::Unreachable, error.to_string())),
        _ => Err(format!("its network cannot be entered: {error}")),
    }
}

/// The status of the answer to `request`.
async fn status(stream: std::net::TcpStream, request: &str) -> io::Result<Option<u16>> {
    stream.set_nonblocking(true)?;
    let mut stream = TcpStream::from_std(stream)?;
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while head.len() < HEAD && !head.contains(&b'\n') {
        if stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    let line = String::from_utf8_lossy(&head);
    let status = line.strip_prefix("HTTP/").and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok());
    Ok(status)
}

/// Whether process `pid` of this machine is one of the container `id`: numbers that engines give are of their own machine,
/// or of their own container.
fn is_process_of(pid: u32, id: &str) -> bool {
    let names = |file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).is_ok_and(|text| text.contains(id));
    id.len() >= 12 && (names("cgroup") || names("mountinfo"))
}

/// The address that `host` is for the container, as far as it can be told without asking a name server.
fn address_of(host: &str, pid: u32) -> Option<IpAddr> {
    if let Ok(ip) = host.parse() {
        return Some(ip);
    }
    let hosts = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("root/etc/hosts"));
    in_hosts(host, &hosts.unwrap_or_default())
        .or_else(|| (host == "localhost").then_some(IpAddr::V4(Ipv4Addr::LOCALHOST)))
}

fn in_hosts(host: &str, hosts: &str) -> Option<IpAddr> {
    hosts.lines().find_map(|line| {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let ip = words.next()?.parse().ok()?;
        words.any(|name| name.eq_ignore_ascii_case(host)).then_some(ip)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_file_of_the_container_is_asked() {
        let hosts = "127.0.0.1 localhost # here\n172.18.0.5\tdb database\n# 1.2.3.4 web\nnothing\n";
        assert_eq!(in_hosts("Database", hosts), Some("172.18.0.5".parse().unwrap()));
        assert_eq!(in_hosts("web", hosts), None);
    }

    #[test]
    fn our_own_process_is_of_no_container_with_a_made_up_id() {
        assert!(!is_process_of(std::process::id(), "0123456789abcdef0123"));
        assert!(!is_process_of(std::process::id(), ""), "nothing is in every text");
    }
}
