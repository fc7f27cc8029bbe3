//! The mcp check against servers over HTTP: both transports, and each way in which an address is no MCP server.

#[path = "mcp_web/fake.rs"]
mod fake;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fake::{Asked, Fake, Told, answer, json_answer, sound};
use serde_json::json;
use trueup::failure::FailureClass;
use trueup::measure::discover::Handle;
use trueup::measure::measurement::{Outcome, UnmeasuredCause};
use trueup::measure::probe::{Context, Look, look};
use trueup::measure::request::{Check, HeaderValue, McpCall, McpCheck, McpRoute, McpTransport, McpWeb};
use trueup::measure::source::Sources;
use trueup::rung::Rung;

const AMPLE: Duration = Duration::from_secs(20);

fn web(url: &str, transport: McpTransport, headers: &[(&str, HeaderValue)]) -> McpCheck {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let call = McpCall {
        tool: "search".to_owned(),
        arguments: json!({ "query": "x" }),
        expect: Some("[0-9]+ results".to_owned()),
        reject: None,
    };
    McpCheck {
        server: Some(McpRoute::Web(McpWeb { url: url.to_owned(), transport, headers })),
        min_tools: 1,
        calls: vec![call],
        ..McpCheck::default()
    }
}

/// Looks, closes the run, and checks that both keep to their time.
async fn look_within(check: McpCheck, time: Duration) -> Look {
    let sources = Sources::new(false).keeping_exhibits(true);
    let began = Instant::now();
    let deadline = tokio::time::Instant::now() + time;
    let look = look(&Check::Mcp(check), Context { handle: &Handle::Named, sources: &sources, deadline }).await;
    assert!(began.elapsed() < time + Duration::from_millis(200), "late by {:?}", began.elapsed());
    sources.close().await;
    assert!(began.elapsed() < time + Duration::from_secs(4), "closed after {:?}", began.elapsed());
    look
}

async fn look_at(fake: &Fake) -> Look {
    look_within(web(&fake.url(), McpTransport::Http, &[]), AMPLE).await
}

#[track_caller]
fn assert_passed(look: &Look) {
    let Outcome::Passed { summary } = &look.outcome else { panic!("{look:#?}") };
    assert_eq!(summary, "2 tools; `search` answered as expected");
    assert_eq!((look.rung, look.proved), (Rung::Functional, Some(Rung::Functional)));
}

#[track_caller]
fn failure(look: &Look) -> (FailureClass, &str) {
    match &look.outcome {
        Outcome::Failed(failure) => (failure.class, &failure.reason),
        other => panic!("{other:#?}"),
    }
}

fn opens_session(asked: &Asked) -> &'static str {
    if asked.rpc() == "initialize" { "mcp-session-id: s-17\r\n" } else { "" }
}

#[tokio::test]
async fn a_session_is_opened_kept_and_closed() {
    let fake = Fake::new(|asked| match asked.method.as_str() {
        "DELETE" => answer("204 No Content", "", ""),
        _ if asked.rpc().starts_with("notifications/") => answer("202 Accepted", "", ""),
        _ => json_answer(opens_session(asked), &sound(asked)),
    })
    .await;
    let look = look_at(&fake).await;
    assert_passed(&look);
    assert_eq!(look.evidence.get("transport"), Some("streamable HTTP"));
    assert_eq!(look.evidence.get("server"), Some("fake 1"));
    let asked = fake.asked();
    let told: Vec<&str> = asked.iter().map(Asked::rpc).collect();
    assert_eq!(told, ["initialize", "notifications/initialized", "tools/list", "tools/call", ""]);
    for asked in &asked {
        assert_eq!(asked.path, "/mcp");
        assert_eq!(asked.header("accept"), Some("application/json, text/event-stream"));
    }
    assert_eq!(asked[0].header("content-type"), Some("application/json"));
    assert_eq!((asked[0].header("mcp-session-id"), asked[0].header("mcp-protocol-version")), (None, None));
    for asked in &asked[1..] {
        assert_eq!(asked.header("mcp-session-id"), Some("s-17"));
        assert_eq!(asked.header("mcp-protocol-version"), Some("2025-11-25"));
    }
    assert_eq!(asked[4].method, "DELETE");
    let transcript = &look.evidence.exhibits[0];
    assert_eq!(transcript.name, "transcript.txt");
    assert!(
        transcript.text.contains("-> {\"jsonrpc\"") && transcript.text.contains("<- HTTP 200 OK"),
        "{}",
        transcript.text
    );
}

