//! Numbers of a git repository.

use std::path::Path;

use tokio::time::Instant;

use super::{Seen, unreadable};
use crate::globs::Globs;
use crate::measure::evidence::Evidence;
use crate::measure::git::git;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::GitCount;
use crate::quantity::Quantity;

pub(super) async fn measure(folder: &Path, count: &GitCount, deadline: Instant) -> Seen {
    let mut evidence = Evidence::new();
    evidence.fact("folder", folder.display().to_string());
    let counted = match count {
        GitCount::Commits => commits(folder, deadline).await,
        GitCount::Tags { globs } => tags(folder, globs, &mut evidence, deadline).await,
        GitCount::Files { globs } => files(folder, globs, deadline).await,
        GitCount::Changes => changes(folder, deadline).await,
    };
    (counted.map(|value| Quantity { value: value as f64, total: None }), evidence)
}

async fn commits(folder: &Path, deadline: Instant) -> Result<usize, Unmeasured> {
    whole_history(folder, deadline).await?;
    let said = git(folder, &["rev-list", "--count", "HEAD"], deadline).await?;
    said.trim().parse().map_err(|_| unreadable("git", format!("git counts `{}` commits", said.trim())))
}

/// Tags by name, the latest by version among the facts. A shallow clone has not all of them.
async fn tags(
    folder: &Path,
    globs: &[String],
    evidence: &mut Evidence,
    deadline: Instant,
) -> Result<usize, Unmeasured> {
    whole_history(folder, deadline).await?;
    let said = git(folder, &["tag", "--list", "--sort=version:refname"], deadline).await?;
    let globs = compiled(globs)?;
    let tags: Vec<&str> = said.lines().filter(|tag| globs.matches(Path::new(tag))).collect();
    if let Some(latest) = tags.last() {
        evidence.fact("latest", latest);
    }
    Ok(tags.len())
}

async fn files(folder: &Path, globs: &[String], deadline: Instant) -> Result<usize, Unmeasured> {
    let said = git(folder, &["ls-files", "-z"], deadline).await?;
    let globs = compiled(globs)?;
    Ok(said.split_terminator('\0').filter(|file| globs.matches(Path::new(file))).count())
}

/// Files that differ from the commit that is checked out, new ones included.
async fn changes(folder: &Path, deadline: Instant) -> Result<usize, Unmeasured> {
    let said = git(folder, &["status", "--porcelain", "--no-renames"], deadline).await?;
    Ok(said.lines().count())
}

fn compiled(globs: &[String]) -> Result<Globs, Unmeasured> {
    Globs::new(globs).map_err(|bad| unreadable("trueup.toml", bad.to_string()))
}

async fn whole_history(folder: &Path, deadline: Instant) -> Result<(), Unmeasured> {
    let said = git(folder, &["rev-parse", "--is-shallow-repository"], deadline).await?;
    if said.trim() == "false" {
        return Ok(());
    }
    let source = format!("git in {}", folder.display());
    let detail = format!(
        "`{}` is a shallow clone, which has not all of the history; run `git fetch --unshallow`",
        folder.display()
    );
    Err(Unmeasured { cause: UnmeasuredCause::SourceAway, detail, source })
}
