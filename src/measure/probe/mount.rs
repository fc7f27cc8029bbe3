//! A path inside a container: whether it is there, can be read by who runs there, and holds something.
//!
//! | what was seen | what it is |
//! |---|---|
//! | it is there, readable, and no empty folder | passed at exists: that the container works is not proved by it |
//! | there is nothing at the path | failed at functional, `configuration` |
//! | it is an empty folder, unless `may_be_empty` | failed at functional, `configuration` |
//! | whoever the container's processes are may not read it | failed at functional, `configuration` |
//! | the engine knows no such container | failed at exists, `missing` |
//! | the path belongs to another user, and which groups the container's user has is known to nobody outside | unmeasured, unreadable |
//! | no engine, no access, silence | unmeasured: we could not look |
//!
//! An empty folder is what engines put where the source of a mount does not exist on *their* machine, as in an engine
//! inside a container. A running container with `test` and `ls` is asked itself, as the user that it runs as; one without
//! them, one that is stopped or paused, and every one under `--no-exec` is looked at through the engine's archive.

use tokio::time::Instant;

use super::container::{container_of, troubled};
use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::container_request::MountCheck;
use crate::measure::engine::Engine;
use crate::measure::engine::archive::{AtPath, Kind};
use crate::measure::engine::container::{Container, Status};
use crate::measure::engine::exec::Ended;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::rung::Rung;

/// Looks at the path once.
pub async fn look(check: &MountCheck, context: Context<'_>) -> Look {
    let name = match container_of(check.container.as_deref(), context.handle) {
        Ok(name) => name,
        Err(unmeasured) => return Look::unmeasured(Rung::Functional, unmeasured),
    };
    let engine = match context.sources.engine_at(&check.engine) {
        Ok(engine) => engine,
        Err(unmeasured) => return Look::unmeasured(Rung::Functional, unmeasured),
    };
    let container = match engine.container(name, context.deadline).await {
        Ok(container) => container,
        Err(trouble) => return troubled(name, trouble, Rung::Functional, engine.source()),
    };
    let archived = match engine.at_path(&container.id, &check.path, context.deadline).await {
        Ok(archived) => archived,
        Err(trouble) => return troubled(name, trouble, Rung::Functional, engine.source()),
    };
    let own = if container.status == Status::Running && context.sources.may_execute() {
        ask(&engine, &container, check, archived.as_ref(), context.deadline).await
    } else {
        Own::default()
    };
    tell(check, &container, archived.as_ref(), own, engine.source())
}

/// What the container itself says, as far as it has the means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Own {
    /// Whether the path can be read.
    readable: Option<bool>,
    /// Whether it is there.
    exists: Option<bool>,
    /// Whether something is in it. Asked only where the archive shows nothing.
    filled: Option<bool>,
}

/// Asks with the container's own `test` and `ls`.
async fn ask(
    engine: &Engine,
    container: &Container,
    check: &MountCheck,
    archived: Option<&AtPath>,
    deadline: Instant,
) -> Own {
    let test = async |flag: &str| {
        let argv = ["test", flag, &check.path].map(str::to_owned);
        match engine.exec(&container.id, &argv, deadline).await {
            // Anything but 0 and 1 is no answer of `test`.
            Ok(Ended::Exit(exit)) if matches!(exit.code, 0 | 1) => Some(exit.code == 0),
            Ok(Ended::Exit(_) | Ended::Late { .. }) | Err(_) => None,
        }
    };
    let readable = test("-r").await;
    let exists = match readable {
        Some(true) => Some(true),
        Some(false) => test("-e").await,
        None => None,
    };
    // What is mounted after the start, or in memory, is not in every engine's archive.
    let looks_empty = matches!(archived, None | Some(AtPath { kind: Kind::Folder { empty: true }, .. }));
    let filled = if readable == Some(true) && looks_empty && !check.may_be_empty {
        let argv = ["ls", "-A", "--", &check.path].map(str::to_owned);
        match engine.exec(&container.id, &argv, deadline).await {
            Ok(Ended::Exit(exit)) if exit.code == 0 => Some(!exit.output.stdout.trim_ascii().is_empty()),
            Ok(Ended::Exit(_) | Ended::Late { .. }) | Err(_) => None,
        }
    } else {
        None
    };
    Own { readable, exists, filled }
}

