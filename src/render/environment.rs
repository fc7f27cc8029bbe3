//! The environment that templates run in: strict, bounded, and escaping every value for the format of the template.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, HtmlEscape, Output, State, UndefinedBehavior, escape_formatter,
};

use super::built_in::BUILT_IN;
use super::escape;
use super::fault::TemplateError;
use super::table::aligned;
use crate::document::source::{SourceFile, Span};
use crate::nearest::nearest;

/// Instructions that one rendering may take.
const FUEL: u64 = 2_000_000;

/// Bytes that one rendering may write.
pub const OUTPUT_LIMIT: usize = 1 << 20;

const MARKDOWN: &str = "markdown";
const PLAIN: &str = "plain";

/// Built-in templates and those of the user, ready to render.
pub struct Templates {
    environment: Environment<'static>,
    sources: Arc<BTreeMap<String, Arc<SourceFile>>>,
}

impl Templates {
    /// The built-in templates, and `user`'s by their path inside the user's folder; theirs go first. Reading files is the
    /// caller's business.
    pub fn new(user: BTreeMap<String, Arc<SourceFile>>) -> Templates {
        let mut sources = BTreeMap::new();
        for (name, text) in BUILT_IN {
            let own = format!("built-in/{name}");
            let file = Arc::new(SourceFile::new(format!("templates/{own}"), *text));
            sources.insert((*name).to_owned(), Arc::clone(&file));
            sources.insert(own, file);
        }
        sources.extend(user);
        let sources = Arc::new(sources);
        Templates { environment: environment(&sources), sources }
    }

    /// The full name of the template that a marker calls `name`: as it is, or with `.md`.
    pub fn resolve(&self, name: &str) -> Option<&str> {
        let found = self.sources.get_key_value(name).or_else(|| self.sources.get_key_value(&format!("{name}.md")));
        found.map(|(name, _)| name.as_str())
    }

    /// The template that somebody who wrote `name` probably meant.
    pub fn nearest(&self, name: &str) -> Option<String> {
        let short = self.sources.keys().filter(|known| !known.starts_with("built-in/"));
        nearest(name, short.map(|known| known.strip_suffix(".md").unwrap_or(known))).map(str::to_owned)
    }

    /// The text of a template by its full name.
    pub fn source(&self, name: &str) -> Option<&Arc<SourceFile>> {
        self.sources.get(name)
    }

    /// Full names of all templates.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    /// Variables that a template takes from outside, with the fields it names: `group.total`, `groups.mcp.up`.
    ///
    /// # Errors
    /// Where the template cannot be read.
    pub fn variables(&self, name: &str) -> Result<Vec<String>, TemplateError> {
        let template = self.environment.get_template(name).map_err(|error| self.explain(&error))?;
        let mut variables: Vec<String> = template.undeclared_variables(true).into_iter().collect();
        variables.sort_unstable();
        Ok(variables)
    }

    /// Renders a template by its full name. Line endings of the result are `\n`, blank lines at its ends are gone.
    ///
    /// # Errors
    /// Where the template cannot be read, names what is not there, or takes more than it may.
    pub fn render(&self, name: &str, context: &Value) -> Result<String, TemplateError> {
        let template = self.environment.get_template(name).map_err(|error| self.explain(&error))?;
        let mut out = Bounded::default();
        let rendered = template.render_captured_to(context.clone(), &mut out);
        if out.full {
            return Err(TemplateError {
                template: self.sources.get(name).cloned(),
                span: None,
                message: format!("writes more than {} KiB", OUTPUT_LIMIT / 1024),
                hint: Some("show fewer targets, or cut what each of them shows".to_owned()),
            });
        }
        rendered.map_err(|error| self.explain(&error))?;
        let text = String::from_utf8_lossy(&out.bytes).replace("\r\n", "\n");
        let mut text = text.trim_matches('\n').to_owned();
        if !text.is_empty() {
            text.push('\n');
        }
        Ok(text)
    }

    /// An error in our words, at the innermost template that it comes from.
    fn explain(&self, error: &Error) -> TemplateError {
        let mut inner = error;
        let mut cause = std::error::Error::source(error);
        while let Some(next) = cause {
            if let Some(next) = next.downcast_ref::<Error>() {
                inner = next;
            }
            cause = next.source();
        }
        let template = inner.name().and_then(|name| self.sources.get(name)).cloned();
        let span = template.as_ref().and_then(|file| match (inner.range(), inner.line()) {
            (Some(range), _) if file.text().get(range.clone()).is_some() => Some(Span::from(range)),
            (_, Some(line)) => file.line_span(line),
            (_, None) => None,
        });
        let shown = template.as_ref().zip(span).map(|(file, span)| file.slice(span).to_owned()).unwrap_or_default();
        let detail = inner.detail().map(str::to_owned).unwrap_or_else(|| inner.kind().to_string());
        TemplateError { template, span, message: detail, hint: hint(inner.kind(), &shown) }
    }
}

