//! The connection to a container engine that all checks of one run share.
//!
//! Nothing is asked before a check or a discovery asks, a container is inspected once however many ask, and what went
//! wrong with the engine itself is remembered: of 21 checks against an engine that is away, one waits. On a socket and
//! over plain tcp each request has a connection of its own, for that is what the library does, and kept ones are not
//! measurably faster; TLS, ssh and engines in containers keep theirs (see `transport`).
//!
//! The paths of requests carry no version, so that the engine answers in its own: there is no version to negotiate, and
//! no round trip for it. Old engines and new ones share no version anyway (20.10 ends at 1.41, 29 begins at 1.44).

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::query_parameters::{InspectContainerOptions, ListContainersOptionsBuilder, LogsOptionsBuilder};
use bollard::{API_DEFAULT_VERSION, Docker};
use futures_util::{Stream, StreamExt};
use tokio::sync::{Notify, OnceCell};
use tokio::time::{Instant, timeout_at};

use self::address::Address;
use self::container::Container;
use self::dial::DialFault;
use self::transport::over;
use self::trouble::Trouble;
use super::evidence::LOG_LINES;
use super::measurement::{EngineOutcome, Unmeasured, UnmeasuredCause};

pub mod address;
pub mod archive;
pub mod attach;
pub mod condition;
pub mod container;
pub mod dial;
pub mod document;
pub mod exec;
pub mod explain;
mod inside;
pub mod limits;
pub mod message;
pub mod ports;
pub mod resolve;
pub mod resources;
pub mod ssh;
mod tls;
mod transport;
pub mod trouble;
mod version;

/// Most bytes of a container's log that are read.
const LOG_BYTES: usize = 64 * 1024;

/// The library's own limit for the head of an answer, in seconds. Ours is the deadline of each call; this one lies
/// behind every deadline.
const LIBRARY_TIMEOUT: u64 = 24 * 60 * 60;

/// A container's facts, or the engine's word that there is no such container. Both are answers and can be shared.
type Answer = Option<Arc<Container>>;

/// A container on the list of an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Full id.
    pub id: String,
    /// Name, without the slash that engines put before it.
    pub name: String,
    /// When it was made, in seconds since 1970; 0 where the engine does not say.
    pub created: i64,
    /// Its labels.
    pub labels: HashMap<String, String>,
}

/// A connection to one engine.
#[derive(Debug)]
pub struct Engine {
    docker: Docker,
    source: String,
    local: bool,
    starts_programs: bool,
    /// Set once the engine has answered anything: from then on, silence is about one call and not about the engine.
    answered: AtomicBool,
    /// Why the engine cannot be asked, once that is known.
    away: OnceLock<Unmeasured>,
    /// Tells whoever waits for it that `away` is set.
    gone: Notify,
    inspected: Mutex<HashMap<String, Arc<OnceCell<Answer>>>>,
    version: OnceCell<EngineOutcome>,
}

impl Engine {
    /// Makes ready to ask the engine at `address`. Nothing is sent yet.
    ///
    /// # Errors
    /// `Unmeasured` where there is no such socket, or this system has no such kind of address.
    pub fn connect(address: &Address) -> Result<Engine, Unmeasured> {
        let source = address.source();
        let over = |dial| {
            Docker::connect_with_custom_transport(
                over(dial),
                Some("http://docker"),
                LIBRARY_TIMEOUT,
                API_DEFAULT_VERSION,
            )
        };
        let docker = match address {
            Address::Unix(_) | Address::Tcp(_) | Address::Pipe(_) => connect(address),
            Address::Tls { authority, folder } => {
                tls::dial(authority, folder).map_err(DialFault::into_error).and_then(over)
            }
            Address::Ssh(ssh) => over(ssh.dial()),
            Address::Inside { container, host, client, outer } => {
                let outer = Arc::new(Engine::connect(outer)?);
                over(inside::dial(outer, container, client, host.as_deref()))
            }
        };
        let docker = docker.map_err(|error| Trouble::of(&error, &source).into_unmeasured(&source))?;
        Ok(Engine {
            docker,
            source,
            local: address.is_local(),
            starts_programs: address.starts_programs(),
            answered: AtomicBool::new(false),
            away: OnceLock::new(),
            gone: Notify::new(),
            inspected: Mutex::new(HashMap::new()),
            version: OnceCell::new(),
        })
    }

