//! The answers of a server, as far as they are read. What they hold besides is passed over.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The result of `initialize`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Initialized {
    /// The revision that the server wants to speak.
    pub protocol_version: String,
    /// What it offers.
    #[serde(default)]
    pub capabilities: Capabilities,
    /// What it calls itself.
    #[serde(default)]
    pub server_info: ServerInfo,
}

/// The result of `server/discover`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Discovered {
    /// The revisions that the server speaks.
    pub supported_versions: Vec<String>,
    /// What it offers.
    #[serde(default)]
    pub capabilities: Capabilities,
    /// Where it says what it calls itself.
    #[serde(default, rename = "_meta")]
    pub meta: DiscoveredMeta,
}

/// The `_meta` of [`Discovered`].
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DiscoveredMeta {
    /// What the server calls itself.
    #[serde(rename = "io.modelcontextprotocol/serverInfo")]
    pub server_info: ServerInfo,
}

/// What a server offers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Capabilities {
    /// There, whatever it holds, where it offers tools.
    pub tools: Option<Value>,
}

/// What a server calls itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ServerInfo {
    name: Option<String>,
    version: Option<String>,
}

impl ServerInfo {
    /// Name and version, as far as there are any.
    pub fn text(self) -> Option<String> {
        let text = format!("{} {}", self.name.unwrap_or_default(), self.version.unwrap_or_default());
        let text = text.trim().to_owned();
        (!text.is_empty()).then_some(text)
    }
}

/// The result of `tools/list`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// Tools of this page.
    pub tools: Vec<Tool>,
    /// What to ask the next page with.
    #[serde(default)]
    pub next_cursor: Option<String>,
}

/// The result of `resources/list` or `prompts/list`, of which only the number counts.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OfferPage {
    /// Resources of this page.
    pub resources: Vec<IgnoredAny>,
    /// Prompts of this page.
    pub prompts: Vec<IgnoredAny>,
    /// What to ask the next page with.
    pub next_cursor: Option<String>,
}

/// A tool.
#[derive(Debug, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
}

/// The result of `tools/call`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CallAnswer {
    content: Vec<Content>,
    structured_content: Option<Value>,
    /// Whether the server says that the call failed.
    pub is_error: bool,
    /// `complete`, `input_required`; absent is complete.
    pub result_type: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Content {
    text: Option<String>,
    resource: Option<Resource>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Resource {
    text: Option<String>,
}

impl CallAnswer {
    /// All text of the answer: its text parts, a line each, or its structured content.
    pub fn text(&self) -> String {
        let text = |content: &Content| {
            content.text.clone().or_else(|| content.resource.as_ref().and_then(|resource| resource.text.clone()))
        };
        let parts: Vec<String> = self.content.iter().filter_map(text).collect();
        match (&self.structured_content, parts.is_empty()) {
            (Some(structured), true) => structured.to_string(),
            (Some(_), false) | (None, _) => parts.join("\n"),
        }
    }
}
