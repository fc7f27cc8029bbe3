//! What a client makes of a message that it reads, whatever it came by.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::peer::{Fault, Heed};
use super::wire::{Answer, Heard, hear};
use crate::measure::evidence::{FACT_LIMIT, plain};

/// Lines kept of what is no message.
const NOISE_KEPT: usize = 5;

/// Listens for answers, and notes what else it hears.
#[derive(Debug)]
pub struct Ear {
    /// What all our identifiers begin with.
    prefix: String,
    count: u64,
    /// What it heard besides answers.
    pub heed: Heed,
}

/// What a message asks of us.
#[derive(Debug)]
pub enum Call<T> {
    /// Nothing.
    Nothing,
    /// It is the answer that is waited for.
    Answer(Result<T, Fault>),
    /// It wants this reply.
    Reply(Value),
}

impl Ear {
    /// An ear for answers to identifiers that begin with `prefix`.
    pub fn new(prefix: String) -> Ear {
        Ear { prefix, count: 0, heed: Heed::default() }
    }

    /// An identifier that was not used yet.
    pub fn fresh_id(&mut self) -> String {
        self.count += 1;
        format!("{}{}", self.prefix, self.count)
    }

    /// Takes one message, while the answer to `method` under `id` is waited for.
    pub fn take<T: DeserializeOwned>(&mut self, bytes: &[u8], id: &str, method: &'static str) -> Call<T> {
        let text = String::from_utf8_lossy(bytes);
        self.heed.invalid_utf8 |= matches!(text, std::borrow::Cow::Owned(_));
        let text = text.trim();
        if text.is_empty() {
            // Blank lines disturb nobody, but a flood of them is one all the same.
            self.heed.noise_bytes += bytes.len() as u64 + 1;
            return Call::Nothing;
        }
        self.heed.transcript.heard(text);
        match hear(text, &self.prefix) {
            Heard::Answer { id: answered, error } if answered == id => {
                return Call::Answer(match error {
                    Some(error) => Err(Fault::Refused { method, error }),
                    None => serde_json::from_str::<Answer<T>>(text)
                        .map(|answer| answer.result)
                        .map_err(|error| Fault::Shape { method, why: error.to_string() }),
                });
            }
            // Too late: nobody waits for it any longer.
            Heard::Answer { .. } => {}
            Heard::Echo => self.heed.echo = true,
            Heard::Request { id, method } => return Call::Reply(reply(&id, &method)),
            Heard::Notification => {}
            Heard::Stray(error) => self.heed.stray = Some(error),
            Heard::Foreign => self.heed.foreign += 1,
            Heard::Noise => self.note_noise(text, bytes.len()),
        }
        Call::Nothing
    }

    /// Notes a line of `bytes` bytes that is no message.
    pub fn note_noise(&mut self, text: &str, bytes: usize) {
        self.heed.noise_lines += 1;
        self.heed.noise_bytes += bytes as u64 + 1;
        if self.heed.noise.len() < NOISE_KEPT {
            self.heed.noise.push(plain(text, FACT_LIMIT));
        }
    }
}

/// What every client can say: it is there, and it offers nothing.
fn reply(id: &Value, method: &str) -> Value {
    match method {
        "ping" => json!({ "jsonrpc": "2.0", "id": id, "result": {} }),
        _ => json!({ "jsonrpc": "2.0", "id": id, "error": { "code": -32601, "message": "not offered" } }),
    }
}

/// A request as it is sent.
pub fn request(id: &str, method: &str, mut params: Value, meta: Option<&Value>) -> Value {
    if let (Some(meta), Some(params)) = (meta, params.as_object_mut()) {
        params.insert("_meta".to_owned(), meta.clone());
    }
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
}

/// A notification as it is sent.
pub fn notification(method: &str) -> Value {
    json!({ "jsonrpc": "2.0", "method": method })
}
