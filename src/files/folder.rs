//! A folder of ours that is written anew: what we wrote before goes, what others put there stays, and a folder that is
//! somebody else's is not touched.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

/// Lists what we wrote, and so marks the folder as ours.
const LIST: &str = ".trueup-files";

/// First line of the list.
const HEAD: &str = "# files written by trueup; it takes them away before it writes new ones";

/// A folder that may be written.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    old: Vec<PathBuf>,
}

impl Folder {
    /// Looks whether the folder at `path` may be written: it is not there yet, it is empty, or it is ours. Nothing is
    /// changed.
    ///
    /// # Errors
    /// Where it may not, and why.
    pub fn claim(path: &Path) -> io::Result<Folder> {
        let path = path.to_owned();
        let refused = |why: &str| io::Error::new(io::ErrorKind::AlreadyExists, why.to_owned());
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Folder { path, old: Vec::new() }),
            Err(error) => return Err(error),
            Ok(data) if data.is_symlink() => return Err(refused("it is a symbolic link; name the folder itself")),
            Ok(data) if !data.is_dir() => return Err(refused("it is no folder")),
            Ok(_) => {}
        }
        let list = path.join(LIST);
        if !fs::symlink_metadata(&list).is_ok_and(|data| data.is_file()) {
            return match fs::read_dir(&path)?.next() {
                None => Ok(Folder { path, old: Vec::new() }),
                Some(_) => Err(refused("it has files that trueup did not write; name a new or an empty folder")),
            };
        }
        let text = fs::read_to_string(list)?;
        if text.lines().next() != Some(HEAD) {
            return Err(refused("its list of files is not one of trueup's; name a new or an empty folder"));
        }
        // Whoever can write the list must not make us take away anything else.
        let inside = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
        let old = text.lines().skip(1).map(PathBuf::from).filter(|path| inside(path)).collect();
        Ok(Folder { path, old })
    }

    /// Takes away what we wrote before, and writes `files` (place in the folder, content). The folder is for its owner
    /// alone.
    ///
    /// # Errors
    /// The system's, with the path. What was written until then stays, and is listed.
    pub fn write<'a>(&self, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> io::Result<()> {
        make(&self.path)?;
        for old in &self.old {
            self.take_away(old);
        }
        let files: Vec<_> = files.into_iter().collect();
        // The list comes first: a run that is stopped in the middle leaves nothing that the next does not know.
        let paths: String = files.iter().map(|(path, _)| format!("{path}\n")).collect();
        fs::remove_file(self.path.join(LIST)).ok();
        put(&self.path.join(LIST), &format!("{HEAD}\n{paths}"))?;
        for (path, text) in files {
            let mut folder = self.path.clone();
            let path = Path::new(path);
            for part in path.parent().into_iter().flat_map(Path::components) {
                folder.push(part);
                make(&folder)?;
            }
            put(&self.path.join(path), text)?;
        }
        Ok(())
    }

    /// One file of the list, and the folders that are empty without it. What is not as we left it stays.
    fn take_away(&self, file: &Path) {
        let reached = file
            .ancestors()
            .skip(1)
            .all(|folder| fs::symlink_metadata(self.path.join(folder)).is_ok_and(|data| data.is_dir()));
        if !reached {
            return;
        }
        fs::remove_file(self.path.join(file)).ok();
        for folder in file.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
            if fs::remove_dir(self.path.join(folder)).is_err() {
                return;
            }
        }
    }
}

/// A folder that is there afterwards, and is no link to elsewhere.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match fs::symlink_metadata(folder) {
            Ok(data) if data.is_dir() => Ok(()),
            Ok(_) | Err(_) => Err(named(folder, error)),
        },
        Err(error) => Err(named(folder, error)),
    }
}

/// A file that was not there before.
fn put(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| named(path, error))?;
    file.write_all(text.as_bytes()).map_err(|error| named(path, error))
}

fn named(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_of_ours_is_written_anew_and_what_others_put_there_stays() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("evidence");
        Folder::claim(&folder).unwrap().write([("a/b/one", "1"), ("two", "2")]).unwrap();
        fs::write(folder.join("a/note"), "mine").unwrap();
        Folder::claim(&folder).unwrap().write([("two", "22")]).unwrap();
        assert_eq!(names(&folder), [LIST, "a", "two"]);
        assert_eq!(names(&folder.join("a")), ["note"]);
        assert_eq!(fs::read_to_string(folder.join("two")).unwrap(), "22");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
            assert_eq!(fs::metadata(folder.join("two")).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_folder_of_somebody_else_is_refused() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("precious"), "x").unwrap();
        let why = Folder::claim(root.path()).unwrap_err().to_string();
        assert!(why.contains("files that trueup did not write"), "{why}");
        assert!(Folder::claim(&root.path().join("precious")).unwrap_err().to_string().contains("no folder"));
        fs::write(root.path().join(LIST), "precious\n").unwrap();
        assert!(Folder::claim(root.path()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn no_list_and_no_link_leads_us_astray() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let (folder, away) = (root.path().join("evidence"), root.path().join("away"));
        fs::create_dir(&away).unwrap();
        fs::write(away.join("precious"), "x").unwrap();
        fs::create_dir(&folder).unwrap();
        symlink(&away, folder.join("link")).unwrap();
        let list = format!("{HEAD}\n../away/precious\nlink/precious\n{}\n", away.join("precious").display());
        fs::write(folder.join(LIST), list).unwrap();
        assert!(Folder::claim(&folder).unwrap().write([("link/new", "x")]).is_err());
        assert_eq!(names(&away), ["precious"]);
        symlink(&folder, root.path().join("alias")).unwrap();
        assert!(Folder::claim(&root.path().join("alias")).is_err());
    }
}
