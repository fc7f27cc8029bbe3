//! What compose files declare: the project's name, and its services with the number of their containers.
//!
//! The project is called what `project` in trueup.toml says, else `COMPOSE_PROJECT_NAME` (of the environment, then of `.env`
//! beside the first file), else `name:` of the files, else the folder of the first file: in lower case, without what a
//! name may not hold. A file that includes others is refused, since what it declares does not stand in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use yaml_serde::Value;

use super::variables::{dotenv, expand};
use crate::measure::container_request::ComposeQuery;

/// Names that compose looks for in a folder, the first that exists.
const USUAL: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// Names of the file that it takes besides.
const OVERRIDES: [&str; 4] =
    ["compose.override.yaml", "compose.override.yml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// Most bytes of a file.
const LARGEST: u64 = 4 * 1024 * 1024;

/// A project as its files declare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Project {
    /// Its name.
    pub name: String,
    /// The first file, by its own name.
    pub file: String,
    /// Its services, in the order of the files.
    pub services: Vec<Declared>,
}

/// A service that is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declared {
    /// Its name.
    pub name: String,
    /// Containers that it should have.
    pub replicas: usize,
    /// The name that its container has, where the file says one.
    pub container_name: Option<String>,
}

/// The files of `query`, as a source in findings.
pub(super) fn shown(query: &ComposeQuery) -> String {
    let names: Vec<_> = query.files.iter().map(|path| path.display().to_string()).collect();
    names.join(", ")
}

/// Reads the files of `query`. `variable` gives those of the environment.
///
/// # Errors
/// One line that says what cannot be read or makes no sense, with the file.
pub(super) fn read(query: &ComposeQuery, variable: &dyn Fn(&str) -> Option<String>) -> Result<Project, String> {
    let files = files(query)?;
    let first = files.first().ok_or_else(|| "no compose file is named".to_owned())?;
    let folder = first.parent().unwrap_or(Path::new("."));
    let beside = std::fs::read_to_string(folder.join(".env")).map(|text| dotenv(&text)).unwrap_or_default();
    let value_of = |name: &str| variable(name).or_else(|| beside.get(name).cloned());
    let mut name = None;
    let mut services: Vec<(String, BTreeMap<String, Value>)> = Vec::new();
    for path in &files {
        let in_file = |why: String| format!("{}: {why}", path.display());
        let document = parse(path).map_err(in_file)?;
        if document.get("include").is_some() {
            return Err(in_file("it uses `include`; name all files in a list instead".to_owned()));
        }
        if let Some(text) = document.get("name").and_then(Value::as_str) {
            name = Some(expand(text, &value_of).map_err(in_file)?);
        }
        let declared = match document.get("services") {
            Some(Value::Mapping(declared)) => declared,
            Some(Value::Null) | None => continue,
            Some(_) => return Err(in_file("`services` is no table of services".to_owned())),
        };
        for (key, value) in declared {
            let key = key.as_str().ok_or_else(|| in_file("a service without a name".to_owned()))?;
            let keys = keys(value).ok_or_else(|| in_file(format!("the service `{key}` is no table")))?;
            match services.iter_mut().find(|(name, _)| name == key) {
                Some((_, merged)) => merged.extend(keys),
                None => services.push((key.to_owned(), keys)),
            }
        }
    }
    let in_first = |why: String| format!("{}: {why}", first.display());
    let active = active_profiles(query, &value_of);
    let mut declared = Vec::new();
    for (name, keys) in services {
        if is_active(&keys, &active, &value_of).map_err(in_first)? {
            declared.push(service(name, &keys, &value_of).map_err(in_first)?);
        }
    }
    let given = query.project.clone().or_else(|| value_of("COMPOSE_PROJECT_NAME").filter(|name| !name.is_empty()));
    let name = match given.or(name) {
        Some(name) => name,
        None => normalized(&folder_name(folder).map_err(in_first)?),
    };
    let file = first.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Project { name, file, services: declared })
}

/// The files that can be meant, and the one with variables beside the first.
pub(super) fn candidates(query: &ComposeQuery) -> Vec<PathBuf> {
    let mut all = match query.files.as_slice() {
        [folder] if folder.is_dir() => USUAL.iter().chain(&OVERRIDES).map(|name| folder.join(name)).collect(),
        files => files.to_vec(),
    };
    all.extend(all.first().and_then(|first| first.parent()).map(|folder| folder.join(".env")));
    all
}

