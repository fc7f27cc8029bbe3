//! `trueup schema`: the JSON Schema of trueup.toml or of a snapshot, for editors and for other programs.

use std::io::{self, Write as _};

use super::outcome;
use crate::cli::{SchemaArgs, SchemaOf};
use crate::exit::ExitCode;
use crate::{config, snapshot};

/// Runs the command.
///
/// # Errors
/// Where standard output cannot be written to.
pub fn run(args: &SchemaArgs) -> io::Result<ExitCode> {
    let schema = match args.of {
        SchemaOf::Config => config::schema::schema(),
        SchemaOf::Snapshot => snapshot::schema::schema(),
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = serde_json::to_writer_pretty(&mut out, &schema).map_err(io::Error::from);
    outcome::unless_nobody_reads(written.and_then(|()| writeln!(out)).and_then(|()| out.flush()))?;
    Ok(ExitCode::Clean)
}
