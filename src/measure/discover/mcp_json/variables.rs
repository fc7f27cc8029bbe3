//! Variables in the texts of a file that lists servers.

use std::path::Path;

use serde_json::Value;

/// Who else reads the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Claude Code, Claude Desktop, and those that read their form.
    Claude,
    /// VS Code.
    VsCode,
}

/// What variables are worth.
pub(super) struct Variables<'a> {
    /// Whose variables they are.
    pub dialect: Dialect,
    /// The folder that `${workspaceFolder}` names.
    pub workspace: &'a Path,
    /// VS Code's `inputs`: what it asks people for.
    pub inputs: &'a Value,
    /// The environment.
    pub lookup: &'a dyn Fn(&str) -> Option<String>,
}

/// A text with its variables replaced.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Expanded {
    /// It. A variable without a value stays as written.
    pub text: String,
    /// Names of variables without a value.
    pub unset: Vec<String>,
    /// Inputs that somebody would have to type.
    pub asked: Vec<String>,
}

impl Variables<'_> {
    /// `text` with its variables replaced: `${VAR}` and `${VAR:-default}`, or VS Code's.
    pub fn expand(&self, text: &str) -> Expanded {
        let mut out = Expanded::default();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            out.text.push_str(&rest[..at]);
            let Some(length) = rest[at..].find('}') else {
                rest = &rest[at..];
                break;
            };
            let whole = &rest[at..=at + length];
            let value = match self.dialect {
                Dialect::Claude => self.of_environment(&whole[2..length], &mut out),
                Dialect::VsCode => self.of_editor(&whole[2..length], &mut out),
            };
            out.text.push_str(value.as_deref().unwrap_or(whole));
            rest = &rest[at + length + 1..];
        }
        out.text.push_str(rest);
        out
    }

    fn of_environment(&self, inner: &str, out: &mut Expanded) -> Option<String> {
        let (name, default) = inner.split_once(":-").map_or((inner, None), |(name, default)| (name, Some(default)));
        let value = (self.lookup)(name).or_else(|| default.map(str::to_owned));
        if value.is_none() && !name.is_empty() {
            out.unset.push(name.to_owned());
        }
        value
    }

    fn of_editor(&self, inner: &str, out: &mut Expanded) -> Option<String> {
        match inner.split_once(':') {
            Some(("env", name)) => {
                // The editor makes an empty text of one that is not set.
                let value = (self.lookup)(name);
                if value.is_none() {
                    out.unset.push(name.to_owned());
                }
                Some(value.unwrap_or_default())
            }
            Some(("input", id)) => {
                let value = self.input(id);
                if value.is_none() {
                    out.asked.push(id.to_owned());
                }
                value
            }
            _ if matches!(inner, "workspaceFolder" | "workspaceRoot") => Some(self.workspace.display().to_string()),
            _ if inner == "workspaceFolderBasename" => {
                let full = self.workspace.canonicalize().ok()?;
                full.file_name().map(|name| name.to_string_lossy().into_owned())
            }
            _ if inner == "userHome" => (self.lookup)("HOME"),
            _ if matches!(inner, "pathSeparator" | "/") => Some(std::path::MAIN_SEPARATOR.to_string()),
            _ => {
                out.unset.push(inner.to_owned());
                None
            }
        }
    }

    /// What an input is worth to somebody who types nothing.
    fn input(&self, id: &str) -> Option<String> {
        let inputs = self.inputs.as_array()?;
        let input = inputs.iter().find(|input| input.get("id").and_then(Value::as_str) == Some(id))?;
        input.get("default").and_then(Value::as_str).map(str::to_owned)
    }
}
