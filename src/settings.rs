//! The one door to the environment and the terminal.

use std::env;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use crate::cli::ColorWhen;
use crate::report::Style;

/// What the surroundings of the process say.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How output for people looks.
    pub style: Style,
    /// The folder that trueup was called in.
    pub current_dir: PathBuf,
    /// The user's home folder, where there is one.
    pub home: Option<PathBuf>,
    /// Whether somebody sits at a terminal, to read questions and to answer them.
    pub attended: bool,
}

impl Settings {
    /// Looks around.
    ///
    /// # Errors
    /// Where the current folder is gone or may not be read.
    pub fn from_surroundings(color: ColorWhen) -> std::io::Result<Settings> {
        let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let forced = env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
        let color = match color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto if set("NO_COLOR") => false,
            ColorWhen::Auto if forced => true,
            ColorWhen::Auto => std::io::stdout().is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb"),
        };
        let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let width = columns.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)));
        let default = Style::default();
        let style = Style { color, width: width.unwrap_or(default.width), timing: std::io::stdout().is_terminal() };
        let attended = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
        let home = env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
        let home = home.filter(|home| !home.is_empty()).map(PathBuf::from);
        Ok(Settings { style, current_dir: env::current_dir()?, home, attended })
    }
}

impl Settings {
    /// The same from another folder on, where the whole process goes.
    ///
    /// # Errors
    /// Where there is no such folder, or it may not be entered.
    pub fn moved_to(self, folder: &std::path::Path) -> std::io::Result<Settings> {
        env::set_current_dir(folder)?;
        Ok(Settings { current_dir: env::current_dir()?, ..self })
    }
}

/// Whether somebody may be watching what goes to standard error: a terminal that can take a line back.
pub fn is_watched() -> bool {
    let dumb = env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
    std::io::stderr().is_terminal() && !dumb
}
