//! `trueup claims`: show the claims that documents make. Nothing is measured.

use std::io::{self, Write as _};

use super::survey::Survey;
use super::{bound, look, outcome, project, recorded, survey};
use crate::cli::{ClaimsArgs, Global, ListFormat};
use crate::config::policy::Policy;
use crate::exit::ExitCode;
use crate::judge::age;
use crate::judge::verdict::Binding;
use crate::report::claims::{self, Listing};
use crate::settings::Settings;

/// Runs the command.
///
/// # Errors
/// Where standard output cannot be written to.
pub fn run(args: &ClaimsArgs, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    // Named documents need no configuration to be read, only to be bound.
    let bound = args.bound || !args.snapshots.snapshot.is_empty();
    let policy = if bound || args.paths.is_empty() || global.config.is_some() {
        match project::load(global, &args.paths, settings) {
            Ok(project) => project.policy,
            Err(faults) => return outcome::complain_of(&faults, settings).map(|()| ExitCode::Usage),
        }
    } else {
        Policy::empty(settings.current_dir.clone())
    };
    let survey = survey::listed(&args.paths, &policy);
    let Survey { documents, faults } = &survey;
    if !faults.is_empty() {
        outcome::complain_of(faults, settings)?;
    }
    let recorded = match recorded::known(&args.snapshots, &policy) {
        Ok(recorded) => recorded,
        Err(faults) => return outcome::complain_of(&faults, settings).map(|()| ExitCode::Usage),
    };
    let snapshot = recorded.unwrap_or_else(look::nothing);
    let bindings: Vec<Vec<Binding>> = match bound {
        true => documents.iter().map(|document| bound::bindings(document, &policy, &snapshot)).collect(),
        false => vec![Vec::new(); documents.len()],
    };
    let listings: Vec<Listing> = documents
        .iter()
        .zip(&bindings)
        .map(|(document, bindings)| Listing {
            file: &document.source,
            claims: &document.claims,
            bindings,
            stamps: &document.stamps,
            limit: args.bound.then(|| age::rule(&policy.ages, document.source.name()).map(|rule| rule.max_age)),
        })
        .collect();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let note = bound::found_when_measuring(&policy).filter(|_| bound && snapshot.groups.is_empty());
    let listed = match args.format {
        ListFormat::Human => {
            claims::human(&listings, &mut out).and_then(|()| note.map_or(Ok(()), |note| writeln!(out, "{note}")))
        }
        ListFormat::Json => claims::json(&listings, &mut out),
    };
    outcome::unless_nobody_reads(listed.and_then(|()| out.flush()))?;
    Ok(if faults.is_empty() { ExitCode::Clean } else { ExitCode::Usage })
}
