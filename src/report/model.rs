//! What `trueup render` tells of templates: which there are, and what they can use.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::{json_text, terminal};

/// Writes all that templates can use as JSON.
///
/// # Errors
/// Whatever `out` returns.
pub fn json(model: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    json_text::write(model, out)
}

/// Writes all that templates can use, one value a line, each as a template would name it.
///
/// # Errors
/// Whatever `out` returns.
pub fn human(model: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let value = serde_json::to_value(model)?;
    let mut lines = Vec::new();
    flatten(String::new(), &value, &mut lines);
    let width = lines.iter().map(|(name, _)| name.chars().count()).filter(|width| *width <= 48).max().unwrap_or(0);
    for (name, value) in lines {
        writeln!(out, "{}", terminal::line(&format!("{name:width$}  {value}")))?;
    }
    Ok(())
}

fn flatten(name: String, value: &Value, lines: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (field, value) in fields {
                flatten(inside(&name, field), value, lines);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                flatten(format!("{name}[{index}]"), value, lines);
            }
        }
        Value::Null => lines.push((name, "none".to_owned())),
        Value::Object(_) | Value::Array(_) | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            lines.push((name, value.to_string()));
        }
    }
}

/// `a.b`, or `a["b c"]` where a dot would not do.
fn inside(name: &str, field: &str) -> String {
    let plain = field.chars().all(|c| c.is_alphanumeric() || c == '_') && !field.starts_with(|c: char| c.is_numeric());
    match (name.is_empty(), plain) {
        (true, _) => field.to_owned(),
        (false, true) => format!("{name}.{field}"),
        (false, false) => format!("{name}[{}]", Value::from(field)),
    }
}

/// Writes a list of names, each with a few words on it.
///
/// # Errors
/// Whatever `out` returns.
pub fn list(rows: &[(&str, String)], out: &mut dyn Write) -> io::Result<()> {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, about) in rows {
        writeln!(out, "{}", terminal::line(&format!("{name:width$}  {about}")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_named_as_a_template_would() {
        let model = serde_json::json!({"groups": {"mcp": {"up": 1, "none": null}, "a b": {"targets": [{"name": "x\u{1b}[2J"}], "empty": []}}});
        let mut out = Vec::new();
        human(&model, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let rows: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split("  ").filter(|part| !part.is_empty()).map(str::trim).collect())
            .collect();
        assert_eq!(rows[0], ["groups.mcp.up", "1"]);
        assert_eq!(rows[1], ["groups.mcp.none", "none"]);
        assert_eq!(rows[2][0], "groups[\"a b\"].targets[0].name");
        assert_eq!(rows[3], ["groups[\"a b\"].empty", "[]"]);
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }
}
