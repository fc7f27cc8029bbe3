//! Over HTTP, for clients that do not start their servers: streamable HTTP without sessions, so that nothing is kept for a
//! client that went away.
//!
//! A page in a browser must not reach a server on this machine: by its name, which can be made to resolve to loopback (the
//! `Host` of a request is checked), or across origins (a request with an `Origin` is refused unless that is allowed).

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::ask::Desk;
use super::server::Server;

/// Names of this machine to itself.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Longest body of a request, in bytes.
const BODY_LIMIT: usize = 8 << 20;

/// Connections at once; the others wait to be taken.
const CONNECTIONS: usize = 64;

/// How long a client may take to send the head of a request.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the server listens, and whom it lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// The address.
    pub address: SocketAddr,
    /// Names besides those of loopback by which it may be asked.
    pub hosts: Vec<String>,
    /// Origins of pages in browsers that may ask; without one, none may.
    pub origins: Vec<String>,
}

/// Listens, tells `ready` where, and serves until it is dropped.
///
/// # Errors
/// Where the address cannot be listened on.
pub async fn over_http<D: Desk>(desk: Arc<D>, door: &Door, ready: impl FnOnce(SocketAddr)) -> io::Result<()> {
    let failed = |error: io::Error| {
        let told = format!("cannot listen on {}: {error}; expected a free port of this machine", door.address);
        io::Error::new(error.kind(), told)
    };
    let listener = TcpListener::bind(door.address).await.map_err(failed)?;
    ready(listener.local_addr()?);
    let hosts = LOOPBACK.iter().map(|name| (*name).to_owned()).chain(door.hosts.iter().cloned());
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(BODY_LIMIT)
        .with_allowed_hosts(hosts)
        .with_allowed_origins(door.origins.clone())
        .enforce_origin_validation();
    let server = Server::new(desk);
    let sessions = Arc::new(NeverSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(server.clone()), sessions, config);
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return Ok(()) };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // One client that hung up, or no descriptor free for a moment.
            Err(_) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(async move {
            let mut builder = Builder::new(TokioExecutor::new());
            builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE);
            // How a connection ends is its client's matter.
            _ = builder.serve_connection(TokioIo::new(stream), service).await;
            drop(place);
        });
    }
}
