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

/// Words in a path whose document tells of a moment, a part or a wish, and speaks only of itself.
const OF_THEIR_OWN: &[&str] = &[
    "adr",
    "audit",
    "audits",
    "decision",
    "decisions",
    "evidence",
    "finding",
    "findings",
    "handoff",
    "handover",
    "incident",
    "incidents",
    "memories",
    "milestone",
    "milestones",
    "paper",
    "papers",
    "plan",
    "planning",
    "plans",
    "postmortem",
    "proposal",
    "proposals",
    "references",
    "report",
    "reports",
    "research",
    "result",
    "results",
    "retrospective",
    "review",
    "reviews",
    "rfc",
    "roadmap",
    "session",
    "sessions",
    "spec",
    "specs",
    "sprint",
    "todo",
    "update",
    "updates",
];

/// Words in a path whose document tells of one moment after the other, or of several wishes.
const OF_MANY_MOMENTS: &[&str] = &[
    "changelog",
    "changes",
    "diary",
    "history",
    "journal",
    "log",
    "logs",
    "plan",
    "planning",
    "plans",
    "roadmap",
    "papers",
    "references",
];

/// Folders with a document for each of several things.
const OF_MANY: &[&str] = &["agents", "commands", "prompts", "rules", "skills"];

/// What the document at `path` speaks of: documents are held against each other only where this is the same.
///
/// The folder that it stands in; a folder of documents stands for the one around it. A document that carries a date or a
/// number, tells of a moment or a plan, belongs to an archive or describes one of many speaks only of itself. What calls
/// itself a status speaks of the project, whatever else it calls itself.
pub fn of(path: &str) -> String {
    let path = path.replace('\\', "/");
    let words = path.split(|c: char| !c.is_alphanumeric());
    let any = |list: &[&str]| words.clone().any(|word| list.contains(&word.to_lowercase().as_str()));
    let many = path.rsplit('/').skip(1).any(|folder| OF_MANY.contains(&folder.to_lowercase().as_str()));
    let name = path.rsplit('/').next().unwrap_or_default();
    let moment = any(OF_THEIR_OWN) || is_numbered(name);
    if any(APART) || words.clone().any(is_year) || many || moment && !any(&["status"]) {
        return path;
    }
    let mut folders: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    folders.pop();
    folders.retain(|folder| !OF_DOCUMENTS.contains(&folder.to_lowercase().as_str()));
    format!("{}/", folders.join("/"))
}

/// Whether all that the document at `path` states is of one moment, so that it can contradict itself.
pub fn is_of_one_moment(path: &str) -> bool {
    let mut words = path.split(|c: char| !c.is_alphanumeric());
    !words.any(|word| OF_MANY_MOMENTS.contains(&word.to_lowercase().as_str()))
}

/// "DAY2_SUMMARY.md", "TASK-103.md": one of a row of documents.
fn is_numbered(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.bytes().any(|byte| byte.is_ascii_digit())
}

/// "2025" and "20250817".
fn is_year(word: &str) -> bool {
    matches!(word.len(), 4 | 6 | 8) && word.starts_with("20") && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{is_of_one_moment, of};

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
        for path in [
            "docs/2025-08-17-status.md",
            "archive/STATUS.md",
            "CHANGELOG.md",
            "report_20250817.md",
            "docs/DAY2_SUMMARY.md",
            "TASK-103.md",
            "docs/plans/tower.md",
            "docs/audit/AUDIT.md",
            ".claude/agents/tester.md",
            "HANDOFF.md",
        ] {
            assert_ne!(of(path), of("README.md"), "{path}");
            assert_eq!(of(path), of(path));
        }
        for path in ["AGENTS.md", "MCP_HEALTH_STATUS_REPORT.md", "docs/INVENTORY.md", ".claude/CLAUDE.md"] {
            assert_eq!(of(path), of("README.md"), "{path}");
        }
    }

    #[test]
    fn what_tells_of_many_moments_does_not_contradict_itself() {
        for path in ["CHANGELOG.md", "docs/ROADMAP.md", "notes/research-log.md"] {
            assert!(!is_of_one_moment(path), "{path}");
        }
        for path in ["README.md", "CLAUDE.md", "docs/status.md", "catalog.md"] {
            assert!(is_of_one_moment(path), "{path}");
        }
    }
}
