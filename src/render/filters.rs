//! What templates can make of a value, and how a value is written that nothing was made of.

use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, HtmlEscape, Output, State, escape_formatter};

use super::escape;
use super::table::aligned;

/// Filters of ours, beside those of the template language. A new one is a line here, one in `add`, and one in
/// templates/MODEL.md.
pub const FILTERS: &[&str] =
    &["cell", "code", "cell_code", "link", "badge", "fenced", "shell", "aligned", "time", "upfirst"];

/// Name of the escaping for Markdown.
pub(super) const MARKDOWN: &str = "markdown";

/// Name of the escaping for plain text.
pub(super) const PLAIN: &str = "plain";

/// Gives the environment our filters, and our way to write a value.
pub(super) fn add(environment: &mut Environment<'_>) {
    environment.set_formatter(format);
    environment.add_filter("cell", |value: &Value| text(value).map(|text| safe(escape::inline(&text))));
    environment.add_filter("code", |value: &Value| text(value).map(|text| safe(escape::code(&text))));
    environment.add_filter("cell_code", |value: &Value, limit: Option<usize>| {
        text(value).map(|text| safe(escape::cell_code(&text, limit.unwrap_or(escape::VALUE_LIMIT))))
    });
    environment.add_filter("link", |value: &Value, url: &str| text(value).map(|text| safe(escape::link(&text, url))));
    environment.add_filter("badge", |value: &Value, message: &Value, color: &str| {
        Ok::<_, Error>(safe(escape::badge(&text(value)?, &text(message)?, color)))
    });
    environment.add_filter("fenced", fenced);
    environment.add_filter("shell", |value: &Value| text(value).map(|text| Value::from(escape::shell(&text))));
    environment.add_filter("time", |value: &Value| text(value).map(|text| Value::from(escape::time(&text))));
    environment.add_filter("upfirst", |value: &Value| text(value).map(|text| Value::from(escape::upfirst(&text))));
    environment.add_filter("aligned", |value: &Value| match value.is_safe() {
        true => Ok(safe(aligned(value.as_str().unwrap_or_default()))),
        false => Err(Error::new(ErrorKind::InvalidOperation, "`aligned` lays out a block: {% filter aligned %}")),
    });
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
        // Characters that show nothing are legal in JSON, and reorder what its readers show.
        AutoEscape::Json => match value.as_str() {
            Some(text) if !value.is_safe() => {
                return escape_formatter(out, state, &Value::from(escape::clean(text)));
            }
            Some(_) | None => return escape_formatter(out, state, value),
        },
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
