//! What is remembered of an agent's session: the documents that were changed in it, and what was said of them.
//!
//! One file for each session below `.trueup/sessions/`, a line for each change, so that hooks that run side by side lose
//! nothing.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::recorded;

/// Folder of the sessions.
const FOLDER: &str = "sessions";
/// Ending of their files.
const ENDING: &str = "jsonl";
/// Longest name of a session that is a file name.
const LONGEST: usize = 100;
/// Most bytes of one that are read.
const LIMIT: u64 = 4 << 20;
/// Sessions that nobody spoke of for so long are over.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// One change of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Changed {
    /// The document, absolute.
    pub path: PathBuf,
    /// The agent below the main one that did it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subagent: Option<String>,
    /// A hash of what was said of it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<String>,
}

/// A session of an agent.
#[derive(Debug)]
pub(super) struct Session {
    root: PathBuf,
    file: String,
}

impl Session {
    /// The session called `id` of an agent that works in the project at `root`.
    pub(super) fn of(id: &str, root: &Path) -> Session {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let is_name = !id.is_empty() && id.len() <= LONGEST && id.chars().all(plain);
        let name = if is_name { id.to_owned() } else { hash(id) };
        Session { root: root.to_owned(), file: format!("{name}.{ENDING}") }
    }

    fn path(&self) -> PathBuf {
        self.root.join(recorded::FOLDER).join(FOLDER).join(&self.file)
    }

    /// Remembers a change.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn add(&self, changed: &Changed) -> io::Result<()> {
        let folder = recorded::folder(&self.root)?.join(FOLDER);
        fs::create_dir_all(&folder)?;
        let path = folder.join(&self.file);
        if !path.exists() {
            prune(&folder);
        }
        let mut line = serde_json::to_vec(changed).map_err(io::Error::other)?;
        line.push(b'\n');
        OpenOptions::new().append(true).create(true).open(path)?.write_all(&line)
    }

    /// What was changed, in order. A line that is damaged is left out: somebody else wrote it.
    pub(super) fn changed(&self) -> Vec<Changed> {
        let path = self.path();
        if !fs::metadata(&path).is_ok_and(|data| data.len() <= LIMIT) {
            return Vec::new();
        }
        let text = fs::read_to_string(path).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Forgets it.
    pub(super) fn forget(&self) {
        // Where it stays, the next end of the work is looked at once more.
        _ = fs::remove_file(self.path());
    }
}

/// Takes away what is left of sessions that are over.
fn prune(folder: &Path) {
    let is_over = |path: &Path| {
        let written = fs::symlink_metadata(path).and_then(|data| data.modified());
        written.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > KEPT))
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == ENDING) && is_over(&path) {
            _ = fs::remove_file(path);
        }
    }
}

/// A short hash of a text, in hexadecimal digits.
pub(super) fn hash(text: &str) -> String {
    Sha256::digest(text).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_remembered_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let session = Session::of("00893aaf-19fa", folder.path());
        assert_eq!(session.changed(), []);
        let one = Changed { path: "/p/a.md".into(), subagent: None, told: Some("x".to_owned()) };
        let two = Changed { path: "/p/b.md".into(), subagent: Some("s".to_owned()), told: None };
        session.add(&one).unwrap();
        session.add(&two).unwrap();
        fs::write(session.path(), [fs::read(session.path()).unwrap(), b"{dam".to_vec()].concat()).unwrap();
        assert_eq!(session.changed(), [one, two]);
        assert_eq!(Session::of("other", folder.path()).changed(), []);
        session.forget();
        assert_eq!(session.changed(), []);
        assert_eq!(fs::read_to_string(folder.path().join(".trueup/.gitignore")).unwrap(), "*\n");
    }

    #[test]
    fn a_name_leads_nowhere_else_and_what_is_over_goes() {
        let folder = tempfile::tempdir().unwrap();
        let sessions = folder.path().join(".trueup/sessions");
        let changed = Changed { path: "/p/a.md".into(), subagent: None, told: None };
        for id in ["../../evil", "", "a/b", &"x".repeat(5000)] {
            let session = Session::of(id, folder.path());
            session.add(&changed).unwrap();
            assert_eq!(session.path().parent(), Some(sessions.as_path()), "{id}");
            assert_eq!(session.changed().len(), 1, "{id}");
        }
        let old = sessions.join("old.jsonl");
        fs::write(&old, "").unwrap();
        let long_ago = SystemTime::now() - KEPT - Duration::from_secs(60);
        OpenOptions::new().write(true).open(&old).unwrap().set_modified(long_ago).unwrap();
        Session::of("new", folder.path()).add(&changed).unwrap();
        assert!(!old.exists());
    }
}