#[tokio::test]
async fn an_answer_may_come_on_a_stream_of_events_with_others() {
    let replies = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&replies);
    let fake = Fake::new(move |asked| {
        if asked.rpc().is_empty() || asked.rpc().starts_with("notifications/") {
            heard.lock().unwrap().push(asked.body.clone());
            return answer("202 Accepted", "", "");
        }
        let asks = json!({"jsonrpc": "2.0", "id": 9, "method": "ping"});
        let tells = json!({"jsonrpc": "2.0", "method": "notifications/message", "params": {}});
        let body = format!(
            ": hello\r\n\r\nid: 1\r\ndata:\r\n\r\nevent: message\r\ndata: {asks}\r\n\r\ndata: {tells}\n\ndata: {}\n\n",
            sound(asked)
        );
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n\r\n".to_owned();
        let (sender, more) = tokio::sync::mpsc::unbounded_channel();
        let (first, rest) = body.split_at(body.len() / 2);
        sender.send(first.to_owned()).unwrap();
        sender.send(rest.to_owned()).unwrap();
        // The stream stays open for a while after the answer: nobody waits for its end.
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(3)).await;
            drop(sender);
        });
        Told::Stream(head, more)
    })
    .await;
    let began = Instant::now();
    assert_passed(&look_at(&fake).await);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    let replies = replies.lock().unwrap();
    let pongs = replies.iter().filter(|body| **body == json!({"jsonrpc": "2.0", "id": 9, "result": {}})).count();
    assert_eq!(pongs, 3, "{replies:?}");
}

/// A server of the older way: `/sse` names the endpoint, answers come on its stream.
async fn older(post_here: &'static str, endpoint: &'static str) -> Fake {
    type Sender = tokio::sync::mpsc::UnboundedSender<String>;
    let stream: Arc<Mutex<Option<Sender>>> = Arc::default();
    Fake::new(move |asked| match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", _) => {
            let (sender, more) = tokio::sync::mpsc::unbounded_channel();
            sender.send(format!("event: endpoint\r\ndata: {endpoint}\r\n\r\n")).unwrap();
            *stream.lock().unwrap() = Some(sender);
            Told::Stream("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n".to_owned(), more)
        }
        ("POST", "/messages?id=7") => {
            if asked.body.get("id").is_some() {
                let event = format!("event: message\ndata: {}\n\n", sound(asked));
                stream.lock().unwrap().as_ref().unwrap().send(event).unwrap();
            }
            answer("202 Accepted", "", "Accepted")
        }
        _ => answer(post_here, "content-type: text/plain\r\n", "no"),
    })
    .await
}

#[tokio::test]
async fn the_older_way_is_found_and_can_be_asked_for() {
    for status in ["404 Not Found", "405 Method Not Allowed", "400 Bad Request"] {
        let fake = older(status, "/messages?id=7").await;
        let look = look_at(&fake).await;
        assert_passed(&look);
        assert_eq!(look.evidence.get("transport"), Some("HTTP with server-sent events (the older way)"));
    }
    let fake = older("500 Internal Server Error", "/messages?id=7").await;
    assert_passed(&look_within(web(&fake.url(), McpTransport::Sse, &[]), AMPLE).await);
    assert!(fake.asked().iter().all(|asked| asked.method == "GET" || asked.path == "/messages?id=7"));
    // Our headers are not for strangers.
    let fake = older("404 Not Found", "http://127.0.0.2:9/messages").await;
    let look = look_within(web(&fake.url(), McpTransport::Sse, &[]), AMPLE).await;
    assert_eq!(failure(&look).0, FailureClass::Protocol);
    assert!(failure(&look).1.contains("an endpoint elsewhere"), "{:?}", failure(&look));
}

#[tokio::test]
async fn a_server_of_the_newest_revision_is_asked_in_its_own_way() {
    let fake = Fake::new(|asked| {
        let id = &asked.body["id"];
        match asked.rpc() {
            "initialize" => {
                let error = json!({"code": -32022, "message": "unsupported", "data": {"supported": ["2026-07-28"]}});
                let body = json!({"jsonrpc": "2.0", "id": id, "error": error});
                answer("400 Bad Request", "content-type: application/json\r\n", &body.to_string())
            }
            "server/discover" => {
                let result = json!({
                    "supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}},
                    "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "modern", "version": "2"}},
                });
                json_answer("", &json!({"jsonrpc": "2.0", "id": id, "result": result}))
            }
            method => {
                let meta = &asked.body["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"];
                let fits = meta == "2026-07-28"
                    && asked.header("mcp-protocol-version") == Some("2026-07-28")
                    && asked.header("mcp-method") == Some(method)
                    && (method != "tools/call" || asked.header("mcp-name") == Some("search"));
                if fits { json_answer("", &sound(asked)) } else { answer("400 Bad Request", "", "") }
            }
        }
    })
    .await;
    let look = look_at(&fake).await;
    assert_passed(&look);
    assert_eq!(look.evidence.get("protocol version"), Some("2026-07-28"));
    assert_eq!(look.evidence.get("server"), Some("modern 2"));
    assert!(
        fake.asked().iter().all(|asked| asked.method == "POST"),
        "an error of JSON-RPC is no server of the older way"
    );
}