    /// The engine as a source of answers: "docker unix:///var/run/docker.sock".
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether the engine's processes may be processes of this machine.
    pub fn is_local(&self) -> bool {
        self.local
    }

    /// Whether a connection to it costs a program.
    pub fn starts_programs(&self) -> bool {
        self.starts_programs
    }

    /// Containers that carry all of `labels` (`KEY` or `KEY=VALUE`; every container where there are none), stopped ones included, by name.
    ///
    /// # Errors
    /// [`Trouble`] where the engine gives no list.
    pub async fn list(&self, labels: &[String], deadline: Instant) -> Result<Vec<Listed>, Trouble> {
        let filters = HashMap::from([("label", labels.to_vec())]);
        let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        let summaries = self.ask(deadline, self.docker.list_containers(Some(options))).await?;
        let mut listed = summaries
            .into_iter()
            .map(|summary| {
                let id = summary.id.ok_or_else(|| self.unreadable("a container without `Id`"))?;
                // Links give a container more names, of the form /other/alias; its own has one slash.
                let names = summary.names.unwrap_or_default();
                let own = names.iter().filter_map(|name| name.strip_prefix('/')).find(|name| !name.contains('/'));
                let name = own.unwrap_or_else(|| id.get(..12).unwrap_or(&id)).to_owned();
                let (created, labels) = (summary.created.unwrap_or_default(), summary.labels.unwrap_or_default());
                Ok(Listed { id, name, created, labels })
            })
            .collect::<Result<Vec<_>, Trouble>>()?;
        listed.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
        Ok(listed)
    }

    /// The facts of a container, by name or id, as the first inspect of this run gave them.
    ///
    /// # Errors
    /// [`Trouble::NoSuchContainer`] if the engine says so; else what kept it from answering.
    pub async fn container(&self, name: &str, deadline: Instant) -> Result<Arc<Container>, Trouble> {
        let cell = {
            let mut inspected = self.inspected.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(inspected.entry(name.to_owned()).or_default())
        };
        // Who finds the inspect under way waits for it, but no longer than its own deadline.
        let shared = cell.get_or_try_init(|| async {
            match self.inspect(name, deadline).await {
                Ok(container) => Ok(Some(Arc::new(container))),
                Err(Trouble::NoSuchContainer) => Ok(None),
                Err(trouble) => Err(trouble),
            }
        });
        let answer = timeout_at(deadline, shared).await.map_err(|_| trouble::timed_out(&self.source))??;
        answer.clone().ok_or(Trouble::NoSuchContainer)
    }

    /// The facts of a container at this moment.
    ///
    /// # Errors
    /// As [`Engine::container`].
    pub async fn inspect(&self, name: &str, deadline: Instant) -> Result<Container, Trouble> {
        if !can_be_name(name) {
            return Err(Trouble::NoSuchContainer);
        }
        let inspect = self.docker.inspect_container(name, None::<InspectContainerOptions>);
        let inspect = self.ask(deadline, inspect).await?;
        Container::read(inspect).map_err(|field| self.unreadable(&format!("no usable `{field}` of `{name}`")))
    }

    /// The last lines of a container's log, standard output and error as they were written.
    ///
    /// # Errors
    /// [`Trouble`] where the log cannot be read, as with some log drivers.
    pub async fn log_tail(&self, id: &str, deadline: Instant) -> Result<String, Trouble> {
        self.log(id, LOG_LINES, deadline).await
    }

    /// The last `lines` lines of a container's log, standard output and error as they were written.
    ///
    /// # Errors
    /// As [`Engine::log_tail`].
    pub async fn log(&self, id: &str, lines: usize, deadline: Instant) -> Result<String, Trouble> {
        let tail = lines.to_string();
        let options = LogsOptionsBuilder::new().stdout(true).stderr(true).tail(&tail).build();
        let pieces = self.docker.logs(id, Some(options));
        self.ask(deadline, collect(pieces, LOG_BYTES)).await
    }

