//! The mcp check against servers of the official Rust library, in its own words: `rmcp_peer serve` is the server, and
//! without arguments the program starts itself as one and looks at it.

#[path = "rmcp_peer/old.rs"]
mod old;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListToolsResult,
    PaginatedRequestParams, ProtocolVersion, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt};
use trueup::measure::discover::Handle;
use trueup::measure::measurement::Outcome;
use trueup::measure::probe::{Context, Look, look};
use trueup::measure::request::{Check, McpCall, McpCheck, McpRoute, McpServer};
use trueup::measure::source::Sources;
use trueup::rung::Rung;

struct Adder {
    versions: &'static [ProtocolVersion],
}

impl ServerHandler for Adder {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("adder", "3.9"))
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        Cow::Borrowed(self.versions)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let schema = || Arc::new(serde_json::json!({ "type": "object" }).as_object().cloned().unwrap_or_default());
        let page = request.and_then(|request| request.cursor);
        let (name, next) = match page.as_deref() {
            None => ("add", Some("second".to_owned())),
            Some(_) => ("fail", None),
        };
        let mut list = ListToolsResult::with_all_items(vec![Tool::new(name, "a tool", schema())]);
        list.next_cursor = next;
        Ok(list)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let number = |name: &str| request.arguments.as_ref()?.get(name)?.as_i64();
        let result = match request.name.as_ref() {
            "add" => {
                let sum = number("a").unwrap_or(0) + number("b").unwrap_or(0);
                CallToolResult::success(vec![ContentBlock::text(format!("the sum is {sum}"))])
            }
            "fail" => CallToolResult::error(vec![ContentBlock::text("out of fingers")]),
            other => return Err(ErrorData::invalid_params(format!("no tool {other}"), None)),
        };
        Ok(result.into())
    }
}

async fn serve(versions: &'static [ProtocolVersion]) {
    let running = Adder { versions }.serve(rmcp::transport::stdio()).await.expect("the handshake");
    running.waiting().await.expect("the end");
}

/// A server of the older library works, though it dies of `server/discover`: that is never sent to it.
async fn check_old() {
    let program = std::env::current_exe().expect("our own program");
    let argv = [program.to_str().expect("a UTF-8 path").to_owned(), "serve-old".to_owned()];
    let first = r#"{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}"#;
    let mut child = std::process::Command::new(&argv[0])
        .arg(&argv[1])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("a child");
    use std::io::Write as _;
    let mut stdin = child.stdin.take().expect("a pipe");
    writeln!(stdin, "{first}").expect("room in the pipe");
    let ended = child.wait_with_output().expect("an end");
    drop(stdin);
    assert_eq!(ended.status.code(), Some(1), "asked in the newer way first, it dies: {ended:?}");

    let look = probe_with("serve-old", &["add"], 1, "add", "sum is 42").await;
    assert_eq!(look.proved, Some(Rung::Functional), "{look:#?}");
    assert_eq!(look.evidence.get("server"), Some("greeter 1.7"));
    assert!(look.evidence.get("protocol version").is_some_and(|version| version <= "2025-11-25"), "{look:#?}");
}

async fn probe(mode: &str, tool: &str, expect: &str) -> Look {
    probe_with(mode, &["add", "fail"], 2, tool, expect).await
}

async fn probe_with(mode: &str, tools: &[&str], min_tools: usize, tool: &str, expect: &str) -> Look {
    let program = std::env::current_exe().expect("our own program");
    let argv = vec![program.to_str().expect("a UTF-8 path").to_owned(), mode.to_owned()];
    let cwd = std::env::temp_dir();
    let check = Check::Mcp(McpCheck {
        server: Some(McpRoute::Stdio(McpServer { argv, env: BTreeMap::new(), cwd })),
        min_tools,
        tools: tools.iter().map(|&tool| tool.to_owned()).collect(),
        calls: vec![McpCall {
            tool: tool.to_owned(),
            arguments: serde_json::json!({ "a": 40, "b": 2 }),
            expect: Some(expect.to_owned()),
            reject: None,
        }],
        ..McpCheck::default()
    });
    let sources = Sources::new(true);
    let began = Instant::now();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    let look = look(&check, Context { handle: &Handle::Named, sources: &sources, deadline }).await;
    sources.close().await;
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    look
}

async fn check_all() {
    for (mode, version) in [("serve", "2025-11-25"), ("serve-modern", "2026-07-28")] {
        let look = probe(mode, "add", "sum is 42").await;
        assert_eq!(look.proved, Some(Rung::Functional), "{mode}: {look:#?}");
        assert_eq!(look.evidence.get("protocol version"), Some(version), "{mode}");
        assert_eq!(look.evidence.get("server"), Some("adder 3.9"), "{mode}");
        assert_eq!(look.evidence.get("tools"), Some("2"), "{mode}");
        assert_eq!(look.evidence.get("lines that are no messages"), None, "{mode}");

        let look = probe(mode, "fail", ".").await;
        let Outcome::Failed(failure) = &look.outcome else { panic!("{mode}: {look:#?}") };
        assert!(failure.reason.contains("`fail` returned an error: out of fingers"), "{mode}: {}", failure.reason);
        assert_eq!(look.proved, Some(Rung::Running), "{mode}");

        let look = probe(mode, "nothing", ".").await;
        let Outcome::Failed(failure) = &look.outcome else { panic!("{mode}: {look:#?}") };
        assert!(failure.reason.contains("error -32602: no tool nothing"), "{mode}: {}", failure.reason);
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    match std::env::args().nth(1).as_deref() {
        Some("serve-old") => {
            if let Err(error) = runtime.block_on(old::serve()) {
                eprintln!("Error: {error}");
                std::process::exit(1);
            }
        }
        Some("serve") => runtime.block_on(serve(ProtocolVersion::KNOWN_VERSIONS)),
        Some("serve-modern") => runtime.block_on(serve(&[ProtocolVersion::V_2026_07_28])),
        // A runner that asks for the names of the tests.
        Some("--list") => {}
        // Whatever else the test runner passes.
        Some(_) | None => runtime.block_on(async {
            check_all().await;
            check_old().await;
        }),
    }
}