#[tokio::test]
async fn what_is_no_mcp_server_is_told_apart() {
    use FailureClass::{Forbidden, NoAnswer, Protocol, Unauthorized, Unknown, Unreachable};
    let wants = "www-authenticate: Bearer resource_metadata=\"http://x/\"\r\n";
    let cases: [(&'static str, &'static str, &'static str, FailureClass, &str, bool); 12] = [
        ("401 Unauthorized", wants, "", Unauthorized, "answered 401 Unauthorized; it wants `Bearer`", false),
        ("403 Forbidden", "", "bad host", Forbidden, "perhaps it allows `localhost` and not the address", false),
        (
            "404 Not Found",
            "content-type: text/html\r\n",
            "<h1>",
            Protocol,
            "404 Not Found with `text/html`, and no JSON-RPC",
            false,
        ),
        ("405 Method Not Allowed", "", "", Protocol, "405 Method Not Allowed, and no", false),
        ("501 Not Implemented", "", "", Protocol, "501", false),
        (
            "200 OK",
            "content-type: text/html; charset=utf-8\r\n",
            "<!doctype html><div id=root>",
            Protocol,
            "200 OK with `text/html`",
            false,
        ),
        (
            "200 OK",
            "content-type: application/json\r\n",
            "{\"status\":\"ok\"}",
            Protocol,
            "200 OK with `application/json`, and no",
            false,
        ),
        ("202 Accepted", "", "", Protocol, "202 Accepted, and no", false),
        (
            "302 Found",
            "location: http://u:pw@elsewhere/login?t=1\r\n",
            "",
            Protocol,
            "a redirect to `http://elsewhere/login?…`",
            false,
        ),
        ("502 Bad Gateway", "", "", Unreachable, "a gateway is there, and nothing behind it", true),
        ("500 Internal Server Error", "", "boom", Unknown, "answered 500", true),
        ("503 Service Unavailable", "", "", Unknown, "answered 503", true),
    ];
    for (status, headers, body, class, reason, transient) in cases {
        let fake = Fake::new(move |_| answer(status, headers, body)).await;
        let look = look_at(&fake).await;
        let (found, told) = failure(&look);
        assert_eq!(found, class, "{status}: {told}");
        assert!(told.contains(reason) && !told.contains("pw"), "{status}: {told}");
        assert_eq!((look.rung, look.proved, look.transient), (Rung::Running, None, transient), "{status}");
    }
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let look = look_within(web(&format!("http://{nobody}/mcp"), McpTransport::Http, &[]), AMPLE).await;
    assert_eq!(failure(&look).0, Unreachable);
    let silent = Fake::new(|_| Told::Silence).await;
    let look = look_within(web(&silent.url(), McpTransport::Http, &[]), Duration::from_secs(1)).await;
    assert_eq!(failure(&look).0, NoAnswer, "{look:#?}");
    let halves = ["{\"jsonrpc\":\"2.0\",", ""];
    for half in halves {
        let cut = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{half}");
        let fake = Fake::new(move |_| Told::Whole(cut.clone())).await;
        let look = look_at(&fake).await;
        assert_eq!(failure(&look).0, Protocol, "{look:#?}");
        assert!(failure(&look).1.contains("broke off"), "{look:#?}");
    }
    let ends = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: {\"jsonrpc\"\n\n";
    let fake = Fake::new(move |_| Told::Whole(ends.to_owned())).await;
    let look = look_at(&fake).await;
    assert!(failure(&look).1.contains("ended without the answer"), "{look:#?}");
}

#[tokio::test]
async fn what_happens_after_the_handshake_is_told_with_its_place() {
    let forgets = Fake::new(|asked| match asked.rpc() {
        "tools/list" => answer("404 Not Found", "", ""),
        rpc if rpc.starts_with("notifications/") => answer("202 Accepted", "", ""),
        _ => json_answer(opens_session(asked), &sound(asked)),
    })
    .await;
    let look = look_at(&forgets).await;
    assert!(failure(&look).1.contains("instead of an answer to `tools/list`: "), "{look:#?}");
    assert!(failure(&look).1.contains("has forgotten the session"), "{look:#?}");
    assert!(look.transient);
    let fails = Fake::new(|asked| match asked.rpc() {
        "tools/call" => answer("401 Unauthorized", "", ""),
        _ => json_answer("", &sound(asked)),
    })
    .await;
    let look = look_at(&fails).await;
    assert_eq!(
        (failure(&look).0, look.rung, look.proved),
        (FailureClass::Unauthorized, Rung::Functional, Some(Rung::Running))
    );
    let silent = Fake::new(|asked| match asked.rpc() {
        "tools/call" => Told::Silence,
        _ => json_answer(opens_session(asked), &sound(asked)),
    })
    .await;
    let look = look_within(web(&silent.url(), McpTransport::Http, &[]), Duration::from_secs(1)).await;
    assert!(failure(&look).1.contains("no answer to the call of `search`"), "{look:#?}");
    assert_eq!((failure(&look).0, look.proved), (FailureClass::CallFailed, Some(Rung::Running)));
    assert!(silent.asked().iter().any(|asked| asked.method == "DELETE"), "the session is closed");
}

#[tokio::test]
async fn redirects_within_the_host_are_followed() {
    let fake = Fake::new(|asked| match asked.path.as_str() {
        "/mcp" => answer("307 Temporary Redirect", "location: /mcp/\r\n", ""),
        _ => json_answer("", &sound(asked)),
    })
    .await;
    assert_passed(&look_at(&fake).await);
    let away = Fake::new(|_| answer("307 Temporary Redirect", "location: http://127.0.0.2:9/mcp\r\n", "")).await;
    let look = look_within(web(&away.url(), McpTransport::Http, &[]), AMPLE).await;
    assert!(failure(&look).1.contains("a redirect to `http://127.0.0.2:9/mcp`"), "{look:#?}");
    let circle = Fake::new(|_| answer("307 Temporary Redirect", "location: /mcp\r\n", "")).await;
    assert!(failure(&look_at(&circle).await).1.contains("redirects more than"));
}

#[tokio::test]
async fn a_list_of_messages_and_strays_are_understood() {
    let fake = Fake::new(|asked| match asked.rpc() {
        "tools/list" => json_answer("", &json!([{"jsonrpc": "2.0", "method": "notifications/x"}, sound(asked)])),
        "tools/call" => {
            let error = json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32000, "message": "no session"}});
            answer("400 Bad Request", "content-type: application/json\r\n", &error.to_string())
        }
        _ => json_answer("", &sound(asked)),
    })
    .await;
    let look = look_at(&fake).await;
    assert_eq!(failure(&look).0, FailureClass::CallFailed);
    assert!(failure(&look).1.contains("`tools/call` returned error -32000: no session"), "{look:#?}");
}