/// The files that are meant.
fn files(query: &ComposeQuery) -> Result<Vec<PathBuf>, String> {
    let [folder] = query.files.as_slice() else { return Ok(query.files.clone()) };
    if !folder.is_dir() {
        return Ok(query.files.clone());
    }
    let existing = |names: &[&str]| names.iter().map(|name| folder.join(name)).find(|path| path.exists());
    let first =
        existing(&USUAL).ok_or_else(|| format!("{}: no {} in this folder", folder.display(), USUAL.join(", ")))?;
    Ok([first].into_iter().chain(existing(&OVERRIDES)).collect())
}

fn parse(path: &Path) -> Result<Value, String> {
    let length = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if length > LARGEST {
        return Err(format!("it has {length} bytes, more than {LARGEST}"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mut document: Value = yaml_serde::from_str(&text).map_err(|error| format!("no YAML: {error}"))?;
    document.apply_merge().map_err(|error| error.to_string())?;
    Ok(document)
}

fn keys(service: &Value) -> Option<BTreeMap<String, Value>> {
    match service {
        Value::Mapping(keys) => {
            Some(keys.iter().filter_map(|(key, value)| Some((key.as_str()?.to_owned(), value.clone()))).collect())
        }
        Value::Null => Some(BTreeMap::new()),
        _ => None,
    }
}

/// Profiles that are active, by trueup.toml and by `COMPOSE_PROFILES`.
fn active_profiles(query: &ComposeQuery, value_of: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let named = value_of("COMPOSE_PROFILES").unwrap_or_default();
    let named = named.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    query.profiles.iter().cloned().chain(named).collect()
}

fn is_active(
    keys: &BTreeMap<String, Value>,
    active: &[String],
    value_of: &dyn Fn(&str) -> Option<String>,
) -> Result<bool, String> {
    let Some(Value::Sequence(profiles)) = keys.get("profiles") else { return Ok(true) };
    let mut wanted = profiles.is_empty();
    for profile in profiles.iter().filter_map(Value::as_str) {
        let profile = expand(profile, value_of)?;
        wanted |= active.iter().any(|active| *active == profile || active == "*");
    }
    Ok(wanted)
}

fn service(
    name: String,
    keys: &BTreeMap<String, Value>,
    value_of: &dyn Fn(&str) -> Option<String>,
) -> Result<Declared, String> {
    let deploy = keys.get("deploy");
    let global = deploy.and_then(|deploy| deploy.get("mode")).and_then(Value::as_str) == Some("global");
    let replicas = deploy.and_then(|deploy| deploy.get("replicas")).filter(|_| !global);
    let replicas = match keys.get("scale").or(replicas) {
        Some(value) => count(value, value_of).map_err(|why| format!("the service `{name}` {why}"))?,
        None => 1,
    };
    let container_name = match keys.get("container_name").and_then(Value::as_str) {
        Some(text) => Some(expand(text, value_of)?).filter(|text| !text.is_empty()),
        None => None,
    };
    Ok(Declared { name, replicas, container_name })
}

/// A number of containers, which may be a variable.
fn count(value: &Value, value_of: &dyn Fn(&str) -> Option<String>) -> Result<usize, String> {
    let number = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => expand(text, value_of)?.trim().parse().ok(),
        _ => None,
    };
    let number = number.filter(|number| *number <= 10_000).and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| "has a number of replicas that is no number up to 10000".to_owned())
}

fn folder_name(folder: &Path) -> Result<String, String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let whole = folder.canonicalize().map_err(|error| error.to_string())?;
    Ok(whole.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()))
}

