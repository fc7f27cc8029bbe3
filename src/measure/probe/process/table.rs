//! The processes of this machine.

use std::path::Path;

use sysinfo::{ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System, UpdateKind};

use super::unknown;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};

/// Characters that Linux keeps of the name that a process gives itself.
const KEPT: usize = 15;

/// What is there at one moment. We ourselves are not.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// By number.
    pub processes: Vec<Seen>,
    /// Whether we ourselves can be seen.
    pub sees_own: bool,
    /// Whether those of others can be seen.
    pub sees_others: bool,
}

/// One process.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// Its number.
    pub number: u32,
    /// The name that it gave itself, or that of its program.
    pub name: String,
    /// The file name of its program, and the name by which it was started.
    pub aliases: Vec<String>,
    /// What it does.
    pub state: State,
    /// When it started, in seconds since 1970.
    pub started: u64,
}

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It runs, or waits for something.
    Runs,
    /// It has ended.
    Zombie,
    /// A signal stopped it.
    Stopped,
}

impl Table {
    /// Lists all processes. Blocks.
    pub fn read() -> Table {
        let mut system = System::new();
        let what =
            ProcessRefreshKind::nothing().with_exe(UpdateKind::Always).with_cmd(UpdateKind::Always).without_tasks();
        system.refresh_processes_specifics(ProcessesToUpdate::All, true, what);
        let own = std::process::id();
        let listed = system.processes().values().filter(|process| process.thread_kind().is_none());
        let mut processes: Vec<Seen> = listed.map(Seen::of).collect();
        let sees_own = processes.iter().any(|seen| seen.number == own);
        processes.retain(|seen| seen.number != own);
        processes.sort_by_key(|seen| seen.number);
        // The first process is always there, and belongs to somebody else than most who look.
        let sees_others = processes.iter().any(|seen| seen.number == 1) || own == 1;
        Table { processes, sees_own, sees_others }
    }

    /// Why a process that is not listed may be there all the same.
    pub fn blindness(&self) -> Option<Unmeasured> {
        if !self.sees_own {
            let detail = "this system shows no processes (is /proc there?)".to_owned();
            return Some(unknown(UnmeasuredCause::SourceAway, detail));
        }
        (!self.sees_others).then(|| {
            let detail = "the processes of other users are hidden (`hidepid` of /proc), and it may be one of them";
            unknown(UnmeasuredCause::PermissionDenied, detail.to_owned())
        })
    }
}

impl Seen {
    fn of(process: &sysinfo::Process) -> Seen {
        let file_name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let called = process.cmd().first().and_then(|first| file_name(Path::new(first)));
        // The program of one that was replaced while it runs.
        let program = process.exe().and_then(file_name);
        let program = program.map(|name| name.strip_suffix(" (deleted)").unwrap_or(&name).to_owned());
        let state = match process.status() {
            ProcessStatus::Zombie | ProcessStatus::Dead => State::Zombie,
            ProcessStatus::Stop | ProcessStatus::Tracing => State::Stopped,
            _ => State::Runs,
        };
        Seen {
            number: process.pid().as_u32(),
            name: process.name().to_string_lossy().into_owned(),
            aliases: program.into_iter().chain(called).collect(),
            state,
            started: process.start_time(),
        }
    }

    /// Whether it is called `name`, by itself or by its program.
    pub fn is_called(&self, name: &str) -> bool {
        let cut: String = name.chars().take(KEPT).collect();
        self.name == name
            || (self.name == cut && self.aliases.iter().all(|alias| !alias.starts_with(&cut)))
            || self.aliases.iter().any(|alias| alias == name)
    }

    /// Adds what is known of it to `evidence`.
    pub fn note(&self, evidence: &mut Evidence) {
        evidence.fact("pid", self.number.to_string()).fact("name", &self.name);
        if let Ok(started) = i64::try_from(self.started).map(jiff::Timestamp::from_second)
            && let Ok(started) = started
        {
            evidence.fact("started", started.to_string());
        }
    }
}
