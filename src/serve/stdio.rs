//! Over standard input and output, as coding agents start servers.

use std::io;
use std::sync::Arc;

use rmcp::ServiceExt as _;
use rmcp::transport::async_rw::AsyncRwTransport;

use super::ask::Desk;
use super::server::Server;

/// Longest message, in bytes: room for the longest text that is judged, however it is escaped.
const MESSAGE_LIMIT: usize = 8 << 20;

/// Serves until the client closes standard input.
///
/// # Errors
/// Where the streams fail, or what comes in is no beginning of the protocol.
pub async fn over_stdio<D: Desk>(desk: Arc<D>) -> io::Result<()> {
    let (input, output) = rmcp::transport::stdio();
    let transport = AsyncRwTransport::new_server(input, output).with_max_line_length(MESSAGE_LIMIT);
    match Server::new(desk).serve(transport).await {
        Ok(running) => running.waiting().await.map(|_| ()).map_err(io::Error::other),
        // Somebody who starts the server and says nothing has changed their mind.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => {
            Err(io::Error::other(format!("no client of the Model Context Protocol on standard input: {error}")))
        }
    }
}
