//! The text of a first trueup.toml.

use std::collections::BTreeSet;

use super::found::{Compose, Found, Service};
use super::toml_text::{key, string, strings};

/// Columns of a comment.
const WIDTH: usize = 110;

/// Most claims that are listed.
const MOST_CLAIMS: usize = 200;

/// Something that could be measured, as a table of trueup.toml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its key.
    pub name: String,
    /// What it comes from, and what a person should know.
    comment: String,
    /// The table.
    lines: Vec<String>,
    /// Targets that discovery would find.
    pub targets: Vec<String>,
}

/// A claim that nothing here answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// `CLAUDE.md:12`.
    pub place: String,
    /// Its words.
    pub quote: String,
    /// What would answer it equally well; empty where nothing would.
    pub candidates: Vec<String>,
}

/// All that could be measured of what was found. Nothing in it starts a program unless `may_execute`.
pub fn candidates(found: &Found, may_execute: bool) -> Vec<Candidate> {
    let mut names = Names::default();
    let mut all = Vec::new();
    all.extend(servers(found, may_execute, &mut names));
    for compose in &found.composes {
        all.extend(services(compose, &mut names));
    }
    all.extend(containers(found, &mut names));
    all.extend(endpoints(found, &mut names));
    all.extend(tests(found, may_execute, &mut names));
    all.extend(coverage(found, &mut names));
    for counted in &found.counted {
        let lines = [format!("from.file = {{ count = {} }}", strings(counted.globs))];
        all.extend(names.metric(
            counted.key,
            counted.names,
            &format!("Files that documents count: {}.", counted.globs.join(", ")),
            &lines,
        ));
    }
    for manifest in &found.manifests {
        let lines =
            [format!("from.file = {{ path = {}, value = {} }}", string(manifest.path), string(manifest.pointer))];
        all.extend(names.metric("dependencies", &["dependencies"], &format!("From {}.", manifest.path), &lines));
    }
    all
}

/// Keys and names that are taken: each may stand for one thing only.
#[derive(Default)]
struct Names {
    keys: BTreeSet<String>,
    words: BTreeSet<String>,
}

impl Names {
    fn table(
        &mut self,
        kind: &str,
        wanted: &str,
        names: &[&str],
        comment: &str,
        lines: &[String],
    ) -> Option<Candidate> {
        let own = (1..100).map(|n| if n == 1 { wanted.to_owned() } else { format!("{wanted}-{n}") });
        let name = own.into_iter().find(|name| !self.keys.contains(name))?;
        let free: Vec<&str> = names.iter().copied().filter(|name| self.words.insert(name.to_lowercase())).collect();
        self.keys.insert(name.clone());
        let mut table = vec![format!("[{kind}.{}]", key(&name))];
        if !free.is_empty() {
            table.push(format!("names = {}", strings(&free)));
        }
        table.extend(lines.iter().cloned());
        Some(Candidate { name, comment: comment.to_owned(), lines: table, targets: Vec::new() })
    }

    fn group(&mut self, wanted: &str, names: &[&str], comment: &str, lines: &[String]) -> Option<Candidate> {
        self.table("group", wanted, names, comment, lines)
    }

    fn metric(&mut self, wanted: &str, names: &[&str], comment: &str, lines: &[String]) -> Option<Candidate> {
        self.table("metric", wanted, names, comment, lines)
    }
}

fn servers(found: &Found, may_execute: bool, names: &mut Names) -> Vec<Candidate> {
    let mut all = Vec::new();
    for file in &found.servers {
        let count = file.names.len();
        let check = "check.mcp = { min_tools = 1 }";
        let (comment, check) = if may_execute {
            let advice = "The check starts every server and shakes hands; a call that must work (check.mcp.call, for each) proves more.";
            (format!("From {}: {}. {advice}", file.path, counted(count, "server")), check.to_owned())
        } else {
            let advice = "Looking whether they answer means to start what they are: that is yours to allow (uncomment the check, or \
                run `trueup init --allow-exec`). Until then it is known that they are declared, and nothing more.";
            (format!("From {}: {}. {advice}", file.path, counted(count, "server")), format!("# {check}"))
        };
        let lines = [format!("discover = {{ mcp = {} }}", string(&file.path)), check];
        let candidate = names.group("mcp", &["MCP servers", "MCP services", "servers"], &comment, &lines);
        all.extend(candidate.map(|candidate| Candidate { targets: file.names.clone(), ..candidate }));
    }
    all
}