    /// Awaits an answer of the engine, no longer than until `deadline`.
    async fn ask<T>(&self, deadline: Instant, call: impl Future<Output = Result<T, Error>>) -> Result<T, Trouble> {
        if let Some(away) = self.away.get() {
            return Err(Trouble::Unmeasured(away.clone()));
        }
        let trouble = match timeout_at(deadline, call).await {
            Ok(Ok(answer)) => {
                self.answered.store(true, Ordering::Relaxed);
                return Ok(answer);
            }
            Ok(Err(error)) => Trouble::of(&error, &self.source),
            Err(_) => trouble::timed_out(&self.source),
        };
        match &trouble {
            Trouble::NoSuchContainer | Trouble::Refused(_) => self.answered.store(true, Ordering::Relaxed),
            Trouble::Unmeasured(unmeasured) => self.remember(unmeasured),
        }
        Err(trouble)
    }

    /// Keeps what makes every further question vain.
    fn remember(&self, unmeasured: &Unmeasured) {
        let vain = match unmeasured.cause {
            UnmeasuredCause::PermissionDenied => true,
            UnmeasuredCause::SourceAway | UnmeasuredCause::TimedOut | UnmeasuredCause::Unreadable => {
                !self.answered.load(Ordering::Relaxed)
            }
            UnmeasuredCause::TooEarly
            | UnmeasuredCause::NoCheck
            | UnmeasuredCause::NothingFound
            | UnmeasuredCause::NotAllowed
            | UnmeasuredCause::TooOld
            | UnmeasuredCause::NotRecorded => false,
        };
        if vain {
            // Whoever comes second has the same to say.
            let _ = self.away.set(unmeasured.clone());
            self.gone.notify_waiters();
        }
    }

    fn unreadable(&self, what: &str) -> Trouble {
        Trouble::Unmeasured(Unmeasured {
            cause: UnmeasuredCause::Unreadable,
            detail: format!("{} answered with {what}", self.source),
            source: self.source.clone(),
        })
    }
}

/// Whether an engine could know a container by this name or id. Anything else would change the path that is asked for.
fn can_be_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric()) && name.bytes().all(allowed)
}

#[cfg(unix)]
fn connect(address: &Address) -> Result<Docker, Error> {
    match address {
        Address::Unix(path) => {
            // The library takes a socket behind a closed door for one that is not there.
            std::fs::metadata(path)?;
            Docker::connect_with_unix(path, LIBRARY_TIMEOUT, API_DEFAULT_VERSION)
        }
        Address::Tcp(authority) => Docker::connect_with_http(authority, LIBRARY_TIMEOUT, API_DEFAULT_VERSION),
        Address::Pipe(_) | Address::Tls { .. } | Address::Ssh(_) | Address::Inside { .. } => {
            Err(Error::UnsupportedURISchemeError { uri: address.to_string() })
        }
    }
}

#[cfg(windows)]
fn connect(address: &Address) -> Result<Docker, Error> {
    match address {
        Address::Pipe(path) => Docker::connect_with_named_pipe(path, LIBRARY_TIMEOUT, API_DEFAULT_VERSION),
        Address::Tcp(authority) => Docker::connect_with_http(authority, LIBRARY_TIMEOUT, API_DEFAULT_VERSION),
        Address::Unix(_) | Address::Tls { .. } | Address::Ssh(_) | Address::Inside { .. } => {
            Err(Error::UnsupportedURISchemeError { uri: address.to_string() })
        }
    }
}

/// The text of a stream of output, up to `limit` bytes.
async fn collect(pieces: impl Stream<Item = Result<LogOutput, Error>>, limit: usize) -> Result<String, Error> {
    let mut pieces = std::pin::pin!(pieces);
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next().await {
        bytes.extend_from_slice(&piece?.into_bytes());
        if bytes.len() >= limit {
            bytes.truncate(limit);
            break;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::can_be_name;

    #[test]
    fn a_name_cannot_lead_elsewhere() {
        assert!(can_be_name("web-1") && can_be_name("0123abc") && can_be_name("a.b_c"));
        for name in ["", "/web", "../images", "web?all=1", "a b", "a%2f", "-a"] {
            assert!(!can_be_name(name), "{name}");
        }
    }
}
