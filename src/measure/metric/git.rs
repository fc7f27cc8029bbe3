//! Numbers of a git repository.

use std::path::Path;

use tokio::time::Instant;

use super::{Seen, unreadable};
use crate::globs::Globs;
use crate::measure::evidence::Evidence;
use crate::measure::git::{self, git};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::GitCount;
use crate::quantity::Quantity;

pub(super) async fn measure(folder: &Path, count: &GitCount, deadline: Instant) -> Seen {
    let mut evidence = Evidence::new();
    evidence.fact("folder", folder.display().to_string());
    let counted = match count {
        GitCount::Commits { since } => commits(folder, since, &mut evidence, deadline).await,
        GitCount::Tags { globs } => count_tags(folder, globs, &mut evidence, deadline).await,
        GitCount::Files { globs } => files(folder, globs, deadline).await,
        GitCount::Changes => git::changes(folder, deadline).await.map(|changed| changed.len()),
    };
    (counted.map(|value| Quantity { value: value as f64, total: None }), evidence)
}

/// Commits, of which a shallow clone has not all.
async fn commits(
    folder: &Path,
    since: &[String],
    evidence: &mut Evidence,
    deadline: Instant,
) -> Result<usize, Unmeasured> {
    let mut range = "HEAD".to_owned();
    if since.is_empty() {
        git::has_whole_history(folder, deadline).await?;
    } else {
        git::has_all_tags(folder, deadline).await?;
        let tags = tags(folder, &["--merged", "HEAD"], since, deadline).await?;
        let latest = tags.last().ok_or_else(|| Unmeasured {
            cause: UnmeasuredCause::NothingFound,
            detail: format!("no tag that leads to HEAD matches `{}`", since.join("`, `")),
            source: format!("git in {}", folder.display()),
        })?;
        evidence.fact("since", latest);
        range = format!("refs/tags/{latest}..HEAD");
    }
    let said = git(folder, &["rev-list", "--count", &range], deadline).await?;
    said.trim().parse().map_err(|_| unreadable("git", format!("git counts `{}` commits", said.trim())))
}

/// Number of tags by name, the latest by version among the facts.
async fn count_tags(
    folder: &Path,
    globs: &[String],
    evidence: &mut Evidence,
    deadline: Instant,
) -> Result<usize, Unmeasured> {
    git::has_all_tags(folder, deadline).await?;
    let tags = tags(folder, &[], globs, deadline).await?;
    if let Some(latest) = tags.last() {
        evidence.fact("latest", latest);
    }
    Ok(tags.len())
}

/// Tags whose names match, the latest by version last.
async fn tags(folder: &Path, which: &[&str], globs: &[String], deadline: Instant) -> Result<Vec<String>, Unmeasured> {
    let arguments = [&["tag", "--list", "--sort=version:refname"], which].concat();
    let said = git(folder, &arguments, deadline).await?;
    let globs = compiled(globs)?;
    Ok(said.lines().filter(|tag| globs.matches(Path::new(tag))).map(str::to_owned).collect())
}

async fn files(folder: &Path, globs: &[String], deadline: Instant) -> Result<usize, Unmeasured> {
    let said = git(folder, &["ls-files", "-z"], deadline).await?;
    let globs = compiled(globs)?;
    Ok(said.split_terminator('\0').filter(|file| globs.matches(Path::new(file))).count())
}

fn compiled(globs: &[String]) -> Result<Globs, Unmeasured> {
    Globs::new(globs).map_err(|bad| unreadable("trueup.toml", bad.to_string()))
}
