//! Putting the hook into the settings of an agent, and taking it out again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::place::Place;
use crate::agent::Agent;
use crate::agent::settings::{self as text, Done, Entry, Fault, Removed};
use crate::cli::{Global, HookPlace};
use crate::code::Code;
use crate::document::source::{SourceFile, Span};
use crate::files::{self, Loaded, ReadError};
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::settings::Settings;

/// A settings file.
struct Target {
    /// Its path.
    path: PathBuf,
    /// The folder that no link may lead out of.
    root: PathBuf,
    /// Whether it comes to others with the project.
    is_shared: bool,
}

/// Puts the hook into the settings; says what was done.
pub(super) fn install(
    agent: Agent,
    place: HookPlace,
    global: &Global,
    settings: &Settings,
) -> Result<String, Box<Diagnostic>> {
    let target = target(agent, place, settings)?;
    let loaded = read(&target.path)?;
    let command = command(agent, global, target.is_shared);
    let entry = entry(agent, &command);
    let before = loaded.as_ref().map(|loaded| loaded.source.text());
    let installed = text::install(before, entry).map_err(|fault| misplaced(loaded.as_ref(), &target.path, &fault))?;
    let shown = target.path.display();
    let done = match installed.done {
        Done::Added => format!("put the hook for {} into {shown}\n", agent.protocol().title()),
        Done::Renewed => format!("renewed the hook for {} in {shown}\n", agent.protocol().title()),
        Done::Unchanged => return Ok(format!("the hook for {} is in {shown} already\n", agent.protocol().title())),
    };
    write(&target, loaded.as_ref(), &installed.text)?;
    let advice = agent.protocol().advice().map(|advice| format!("{advice}\n")).unwrap_or_default();
    Ok(format!("{done}{advice}"))
}

/// Takes the hook out of the settings; says what was done.
pub(super) fn uninstall(
    agent: Agent,
    place: HookPlace,
    global: &Global,
    settings: &Settings,
) -> Result<String, Box<Diagnostic>> {
    let target = target(agent, place, settings)?;
    let (title, shown) = (agent.protocol().title(), target.path.display());
    let absent = format!("there is no hook for {title} in {shown}\n");
    let Some(loaded) = read(&target.path)? else { return Ok(absent) };
    let command = command(agent, global, target.is_shared);
    let removed = text::uninstall(loaded.source.text(), entry(agent, &command));
    match removed.map_err(|fault| misplaced(Some(&loaded), &target.path, &fault))? {
        Removed::NotThere => Ok(absent),
        Removed::Text(text) => {
            write(&target, Some(&loaded), &text)?;
            Ok(format!("took the hook for {title} out of {shown}\n"))
        }
        Removed::File => {
            fs::remove_file(&target.path).map_err(|error| failed("delete", &target.path, &error))?;
            // It stays where something else is in it.
            _ = target.path.parent().map(fs::remove_dir);
            Ok(format!("took the hook for {title} out, and {shown} with it: nothing else was in it\n"))
        }
    }
}

/// What an installation for all who work on a project writes.
pub(super) fn shown(agent: Agent, global: &Global) -> String {
    text::new(entry(agent, &command(agent, global, true)))
}

fn entry(agent: Agent, command: &str) -> Entry<'_> {
    let protocol = agent.protocol();
    Entry { shape: protocol.shape(), slots: protocol.slots(), command, mark: protocol.mark() }
}

fn target(agent: Agent, place: HookPlace, settings: &Settings) -> Result<Target, Box<Diagnostic>> {
    let refused = |headline: String, help: &str| {
        Box::new(Diagnostic::new(Code::InvalidConfiguration, Severity::Error, headline).help(help))
    };
    let (protocol, root) = (agent.protocol(), Place::at(&settings.current_dir).root);
    let places = protocol.places();
    if place.user {
        let home = settings.home.clone().ok_or_else(|| {
            refused("there is no home folder: HOME is not set".to_owned(), "set it, or leave `--user` out")
        })?;
        return Ok(Target { path: home.join(places.user), root: home, is_shared: false });
    }
    let (name, is_shared) = match (place.local, places.local) {
        (false, _) => (places.project, true),
        (true, Some(local)) => (local, false),
        (true, None) => {
            let headline = format!("{} has no settings for one person in a project", protocol.title());
            return Err(refused(headline, "leave `--local` out, or take `--user`"));
        }
    };
    Ok(Target { path: root.join(name), root, is_shared })
}

/// What the agent runs. Settings that others get name no folder of this machine.
fn command(agent: Agent, global: &Global, is_shared: bool) -> String {
    let program = if is_shared { None } else { std::env::current_exe().ok() };
    let program = program.map_or_else(|| "trueup".to_owned(), |path| word(&path.to_string_lossy()));
    let no_exec = if global.no_exec { " --no-exec" } else { "" };
    let from = global.config_from.as_ref().map(|from| format!(" --config-from {}", word(from))).unwrap_or_default();
    format!("{program}{no_exec}{from} {}", agent.protocol().mark())
}

/// A word for the shell.
fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+');
    if text.chars().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// The settings; `None` where there are none.
fn read(path: &Path) -> Result<Option<Loaded>, Box<Diagnostic>> {
    match files::read(path) {
        Ok(loaded) => Ok(Some(loaded)),
        Err(ReadError::Missing { .. }) => Ok(None),
        Err(ReadError::Folder { path }) => {
            Err(unreadable(format!("`{}` is a folder; expected a settings file", path.display())))
        }
        Err(
            error @ (ReadError::PermissionDenied { .. }
            | ReadError::TooLarge { .. }
            | ReadError::NotUtf8 { .. }
            | ReadError::Io { .. }),
        ) => Err(unreadable(error.to_string())),
    }
}

fn unreadable(headline: String) -> Box<Diagnostic> {
    let help = "look at it, and run it again; it was left as it is";
    Box::new(Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(help))
}

fn write(target: &Target, before: Option<&Loaded>, text: &str) -> Result<(), Box<Diagnostic>> {
    match before {
        Some(before) => match files::write(&target.path, text, &before.fingerprint, &target.root) {
            Ok(_) => Ok(()),
            Err(error) => {
                let diagnostic = Diagnostic::new(Code::UnreadableFile, Severity::Error, error.to_string());
                Err(Box::new(diagnostic.help(error.hint())))
            }
        },
        None => {
            let folder = target.path.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder).map_err(|error| failed("make", folder, &error))?;
            files::put(&target.path, text.as_bytes()).map_err(|error| failed("write", &target.path, &error))
        }
    }
}

fn misplaced(loaded: Option<&Loaded>, path: &Path, fault: &Fault) -> Box<Diagnostic> {
    let headline = format!("`{}` was left as it is: {}", path.display(), fault.message);
    let diagnostic = Diagnostic::new(Code::UnreadableFile, Severity::Error, headline);
    let diagnostic = match loaded {
        None => diagnostic,
        Some(loaded) => {
            let source = Arc::new(SourceFile::new(loaded.source.name(), loaded.source.text()));
            let end = source.text()[fault.at..].chars().next().map_or(fault.at, |c| fault.at + c.len_utf8());
            diagnostic.at(&source, Span::new(fault.at, end), "")
        }
    };
    Box::new(diagnostic.help("mend it, and run it again"))
}

fn failed(action: &str, path: &Path, error: &io::Error) -> Box<Diagnostic> {
    let headline = format!("cannot {action} `{}`: {error}", path.display());
    Box::new(
        Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help("check the permissions of its folder"),
    )
}
