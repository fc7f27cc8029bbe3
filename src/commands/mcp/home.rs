//! The project that is served: what every answer is made with.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;

use crate::cli::{Global, SnapshotArgs};
use crate::code::Code;
use crate::commands::members::Members;
use crate::commands::project::{self, Project};
use crate::commands::recorded::{self, Stopped};
use crate::commands::survey::Survey;
use crate::commands::templates;
use crate::config::policy::Policy;
use crate::files;
use crate::measure::measurement::Snapshot;
use crate::measure::request::Plan;
use crate::render::environment::Templates;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::serve::Refusal;
use crate::serve::confine;
use crate::settings::Settings;

/// Longest text of an answer, in bytes; what is longer is cut at a line, and says so.
const TEXT_LIMIT: usize = 64 << 10;

/// How old a measurement of the live system may be where nobody says: several questions in a row are answered by one look.
const YOUNG: Duration = Duration::from_secs(30);

/// How often it is looked whether measuring has ended.
const POLL: Duration = Duration::from_millis(20);

/// A project, and how it is asked.
#[derive(Debug)]
pub(super) struct Home {
    root: PathBuf,
    global: Global,
    settings: Settings,
    snapshots: Vec<PathBuf>,
    max_age: Option<Duration>,
    /// One measures at a time: who waited finds what the one before measured.
    measuring: Mutex<()>,
    /// Nothing is begun any more.
    closed: AtomicBool,
}

impl Home {
    /// The project at `root`, where the process is. `snapshots` are judged from in place of the live system.
    pub(super) fn new(
        root: PathBuf,
        global: Global,
        settings: Settings,
        snapshots: Vec<PathBuf>,
        max_age: Option<Duration>,
    ) -> Home {
        Home { root, global, settings, snapshots, max_age, measuring: Mutex::new(()), closed: AtomicBool::new(false) }
    }

    /// trueup.toml as it is now: a client is not told of yesterday's.
    pub(super) fn project(&self) -> Result<Project, Refusal> {
        project::load(&self.global, &[], &self.settings).map_err(|faults| refusal(&faults))
    }

    /// The templates of the project.
    pub(super) fn templates(&self, project: &Project) -> Result<Templates, Refusal> {
        templates::load(project).map_err(|faults| refusal(&faults))
    }

    /// The path that a client named, in the project.
    pub(super) fn path(&self, named: &str) -> Result<PathBuf, Refusal> {
        confine::inside(&self.root, named).map_err(|outside| Refusal(outside.to_string()))
    }

    /// The document that a client named: Markdown, or what `docs` of trueup.toml names. It need not be there.
    pub(super) fn document(&self, named: &str, policy: &Policy) -> Result<PathBuf, Refusal> {
        let path = self.path(named)?;
        if files::is_markdown(&path) || Members::of(policy).has(&path) {
            return Ok(path);
        }
        let shown = named.escape_debug();
        Err(Refusal(format!("`{shown}` is no document; expected Markdown, or a file that `docs` of trueup.toml names")))
    }

    /// Takes out of a survey what a link in a folder, or a pattern, led to outside of the project.
    pub(super) fn confine(&self, survey: &mut Survey) {
        let (inside, outside): (Vec<_>, Vec<_>) =
            survey.documents.drain(..).partition(|document| confine::stays(&self.root, &document.path));
        survey.documents = inside;
        survey.faults.extend(outside.iter().map(|document| {
            let headline = format!("`{}` leads out of the project by a symbolic link", document.path.display());
            let help = "name the file that it leads to in the project that this is in";
            Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(help)
        }));
    }

