//! The `trueup` program: arguments in, exit code out.

use std::process::ExitCode;

use clap::Parser as _;
use trueup::cli::Cli;

fn main() -> ExitCode {
    trueup::commands::run(Cli::parse()).into()
}
