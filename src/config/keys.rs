//! Every key of trueup.toml, in one place: what the reader accepts, what messages name, and what a schema can be made of.

use crate::measure::container_request::Resource;
use crate::measure::request::{CaseState, Check, CoverageOf};
use crate::rung::Rung;

/// A table of trueup.toml and the keys that it may have.
#[derive(Debug)]
pub struct Shape {
    /// As a person would point at it: `[run]`, `check.http`.
    pub name: &'static str,
    /// Its keys, in the order in which documentation lists them.
    pub keys: &'static [Key],
}

/// A key and what it takes.
#[derive(Debug)]
pub struct Key {
    /// As written.
    pub name: &'static str,
    /// What it takes, in words that follow "expected".
    pub expects: &'static str,
    /// What it means, in one line.
    pub doc: &'static str,
    /// The table or tables that stand under it, where it takes some.
    pub form: Form,
}

/// What stands under a key.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A value that has no keys of its own to know.
    Value,
    /// One table.
    Table(&'static Shape),
    /// One table, or a list of them.
    Tables(&'static Shape),
    /// Tables by a name that the user chooses.
    Named(&'static Shape),
}

impl Shape {
    /// The key called `name`.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The first table under `self` that has a key called `name`.
    pub fn home_of(&'static self, name: &str) -> Option<&'static Shape> {
        if self.key(name).is_some() {
            return Some(self);
        }
        self.keys.iter().find_map(|key| match key.form {
            Form::Value => None,
            Form::Table(shape) | Form::Tables(shape) | Form::Named(shape) => shape.home_of(name),
        })
    }
}

/// The words for [`Level`](super::policy::Level).
pub const LEVELS: &[&str] = &["allow", "warn", "deny"];

/// The words for [`Rung`].
pub const RUNGS: &[&str] = &{
    let all = Rung::ALL;
    [all[0].name(), all[1].name(), all[2].name(), all[3].name(), all[4].name()]
};

/// The words for [`Resource`].
pub const RESOURCES: &[&str] = Resource::NAMES;

/// Methods that an HTTP check may use.
pub const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const fn key(name: &'static str, expects: &'static str, doc: &'static str) -> Key {
    Key { name, expects, doc, form: Form::Value }
}

const fn table(name: &'static str, shape: &'static Shape, doc: &'static str) -> Key {
    Key { name, expects: "a table", doc, form: Form::Table(shape) }
}

const fn named(name: &'static str, shape: &'static Shape, doc: &'static str) -> Key {
    Key { name, expects: "a table", doc, form: Form::Named(shape) }
}

const TEXT: &str = "a string";
const TEXTS: &str = "a list of strings";
const SYMBOLS: &str = "a list of symbols such as \"✅\"";
const PATH: &str = "a path, relative to trueup.toml";
const REGEX: &str = "a regular expression";
const GLOBS: &str = "a list of glob patterns";
const ARGV: &str = "a list of a program and its arguments";
const DURATION: &str = "a duration such as \"15s\" or \"1h30m\"";
const POINTER: &str = "a JSON pointer such as \"/summary/passed\"";
const LEVEL: &str = "\"allow\", \"warn\" or \"deny\"";

const CONTAINER: Key = key("container", TEXT, "name or id of the container, where discovery finds none");
const ENGINE_KEY: Key = Key {
    name: "engine",
    expects: "an address such as \"unix:///run/docker.sock\" or \"ssh://me@host\", or a table",
    doc: "the container engine; the one that the docker client would ask where it is not given",
    form: Form::Table(&ENGINE),
};
const SIZE: &str = "a size such as \"512MiB\"";
const TIMEOUT: Key = key("timeout", DURATION, "time for one attempt; `run.timeout` where it is not given");
const ATTEMPTS: Key =
    key("attempts", "a whole number from 1 to 100", "attempts at most; only what can pass is repeated");
const RUNG: Key =
    key("rung", "the name of a rung", "the rung that a pass proves, where the check alone cannot know it");
const NAMES: Key = key("names", TEXTS, "what documents call it");
const TOLERANCE_KEY: Key = table("tolerance", &TOLERANCE, "how far an approximate claim may be off");
const URL: Key = key("url", "a URL that begins with http:// or https://", "where to ask");
const METHOD: Key = key("method", "an HTTP method such as \"GET\"", "what to ask with; GET where it is not given");
const HEADERS: Key = key("headers", "a table", "headers by name: a string, or `{ env = \"NAME\" }` for a secret");
const BODY: Key = key("body", TEXT, "what to send");
const STATUS: Key =
    key("status", "a status code or a list of them", "status codes of success; 200 where it is not given");
const SOCKET: Key = key("socket", PATH, "a unix socket to ask through; the host of `url` is then a mere name");
const REDIRECTS: Key = key(
    "redirects",
    "a whole number from 0 to 20",
    "redirects that are followed at most; 0, where a redirect is an answer, if not given",
);
const BEARER: Key = table("bearer", &SECRET, "a token to show that one may ask");
const BASIC: Key = table("basic", &BASIC_AUTH, "a user and a password to show that one may ask");
const TLS_KEY: Key = table("tls", &TLS, "what is demanded of the server's certificate");
const LOAD_KEY: Key = table("load", &LOAD, "ask many times; every answer must be right");
const MAX_LATENCY: Key =
    key("max_latency", DURATION, "longest time to the head of the answer; with `load`, of 95 in 100 requests");
const ANSWER_HEADERS: Key =
    key("answer_headers", "a table", "headers that the answer must have, and what they must match");
const EXIT_CODE: Key = key("exit_code", "an exit code", "exit code of success; 0 where it is not given");
const EXIT_CODES: Key =
    key("exit_code", "an exit code or a list of them", "exit codes with which the output counts; 0 if not given");
const COMMAND: Key = key("command", ARGV, "program and arguments; no shell stands between");
const CWD: Key = key("cwd", PATH, "folder to start it in; that of trueup.toml where it is not given");
const STDOUT: Key = key("stdout", REGEX, "what standard output must match");
const TOTAL: Key = key("total", POINTER, "where the whole stands that the number is a part of");

/// trueup.toml itself.
pub const ROOT: Shape = Shape {
    name: "the top level",
    keys: &[
        key("docs", GLOBS, "documents to judge; all Markdown that git does not ignore where it is not given"),
        ENGINE_KEY,
        table("judge", &JUDGE, "what to make of claims without an answer"),
        table("run", &RUN, "bounds of a run"),
        table("hook", &HOOK, "bounds of an answer to a coding agent"),
        named("group", &GROUP, "sets of targets"),
        named("metric", &METRIC, "numbers"),
        named("text", &MEASURED_TEXT, "what programs write"),
        table("render", &RENDER, "how sections and reports are written"),
        Key {
            name: "bind",
            expects: "a list of tables",
            doc: "which claims are about what",
            form: Form::Tables(&BIND),
        },
        Key {
            name: "timestamp",
            expects: "a table or a list of tables",
            doc: "how old the dates in documents may be; nothing judges them where it is not given",
            form: Form::Tables(&TIMESTAMP),
        },
        table("lexicon", &LEXICON, "words and symbols of your own, besides those that trueup knows"),
    ],
};

/// `[timestamp]`.
pub const TIMESTAMP: Shape = Shape {
    name: "[timestamp]",
    keys: &[
        key("max_age", DURATION, "how old \"last verified\" and its like may be"),
        key("docs", GLOBS, "documents it is for, the first table that fits decides; all where it is not given"),
    ],
};

/// `[lexicon]`.
pub const LEXICON: Shape = Shape {
    name: "[lexicon]",
    keys: &[
        table("state", &LEXICON_STATE, "words that say a state, by polarity and by the rung that they ask for"),
        table("symbols", &LEXICON_SYMBOLS, "symbols that say a state, by polarity"),
        key("classes", "a table of lists of words", "words by the part they play; docs/lexicon.md names the parts"),
        key("numbers", "a table of whole numbers from 0 to 65535", "number words and what they are worth"),
    ],
};

/// `[lexicon.state]`.
pub const LEXICON_STATE: Shape = Shape {
    name: "[lexicon.state]",
    keys: &[
        table("up", &LEXICON_RUNGS, "it works"),
        table("partial", &LEXICON_RUNGS, "some of it works"),
        table("down", &LEXICON_RUNGS, "it does not work"),
    ],
};

/// `[lexicon.state.up]` and its like.
pub const LEXICON_RUNGS: Shape = Shape {
    name: "[lexicon.state.POLARITY]",
    keys: &[
        key("any", TEXTS, "words that ask for no rung"),
        key("declared", TEXTS, "words that ask for rung declared"),
        key("exists", TEXTS, "words that ask for rung exists"),
        key("running", TEXTS, "words that ask for rung running"),
        key("healthy", TEXTS, "words that ask for rung healthy"),
        key("functional", TEXTS, "words that ask for rung functional"),
    ],
};

/// `[lexicon.symbols]`.
pub const LEXICON_SYMBOLS: Shape = Shape {
    name: "[lexicon.symbols]",
    keys: &[
        key("up", SYMBOLS, "it works"),
        key("partial", SYMBOLS, "some of it works"),
        key("down", SYMBOLS, "it does not work"),
    ],
};

/// `[judge]`.
pub const JUDGE: Shape = Shape {
    name: "[judge]",
    keys: &[
        key("unbound", LEVEL, "claims that nothing here speaks of; \"warn\" where it is not given"),
        key("unmeasured", LEVEL, "claims whose answer could not be measured; \"deny\" where it is not given"),
        key("contradictions", LEVEL, "claims that contradict each other; \"deny\" where it is not given"),
    ],
};

/// `[run]`.
pub const RUN: Shape = Shape {
    name: "[run]",
    keys: &[
        key("deadline", DURATION, "time for all measuring together; \"2m\" where it is not given"),
        key("timeout", DURATION, "time for one attempt of a check; \"15s\" where it is not given"),
        key("concurrency", "a whole number from 1 to 1024", "checks under way at once; 64 where it is not given"),
        key(
            "per_source",
            "a whole number from 1 to 1024",
            "checks under way at once at one source: a host and port, an engine; 32 where it is not given",
        ),
        key(
            "processes",
            "a whole number from 1 to 1024",
            "programs that checks have started at once; twice the processors, and more while one is idle, where it is not given",
        ),
    ],
};

/// `[hook]`.
pub const HOOK: Shape = Shape {
    name: "[hook]",
    keys: &[
        key("max_age", DURATION, "oldest measurements that an answer may rest on; \"5m\" where it is not given"),
        key("deadline", DURATION, "time for measuring where there are none; \"10s\" where it is not given"),
    ],
};

/// `[group.NAME]`.
pub const GROUP: Shape = Shape {
    name: "[group.NAME]",
    keys: &[
        NAMES,
        key("expect", "a whole number from 1 to 1000000", "targets there should be; those not found are down"),
        Key {
            name: "discover",
            expects: "a table or a list of tables",
            doc: "where targets come from",
            form: Form::Tables(&DISCOVER),
        },
        ENGINE_KEY,
        table("check", &CHECK, "checks that every target must pass"),
        named("target", &TARGET, "targets written down, and checks that single targets have besides"),
        TOLERANCE_KEY,
    ],
};

/// `discover = { … }`.
pub const DISCOVER: Shape = Shape {
    name: "discover",
    keys: &[
        table("docker", &DISCOVER_DOCKER, "containers of an engine"),
        Key {
            name: "compose",
            expects: "a compose file or its folder, a list of files, or a table",
            doc: "services of a compose file; those without a container are down",
            form: Form::Table(&DISCOVER_COMPOSE),
        },
        key("mcp", PATH, "servers of an .mcp.json, a claude_desktop_config.json or a .vscode/mcp.json"),
        table("prometheus", &DISCOVER_PROMETHEUS, "series of a query of a Prometheus server"),
    ],
};

/// `discover.docker`.
pub const DISCOVER_DOCKER: Shape = Shape {
    name: "discover.docker",
    keys: &[
        key("label", "a label or a list of labels", "KEY or KEY=VALUE; all must match"),
        key("name", "a glob pattern", "what the container is called"),
        key("project", TEXT, "compose project that it belongs to"),
        key("service", TEXT, "swarm service that it belongs to"),
    ],
};

/// `discover.compose`, where it is a table.
pub const DISCOVER_COMPOSE: Shape = Shape {
    name: "discover.compose",
    keys: &[
        key("file", "a path of a compose file or of its folder, or a list of them", "where the services are declared"),
        key("project", TEXT, "name of the project, where it is started under another than the file's"),
        key("profiles", TEXTS, "profiles that are active, besides those of COMPOSE_PROFILES"),
    ],
};

/// `engine`, where it is a table.
pub const ENGINE: Shape = Shape {
    name: "engine",
    keys: &[
        key(
            "host",
            "an address such as \"tcp://host:2376\"",
            "where it listens; with `inside`, as the container sees it",
        ),
        key("tls", PATH, "folder with ca.pem, and cert.pem and key.pem where they are asked for; makes tcp TLS"),
        key("context", "the name of a docker context", "the engine of that context"),
        key("inside", "the name of a container, or its id", "the engine runs in this container"),
        key("client", ARGV, "the docker client in that container; [\"docker\"] where it is not given"),
    ],
};

/// `[group.NAME.target.TARGET]`.
pub const TARGET: Shape = Shape {
    name: "[group.NAME.target.NAME]",
    keys: &[table("check", &CHECK, "its own checks, merged over the group's")],
};

/// `check`; a test holds it against [`Check::NAMES`].
pub const CHECK: Shape = Shape {
    name: "check",
    keys: &[
        table("docker", &CHECK_DOCKER, "state of a container"),
        table("exec", &CHECK_EXEC, "a command inside a container"),
        table("mount", &CHECK_MOUNT, "a path inside a container"),
        table("reach", &CHECK_REACH, "a place that is to be reached from inside a container"),
        table("mcp", &CHECK_MCP, "an MCP server"),
        table("http", &CHECK_HTTP, "an HTTP endpoint"),
        table("tcp", &CHECK_TCP, "a TCP port or a unix socket"),
        table("dns", &CHECK_DNS, "a name that must resolve"),
        table("prometheus", &CHECK_PROMETHEUS, "a query of a Prometheus server"),
        table("process", &CHECK_PROCESS, "a process of this machine"),
        table("command", &CHECK_COMMAND, "a program on this machine"),
        table("file", &CHECK_FILE, "a file"),
        table("junit", &CHECK_JUNIT, "the report of a test runner"),
        table("git", &CHECK_GIT, "a git repository"),
    ],
};

const _: () = assert!(CHECK.keys.len() == Check::NAMES.len());

/// `check.docker`.
pub const CHECK_DOCKER: Shape = Shape {
    name: "check.docker",
    keys: &[
        key("stable_for", DURATION, "a container that restarted within this time is not up; \"60s\" if not given"),
        key("max_memory", SIZE, "memory that it may use at most"),
        key("max_cpu", "a whole number from 1 to 100000", "percent of one processor that it may use at most"),
        key("max_restarts_per_hour", "a whole number from 0 to 100000", "restarts that it may have, on average"),
        key("max_log_per_minute", SIZE, "what it may write to its log in a minute"),
        CONTAINER,
        TIMEOUT,
        ATTEMPTS,
        RUNG,
    ],
};

/// `check.exec`.
pub const CHECK_EXEC: Shape =
    Shape { name: "check.exec", keys: &[COMMAND, EXIT_CODE, STDOUT, CONTAINER, TIMEOUT, ATTEMPTS, RUNG] };

/// `check.mount`.
pub const CHECK_MOUNT: Shape = Shape {
    name: "check.mount",
    keys: &[
        key("path", "a path that begins with a slash", "what must be there, as the container sees it"),
        key("may_be_empty", "true or false", "whether an empty folder will do; false where it is not given"),
        CONTAINER,
        TIMEOUT,
        ATTEMPTS,
        RUNG,
    ],
};

/// `check.reach`.
pub const CHECK_REACH: Shape = Shape {
    name: "check.reach",
    keys: &[
        key("address", "an address such as \"db:5432\"", "a port that must accept"),
        URL,
        key(
            "status",
            "a status code or a list of them",
            "status codes of success; any below 500 where it is not given",
        ),
        CONTAINER,
        TIMEOUT,
        ATTEMPTS,
        RUNG,
    ],
};

/// The ways to an MCP server.
pub const MCP_WAYS: &[&str] = &["stdio", "exec", "http", "sse"];

/// `check.mcp`.
pub const CHECK_MCP: Shape = Shape {
    name: "check.mcp",
    keys: &[
        key(
            "via",
            "\"stdio\", \"exec\", \"http\" or \"sse\"",
            "how to reach it; \"http\" with a `url`, else \"stdio\", where it is not given",
        ),
        key("command", ARGV, "the server to start, where discovery does not say it or it runs in a container"),
        key("env", "a table of strings", "environment on top of ours, or of the container's"),
        CWD,
        CONTAINER,
        key("url", "a URL that begins with http:// or https://", "where a server over HTTP is"),
        HEADERS,
        key("server", REGEX, "what the server's own name and version must match"),
        key("min_tools", "a whole number from 0 to 100000", "fewest tools that it must list"),
        key("tools", TEXTS, "tools that it must list"),
        key(
            "min_resources",
            "a whole number from 0 to 100000",
            "fewest resources that it must list; not asked if not given",
        ),
        key(
            "min_prompts",
            "a whole number from 0 to 100000",
            "fewest prompts that it must list; not asked if not given",
        ),
        Key {
            name: "call",
            expects: "a table or a list of tables",
            doc: "calls that must work",
            form: Form::Tables(&MCP_CALL),
        },
        TIMEOUT,
        ATTEMPTS,
        RUNG,
    ],
};

/// `check.mcp.call`.
pub const MCP_CALL: Shape = Shape {
    name: "check.mcp.call",
    keys: &[
        key("tool", TEXT, "name of the tool"),
        key("arguments", "a table", "its arguments"),
        key("expect", REGEX, "what the answer must match; without it the call proves no more than the handshake"),
        key("reject", REGEX, "what the answer must not match"),
    ],
};

/// `check.http`.
pub const CHECK_HTTP: Shape = Shape {
    name: "check.http",
    keys: &[
        URL,
        METHOD,
        HEADERS,
        BEARER,
        BASIC,
        BODY,
        SOCKET,
        REDIRECTS,
        TLS_KEY,
        STATUS,
        ANSWER_HEADERS,
        key("json", "a table", "JSON pointers into the answer and the values that must stand there"),
        key("matches", REGEX, "what the body must match"),
        MAX_LATENCY,
        LOAD_KEY,
        TIMEOUT,
        ATTEMPTS,
        RUNG,
    ],
};

/// `bearer`, `basic.password`.
pub const SECRET: Shape = Shape {
    name: "a secret",
    keys: &[
        key("env", "the name of an environment variable", "where it stands"),
        key("file", PATH, "a file that holds it and nothing else"),
    ],
};

/// `basic`.
pub const BASIC_AUTH: Shape = Shape {
    name: "basic",
    keys: &[key("user", TEXT, "the user"), table("password", &SECRET, "where the password stands")],
};

/// `tls`.
pub const TLS: Shape = Shape {
    name: "tls",
    keys: &[
        key("days", "a whole number from 0 to 3650", "days for which the certificate must still hold at least"),
        key("ca", PATH, "a PEM file with the certificates that are trusted, in place of the system's"),
        key("trusted", "true or false", "false takes a certificate whoever signed it; host and dates still count"),
    ],
};

/// `load`.
pub const LOAD: Shape = Shape {
    name: "load",
    keys: &[
        key("requests", "a whole number from 1 to 10000", "how many in all"),
        key("concurrency", "a whole number from 1 to 100", "how many at a time; 10 where it is not given"),
    ],
};

/// `check.tcp`.
pub const CHECK_TCP: Shape = Shape {
    name: "check.tcp",
    keys: &[
        key("address", "an address such as \"localhost:5432\"", "where it listens"),
        key("socket", PATH, "the unix socket at which it listens, in place of an address"),
        key("banner", REGEX, "what it says first, unasked, must match"),
        TIMEOUT,
        ATTEMPTS,
        RUNG,
    ],
};

/// `check.dns`.
pub const CHECK_DNS: Shape = Shape {
    name: "check.dns",
    keys: &[
        key("name", "a name such as \"db.internal\"", "what must resolve"),
        key("addresses", "a list of IP addresses", "addresses that must be among those that it has"),
        TIMEOUT,
        ATTEMPTS,
        RUNG,
    ],
};

const PROMETHEUS_URL: Key =
    key("url", "a URL that begins with http:// or https://", "the server; what stands before /api/v1");
const QUERY: Key = key("query", "a PromQL expression", "what is asked, as an instant query");

/// `check.prometheus`.
pub const CHECK_PROMETHEUS: Shape = Shape {
    name: "check.prometheus",
    keys: &[
        PROMETHEUS_URL,
        QUERY,
        key("is", "a condition such as \"== 1\"", "what the value of every series must be; \"== 1\" if not given"),
        HEADERS,
        BEARER,
        BASIC,
        TLS_KEY,
        TIMEOUT,
        ATTEMPTS,
        RUNG,
    ],
};

/// `discover.prometheus`.
pub const DISCOVER_PROMETHEUS: Shape = Shape {
    name: "discover.prometheus",
    keys: &[
        PROMETHEUS_URL,
        QUERY,
        key("name", "a label or a list of labels", "labels that name a target; \"instance\" where it is not given"),
        HEADERS,
        BEARER,
        BASIC,
        TLS_KEY,
    ],
};

/// `from.prometheus`.
pub const FROM_PROMETHEUS: Shape = Shape {
    name: "from.prometheus",
    keys: &[
        PROMETHEUS_URL,
        QUERY,
        key("total", "a PromQL expression", "what gives the whole that the number is a part of"),
        HEADERS,
        BEARER,
        BASIC,
        TLS_KEY,
    ],
};

/// `check.process`.
pub const CHECK_PROCESS: Shape = Shape {
    name: "check.process",
    keys: &[
        key("name", TEXT, "name of the process; with `pid_file`, the name that it must have"),
        key("pid_file", PATH, "the file that holds its number"),
        key("unit", "a unit such as \"nginx.service\"", "the unit of systemd that must be active"),
        TIMEOUT,
        ATTEMPTS,
        RUNG,
    ],
};

/// `check.command`.
pub const CHECK_COMMAND: Shape = Shape {
    name: "check.command",
    keys: &[
        COMMAND,
        CWD,
        key("env", TEXTS, "the only variables of the environment that it gets, besides PATH; all if not given"),
        key("exit_code", "an exit code or a list of them", "exit codes of success; 0 where it is not given"),
        STDOUT,
        key("json", "a table", "JSON pointers into standard output and the values that must stand there"),
        key("min_lines", "a whole number from 0 to 1000000", "fewest lines of standard output"),
        key("max_lines", "a whole number from 0 to 1000000", "most lines of standard output"),
        TIMEOUT,
        ATTEMPTS,
        RUNG,
    ],
};

/// `check.file`.
pub const CHECK_FILE: Shape = Shape {
    name: "check.file",
    keys: &[
        key("path", PATH, "the file or folder"),
        key("max_age", DURATION, "how long ago it may have been written at most; proves that what writes it runs"),
        key("matches", REGEX, "what its text must match"),
        key("values", "a table", "JSON pointers into a JSON, TOML or YAML file and the values that must stand there"),
        TIMEOUT,
        ATTEMPTS,
        RUNG,
    ],
};

/// `check.junit`.
pub const CHECK_JUNIT: Shape = Shape {
    name: "check.junit",
    keys: &[key("path", REPORTS, "the report, in JUnit XML"), MAX_AGE, NEWER_THAN, TIMEOUT, ATTEMPTS, RUNG],
};

/// `check.git`.
pub const CHECK_GIT: Shape = Shape {
    name: "check.git",
    keys: &[
        key(
            "clean",
            "true or false",
            "true: nothing may differ from the commit that is checked out, new files included",
        ),
        key("tag", "a glob pattern or a list of them", "the commit that is checked out must have a tag of such a name"),
        key("folder", PATH, "a folder of the repository; that of trueup.toml where it is not given"),
        TIMEOUT,
        ATTEMPTS,
        RUNG,
    ],
};

/// `tolerance`.
pub const TOLERANCE: Shape = Shape {
    name: "tolerance",
    keys: &[
        key("points", "a number from 0 to 100", "for approximate percentages, in percentage points; 5 if not given"),
        key(
            "share",
            "a number from 0 to 1",
            "for approximate counts, as a share of the claimed number; 0.1 if not given",
        ),
    ],
};

/// `[metric.NAME]`.
pub const METRIC: Shape = Shape {
    name: "[metric.NAME]",
    keys: &[NAMES, table("from", &FROM, "where the number comes from"), TIMEOUT, TOLERANCE_KEY],
};

/// `from`.
pub const FROM: Shape = Shape {
    name: "from",
    keys: &[
        table("command", &FROM_COMMAND, "standard output of a program"),
        table("file", &FROM_FILE, "files: how many, how many matches, or a value in one"),
        table("http", &FROM_HTTP, "a value in the JSON body of an HTTP answer, or a figure of many requests"),
        table("prometheus", &FROM_PROMETHEUS, "the number that a query of a Prometheus server gives"),
        table("junit", &FROM_JUNIT, "test cases in the JUnit XML of a test runner"),
        table("coverage", &FROM_COVERAGE, "coverage as lcov, Cobertura XML or the JSON of coverage.py"),
        table("git", &FROM_GIT, "commits, tags, files or changes of a git repository"),
        table("docker", &FROM_DOCKER, "what a container uses"),
    ],
};

/// `from.docker`.
pub const FROM_DOCKER: Shape = Shape {
    name: "from.docker",
    keys: &[
        key("container", TEXT, "name or id of the container"),
        key("value", "\"memory\", \"cpu\", \"restarts-per-hour\" or \"log-bytes-per-minute\"", "of what"),
        ENGINE_KEY,
    ],
};

const REPORTS: &str = "a path, relative to trueup.toml, or a list of them; a file name may be a glob pattern";
const MAX_AGE: Key = key("max_age", DURATION, "an older report does not count");
const NEWER_THAN: Key = key(
    "newer_than",
    "\"HEAD\" or a glob pattern, or a list of them",
    "a report that is older than the commit that is checked out, or than one of these files, does not count",
);

/// The words for [`CaseState`].
pub const CASE_STATES: &[&str] = &{
    let all = CaseState::ALL;
    [all[0].0, all[1].0, all[2].0, all[3].0, all[4].0]
};

/// The words for [`CoverageOf`].
pub const COVERAGE_OF: &[&str] = &{
    let all = CoverageOf::ALL;
    [all[0].name(), all[1].name(), all[2].name(), all[3].name()]
};

/// What `from.junit.of` may be.
pub const OF: &[&str] = &["run", "all"];

/// What `from.git.count` may be.
pub const GIT_COUNTS: &[&str] = &["commits", "tags", "files", "changes"];

/// `from.junit`.
pub const FROM_JUNIT: Shape = Shape {
    name: "from.junit",
    keys: &[
        key("path", REPORTS, "the report"),
        key(
            "value",
            "\"passed\", \"failed\", \"errors\", \"skipped\" or \"total\"",
            "which test cases; \"passed\" where it is not given, held against the whole",
        ),
        key("of", "\"run\" or \"all\"", "whether the whole has skipped ones in it; \"run\" where it is not given"),
        MAX_AGE,
        NEWER_THAN,
    ],
};

/// `from.coverage`.
pub const FROM_COVERAGE: Shape = Shape {
    name: "from.coverage",
    keys: &[
        key("path", REPORTS, "the report"),
        key(
            "value",
            "\"lines\", \"branches\", \"functions\" or \"lines and branches\"",
            "what is covered; \"lines\" where it is not given",
        ),
        MAX_AGE,
        NEWER_THAN,
    ],
};

/// `from.git`.
pub const FROM_GIT: Shape = Shape {
    name: "from.git",
    keys: &[
        key("count", "\"commits\", \"tags\", \"files\" or \"changes\"", "what is counted"),
        key("match", "a glob pattern or a list of them", "which tags or tracked files; all where it is not given"),
        key(
            "since",
            "a glob pattern or a list of them",
            "commits after the latest tag of such a name, in place of all",
        ),
        key("folder", PATH, "a folder of the repository; that of trueup.toml where it is not given"),
    ],
};

/// `from.command`.
pub const FROM_COMMAND: Shape = Shape {
    name: "from.command",
    keys: &[
        COMMAND,
        CWD,
        EXIT_CODES,
        key("pattern", REGEX, "group `value`, else the first, is the number; group `total` the whole"),
        key("json", POINTER, "where the number stands in the output read as JSON"),
        TOTAL,
        key("lines", "true or false", "count the lines"),
    ],
};

/// `from.file`.
pub const FROM_FILE: Shape = Shape {
    name: "from.file",
    keys: &[
        key("count", "a glob pattern or a list of them", "count the files, or the matches in them"),
        key("matches", REGEX, "count matches of this in place of files"),
        key("path", PATH, "a JSON, TOML or YAML file"),
        key("value", POINTER, "where the number stands in it"),
        TOTAL,
    ],
};

/// `from.http`.
pub const FROM_HTTP: Shape = Shape {
    name: "from.http",
    keys: &[
        URL,
        METHOD,
        HEADERS,
        BEARER,
        BASIC,
        BODY,
        SOCKET,
        REDIRECTS,
        TLS_KEY,
        STATUS,
        LOAD_KEY,
        key(
            "value",
            "a figure such as \"p95\" (p50, p95, errors, successes) with `load`, else a JSON pointer such as \"/summary/passed\"",
            "where the number stands in the answer; with `load`, which figure",
        ),
        TOTAL,
    ],
};

/// `[text.NAME]`.
pub const MEASURED_TEXT: Shape = Shape {
    name: "[text.NAME]",
    keys: &[
        COMMAND,
        CWD,
        EXIT_CODES,
        key("max_lines", "a whole number from 1 to 1000", "lines that are kept at most; 40 where it is not given"),
        TIMEOUT,
    ],
};

/// `[render]`.
pub const RENDER: Shape = Shape {
    name: "[render]",
    keys: &[key(
        "templates",
        PATH,
        "folder of your own templates, which go before those of the same name that trueup has",
    )],
};

/// `{ env = "NAME" }`, the value of a header.
pub const HEADER_ENV: Shape = Shape {
    name: "a header's value",
    keys: &[key("env", "the name of an environment variable", "where the value stands")],
};

/// `[[bind]]`.
pub const BIND: Shape = Shape {
    name: "[[bind]]",
    keys: &[
        key("pattern", REGEX, "searched in the line that the claim stands on"),
        key("docs", GLOBS, "documents it is for; all where it is not given"),
        key("to", "a group, target or metric such as \"mcp\", \"mcp.healthy\" or \"mcp/github\"", "what it binds to"),
    ],
};
