//! Small servers on loopback that do one thing to every connection, also what no decent server does.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What a server does when it has read a request.
#[derive(Clone)]
pub enum Act {
    /// Writes these bytes and closes.
    Say(Vec<u8>),
    /// Writes these bytes after a while, and closes.
    Late(Duration, Vec<u8>),
    /// Writes these bytes without waiting for a request, and closes.
    Greet(Vec<u8>),
    /// Says nothing and keeps the connection.
    Silence,
    /// Writes these bytes, and then nothing, and keeps the connection.
    Stall(Vec<u8>),
    /// Writes these bytes and then resets the connection.
    Reset(Vec<u8>),
    /// Answers with what the function makes of the head of the request, and closes.
    Choose(Chooser),
    /// Writes the first bytes, and then the second over and over until nobody listens.
    Endless(Vec<u8>, Vec<u8>),
}

/// From the head of a request to the bytes of its answer.
pub type Chooser = Arc<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

/// A server, until it is dropped.
pub struct Endpoint {
    pub address: String,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Endpoint {
    pub async fn new(act: Act) -> Endpoint {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, act.clone(), Arc::clone(&seen)));
            }
        });
        Endpoint { address, requests, task }
    }

    /// A server that answers with this status line, these headers and this body.
    pub async fn answering(status: &str, headers: &str, body: &str) -> Endpoint {
        let length = body.len();
        Endpoint::new(Act::Say(format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n{body}").into()))
            .await
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Heads of the requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// An address at which nobody listens.
pub async fn nobody() -> String {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string()
}

async fn serve(mut stream: TcpStream, act: Act, seen: Arc<Mutex<Vec<String>>>) {
    if let Act::Greet(bytes) = &act {
        stream.write_all(bytes).await.ok();
        stream.shutdown().await.ok();
        return wait(&mut stream).await;
    }
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(count) => request.extend_from_slice(&buffer[..count]),
        }
    }
    seen.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
    // A write fails when the other side has had enough; that is what some of the tests want.
    match act {
        Act::Choose(choose) => {
            stream.write_all(&choose(&String::from_utf8_lossy(&request))).await.ok();
            stream.shutdown().await.ok();
        }
        Act::Late(pause, bytes) => {
            tokio::time::sleep(pause).await;
            stream.write_all(&bytes).await.ok();
            stream.shutdown().await.ok();
        }
        Act::Say(bytes) => {
            stream.write_all(&bytes).await.ok();
            stream.shutdown().await.ok();
        }
        Act::Greet(_) | Act::Silence => wait(&mut stream).await,
        Act::Stall(bytes) => {
            stream.write_all(&bytes).await.ok();
            wait(&mut stream).await;
        }
        Act::Reset(bytes) => {
            stream.write_all(&bytes).await.ok();
            stream.flush().await.ok();
            tokio::time::sleep(Duration::from_millis(50)).await;
            stream.set_zero_linger().ok();
        }
        Act::Endless(first, more) => {
            let mut sent = stream.write_all(&first).await;
            while sent.is_ok() {
                sent = stream.write_all(&more).await;
            }
        }
    }
}

/// Until the other side hangs up.
async fn wait(stream: &mut TcpStream) {
    let mut buffer = [0; 64];
    while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
}
