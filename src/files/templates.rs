//! The user's templates: every text file below one folder, by its path inside it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::read::{ReadError, read};
use crate::document::source::SourceFile;

/// Most templates that a folder may hold: one with more was hardly meant.
pub const TEMPLATE_LIMIT: usize = 1000;

/// Endings of templates. Whatever else lies in the folder is left alone.
const ENDINGS: [&str; 7] = ["md", "html", "htm", "json", "txt", "svg", "xml"];

/// Reads the templates below `folder`, by their path inside it, with `/` between its parts. What begins with a dot is left
/// out.
///
/// # Errors
/// One for the folder itself, or one for each template that cannot be read.
pub fn templates(folder: &Path) -> Result<BTreeMap<String, Arc<SourceFile>>, Vec<ReadError>> {
    let files = files(folder).map_err(|error| vec![error])?;
    let mut found = BTreeMap::new();
    let mut errors = Vec::new();
    for (name, path) in files {
        match read(&path) {
            Ok(loaded) => {
                found.insert(name, Arc::new(loaded.source));
            }
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

/// Names and paths of the templates, in order.
fn files(folder: &Path) -> Result<BTreeMap<String, PathBuf>, ReadError> {
    // As a person would write it: `./templates/x.md` is `templates/x.md`.
    let folder: PathBuf = folder.strip_prefix(".").map_or_else(|_| folder.to_owned(), Path::to_owned);
    let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
    let mut found = BTreeMap::new();
    let mut folders = vec![(String::new(), folder)];
    while let Some((prefix, folder)) = folders.pop() {
        let fault = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Missing { path: folder.clone() },
            io::ErrorKind::PermissionDenied => ReadError::PermissionDenied { path: folder.clone() },
            _ => ReadError::Io { path: folder.clone(), error },
        };
        for entry in fs::read_dir(&folder).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let inside = format!("{prefix}{name}");
            let path = entry.path();
            if name.starts_with('.') {
                continue;
            }
            // A link to a folder is not followed: it can lead back up.
            if entry.file_type().map_err(fault)?.is_dir() {
                folders.push((format!("{inside}/"), path));
            } else if ENDINGS.iter().any(|ending| path.extension().is_some_and(|own| own == *ending)) {
                found.insert(inside, path);
            }
            if found.len() > TEMPLATE_LIMIT {
                let error = io::Error::other(format!("it holds more than {TEMPLATE_LIMIT} templates"));
                return Err(ReadError::Io { path: folder, error });
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_known_by_their_path_inside_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &[u8]| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("summary.md", b"mine");
        write("parts/row.html", b"<p>");
        write("notes.rst", b"no template");
        write(".hidden.md", b"no template");
        write(".git/x.md", b"no template");
        let found = templates(folder.path()).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["parts/row.html", "summary.md"]);
        assert_eq!(found["summary.md"].text(), "mine");
        assert!(found["summary.md"].name().ends_with("/summary.md"), "{}", found["summary.md"].name());
        write("bytes.md", b"\xff\xfe");
        write("worse.md", b"\xff");
        let errors = templates(folder.path()).unwrap_err();
        assert!(
            matches!(errors[..], [ReadError::NotUtf8 { utf16: true, .. }, ReadError::NotUtf8 { .. }]),
            "{errors:?}"
        );
        let missing = templates(&folder.path().join("nowhere")).unwrap_err();
        assert!(matches!(missing[..], [ReadError::Missing { .. }]), "{missing:?}");
    }

    #[test]
    fn a_folder_that_was_hardly_meant_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..=TEMPLATE_LIMIT {
            fs::write(folder.path().join(format!("{number}.md")), "").unwrap();
        }
        let errors = templates(folder.path()).unwrap_err();
        assert!(errors[0].to_string().contains("more than 1000 templates"), "{errors:?}");
    }
}
