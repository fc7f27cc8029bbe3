//! The `trueup` program: arguments in, exit code out.

use std::process::ExitCode;

use trueup::cli::Cli;

fn main() -> ExitCode {
    match Cli::of_process() {
        Ok(cli) => trueup::commands::run(cli).into(),
        Err(exit) => exit,
    }
}
