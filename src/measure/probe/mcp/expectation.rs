//! What a server lists and calls itself, held against what it should.

use regex::Regex;

use super::session::Learnt;
use crate::measure::evidence::plain;
use crate::measure::request::McpCheck;

/// Names listed in a reason.
const NAMES: usize = 8;

/// What is missing of the tools, resources and prompts that `check` wants.
pub fn missing(check: &McpCheck, learnt: &Learnt) -> Option<String> {
    let missing: Vec<&str> =
        check.tools.iter().filter(|wanted| !learnt.tools.contains(wanted)).map(String::as_str).collect();
    if !missing.is_empty() {
        return Some(format!("lacks {}; it lists {}", names(&missing), listed(learnt)));
    }
    let few = |found: usize, wanted: usize, noun| {
        (found < wanted).then(|| format!("{}, expected at least {wanted}", number(found, noun)))
    };
    few(learnt.tools.len(), check.min_tools, "tool")
        .or_else(|| few(learnt.resources?, check.min_resources?, "resource"))
        .or_else(|| few(learnt.prompts?, check.min_prompts?, "prompt"))
}

/// Whether the server is another than the one that `check` expects: "it calls itself …".
///
/// # Errors
/// What is wrong with the expression.
pub fn stranger(check: &McpCheck, learnt: &Learnt) -> Result<Option<String>, String> {
    let Some(identity) = &check.identity else { return Ok(None) };
    let expected = Regex::new(identity).map_err(|error| error.to_string())?;
    let name = learnt.server.as_deref().unwrap_or_default();
    if expected.is_match(name) {
        return Ok(None);
    }
    let named = if name.is_empty() { "no name".to_owned() } else { format!("`{}`", plain(name, 80)) };
    Ok(Some(format!("gives itself {named}, expected `{identity}`: another program of the same name?")))
}

/// "12 tools".
pub fn number(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn names(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(NAMES).map(|name| format!("`{}`", plain(name, 60))).collect();
    let more = names.len().saturating_sub(NAMES);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

fn listed(learnt: &Learnt) -> String {
    let all: Vec<&str> = learnt.tools.iter().map(String::as_str).collect();
    if all.is_empty() { "no tools".to_owned() } else { names(&all) }
}
