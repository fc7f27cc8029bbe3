//! `trueup watch`: documents refreshed, or judged, again and again.

mod backoff;
mod commits;
mod lock;
mod message;
mod pass;
mod schedule;
mod waiting;

use std::io::{self, Write as _};
use std::time::Duration;

use jiff::Timestamp;

use self::backoff::{Backoff, Change};
use self::commits::Commits;
use self::pass::{Done, Manner, Own};
use self::schedule::{Schedule, jitter};
use self::waiting::{Waiting, Woken};
use super::outcome::{self, Outputs};
use super::project::{self, Project};
use crate::cli::{Global, WatchArgs};
use crate::config::policy::Policy;
use crate::exit::ExitCode;
use crate::measure::evidence::line;
use crate::report::diagnostic::Diagnostic;
use crate::report::{self, Format, Report, Style, summary};
use crate::settings::Settings;

/// Least that is waited besides the schedule while something is away and a cron expression says when to look.
const REST: Duration = Duration::from_secs(60);

/// Most by which a run begins later than the schedule says.
const MOST_JITTER: Duration = Duration::from_secs(3600);

/// Longest line that is said.
const WIDEST: usize = 400;

/// Runs the command: once, or until somebody asks it to end.
///
/// # Errors
/// Where the schedule is none, another watch is at work, standard output cannot be written to, or the runtime cannot be set
/// up.
pub fn run(args: &WatchArgs, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    let schedule = schedule(args).map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
    let mut waiting = Waiting::new()?;
    let mut project = match project::load(global, &args.paths, settings) {
        Ok(project) => project,
        Err(faults) => return outcome::refuse(faults, Outputs::HUMAN, settings),
    };
    let commits = match args.commit.then(|| Commits::into(&project.policy.root)).transpose() {
        Ok(commits) => commits,
        Err(fault) => return outcome::refuse(vec![*fault], Outputs::HUMAN, settings),
    };
    let _lock = lock::take(&project.policy.root, Timestamp::now())?;
    let manner = Manner {
        paths: &args.paths,
        fixes: !args.check,
        commits: commits.as_ref(),
        allow_dirty: args.allow_dirty,
        global,
    };
    let Some((schedule, unit)) = schedule else {
        return once(&manner, &mut project, settings);
    };
    let mut own = Own::new();
    let mut backoff = Backoff::default();
    let mut before = None;
    let Some(mut due) = schedule.first(Timestamp::now()) else { return Ok(ExitCode::Clean) };
    // The first run of an interval is the one that somebody just asked for.
    let mut late = if args.cron.is_some() { jitter(args.jitter, fastrand::f64()) } else { Duration::ZERO };
    loop {
        match waiting.until(due.checked_add(late).unwrap_or(due)) {
            Woken::Stop => return Ok(ExitCode::Clean),
            Woken::Reload => {
                reload(args, global, settings, &mut project)?;
                continue;
            }
            Woken::Due => {}
        }
        let Ok(done) = pass::pass(&manner, &mut project, &mut own)? else { return Ok(ExitCode::Clean) };
        say_all(&done, &mut before)?;
        match backoff.note(done.away) {
            Some(Change::Away(names)) => {
                let names: Vec<String> = names.into_iter().collect();
                say(&format!(
                    "away: {}; looking less often until it is back, at least once an hour",
                    names.join(", ")
                ))?;
            }
            Some(Change::Back) => say("back: all that was away")?,
            None => {}
        }
        let now = Timestamp::now();
        let rest = backoff.rest(unit);
        // The schedule says at least when; what is away is asked later.
        let Some(next) = schedule.after(due, now.checked_add(rest).unwrap_or(now)) else { return Ok(ExitCode::Clean) };
        due = next;
        late = jitter(args.jitter, fastrand::f64());
    }
}

/// The schedule, and the unit of backing off; `None` for one run.
fn schedule(args: &WatchArgs) -> Result<Option<(Schedule, Duration)>, String> {
    let schedule = match (args.every, &args.cron) {
        (Some(every), _) => Some((Schedule::every(every)?, every)),
        (None, Some(cron)) => Some((Schedule::cron(cron, Timestamp::now())?, REST)),
        (None, None) => None,
    };
    if let Some(every) = args.every.filter(|every| args.jitter >= *every) {
        let (jitter, every) = (humantime::format_duration(args.jitter), humantime::format_duration(every));
        return Err(format!("`--jitter {jitter}` is not less than `--every {every}`; expected a part of it"));
    }
    if args.jitter > MOST_JITTER {
        let jitter = humantime::format_duration(args.jitter);
        return Err(format!(
            "`--jitter {jitter}` is more than an hour; expected less, so that runs stay near their times"
        ));
    }
    Ok(schedule.filter(|_| !args.once))
}

/// One run, told as `trueup check` and `trueup fix` tell theirs.
fn once(manner: &Manner<'_>, project: &mut Project, settings: &Settings) -> io::Result<ExitCode> {
    let Ok(done) = pass::pass(manner, project, &mut Own::new())? else { return Ok(ExitCode::Interrupted) };
    outcome::unless_nobody_reads(io::stdout().lock().write_all(done.said.as_bytes()))?;
    outcome::write(&done.report, Outputs::HUMAN, settings)?;
    Ok(done.report.exit)
}

/// Reads trueup.toml again; one that is wrong is told, and the one from before goes on.
fn reload(args: &WatchArgs, global: &Global, settings: &Settings, project: &mut Project) -> io::Result<()> {
    match project::load(global, &args.paths, settings) {
        Ok(new) if same_root(&new.policy, &project.policy) => {
            *project = new;
            say("reloaded trueup.toml")
        }
        Ok(new) => {
            let (old, new) = (project.policy.root.display(), new.policy.root.display());
            say(&format!(
                "trueup.toml is that of `{new}` by now; going on with the one of `{old}`: start anew for another"
            ))
        }
        Err(faults) => {
            say("trueup.toml is wrong; going on with the one from before")?;
            faults.iter().try_for_each(|fault| say(&told(fault)))
        }
    }
}

fn same_root(a: &Policy, b: &Policy) -> bool {
    a.root == b.root
}

fn told(fault: &Diagnostic) -> String {
    let place = fault.primary.as_ref().map(|label| {
        let place = label.file.place(label.span.start);
        format!("{}:{}:{}: ", label.file.name(), place.line, place.column)
    });
    format!("{}{} {}", place.unwrap_or_default(), fault.code.name(), fault.headline)
}

/// A run in one line, with what it wrote; and its findings, where they are not those of the run before.
fn say_all(done: &Done, before: &mut Option<String>) -> io::Result<()> {
    for line in done.said.lines() {
        say(line)?;
    }
    let findings = findings(&done.report)?;
    if before.as_ref() != Some(&findings) {
        for line in findings.lines() {
            say(line)?;
        }
    }
    say(&format!("{} (exit code {})", summary::line(&done.report, false), done.report.exit.code()))?;
    *before = Some(findings);
    Ok(())
}

/// What there is to find fault with, a line each.
fn findings(report: &Report) -> io::Result<String> {
    let mut bytes = Vec::new();
    report::render(report, Format::Concise, &Style::default(), &mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // The last line sums up, and is said apart.
    Ok(text.trim_end().rsplit_once('\n').map(|(findings, _)| findings.to_owned()).unwrap_or_default())
}

/// Says something, with the time.
fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let now = Timestamp::now();
    outcome::unless_nobody_reads(writeln!(out, "{now:.0} {}", line(text, WIDEST)).and_then(|()| out.flush()))
}
