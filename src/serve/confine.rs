//! Paths that a client names: inside of the project, whatever they are made of.

use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Why a path is not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outside {
    /// It names nothing: it is empty, it holds a NUL, or it is `-`.
    Nothing,
    /// It goes upwards.
    Upwards(String),
    /// It begins elsewhere.
    Elsewhere(String),
    /// A symbolic link on its way leads out.
    LeadsOut(String),
    /// It is neither a file nor a folder: a pipe would be waited for, a device read without an end.
    Special(String),
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = "expected a path inside of the project, from its root, such as `docs/status.md`";
        match self {
            Outside::Nothing => write!(f, "the path names nothing; {expected}"),
            Outside::Upwards(path) => write!(f, "`{path}` goes upwards with `..`; {expected}"),
            Outside::Elsewhere(path) => write!(f, "`{path}` is not in the project; {expected}"),
            Outside::LeadsOut(path) => {
                write!(f, "`{path}` leads out of the project by a symbolic link; {expected} that stays in it")
            }
            Outside::Special(path) => write!(f, "`{path}` is neither a file nor a folder; expected one of these"),
        }
    }
}

/// What `named` is, from `root` on: a path without `..` of which nothing that is there leads out of `root`, which is
/// absolute and has no link in it. An empty path is `root` itself. Nothing need be there.
///
/// # Errors
/// [`Outside`].
pub fn inside(root: &Path, named: &str) -> Result<PathBuf, Outside> {
    if named.is_empty() || named.contains('\0') || named == "-" {
        return Err(Outside::Nothing);
    }
    let shown = || named.escape_debug().to_string();
    let path = Path::new(named);
    let path =
        if path.is_absolute() { path.strip_prefix(root).map_err(|_| Outside::Elsewhere(shown()))? } else { path };
    let mut inside = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => inside.push(part),
            Component::CurDir => {}
            Component::ParentDir => return Err(Outside::Upwards(shown())),
            Component::RootDir | Component::Prefix(_) => return Err(Outside::Elsewhere(shown())),
        }
    }
    // `./-` is a file; by its bare name it would be standard input.
    if inside == Path::new("-") {
        return Err(Outside::Nothing);
    }
    stays(root, &inside).then_some(()).ok_or_else(|| Outside::LeadsOut(shown()))?;
    match fs::metadata(root.join(&inside)) {
        Ok(data) if !data.is_file() && !data.is_dir() => Err(Outside::Special(shown())),
        // What is not there, or may not be read, is told when it is read.
        Ok(_) | Err(_) => Ok(inside),
    }
}

/// Whether nothing on the way from `root` to `path` in it leads out of `root`.
pub fn stays(root: &Path, path: &Path) -> bool {
    let full = root.join(path);
    for above in full.ancestors() {
        match above.canonicalize() {
            Ok(real) => return real.starts_with(root),
            // A link that leads nowhere may lead somewhere later.
            Err(_) if fs::symlink_metadata(above).is_ok_and(|data| data.is_symlink()) => return false,
            Err(_) => {}
        }
    }
    false
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_path_stays_in_the_project() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        let root = base.join("project");
        fs::create_dir_all(root.join("docs")).unwrap();
        fs::create_dir_all(base.join("elsewhere")).unwrap();
        fs::write(root.join("a.md"), "a").unwrap();
        fs::write(root.join("-"), "a").unwrap();
        fs::write(base.join("secret.md"), "s").unwrap();
        symlink("../secret.md", root.join("link.md")).unwrap();
        symlink("../elsewhere", root.join("away")).unwrap();
        symlink("../later.md", root.join("dangling.md")).unwrap();
        symlink("a.md", root.join("within.md")).unwrap();
        symlink("loop.md", root.join("loop.md")).unwrap();
        assert!(Command::new("mkfifo").arg(root.join("pipe.md")).status().unwrap().success());
        let ask = |path: &str| inside(&root, path);
        for (path, expected) in [
            ("a.md", "a.md"),
            ("./docs//new.md", "docs/new.md"),
            ("within.md", "within.md"),
            (".", ""),
            (root.join("a.md").to_str().unwrap(), "a.md"),
            (root.to_str().unwrap(), ""),
            ("new/folder/x.md", "new/folder/x.md"),
            ("a..b.md", "a..b.md"),
        ] {
            assert_eq!(ask(path), Ok(PathBuf::from(expected)), "{path}");
        }
        let kind = |path: &str| match ask(path).unwrap_err() {
            Outside::Nothing => "nothing",
            Outside::Upwards(_) => "upwards",
            Outside::Elsewhere(_) => "elsewhere",
            Outside::LeadsOut(_) => "leads out",
            Outside::Special(_) => "special",
        };
        let beside = format!("{}-other/a.md", root.display());
        for (path, expected) in [
            ("", "nothing"),
            ("-", "nothing"),
            ("./-", "nothing"),
            ("a\0.md", "nothing"),
            ("../secret.md", "upwards"),
            ("docs/../../secret.md", "upwards"),
            ("docs/../a.md", "upwards"),
            ("/etc/passwd", "elsewhere"),
            (base.join("secret.md").to_str().unwrap(), "elsewhere"),
            (beside.as_str(), "elsewhere"),
            ("link.md", "leads out"),
            ("away/x.md", "leads out"),
            ("away", "leads out"),
            ("dangling.md", "leads out"),
            ("loop.md", "leads out"),
            ("pipe.md", "special"),
        ] {
            assert_eq!(kind(path), expected, "{path}");
        }
    }
}
