//! What `trueup probe --evidence DIR` writes, file by file.
//!
//! ```text
//! summary.txt                      a line per target: state, check, and the one line that explains it
//! snapshot.json                    the snapshot
//! groups/GROUP/TARGET/CHECK.json   what came of one check: outcome, facts, last lines of its log
//! groups/GROUP/TARGET/CHECK-NAME   what the check attached: transcript.txt, stderr.log, container.log, inspect.json, health.log
//! ```
//!
//! Names of groups and targets become names of files: what is no letter, digit, `.`, `-` or `_` becomes `_`, and names
//! that become the same are numbered.

use std::collections::HashSet;
use std::io;

use super::{json_text, terminal};
use crate::measure::measurement::{CheckResult, Outcome, Snapshot, TargetMeasurement};

/// Longest name of a file that is made of a name from outside, in bytes.
const NAME_LIMIT: usize = 80;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its place in the folder, with `/` between folders.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// The files for `snapshot`.
///
/// # Errors
/// Never in practice: writing JSON to memory.
pub fn sheets(snapshot: &Snapshot) -> io::Result<Vec<Sheet>> {
    let mut sheets = Vec::new();
    let mut summary = String::new();
    let mut groups = Names::default();
    for group in &snapshot.groups {
        let folder = format!("groups/{}", groups.fresh(&group.name));
        let mut targets = Names::default();
        for target in &group.targets {
            summary.push_str(&line(&group.name, target));
            let folder = format!("{folder}/{}", targets.fresh(&target.name));
            let mut checks = Names::default();
            for check in &target.checks {
                let check_name = checks.fresh(&check.check);
                let mut text = Vec::new();
                json_text::write(check, &mut text)?;
                let text = String::from_utf8_lossy(&text).into_owned();
                sheets.push(Sheet { path: format!("{folder}/{check_name}.json"), text });
                for exhibit in &check.evidence.exhibits {
                    let path = format!("{folder}/{check_name}-{}", exhibit.name);
                    sheets.push(Sheet { path, text: exhibit.text.clone() });
                }
            }
        }
    }
    let mut whole = Vec::new();
    json_text::write(snapshot, &mut whole)?;
    sheets.insert(0, Sheet { path: "snapshot.json".to_owned(), text: String::from_utf8_lossy(&whole).into_owned() });
    sheets.insert(0, Sheet { path: "summary.txt".to_owned(), text: summary });
    Ok(sheets)
}

/// "mcp/github  down  mcp: exit 1: GITHUB_TOKEN is required (configuration)".
fn line(group: &str, target: &TargetMeasurement) -> String {
    let unknown = |check: &CheckResult| match &check.outcome {
        Outcome::Unmeasured(unmeasured) => Some(format!("{}: {}", check.check, unmeasured.detail)),
        Outcome::Passed { .. } | Outcome::Failed(_) => None,
    };
    let (state, why) = match target.first_failure() {
        Some((check, failure)) => ("down", format!("{}: {} ({})", check.check, failure.reason, failure.class.name())),
        None => match target.checks.iter().find_map(unknown) {
            Some(why) => ("unknown", why),
            None if target.checks.is_empty() => ("unknown", "no check".to_owned()),
            None => ("up", target.proved().map_or_else(String::new, |rung| rung.name().to_owned())),
        },
    };
    format!("{}  {state}  {}\n", terminal::line(&format!("{group}/{}", target.name)), terminal::line(&why))
}

/// Names of files, no two the same.
#[derive(Default)]
struct Names {
    given: HashSet<String>,
}

impl Names {
    fn fresh(&mut self, name: &str) -> String {
        let safe = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
        let name: String = name.chars().map(safe).take(NAME_LIMIT).collect();
        let name = if name.trim_matches('.').is_empty() { format!("_{name}") } else { name };
        // Names that differ in case alone are one on some file systems.
        let mut fresh = name.clone();
        let mut number = 2;
        while !self.given.insert(fresh.to_ascii_lowercase()) {
            fresh = format!("{name}-{number}");
            number += 1;
        }
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_its_folder() {
        let mut names = Names::default();
        let cases = [
            ("github", "github"),
            ("../../etc", ".._.._etc"),
            ("..", "_.."),
            ("", "_"),
            ("a/b", "a_b"),
            ("a\\b", "a_b-2"),
            ("A_B", "A_B-3"),
            ("é\u{202e}x\n", "__x_"),
        ];
        for (name, file) in cases {
            assert_eq!(names.fresh(name), file, "{name:?}");
        }
        assert_eq!(names.fresh(&"x".repeat(500)).len(), NAME_LIMIT);
    }
}
