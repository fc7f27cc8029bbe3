//! Which documents speak of the same project at the same time.

/// Folders that hold documents about the folder around them.
const OF_DOCUMENTS: &[&str] = &["doc", "docs", "documentation", "wiki", ".github", ".claude"];

/// Words in a path that make its document one of the past, or a pattern.
const APART: &[&str] = &[
    "archive",
    "archived",
    "archives",
    "changelog",
    "changes",
    "history",
    "old",
    "backup",
    "template",
    "templates",
    "example",
    "examples",
];

/// What the document at `path` speaks of: documents are held against each other only where this is the same.
///
/// The folder that it stands in; a folder of documents stands for the one around it. A document that carries a date or
/// belongs to an archive speaks only of itself.
pub fn of(path: &str) -> String {
    let path = path.replace('\\', "/");
    let words = path.split(|c: char| !c.is_alphanumeric());
    let apart = words.clone().any(|word| APART.contains(&word.to_lowercase().as_str()) || is_year(word));
    if apart {
        return path;
    }
    let mut folders: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    folders.pop();
    folders.retain(|folder| !OF_DOCUMENTS.contains(&folder.to_lowercase().as_str()));
    format!("{}/", folders.join("/"))
}

/// "2025" and "20250817".
fn is_year(word: &str) -> bool {
    matches!(word.len(), 4 | 6 | 8) && word.starts_with("20") && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn documents_of_one_folder_speak_of_one_thing() {
        assert_eq!(of("CLAUDE.md"), of("docs/STATUS.md"));
        assert_eq!(of("./CLAUDE.md"), of("README.md"));
        assert_eq!(of("a/README.md"), of("a/docs/x.md"));
        assert_ne!(of("a/README.md"), of("b/README.md"));
        assert_ne!(of("README.md"), of("packages/a/README.md"));
    }

    #[test]
    fn what_is_dated_or_put_away_speaks_of_itself() {
        for path in ["docs/2025-08-17-status.md", "archive/STATUS.md", "CHANGELOG.md", "report_20250817.md"] {
            assert_ne!(of(path), of("README.md"), "{path}");
            assert_eq!(of(path), of(path));
        }
    }
}
