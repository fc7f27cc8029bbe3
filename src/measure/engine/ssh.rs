//! An engine on another machine, over `ssh`: the docker client there is told to pass bytes on (`docker system dial-stdio`),
//! as the docker client here would do it. Keys, ports and jumps are ssh's own configuration; nothing is asked on a terminal.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::process::{ChildStdin, ChildStdout};

use super::dial::{Dial, DialFault, Link};
use crate::measure::process::{Program, Running, Stdin, start};

/// Where to go by ssh.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SshAddress {
    /// Who to be there; ssh's own choice where it is not given.
    pub user: Option<String>,
    /// The machine, or what ssh's configuration calls it.
    pub host: String,
    /// ssh's own choice where it is not given.
    pub port: Option<u16>,
    /// Path of the engine's socket there; the docker client's own choice where it is not given.
    pub socket: Option<String>,
}

impl SshAddress {
    /// Reads what stands behind `ssh://`: `user@host:port/path/of/the.sock`, of which the host alone must be there.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(rest: &str) -> Result<SshAddress, &'static str> {
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let (user, place) = authority.rsplit_once('@').map_or((None, authority), |(user, place)| (Some(user), place));
        if user.is_some_and(|user| user.contains(':')) {
            return Err("a password in an address is not used; let ssh use a key");
        }
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
                (host, Some(port.parse::<u16>().map_err(|_| "the port is not a number from 1 to 65535")?))
            }
            Some(_) | None => (place, None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        // What begins with a dash would be an option of ssh, and an option of ssh can run a program.
        let is_name = |name: &str| {
            !name.is_empty()
                && !name.starts_with('-')
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'%'))
        };
        if !is_name(host) {
            return Err("expected ssh://user@host:port");
        }
        if user.is_some_and(|user| !is_name(user)) {
            return Err("the user is no name that ssh could be given");
        }
        // A shell on the other side reads the path.
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'-' | b'_' | b'+' | b'@' | b':');
        if !path.bytes().all(is_plain) {
            return Err("the path of the socket has characters that a shell would read as its own");
        }
        Ok(SshAddress {
            user: user.map(str::to_owned),
            host: host.to_owned(),
            port,
            socket: Some(path).filter(|path| !path.trim_matches('/').is_empty()).map(str::to_owned),
        })
    }

    /// The command line that passes bytes on.
    fn argv(&self) -> Vec<String> {
        let mut argv: Vec<String> =
            ["ssh", "-o", "ConnectTimeout=30", "-o", "BatchMode=yes", "-T"].map(str::to_owned).into();
        if let Some(user) = &self.user {
            argv.extend(["-l".to_owned(), user.clone()]);
        }
        if let Some(port) = self.port {
            argv.extend(["-p".to_owned(), port.to_string()]);
        }
        argv.extend(["--".to_owned(), self.host.clone(), "docker".to_owned()]);
        if let Some(socket) = &self.socket {
            argv.extend(["--host".to_owned(), format!("unix://{socket}")]);
        }
        argv.extend(["system".to_owned(), "dial-stdio".to_owned()]);
        argv
    }

    /// Makes links by starting an `ssh` for each.
    pub(super) fn dial(&self) -> Dial {
        let argv = self.argv();
        Arc::new(move || std::future::ready(link(&argv)).boxed())
    }
}

impl fmt::Display for SshAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ssh://")?;
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?
        } else {
            f.write_str(&self.host)?
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(self.socket.as_deref().unwrap_or_default())
    }
}

fn link(argv: &[String]) -> Result<Link, DialFault> {
    let program = Program { argv, env: &BTreeMap::new(), cwd: Path::new(".") };
    let mut running = start(&program, Stdin::Pipe).map_err(|fault| DialFault::away(fault.to_string()))?;
    let (Some(stdin), Some(stdout)) = (running.stdin.take(), running.stdout.take()) else {
        return Err(DialFault::away("`ssh` came without pipes"));
    };
    let running = Arc::new(running);
    let speaker = Arc::clone(&running);
    Ok(Link {
        io: Box::new(Pipes { stdin, stdout, _running: running }),
        said: Box::new(move || speaker.stderr_so_far().text()),
        fault,
    })
}

/// What ssh's own words mean. Those of the docker client on the other side come the same way.
fn fault(said: &str) -> DialFault {
    let said = said.trim();
    let last = said.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    // The last line of a refused host key speaks of the refusal alone, and that says it.
    let denied = ["Permission denied", "Host key verification failed", "Too many authentication failures"];
    match denied.iter().any(|words| said.contains(words)) {
        true => DialFault::denied(format!("ssh says: {last}")),
        false => DialFault::away(format!("ssh says: {last}")),
    }
}

/// Both ends of an `ssh` that is ended when nobody needs them any more.
struct Pipes {
    stdin: ChildStdin,
    stdout: ChildStdout,
    _running: Arc<Running>,
}

impl AsyncRead for Pipes {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stdout).poll_read(cx, buf)
    }
}

impl AsyncWrite for Pipes {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stdin).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stdin).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stdin).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_that_of_the_docker_client() {
        let address = SshAddress::parse("me@box:2222/run/user/1000/docker.sock").unwrap();
        assert_eq!(address.to_string(), "ssh://me@box:2222/run/user/1000/docker.sock");
        assert_eq!(
            address.argv().join(" "),
            "ssh -o ConnectTimeout=30 -o BatchMode=yes -T -l me -p 2222 -- box docker --host \
             unix:///run/user/1000/docker.sock system dial-stdio"
        );
        let bare = SshAddress::parse("box").unwrap();
        assert!(bare.argv().join(" ").ends_with("-T -- box docker system dial-stdio"));
        assert_eq!(SshAddress::parse("[::1]:22/").unwrap().to_string(), "ssh://[::1]:22");
    }

    #[test]
    fn nothing_in_an_address_becomes_an_option_or_a_command() {
        for rest in
            ["", "-oProxyCommand=x", "-l@box", "box/a;b", "box/$(x)", "a b", "box:port", "me:secret@box", "@box"]
        {
            assert!(SshAddress::parse(rest).is_err(), "{rest}");
        }
    }

    #[test]
    fn a_closed_door_is_not_a_missing_house() {
        use crate::measure::measurement::UnmeasuredCause::{PermissionDenied, SourceAway};
        assert_eq!(fault("me@box: Permission denied (publickey).\r\n").cause, PermissionDenied);
        assert_eq!(fault("Host key verification failed.\r\n").cause, PermissionDenied);
        let refused = fault("ssh: connect to host box port 22: Connection refused\r\n");
        assert_eq!(
            (refused.cause, refused.why.as_str()),
            (SourceAway, "ssh says: ssh: connect to host box port 22: Connection refused")
        );
    }
}
