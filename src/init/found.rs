//! What was found beside the documents, as plain data.

/// What a project has that can be measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Compose files and their services.
    pub composes: Vec<Compose>,
    /// `.mcp.json` and its like, and the names of their servers.
    pub servers: Vec<Servers>,
    /// Reports of test runners: JUnit XML that could be read.
    pub cases: Vec<String>,
    /// Reports of coverage that could be read.
    pub coverage: Vec<String>,
    /// Files that are counted: a kind of which there are some.
    pub counted: Vec<Counted>,
    /// Numbers that stand in a package manifest.
    pub manifests: Vec<Manifest>,
    /// Where the sources are that a test report is about: glob patterns.
    pub sources: Vec<String>,
    /// Whether tests are run by pytest.
    pub pytest: bool,
    /// Names of containers on the engine; `None` where no engine answered.
    pub containers: Option<Vec<String>>,
    /// Addresses on this machine that documents name.
    pub addresses: Vec<String>,
    /// What was there and could not be used, with the reason.
    pub passed_over: Vec<String>,
}

/// A compose file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compose {
    /// Relative to the project.
    pub path: String,
    /// Its services, in order.
    pub services: Vec<Service>,
}

/// A service of a compose file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its key.
    pub name: String,
    /// What its container is called.
    pub container: String,
    /// Its labels, those of the engine left out.
    pub labels: Vec<(String, String)>,
}

/// A file that declares MCP servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Servers {
    /// Relative to the project.
    pub path: String,
    /// Names, in order.
    pub names: Vec<String>,
}

/// Files of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Key of the metric.
    pub key: &'static str,
    /// What documents call them.
    pub names: &'static [&'static str],
    /// Patterns.
    pub globs: &'static [&'static str],
}

/// A number in a package manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Relative to the project.
    pub path: &'static str,
    /// Where the number stands.
    pub pointer: &'static str,
}
