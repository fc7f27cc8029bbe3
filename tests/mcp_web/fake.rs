//! A small HTTP server on loopback that does as it is told, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The JSON-RPC method.
    pub fn rpc(&self) -> &str {
        self.body["method"].as_str().unwrap_or_default()
    }
}

/// What is answered.
pub enum Told {
    /// These bytes, and the connection is closed.
    Whole(String),
    /// These bytes, and then what comes through the channel, for as long as it is open.
    Stream(String, tokio::sync::mpsc::UnboundedReceiver<String>),
    /// Nothing, ever.
    Silence,
}

pub type Play = dyn Fn(&Asked) -> Told + Send + Sync;

pub struct Fake {
    pub address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Fake {
    pub async fn new(play: impl Fn(&Asked) -> Told + Send + Sync + 'static) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (play, log): (Arc<Play>, _) = (Arc::new(play), Arc::clone(&asked));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&play), Arc::clone(&log)));
            }
        });
        Fake { address, asked }
    }

    pub fn url(&self) -> String {
        format!("http://{}/mcp", self.address)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, play: Arc<Play>, log: Arc<Mutex<Vec<Asked>>>) {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    let headers: Vec<_> = lines.filter_map(header).collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let asked = Asked {
        method: first.next().unwrap_or_default(),
        path: first.next().unwrap_or_default(),
        headers,
        body: serde_json::from_slice(&bytes[end..]).unwrap_or_default(),
    };
    let told = play(&asked);
    log.lock().unwrap().push(asked);
    match told {
        Told::Whole(text) => drop(stream.write_all(text.as_bytes()).await),
        Told::Stream(text, mut more) => {
            let _ = stream.write_all(text.as_bytes()).await;
            while let Some(text) = more.recv().await {
                if stream.write_all(text.as_bytes()).await.is_err() {
                    return;
                }
            }
        }
        Told::Silence => {
            let _ = stream.read_buf(&mut bytes).await;
        }
    }
}

/// An answer with a body.
pub fn answer(status: &str, headers: &str, body: &str) -> Told {
    Told::Whole(format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    ))
}

pub fn json_answer(headers: &str, body: &Value) -> Told {
    answer("200 OK", &format!("content-type: application/json\r\n{headers}"), &body.to_string())
}

/// What a sound server of the old revision returns.
pub fn sound(asked: &Asked) -> Value {
    let result = match asked.rpc() {
        "initialize" => json!({
            "protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": {"name": "fake", "version": "1"}
        }),
        "tools/list" => json!({"tools": [{"name": "search"}, {"name": "read"}]}),
        "tools/call" => json!({"content": [{"type": "text", "text": "42 results"}]}),
        _ => return json!({"jsonrpc": "2.0", "id": asked.body["id"], "error": {"code": -32601, "message": "no"}}),
    };
    json!({"jsonrpc": "2.0", "id": asked.body["id"], "result": result})
}
