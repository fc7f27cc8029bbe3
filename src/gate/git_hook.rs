//! The pre-commit hook of a git repository, for those without the pre-commit program.
//!
//! A hook that is there is kept beside ours and runs first; taking ours out puts it back.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::platform::{process, replace};

/// Name of the hook.
const HOOK: &str = "pre-commit";
/// What the hook that was there is called meanwhile.
const KEPT: &str = "pre-commit.before-trueup";
/// How our script is told from any other.
const MARK: &str = "# Installed by `trueup hook install git`";
/// What the hook runs.
const CHECK: &str = "check --staged --allow-empty --unmeasured warn";

/// The script. `program` is where trueup is, for a hook that this clone alone has; without it, or where it is gone, the one
/// on the PATH is run.
pub fn script(program: Option<&Path>) -> String {
    let program = program.map_or_else(|| "trueup".to_owned(), |path| quoted(&path.to_string_lossy()));
    format!(
        "#!/bin/sh
{MARK}; `trueup hook uninstall git` takes it out.
# It judges what is about to be committed. What cannot be measured is told and stops nothing.
before=$(dirname \"$0\")/{KEPT}
if [ -x \"$before\" ]; then
\t\"$before\" \"$@\" || exit $?
fi
trueup={program}
command -v \"$trueup\" >/dev/null 2>&1 || trueup=trueup
command -v \"$trueup\" >/dev/null 2>&1 || {{
\techo 'trueup is not on the PATH: nothing was judged. Install it, or delete this hook:' \"$0\" >&2
\texit 1
}}
exec \"$trueup\" {CHECK}
"
    )
}

/// A word for the shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// What an installation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Installed {
    /// There was no hook.
    New,
    /// Ours was there, and is the present one now.
    Renewed,
    /// Another was there: it is kept, and runs first.
    Chained,
}

/// What taking the hook out did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uninstalled {
    /// There is no hook any more.
    Removed,
    /// The one that was there before is back.
    Restored,
    /// Ours was not there, and nothing was done.
    NotThere,
}

/// Why a hook was left as it is.
#[derive(Debug)]
pub enum HookError {
    /// The folder of hooks is outside of the repository: every repository of the user may run them.
    Shared {
        /// The folder.
        folder: PathBuf,
    },
    /// A hook is kept from before, and what is in its place is not ours: there is room for one.
    Occupied {
        /// The one that is kept.
        kept: PathBuf,
    },
    /// Another program put its hook over ours.
    Covered {
        /// The hook.
        hook: PathBuf,
    },
    /// What the system said.
    Io {
        /// What was being done.
        action: &'static str,
        /// To what.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

impl HookError {
    /// What a person does about it.
    pub fn hint(&self) -> &'static str {
        match self {
            HookError::Shared { .. } => {
                "put what `trueup hook show git` prints there yourself, or unset core.hooksPath"
            }
            HookError::Occupied { .. } => "look at both, delete the one that is not needed, and run it again",
            HookError::Covered { .. } => {
                "take that program's hook out first, or add what `trueup hook show git` runs to it"
            }
            HookError::Io { .. } => "check the permissions of the folder of hooks",
        }
    }
}

impl fmt::Display for HookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HookError::Shared { folder } => write!(
                f,
                "core.hooksPath leads to `{}`, outside of this repository; expected hooks that are its own",
                folder.display()
            ),
            HookError::Occupied { kept } => {
                write!(
                    f,
                    "`{}` is there from before, beside a hook that is not trueup's; expected one of them",
                    kept.display()
                )
            }
            HookError::Covered { hook } => {
                write!(
                    f,
                    "`{}` is not trueup's any more, though it keeps one from before; expected trueup's",
                    hook.display()
                )
            }
            HookError::Io { action, path, error } => write!(f, "cannot {action} `{}`: {error}", path.display()),
        }
    }
}

impl std::error::Error for HookError {}