/// A folder's name as compose makes a project's name of it.
fn normalized(name: &str) -> String {
    let kept = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    let name: String = name.to_lowercase().chars().filter(kept).collect();
    name.trim_start_matches(['_', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(files: &[(&str, &str)], query: ComposeQuery, environment: &[(&str, &str)]) -> Result<Project, String> {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("My Shop.v2");
        std::fs::create_dir(&folder).unwrap();
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let named: Vec<_> = query.files.iter().map(|file| folder.join(file)).collect();
        let query = ComposeQuery { files: if named.is_empty() { vec![folder] } else { named }, ..query };
        let variable =
            |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        read(&query, &variable)
    }

    fn names(project: &Project) -> Vec<&str> {
        project.services.iter().map(|service| service.name.as_str()).collect()
    }

    const PLAIN: &str = "services:\n  web: {image: x}\n  db:\n";

    #[test]
    fn the_name_of_the_project() {
        let named = &format!("name: ${{STAGE:-test}}-shop\n{PLAIN}");
        let by = |text: &str, env: &str, environment: &[(&str, &str)], query: ComposeQuery| {
            project(&[("compose.yaml", text), (".env", env)], query, environment).unwrap().name
        };
        let query = ComposeQuery::default;
        assert_eq!(by(PLAIN, "", &[], query()), "myshopv2");
        assert_eq!(by(named, "", &[], query()), "test-shop");
        assert_eq!(by(named, "STAGE=live", &[], query()), "live-shop");
        assert_eq!(by(named, "STAGE=live", &[("STAGE", "mine")], query()), "mine-shop");
        assert_eq!(by(named, "COMPOSE_PROJECT_NAME=a", &[], query()), "a");
        assert_eq!(by(named, "COMPOSE_PROJECT_NAME=a", &[("COMPOSE_PROJECT_NAME", "b")], query()), "b");
        let given = ComposeQuery { project: Some("c".to_owned()), ..query() };
        assert_eq!(by(named, "", &[("COMPOSE_PROJECT_NAME", "b")], given), "c");
        assert_eq!(normalized("__-A b.C-1"), "abc-1");
    }

    #[test]
    fn a_service_of_a_profile_counts_when_the_profile_is_active() {
        let text = "services:\n  web: {}\n  debug: {profiles: [dev, \"${EXTRA:-x}\"]}\n";
        let with = |profiles: &[&str], environment: &[(&str, &str)]| {
            let profiles = profiles.iter().map(|name| (*name).to_owned()).collect();
            let query = ComposeQuery { profiles, ..ComposeQuery::default() };
            names(&project(&[("compose.yaml", text)], query, environment).unwrap()).len()
        };
        assert_eq!((with(&[], &[]), with(&["dev"], &[]), with(&["x"], &[]), with(&["*"], &[])), (1, 2, 2, 2));
        assert_eq!(with(&[], &[("COMPOSE_PROFILES", "a, dev")]), 2);
    }

    #[test]
    fn how_many_and_under_which_name() {
        let text = "x-base: &base {container_name: \"${P}-db\"}\nservices:\n  web: {scale: 3}\n  api:\n    deploy: {replicas: \"${N}\"}\n  \
                    db:\n    <<: *base\n  all: {deploy: {mode: global, replicas: 9}}\n  off: {deploy: {replicas: 0}}\n";
        let found = project(&[("compose.yaml", text)], ComposeQuery::default(), &[("P", "shop"), ("N", "2")]).unwrap();
        let counts: Vec<_> = found.services.iter().map(|service| (service.name.as_str(), service.replicas)).collect();
        assert_eq!(counts, [("web", 3), ("api", 2), ("db", 1), ("all", 1), ("off", 0)]);
        assert_eq!(found.services[2].container_name.as_deref(), Some("shop-db"));
    }

    #[test]
    fn later_files_add_to_earlier_ones() {
        let files = [("compose.yml", PLAIN), ("compose.override.yml", "services:\n  db: {scale: 2}\n  mail: {}\n")];
        let found = project(&files, ComposeQuery::default(), &[]).unwrap();
        assert_eq!((names(&found), found.file.as_str()), (vec!["web", "db", "mail"], "compose.yml"));
        assert_eq!(found.services[1].replicas, 2);
        let only = ComposeQuery { files: vec!["compose.yml".into()], ..ComposeQuery::default() };
        assert_eq!(names(&project(&files, only, &[]).unwrap()), ["web", "db"]);
    }

    #[test]
    fn what_cannot_be_known_is_said() {
        let fault = |text: &str| project(&[("compose.yaml", text)], ComposeQuery::default(), &[]).unwrap_err();
        assert!(fault("include: [other.yaml]\nservices: {}\n").contains("`include`"));
        assert!(fault("services: [web]\n").contains("no table of services"));
        assert!(fault("services:\n  web: {scale: many}\n").contains("no number"));
        assert!(fault("name: ${NONE:?say which}\nservices: {}\n").contains("say which"));
        assert!(fault("services: {\n").contains("no YAML"));
        assert!(project(&[], ComposeQuery::default(), &[]).unwrap_err().contains("in this folder"));
    }
}
