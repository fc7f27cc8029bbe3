//! `trueup hook`: put trueup into hooks, take it out again, and answer the coding agents that call it.

mod after;
mod agent;
mod before;
mod change;
mod git;
mod place;
mod session;
mod settings;
mod stop;
mod verdict;
mod watched;

use std::io::{self, Write as _};

use super::outcome;
use crate::agent::guidance;
use crate::cli::{Global, HookAction, HookArgs, HookPlace, Integration};
use crate::code::Code;
use crate::exit::ExitCode;
use crate::gate::git_hook;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::settings::Settings;

/// Runs the command.
///
/// # Errors
/// Where standard output cannot be written to, or the runtime cannot be set up.
pub fn run(args: &HookArgs, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    if let Some(agent) = args.action.answered() {
        return self::agent::run(agent, global, settings);
    }
    let done = match args.action {
        HookAction::Install(place) => match place.whose {
            Integration::Git => for_git(place).and_then(|()| git::install(settings)),
            Integration::Agent(agent) => self::settings::install(agent, place, global, settings),
            Integration::AgentsMd => Err(only_shown()),
        },
        HookAction::Uninstall(place) => match place.whose {
            Integration::Git => for_git(place).and_then(|()| git::uninstall(settings)),
            Integration::Agent(agent) => self::settings::uninstall(agent, place, global, settings),
            Integration::AgentsMd => Err(only_shown()),
        },
        HookAction::Show(what) => Ok(match what.whose {
            Integration::Git => git_hook::script(None),
            Integration::Agent(agent) => self::settings::shown(agent, global),
            Integration::AgentsMd => guidance::AGENTS_MD.to_owned(),
        }),
        // Answered above.
        HookAction::ClaudeCode | HookAction::Codex | HookAction::Cursor => Ok(String::new()),
    };
    match done {
        Ok(said) => {
            outcome::unless_nobody_reads(io::stdout().lock().write_all(said.as_bytes()))?;
            Ok(ExitCode::Clean)
        }
        Err(fault) => outcome::complain_of(&[*fault], settings).map(|()| ExitCode::Usage),
    }
}

/// The exit code of an answer to an agent: to agents, that of a wrong usage is a verdict on what they are about to do.
pub(super) fn harmless(exit: ExitCode) -> ExitCode {
    match exit {
        ExitCode::Usage => ExitCode::Nothing,
        ExitCode::Clean
        | ExitCode::Drift
        | ExitCode::Unmeasured
        | ExitCode::Nothing
        | ExitCode::Bug
        | ExitCode::Interrupted => exit,
    }
}

fn only_shown() -> Box<Diagnostic> {
    let headline = "guidance for AGENTS.md is not installed: what stands in that file is yours";
    let help = "add it yourself: `trueup hook show agents-md >> AGENTS.md`";
    Box::new(Diagnostic::new(Code::InvalidConfiguration, Severity::Error, headline).help(help))
}

/// git has one place for its hook.
fn for_git(place: HookPlace) -> Result<(), Box<Diagnostic>> {
    let option = match place {
        HookPlace { local: true, .. } => "--local",
        HookPlace { user: true, .. } => "--user",
        HookPlace { local: false, user: false, .. } => return Ok(()),
    };
    let headline = format!("`{option}` is for the settings of an agent; the hook of git has one place");
    Err(Box::new(Diagnostic::new(Code::InvalidConfiguration, Severity::Error, headline).help("leave it out")))
}