/// Puts the script into the folder of hooks, in one step.
///
/// # Errors
/// Where something is in the way. A hook that was there is then as it was.
pub fn install(folder: &Path, program: Option<&Path>) -> Result<Installed, HookError> {
    fs::create_dir_all(folder).map_err(failed("make", folder))?;
    let (hook, kept) = (folder.join(HOOK), folder.join(KEPT));
    let done = match (is_ours(&hook)?, is_there(&kept)) {
        (Some(true), _) => Installed::Renewed,
        (Some(false), true) => return Err(HookError::Occupied { kept }),
        (Some(false), false) => {
            fs::rename(&hook, &kept).map_err(failed("keep", &hook))?;
            Installed::Chained
        }
        // What is kept from before and has no hook in front of it runs again.
        (None, true) => Installed::Chained,
        (None, false) => Installed::New,
    };
    let put = replace::stage_new(&hook, script(program).as_bytes())
        .and_then(|staged| process::make_executable(staged.file()).map(|()| staged))
        .and_then(replace::Staged::commit);
    if let Err(error) = put {
        if done == Installed::Chained {
            // As it was.
            _ = fs::rename(&kept, &hook);
        }
        return Err(failed("write", &hook)(error));
    }
    Ok(done)
}

/// Takes the script out and puts back what was there.
///
/// # Errors
/// Where another program's hook is over it, or the system refuses.
pub fn uninstall(folder: &Path) -> Result<Uninstalled, HookError> {
    let (hook, kept) = (folder.join(HOOK), folder.join(KEPT));
    match (is_ours(&hook)?, is_there(&kept)) {
        (Some(true) | None, true) => {
            fs::rename(&kept, &hook).map_err(failed("put back", &kept)).map(|()| Uninstalled::Restored)
        }
        (Some(true), false) => fs::remove_file(&hook).map_err(failed("delete", &hook)).map(|()| Uninstalled::Removed),
        (Some(false), true) => Err(HookError::Covered { hook }),
        (Some(false) | None, false) => Ok(Uninstalled::NotThere),
    }
}

/// Whether the hook is ours; `None` where there is none.
fn is_ours(hook: &Path) -> Result<Option<bool>, HookError> {
    match fs::read(hook) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).lines().any(|line| line.starts_with(MARK)))),
        // A link that leads nowhere is a hook all the same.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(is_there(hook).then_some(false)),
        Err(error) => Err(failed("read", hook)(error)),
    }
}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn failed(action: &'static str, path: &Path) -> impl Fn(io::Error) -> HookError {
    let path = path.to_owned();
    move |error| HookError::Io { action, path: path.clone(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_path_is_one_word_of_the_shell() {
        assert!(script(Some(Path::new("/o'clock/a b"))).contains("\ntrueup='/o'\\''clock/a b'\n"));
        assert!(script(None).contains("\ntrueup=trueup\n"));
    }

    #[test]
    fn what_was_there_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let hooks = folder.path().join("hooks");
        assert_eq!(uninstall(&hooks).unwrap(), Uninstalled::NotThere);
        assert_eq!(install(&hooks, None).unwrap(), Installed::New);
        assert_eq!(install(&hooks, None).unwrap(), Installed::Renewed);
        assert_eq!(uninstall(&hooks).unwrap(), Uninstalled::Removed);
        fs::write(hooks.join(HOOK), "#!/bin/sh\nexit 3\n").unwrap();
        assert_eq!(uninstall(&hooks).unwrap(), Uninstalled::NotThere);
        assert_eq!(install(&hooks, None).unwrap(), Installed::Chained);
        assert_eq!(install(&hooks, None).unwrap(), Installed::Renewed);
        assert_eq!(fs::read_to_string(hooks.join(KEPT)).unwrap(), "#!/bin/sh\nexit 3\n");
        // Somebody else puts a hook over ours.
        fs::write(hooks.join(HOOK), "other").unwrap();
        assert!(matches!(install(&hooks, None).unwrap_err(), HookError::Occupied { .. }));
        assert!(matches!(uninstall(&hooks).unwrap_err(), HookError::Covered { .. }));
        fs::remove_file(hooks.join(HOOK)).unwrap();
        assert_eq!(uninstall(&hooks).unwrap(), Uninstalled::Restored);
        assert_eq!(fs::read_to_string(hooks.join(HOOK)).unwrap(), "#!/bin/sh\nexit 3\n");
        assert_eq!(fs::read_dir(&hooks).unwrap().count(), 1);
    }
}
