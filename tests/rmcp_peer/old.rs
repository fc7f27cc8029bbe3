//! A server of the library as it was before the newest revision: asked `server/discover` first, it ends with an error.

use std::sync::Arc;

use rmcp_old::model::{
    CallToolRequestParams, CallToolResult, Content, Implementation, ListToolsResult, PaginatedRequestParams,
    ServerCapabilities, ServerInfo, Tool,
};
use rmcp_old::service::RequestContext;
use rmcp_old::{ErrorData, RoleServer, ServerHandler, ServiceExt};

struct Greeter;

impl ServerHandler for Greeter {
    fn get_info(&self) -> ServerInfo {
        ServerInfo::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("greeter", "1.7"))
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let schema = serde_json::json!({ "type": "object" }).as_object().cloned().unwrap_or_default();
        Ok(ListToolsResult::with_all_items(vec![Tool::new("add", "a tool", Arc::new(schema))]))
    }

    async fn call_tool(
        &self,
        _request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        Ok(CallToolResult::success(vec![Content::text("the sum is 42")]))
    }
}

/// Serves until its standard input ends. What it dies of goes to standard error.
pub async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let running = Greeter.serve(rmcp_old::transport::stdio()).await?;
    running.waiting().await?;
    Ok(())
}
