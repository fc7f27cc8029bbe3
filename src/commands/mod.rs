//! One file per command, each a straight line of calls; and the steps that several commands share.

use std::io;

use crate::cli::{Cli, Command};
use crate::exit::ExitCode;
use crate::settings::Settings;

mod ask;
mod assess;
pub mod baseline;
mod besides;
mod bound;
pub mod check;
pub mod claims;
mod cover;
mod diff;
pub mod explain;
pub mod fix;
mod fixes;
mod history;
pub mod hook;
pub mod init;
mod judged;
mod known;
mod look;
pub mod mcp;
mod members;
mod origin;
mod outcome;
pub mod probe;
mod progress;
mod project;
mod recorded;
pub mod render;
mod rewrite;
pub mod schema;
mod staged;
mod survey;
mod templates;
mod trust;
mod unread;
pub mod watch;

/// Runs the command that the arguments ask for.
pub fn run(cli: Cli) -> ExitCode {
    let done = Settings::from_surroundings(cli.global.color).and_then(|settings| match &cli.command {
        Command::Check(args) => check::run(args, &cli.global, &settings),
        Command::Fix(args) => fix::run(args, &cli.global, &settings),
        Command::Claims(args) => claims::run(args, &cli.global, &settings),
        Command::Explain(args) => explain::run(args, &cli.global, &settings),
        Command::Probe(args) => probe::run(args, &cli.global, &settings),
        Command::Render(args) => render::run(args, &cli.global, &settings),
        Command::Init(args) => init::run(args, &cli.global, &settings),
        Command::Schema(args) => schema::run(args),
        Command::Baseline(args) => baseline::run(args, &cli.global, &settings),
        Command::Hook(args) => hook::run(args, &cli.global, &settings),
        Command::Watch(args) => watch::run(args, &cli.global, &settings),
        Command::Mcp(args) => mcp::run(args, &cli.global, settings),
    });
    let exit = match done {
        Ok(exit) => exit,
        // Whoever read our output has enough of it: that is no fault.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::Clean,
        Err(error) => outcome::complain(&error),
    };
    match &cli.command {
        Command::Hook(args) if args.action.answered().is_some() => hook::harmless(exit),
        Command::Hook(_)
        | Command::Check(_)
        | Command::Fix(_)
        | Command::Claims(_)
        | Command::Explain(_)
        | Command::Probe(_)
        | Command::Render(_)
        | Command::Init(_)
        | Command::Schema(_)
        | Command::Baseline(_)
        | Command::Watch(_)
        | Command::Mcp(_) => exit,
    }
}
