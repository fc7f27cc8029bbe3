//! How strong a piece of evidence is.

use serde::{Deserialize, Serialize};

/// The ladder of evidence: `declared < exists < running < healthy < functional`.
///
/// A word in a claim asks for a rung ("deployed" asks for [`Rung::Exists`], "operational" for [`Rung::Functional`]); a
/// check that passes proves one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// Somebody wrote it down: an entry in `.mcp.json`, a service in a compose file.
    Declared,
    /// It was found: a container was created, a file is there.
    Exists,
    /// It is up: a container runs and stays up, a port accepts, an MCP server shakes hands.
    Running,
    /// Its own health check says so. What a thing says of itself is not proof that it works.
    Healthy,
    /// It did what it is for while we watched: answered a call with the expected content.
    Functional,
}

impl Rung {
    /// Every rung, lowest first.
    pub const ALL: [Rung; 5] = [Rung::Declared, Rung::Exists, Rung::Running, Rung::Healthy, Rung::Functional];

    /// The word used in configuration, output and documents.
    pub const fn name(self) -> &'static str {
        match self {
            Rung::Declared => "declared",
            Rung::Exists => "exists",
            Rung::Running => "running",
            Rung::Healthy => "healthy",
            Rung::Functional => "functional",
        }
    }

    /// The rung called `name`, if there is one.
    pub fn from_name(name: &str) -> Option<Rung> {
        Rung::ALL.into_iter().find(|rung| rung.name() == name)
    }
}