/// The look that both views make together; where they differ, the container's own counts.
fn tell(check: &MountCheck, container: &Container, archived: Option<&AtPath>, own: Own, source: &str) -> Look {
    let path = &check.path;
    let mut evidence = Evidence::new();
    evidence.fact("path", path).fact("status", container.status.name());
    let from = container.mount_of(path).map(|mount| format!("{} `{}`", mount.kind, mount.source));
    evidence.fact("mounted from", from.as_deref().unwrap_or("nothing: it is the container's own"));
    if let Some(at) = archived {
        evidence.fact("mode", format!("{:o}, owner {}:{}", at.mode, at.owner.0, at.owner.1));
    }
    let behind =
        from.map_or_else(|| "; nothing is mounted there".to_owned(), |from| format!("; it is mounted from {from}"));
    let down = |what: String, evidence| {
        let reason = format!("{what}{behind}");
        Look::failed(Rung::Functional, FailureClass::Configuration, reason, evidence).having_proved(Rung::Exists)
    };
    if !own.exists.unwrap_or(archived.is_some()) {
        return down(format!("`{path}` is not inside the container"), evidence);
    }
    let empty = matches!(archived, Some(AtPath { kind: Kind::Folder { empty: true }, .. }));
    if !check.may_be_empty && own.filled.map_or(empty, |filled| !filled) {
        return down(format!("`{path}` is an empty folder"), evidence);
    }
    let readable = own.readable.or_else(|| archived.and_then(|at| may_read(at, &container.user)));
    let user = if container.user.is_empty() { "root" } else { &container.user };
    match readable {
        Some(true) => Look::passed(Rung::Exists, format!("`{path}` is there and readable"), evidence),
        Some(false) => down(format!("`{path}` is there, and user `{user}` may not read it"), evidence),
        None => {
            let unmeasured = Unmeasured {
                cause: UnmeasuredCause::Unreadable,
                detail: format!("`{path}` is there; whether user `{user}` may read it cannot be told from outside"),
                source: format!("container {} at {source}", container.name),
            };
            Look { proved: Some(Rung::Exists), evidence, ..Look::unmeasured(Rung::Functional, unmeasured) }
        }
    }
}

/// Whether `user` may read what is there, as far as its bits tell. Names and further groups are the image's own knowledge.
fn may_read(at: &AtPath, user: &str) -> Option<bool> {
    let folder = matches!(at.kind, Kind::Folder { .. });
    let bits = if folder { 5 } else { 4 };
    let all = |shift: u32| (at.mode >> shift) & bits == bits;
    let (user, group) = user.split_once(':').map_or((user, None), |(user, group)| (user, Some(group)));
    let number = |text: &str| text.parse::<u64>().ok();
    if matches!(user, "" | "root" | "0") || all(0) {
        return Some(true);
    }
    match (number(user), group.and_then(number)) {
        (Some(user), _) if user == at.owner.0 => Some(all(6)),
        (_, Some(group)) if group == at.owner.1 => Some(all(3)),
        // With the bits of the group set, it depends on groups that nobody outside knows.
        (Some(_), _) if !all(3) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::engine_choice::EngineChoice;
    use crate::measure::measurement::Outcome;

    fn folder(mode: u32, empty: bool) -> AtPath {
        AtPath { kind: Kind::Folder { empty }, mode, owner: (1000, 100) }
    }

    fn outcome(archived: Option<&AtPath>, own: Own, user: &str) -> String {
        let check = MountCheck {
            engine: EngineChoice::Environment,
            container: None,
            path: "/opt/app".to_owned(),
            may_be_empty: false,
        };
        let container = Container { user: user.to_owned(), ..Container::running("web") };
        let look = tell(&check, &container, archived, own, "docker test");
        match look.outcome {
            Outcome::Passed { .. } => "passed".to_owned(),
            Outcome::Failed(failure) => failure.reason.split(';').next().unwrap_or_default().to_owned(),
            Outcome::Unmeasured(unmeasured) => format!("? {}", unmeasured.detail),
        }
    }

    #[test]
    fn the_container_itself_knows_best() {
        let says = |exists, readable, filled| Own { exists, readable, filled };
        let full = folder(0o755, false);
        assert_eq!(outcome(Some(&full), Own::default(), ""), "passed");
        assert_eq!(outcome(None, Own::default(), ""), "`/opt/app` is not inside the container");
        assert_eq!(outcome(None, says(Some(true), Some(true), Some(true)), ""), "passed", "mounted after the start");
        assert_eq!(
            outcome(Some(&full), says(Some(false), Some(false), None), ""),
            "`/opt/app` is not inside the container"
        );
        assert_eq!(outcome(Some(&folder(0o755, true)), Own::default(), ""), "`/opt/app` is an empty folder");
        let denied = "`/opt/app` is there, and user `7` may not read it";
        assert_eq!(outcome(Some(&full), says(Some(true), Some(false), None), "7"), denied);
    }

    #[test]
    fn bits_tell_what_they_can() {
        for (mode, user, expected) in [
            (0o700, "", Some(true)),
            (0o700, "root:root", Some(true)),
            (0o705, "7", Some(true)),
            (0o700, "1000", Some(true)),
            (0o070, "1000", Some(false)),
            (0o750, "7:100", Some(true)),
            (0o700, "7:100", Some(false)),
            (0o700, "7", Some(false)),
            (0o750, "7", None),
            (0o700, "app", None),
            (0o704, "7", Some(false)),
        ] {
            assert_eq!(may_read(&folder(mode, false), user), expected, "{mode:o} {user}");
        }
        let file = AtPath { kind: Kind::File(1), mode: 0o604, owner: (0, 0) };
        assert_eq!(may_read(&file, "7"), Some(true), "a file need not be entered");
    }
}
