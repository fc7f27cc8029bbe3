//! The server: the protocol's requests, answered by a desk.

use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListResourcesResult,
    ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult,
    Resource, ResourceContents, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use tokio::sync::Semaphore;
use tokio::task;

use super::ask::{Answer, Ask, Desk, Refusal};
use super::plain;
use super::tools::tools;

/// Address of the last snapshot.
const SNAPSHOT: &str = "trueup://snapshot";

/// Calls that are answered at once; the others wait.
const CALLS: usize = 8;

/// What a client is told of the server as a whole.
const INSTRUCTIONS: &str = "trueup holds status claims in Markdown against what is really there. Before you write or repeat a \
status (\"all services operational\", \"21/21 running\"), ask `check_claims` or `measure`. What could not be measured is \
unknown: say so, and never take it for up or for down.";

/// A server over a desk.
pub(super) struct Server<D> {
    desk: Arc<D>,
    calls: Arc<Semaphore>,
}

impl<D> Clone for Server<D> {
    fn clone(&self) -> Server<D> {
        Server { desk: Arc::clone(&self.desk), calls: Arc::clone(&self.calls) }
    }
}

impl<D: Desk> Server<D> {
    /// A server that `desk` answers for.
    pub(super) fn new(desk: Arc<D>) -> Server<D> {
        Server { desk, calls: Arc::new(Semaphore::new(CALLS)) }
    }

    /// Work of the desk, on a thread that may block.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&D) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<Result<T, Refusal>, ErrorData> {
        let gone = |why: String| ErrorData::internal_error(why, None);
        let _permit = self.calls.acquire().await.map_err(|error| gone(error.to_string()))?;
        let desk = Arc::clone(&self.desk);
        // A bug ends this call and not the server.
        task::spawn_blocking(move || work(&desk)).await.map_err(|error| gone(error.to_string()))
    }
}

impl<D: Desk> ServerHandler for Server<D> {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().build();
        let about = Implementation::new("trueup", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(capabilities).with_server_info(about).with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(ask) = Ask::read(&request.name, request.arguments) else {
            let known: Vec<_> = tools().into_iter().map(|tool| format!("`{}`", tool.name)).collect();
            let name = request.name.escape_debug();
            let why = format!("there is no tool `{name}`; expected one of {}", known.join(", "));
            return Err(ErrorData::invalid_params(why, None));
        };
        let answered = match ask {
            Ok(ask) => self.ask(move |desk| desk.answer(ask)).await?,
            Err(refusal) => Err(refusal),
        };
        // A refusal is an answer as well: models see results, and of errors of the protocol only that there was one.
        let result = match answered {
            Ok(Answer { text, data }) => {
                let mut result = CallToolResult::success(vec![ContentBlock::text(plain::text(&text))]);
                result.structured_content = Some(plain::value(data));
                result
            }
            Err(Refusal(why)) => CallToolResult::error(vec![ContentBlock::text(plain::text(&why))]),
        };
        Ok(result.into())
    }

    async fn list_resources(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let snapshot = Resource::new(SNAPSHOT, "snapshot")
            .with_title("The last snapshot")
            .with_description("All that was measured last, with its evidence; `trueup schema snapshot` describes it")
            .with_mime_type("application/json");
        Ok(ListResourcesResult::with_all_items(vec![snapshot]))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        if request.uri != SNAPSHOT {
            let uri = request.uri.escape_debug();
            let why = format!("there is no resource `{uri}`; expected `{SNAPSHOT}`");
            return Err(ErrorData::resource_not_found(why, None));
        }
        match self.ask(|desk| desk.snapshot()).await? {
            Ok(json) => {
                let contents = ResourceContents::text(json, SNAPSHOT).with_mime_type("application/json");
                Ok(ReadResourceResult::new(vec![contents]).into())
            }
            Err(Refusal(why)) => Err(ErrorData::resource_not_found(plain::text(&why), None)),
        }
    }
}