#[tokio::test]
async fn credentials_are_sent_and_never_shown() {
    let text = |text: &str| HeaderValue::Text(text.to_owned());
    let secrets = ["open-sesame-17", "hunter2", "q-secret"];
    let fake = Fake::new(|asked| {
        let all = format!("{asked:?}");
        let error = json!({"code": -32000, "message": format!("I was told {all}")});
        json_answer("", &json!({"jsonrpc": "2.0", "id": asked.body["id"], "error": error}))
    })
    .await;
    let url = fake.url().replace("http://", "http://me:hunter2@") + "?key=q-secret";
    let headers = [("Authorization", text("Bearer open-sesame-17")), ("X-Plain", text("open-sesame-17"))];
    let look = look_within(web(&url, McpTransport::Http, &headers), AMPLE).await;
    let sent = fake.asked()[0].clone();
    assert_eq!(sent.header("authorization"), Some("Bearer open-sesame-17"));
    let shown = format!("{look:?}");
    assert!(shown.contains("I was told"), "{shown}");
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    let headers = [("Authorization", HeaderValue::Env("TRUEUP_TEST_NO_SUCH_VARIABLE".to_owned()))];
    let look = look_within(web(&fake.url(), McpTransport::Http, &headers), AMPLE).await;
    let Outcome::Unmeasured(unmeasured) = &look.outcome else { panic!("{look:#?}") };
    assert_eq!(unmeasured.cause, UnmeasuredCause::NotAllowed);
    assert!(unmeasured.detail.contains("TRUEUP_TEST_NO_SUCH_VARIABLE"), "{}", unmeasured.detail);
}

#[tokio::test]
async fn a_flood_is_not_kept() {
    let fake = Fake::new(|_| {
        let (sender, more) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            let piece = format!("data: {}\n", "x".repeat(1 << 20));
            while sender.send(piece.clone()).is_ok() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        Told::Stream("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n".to_owned(), more)
    })
    .await;
    let look = look_at(&fake).await;
    assert_eq!(failure(&look).0, FailureClass::Protocol);
    assert!(failure(&look).1.contains("floods"), "{look:#?}");
}
