//! A git repository that must be in a state: it proves [`Rung::Functional`], the repository is as it should be.
//!
//! | seen | outcome |
//! |---|---|
//! | nothing differs from the commit, it has a tag of the pattern: as far as each is asked for | passed |
//! | with `clean`: files differ from the commit that is checked out, new ones included | failed: wrong answer |
//! | with `tag`: the commit has no tag of the pattern, and the clone has all tags that there were when it was made | failed: missing |
//! | with `tag`: it has none, and the clone is shallow or was told to take no tags | unmeasured: source away |
//! | no git, no repository, no commit yet | unmeasured: source away |
//! | a repository of somebody else | unmeasured: permission denied |
//! | git does not answer in time | unmeasured: timed out |
//!
//! What differs is down whatever is unknown of the tags. Tags that were made elsewhere and not fetched are not seen.
//! Nothing here passes by waiting: no second attempt.

use std::path::Path;

use tokio::time::Instant;

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::globs::Globs;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::git::{self, git};
use crate::measure::measurement::Unmeasured;
use crate::measure::request::GitCheck;
use crate::rung::Rung;

/// Files named in a reason.
const NAMED: usize = 3;

/// Longest name shown, in Unicode scalar values.
const SHOWN: usize = 80;

/// Asks git once.
pub async fn look(check: &GitCheck, context: Context<'_>) -> Look {
    if Instant::now() >= context.deadline {
        return Look::unmeasured(Rung::Functional, super::no_time_left("git"));
    }
    let mut evidence = Evidence::new();
    evidence.fact("folder", check.folder.display().to_string());
    let mut look = state(check, &mut evidence, context.deadline)
        .await
        .unwrap_or_else(|unmeasured| Look::unmeasured(Rung::Functional, unmeasured));
    look.evidence = evidence;
    look
}

async fn state(check: &GitCheck, evidence: &mut Evidence, deadline: Instant) -> Result<Look, Unmeasured> {
    let head = git(&check.folder, &["rev-parse", "--short", "HEAD"], deadline).await?;
    let head = head.trim();
    evidence.fact("commit", head);
    let mut seen = Vec::new();
    if check.clean {
        let changed = git::changes(&check.folder, deadline).await?;
        evidence.fact("changes", changed.len().to_string());
        if !changed.is_empty() {
            evidence.log_tail(&changed.join("\n"));
            let reason = format!("{} not as in commit {head}: {}", files(changed.len()), named(&changed));
            return Ok(Look::failed(Rung::Functional, FailureClass::WrongAnswer, reason, Evidence::new()));
        }
        seen.push(format!("nothing differs from commit {head}"));
    }
    if !check.tag.is_empty() {
        let globs = Globs::new(&check.tag).map_err(|bad| git::unreadable(&check.folder, bad.to_string()))?;
        let tags = git(&check.folder, &["tag", "--points-at", "HEAD"], deadline).await?;
        let Some(tag) = tags.lines().find(|tag| globs.matches(Path::new(tag))) else {
            git::has_all_tags(&check.folder, deadline).await?;
            let wanted = check.tag.join("`, `");
            let reason = format!("commit {head}, which is checked out, has no tag that matches `{wanted}`");
            return Ok(Look::failed(Rung::Functional, FailureClass::Missing, reason, Evidence::new()));
        };
        evidence.fact("tag", tag);
        seen.push(format!("commit {head} is tagged {}", plain(tag, SHOWN)));
    }
    Ok(Look::passed(Rung::Functional, seen.join("; "), Evidence::new()))
}

fn files(number: usize) -> String {
    if number == 1 { "1 file is".to_owned() } else { format!("{number} files are") }
}

fn named(changed: &[String]) -> String {
    let mut names: Vec<String> = changed.iter().take(NAMED).map(|name| format!("`{}`", plain(name, SHOWN))).collect();
    if changed.len() > names.len() {
        names.push("…".to_owned());
    }
    names.join(", ")
}
