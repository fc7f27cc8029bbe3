//! Where an agent works.

use std::path::{Path, PathBuf};

/// The folder that an agent's paths are relative to, and the project around it.
#[derive(Debug)]
pub(super) struct Place {
    /// The folder.
    pub here: PathBuf,
    /// The project: the repository around, else the folder of the nearest trueup.toml, else the folder itself.
    pub root: PathBuf,
}

impl Place {
    /// The place of an agent that works in `here`.
    pub(super) fn at(here: &Path) -> Place {
        let here = here.canonicalize().unwrap_or_else(|_| here.to_owned());
        let with = |name: &str| here.ancestors().find(|folder| folder.join(name).exists()).map(Path::to_owned);
        let root = with(".git").or_else(|| with("trueup.toml")).unwrap_or_else(|| here.clone());
        Place { here, root }
    }

    /// A path of the agent's, absolute, the folder that it is in resolved as far as it is there; a link stays one.
    pub(super) fn resolve(&self, path: &Path) -> PathBuf {
        // Without the `..` that lead elsewhere, whatever is there.
        let mut path = lexical(&self.here.join(path));
        let mut missing = Vec::new();
        let Some(name) = path.file_name().map(ToOwned::to_owned) else { return path };
        path.pop();
        loop {
            if let Ok(known) = path.canonicalize() {
                let folder = missing.iter().rev().fold(known, |folder, part| folder.join(part));
                return folder.join(name);
            }
            match path.file_name().map(ToOwned::to_owned) {
                Some(part) => missing.push(part),
                None => return path.join(name),
            }
            path.pop();
        }
    }
}

fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                out.pop();
            }
            std::path::Component::CurDir => {}
            std::path::Component::Prefix(_) | std::path::Component::RootDir | std::path::Component::Normal(_) => {
                out.push(part);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn paths_are_what_they_lead_to() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("p/docs")).unwrap();
        fs::create_dir_all(root.join("p/.git")).unwrap();
        let place = Place::at(&root.join("p/docs"));
        assert_eq!((place.root.clone(), place.here.clone()), (root.join("p"), root.join("p/docs")));
        for (path, expected) in [
            ("a.md", "p/docs/a.md"),
            ("../a.md", "p/a.md"),
            ("../../a.md", "a.md"),
            ("new/er/a.md", "p/docs/new/er/a.md"),
            ("./new/../a.md", "p/docs/a.md"),
        ] {
            assert_eq!(place.resolve(Path::new(path)), root.join(expected), "{path}");
        }
    }
}