/// The services of a compose file: apart by a label that all of them have, else together.
fn services(compose: &Compose, names: &mut Names) -> Vec<Candidate> {
    let Some(first) = compose.services.first() else { return Vec::new() };
    let of = |service: &Service, label: &str| {
        service.labels.iter().find(|(key, _)| key == label).map(|(_, value)| value.clone())
    };
    let shared = first.labels.iter().map(|(key, _)| key).find(|label| {
        let values: Option<BTreeSet<String>> = compose.services.iter().map(|service| of(service, label)).collect();
        // A label that is different for each tells them apart and puts none together.
        values.is_some_and(|values| values.len() * 2 <= compose.services.len() + 1)
    });
    let mut groups: Vec<(Option<String>, Vec<&Service>)> = Vec::new();
    for service in &compose.services {
        let value = shared.and_then(|label| of(service, label));
        match groups.iter_mut().find(|(known, _)| *known == value) {
            Some((_, services)) => services.push(service),
            None => groups.push((value, vec![service])),
        }
    }
    let alone = groups.len() == 1;
    let mut all = Vec::new();
    for (value, services) in groups {
        let mut lines = vec!["check.docker = { stable_for = \"60s\" }".to_owned()];
        lines.extend(services.iter().map(|service| {
            format!("target.{}.check.docker.container = {}", key(&service.name), string(&service.container))
        }));
        let source = format!("From {}: {}", compose.path, counted(services.len(), "service"));
        let advice = "That containers run is not that they work: add check.http, check.tcp or check.exec.";
        let (wanted, called, comment) = match (value, shared) {
            (Some(value), Some(label)) => {
                let shown = if value.len() <= 3 { value.to_uppercase() } else { value.clone() };
                let mut called: Vec<String> =
                    ["servers", "services", "containers"].iter().map(|noun| format!("{shown} {noun}")).collect();
                called.extend(alone.then(|| "services".to_owned()));
                (slug(&value), called, format!("{source} with label {label}={value}. {advice}"))
            }
            _ => {
                let called = vec!["services".to_owned(), "containers".to_owned()];
                ("services".to_owned(), called, format!("{source}. {advice}"))
            }
        };
        let called: Vec<&str> = called.iter().map(String::as_str).collect();
        all.extend(names.group(&wanted, &called, &comment, &lines));
    }
    all
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A key without what would have to be quoted.
fn slug(text: &str) -> String {
    let slug: String = text.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let slug = slug.trim_matches('-').to_owned();
    if slug.is_empty() { "services".to_owned() } else { slug }
}

/// Containers of the engine that no compose file speaks of.
fn containers(found: &Found, names: &mut Names) -> Option<Candidate> {
    let known: BTreeSet<&str> =
        found.composes.iter().flat_map(|compose| &compose.services).map(|service| service.container.as_str()).collect();
    let others: Vec<&String> =
        found.containers.iter().flatten().filter(|name| !known.contains(name.as_str())).collect();
    if others.is_empty() {
        return None;
    }
    let mut lines = vec!["check.docker = { stable_for = \"60s\" }".to_owned()];
    lines.extend(others.iter().map(|name| format!("target.{}.check.docker.container = {}", key(name), string(name))));
    let comment = format!(
        "On the engine of this machine: {} that no compose file here speaks of.",
        counted(others.len(), "container")
    );
    names.group("containers", &["containers", "Docker containers"], &comment, &lines)
}

/// Addresses on this machine that documents name.
fn endpoints(found: &Found, names: &mut Names) -> Option<Candidate> {
    if found.addresses.is_empty() {
        return None;
    }
    let target = |address: &String| {
        let short = address.split_once("://").map_or(address.as_str(), |(_, short)| short);
        format!("target.{}.check.http.url = {}", key(short.trim_end_matches('/')), string(address))
    };
    let lines: Vec<String> = found.addresses.iter().map(target).collect();
    let comment =
        "Addresses that the documents name; each must answer 200. Add `json` or `matches` for what must stand in it.";
    names.group("endpoints", &["endpoints", "API endpoints"], comment, &lines)
}

fn tests(found: &Found, may_execute: bool, names: &mut Names) -> Option<Candidate> {
    let called = ["tests", "test cases"];
    if let Some(path) = found.cases.first() {
        let also =
            if found.cases.len() > 1 { format!(" Others: {}.", found.cases[1..].join(", ")) } else { String::new() };
        let comment = format!("A report that a test runner wrote.{also} Older than the sources, it does not count.");
        let newer = newer_than(found);
        return names.metric(
            "tests",
            &called,
            &comment,
            &[format!("from.junit = {{ path = {}{newer} }}", string(path))],
        );
    }
    if found.pytest {
        let line = "from.command = { command = [\"python\", \"-m\", \"pytest\", \"-q\"], exit_code = [0, 1], pattern = '(?<value>\\d+) passed' }";
        if may_execute {
            let comment =
                "Runs the tests. A report (`pytest --junit-xml=junit.xml`, then from.junit) tells passed of all.";
            return names.metric("tests", &called, comment, &[line.to_owned(), "timeout = \"10m\"".to_owned()]);
        }
    }
    None
}

fn coverage(found: &Found, names: &mut Names) -> Option<Candidate> {
    let path = found.coverage.first()?;
    let line = format!("from.coverage = {{ path = {}{} }}", string(path), newer_than(found));
    let comment = "A report that a coverage tool wrote: lines. Older than the sources, it does not count.";
    names.metric("coverage", &["coverage", "test coverage", "code coverage"], comment, &[line])
}

fn newer_than(found: &Found) -> String {
    if found.sources.is_empty() { String::new() } else { format!(", newer_than = {}", strings(&found.sources)) }
}

/// The text: what `is_used` says is written as it is, the rest as comments, then what else there is to say.
pub fn text(
    candidates: &[Candidate],
    is_used: impl Fn(&Candidate) -> bool,
    unanswered: &[Unanswered],
    passed_over: &[String],
) -> String {
    let mut out = String::new();
    comment(
        &mut out,
        "What trueup measures here, and what claims are held against. A draft of `trueup init`: read it before you trust it. \
         `trueup claims --bound` says what answers each claim, `trueup schema` describes every key.",
    );
    let (used, unused): (Vec<&Candidate>, Vec<&Candidate>) =
        candidates.iter().partition(|candidate| is_used(candidate));
    for candidate in used {
        out.push('\n');
        comment(&mut out, &candidate.comment);
        candidate.lines.iter().for_each(|line| out.push_str(&format!("{line}\n")));
    }
    if !unused.is_empty() {
        out.push('\n');
        comment(&mut out, "Also found, and no claim is about it:");
        for candidate in unused {
            out.push_str("#\n");
            comment(&mut out, &candidate.comment);
            candidate.lines.iter().for_each(|line| out.push_str(&format!("# {line}\n")));
        }
    }
    if !passed_over.is_empty() {
        out.push('\n');
        comment(&mut out, "Passed over:");
        passed_over.iter().for_each(|what| out.push_str(&format!("#   {}\n", plain(what))));
    }
    let (open, tied): (Vec<&Unanswered>, Vec<&Unanswered>) =
        unanswered.iter().partition(|claim| claim.candidates.is_empty());
    claims(&mut out, "Claims that nothing found here would answer:", &open);
    claims(
        &mut out,
        "Claims that several would answer equally well; `<!-- trueup: NAME -->` beside one says which:",
        &tied,
    );
    out
}

fn claims(out: &mut String, head: &str, claims: &[&Unanswered]) {
    if claims.is_empty() {
        return;
    }
    out.push('\n');
    comment(out, head);
    for claim in claims.iter().take(MOST_CLAIMS) {
        let named = claim.candidates.iter().map(|name| plain(name)).collect::<Vec<_>>().join(", ");
        let named = if named.is_empty() { named } else { format!(" ({named})") };
        out.push_str(&format!("#   {}: {}{named}\n", plain(&claim.place), plain(&claim.quote)));
    }
    if claims.len() > MOST_CLAIMS {
        out.push_str(&format!("#   and {} more\n", claims.len() - MOST_CLAIMS));
    }
}

/// A comment, broken into lines.
fn comment(out: &mut String, text: &str) {
    let text = plain(text);
    let mut line = String::from("#");
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH && line != "#" {
            out.push_str(&line);
            out.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    out.push_str(&line);
    out.push('\n');
}

/// One line, without what TOML forbids in a comment.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