    /// What answers `plan`: the snapshots that the server was started with, the last one while it is young enough, or the
    /// live system. Only a whole plan's answer is kept, so that a question about one group does not take the others away.
    pub(super) fn measurements(
        &self,
        plan: &Plan,
        project: &mut Project,
        max_age: Option<Duration>,
    ) -> Result<Snapshot, Refusal> {
        let max_age = max_age.or(self.max_age).or(self.snapshots.is_empty().then_some(YOUNG));
        let _one = self.measuring.lock().unwrap_or_else(PoisonError::into_inner);
        if self.closed.load(Ordering::SeqCst) {
            return Err(interrupted());
        }
        let args = SnapshotArgs { snapshot: self.snapshots.clone(), max_age };
        let policy = &project.policy;
        if let Some(max_age) = max_age.filter(|_| self.snapshots.is_empty())
            && !covers(plan, &policy.plan())
        {
            let may_be_old = !project.origin.is_revision();
            if let Some(last) = may_be_old.then(|| recorded::last(plan, policy, max_age)).flatten() {
                return Ok(last);
            }
            let taken =
                recorded::taken(plan, project, &self.global, false).map_err(|error| Refusal(error.to_string()))?;
            return taken.map_err(|_| interrupted());
        }
        match recorded::measurements(&args, plan, project, &self.global) {
            Ok(Ok(snapshot)) => Ok(snapshot),
            Ok(Err(Stopped::Interrupted)) => Err(interrupted()),
            Ok(Err(Stopped::Faults(faults))) => Err(refusal(&faults)),
            Err(error) => Err(Refusal(error.to_string())),
        }
    }

    /// What was measured last, or the snapshots that the server was started with; `None` where there is nothing yet.
    pub(super) fn kept(&self) -> Result<Option<Snapshot>, Refusal> {
        let mut project = self.project()?;
        if self.snapshots.is_empty() {
            return recorded::kept(&project.policy.root).map_err(|fault| refusal(&[*fault]));
        }
        let plan = project.policy.plan();
        self.measurements(&plan, &mut project, None).map(Some)
    }

    /// Ends what is being measured, and waits for that. Nothing is begun after it.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        loop {
            match self.measuring.try_lock() {
                // A panic elsewhere left nothing half done here: there is nothing.
                Ok(_) | Err(TryLockError::Poisoned(_)) => return,
                Err(TryLockError::WouldBlock) => {}
            }
            // Measuring ends as when the process is asked to end: it is asked by itself, until it listens.
            #[cfg(unix)]
            {
                _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TERM);
            }
            thread::sleep(POLL);
        }
    }
}

/// Whether `plan` asks for all groups and metrics of `whole`.
fn covers(plan: &Plan, whole: &Plan) -> bool {
    plan.groups.len() == whole.groups.len() && plan.metrics.len() == whole.metrics.len()
}

fn interrupted() -> Refusal {
    Refusal("measuring was interrupted: the server is being stopped".to_owned())
}

/// Faults, in a few lines.
pub(super) fn refusal(faults: &[Diagnostic]) -> Refusal {
    let mut lines = Vec::new();
    for fault in faults {
        let place = fault.primary.as_ref().map(|label| {
            let at = label.file.place(label.span.start);
            format!("{}:{}:{}: ", label.file.name(), at.line, at.column)
        });
        lines.push(format!("{}{}: {}", place.unwrap_or_default(), fault.code.name(), fault.headline));
        lines.extend(fault.help.iter().map(|help| format!("  help: {help}")));
    }
    Refusal(shortened(lines.join("\n")))
}

/// What a report writes, as a text.
pub(super) fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(|error| Refusal(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| Refusal(error.to_string()))
}

/// A path as answers name it.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A text of a bearable length.
pub(super) fn shortened(mut text: String) -> String {
    if text.len() <= TEXT_LIMIT {
        return text;
    }
    let cut = (0..=TEXT_LIMIT).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let cut = text[..cut].rfind('\n').map_or(cut, |line| line + 1);
    let left = text.len() - cut;
    text.truncate(cut);
    text.push_str(&format!("… {left} more bytes are left out; ask about one document or group\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_a_line_and_says_so() {
        assert_eq!(shortened("a\nb".to_owned()), "a\nb");
        let long = "0123456789\n".repeat(7000);
        let cut = shortened(long.clone());
        assert!(cut.len() < TEXT_LIMIT + 100 && cut.contains("\n… "), "{}", cut.len());
        assert!(long.starts_with(cut.split('…').next().unwrap()));
        let wide = shortened("é".repeat(TEXT_LIMIT));
        assert!(wide.starts_with('é') && wide.contains("more bytes are left out"));
    }
}