/// What to do about an error that stands at `shown` in the template.
fn hint(kind: ErrorKind, shown: &str) -> Option<String> {
    match kind {
        ErrorKind::UndefinedError => {
            Some(format!("a template can use {}; a name that may be missing needs `is defined`", ROOTS.join(", ")))
        }
        ErrorKind::UnknownFilter => {
            let name = shown.rsplit('|').next().unwrap_or_default().trim();
            let name = name.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            nearest(name, FILTERS.iter().copied()).map(|near| format!("did you mean `{near}`?"))
        }
        ErrorKind::OutOfFuel => Some("a loop in it does not end".to_owned()),
        _ => None,
    }
}

/// Names that every template can use.
pub const ROOTS: &[&str] = &[
    "schema_version",
    "measured_at",
    "section",
    "attributes",
    "group",
    "metric",
    "text",
    "groups",
    "metrics",
    "texts",
];

/// Filters of ours, beside those of the template language.
const FILTERS: &[&str] = &["cell", "code", "cell_code", "link", "fenced", "aligned"];

fn environment(sources: &Arc<BTreeMap<String, Arc<SourceFile>>>) -> Environment<'static> {
    let mut environment = Environment::new();
    let sources = Arc::clone(sources);
    environment.set_loader(move |name| Ok(sources.get(name).map(|file| file.text().to_owned())));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(64);
    environment.set_auto_escape_callback(|name| match name.rsplit('.').next() {
        Some("html" | "htm" | "xml" | "svg") => AutoEscape::Html,
        Some("json") => AutoEscape::Json,
        Some("txt") => AutoEscape::Custom(PLAIN.into()),
        _ => AutoEscape::Custom(MARKDOWN.into()),
    });
    environment.set_formatter(format);
    environment.add_filter("cell", |value: &Value| text(value).map(|text| safe(escape::inline(&text))));
    environment.add_filter("code", |value: &Value| text(value).map(|text| safe(escape::code(&text))));
    environment.add_filter("cell_code", |value: &Value, limit: Option<usize>| {
        text(value).map(|text| safe(escape::cell_code(&text, limit.unwrap_or(escape::VALUE_LIMIT))))
    });
    environment.add_filter("link", |value: &Value, url: &str| text(value).map(|text| safe(escape::link(&text, url))));
    environment.add_filter("fenced", fenced);
    environment.add_filter("aligned", |value: &Value| match value.is_safe() {
        true => Ok(safe(aligned(value.as_str().unwrap_or_default()))),
        false => Err(Error::new(ErrorKind::InvalidOperation, "`aligned` lays out a block: {% filter aligned %}")),
    });
    environment
}

fn safe(text: String) -> Value {
    Value::from_safe_string(text)
}

/// A list of lines, or one text with line breaks, as a code block: the last `limit` of them, in a fence that says `info`.
fn fenced(value: &Value, options: Kwargs) -> Result<Value, Error> {
    let info = options.get::<Option<&str>>("info")?.unwrap_or("text");
    let limit = options.get::<Option<usize>>("limit")?.unwrap_or(escape::FENCE_LINES);
    options.assert_all_used()?;
    if info.is_empty() || !info.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        let what = format!("`{info}` cannot stand behind a fence, expected letters, digits and `-`");
        return Err(Error::new(ErrorKind::InvalidOperation, what));
    }
    if let Some(text) = value.as_str() {
        return Ok(safe(escape::fenced(text.lines(), info, limit)));
    }
    let lines: Vec<String> = value.try_iter()?.map(|line| text(&line)).collect::<Result<_, _>>()?;
    Ok(safe(escape::fenced(lines.iter().map(String::as_str), info, limit)))
}

/// The text of a value that can be shown.
///
/// # Errors
/// For what has no text: a value that was not measured, a whole group.
fn text(value: &Value) -> Result<String, Error> {
    let refuse = |what: &str| Err(Error::new(ErrorKind::InvalidOperation, what.to_owned()));
    match value.kind() {
        ValueKind::None => refuse("there is no value to show; a template handles that with `is none`"),
        ValueKind::Undefined => Err(Error::new(ErrorKind::UndefinedError, "undefined value")),
        ValueKind::Map | ValueKind::Seq | ValueKind::Iterable | ValueKind::Plain => {
            refuse("only texts and numbers can be shown; name one of its fields")
        }
        _ => Ok(value.to_string()),
    }
}

/// Writes a value, escaped for the format of the template.
fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match state.auto_escape() {
        AutoEscape::Json => return escape_formatter(out, state, value),
        _ if value.is_safe() => out.write_str(value.as_str().unwrap_or_default())?,
        AutoEscape::Custom(name) if name == MARKDOWN => {
            let shown = text(value)?;
            // A number is no markup: `-1` and `3.5` stay as they are.
            if value.is_number() { out.write_str(&shown)? } else { out.write_str(&escape::inline(&shown))? }
        }
        AutoEscape::Html => write!(out, "{}", HtmlEscape(&escape::clean(&text(value)?)))?,
        // Also where a template switches escaping off: control characters never come through.
        _ => out.write_str(&escape::clean(&text(value)?))?,
    }
    Ok(())
}

/// Keeps what is written, up to [`OUTPUT_LIMIT`].
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    full: bool,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > OUTPUT_LIMIT {
            self.full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "environment_tests.rs"]
mod tests;
