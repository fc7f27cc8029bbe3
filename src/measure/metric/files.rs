//! Numbers of files, and of matches in files.
//!
//! No file is a number, 0; no file to look for matches in is none: 0 there is what a mistyped pattern would say of a
//! project full of them.

use std::io;
use std::path::{Path, PathBuf};

use tokio::time::Instant;

use super::{Seen, timed_out, unreadable};
use crate::globs::{self, Globs, WalkFault};
use crate::measure::blocking::{Stop, done_by};
use crate::measure::evidence::Evidence;
use crate::measure::measurement::Unmeasured;
use crate::measure::pattern;
use crate::measure::text_file;
use crate::quantity::Quantity;

/// Number of files below `root` that `patterns` name and git does not ignore.
pub(super) async fn count(root: &Path, patterns: &[String], deadline: Instant) -> Seen {
    let (at, wanted) = (root.to_owned(), patterns.to_vec());
    let counted = done_by(deadline, move |stop| Ok(matching(&at, &wanted, stop)?.len())).await;
    let evidence = evidence_of(root, patterns);
    (counted.unwrap_or_else(|| Err(late(root))).map(whole), evidence)
}

/// Number of matches of `expression` in those files.
pub(super) async fn count_matches(root: &Path, patterns: &[String], expression: &str, deadline: Instant) -> Seen {
    let (at, wanted, owned) = (root.to_owned(), patterns.to_vec(), expression.to_owned());
    let counted = done_by(deadline, move |stop| matches_in(&at, &wanted, &owned, stop)).await;
    let mut evidence = evidence_of(root, patterns);
    evidence.fact("matches", expression);
    let seen = counted.unwrap_or_else(|| Err(late(root))).map(|(matches, files)| {
        evidence.fact("files", files.to_string());
        whole(matches)
    });
    (seen, evidence)
}

fn matches_in(root: &Path, patterns: &[String], expression: &str, stop: &Stop) -> Result<(usize, usize), Unmeasured> {
    let compiled = pattern::compile_for_lines(expression)?;
    let files = matching(root, patterns, stop)?;
    if files.is_empty() {
        let place = root.display().to_string();
        let detail = format!("no file below `{place}` matches {}; expected some to look into", listed(patterns));
        return Err(unreadable(&place, detail));
    }
    let mut count = 0;
    for file in &files {
        if stop.is_asked() {
            break;
        }
        let text = text_file::read(file)?;
        if !text.whole {
            let (place, limit) = (file.display().to_string(), text_file::SIZE_LIMIT >> 20);
            return Err(unreadable(
                &place,
                format!("`{place}` is too large to count in; expected {limit} MiB at most"),
            ));
        }
        count += compiled.find_iter(&text.bytes).count();
    }
    Ok((count, files.len()))
}

fn matching(root: &Path, patterns: &[String], stop: &Stop) -> Result<Vec<PathBuf>, Unmeasured> {
    let globs = Globs::new(patterns).map_err(|bad| unreadable("trueup.toml", bad.to_string()))?;
    if !root.is_dir() {
        let absent = if root.exists() { io::ErrorKind::NotADirectory } else { io::ErrorKind::NotFound };
        return Err(text_file::unmeasured(root, &absent.into()));
    }
    let mut found = Vec::new();
    for file in globs::files(root) {
        if stop.is_asked() {
            break;
        }
        let file = file.map_err(|fault| unlooked(root, &fault))?;
        if file.strip_prefix(root).is_ok_and(|inside| globs.matches(inside)) {
            found.push(file);
        }
    }
    Ok(found)
}

/// A folder that cannot be looked into might hold any number of files.
fn unlooked(root: &Path, fault: &WalkFault) -> Unmeasured {
    text_file::unmeasured(fault.path.as_deref().unwrap_or(root), &fault.error)
}

fn evidence_of(root: &Path, patterns: &[String]) -> Evidence {
    let mut evidence = Evidence::new();
    evidence.fact("folder", root.display().to_string()).fact("globs", patterns.join(", "));
    evidence
}

fn late(root: &Path) -> Unmeasured {
    let place = root.display().to_string();
    timed_out(&place, format!("the files below `{place}` could not all be looked at in time"))
}

fn listed(patterns: &[String]) -> String {
    patterns.iter().map(|glob| format!("`{glob}`")).collect::<Vec<_>>().join(", ")
}

fn whole(count: usize) -> Quantity {
    Quantity { value: count as f64, total: None }
}
