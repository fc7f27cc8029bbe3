//! The tools that a server lists, held against those that it should.

use super::session::Learnt;
use crate::measure::evidence::plain;
use crate::measure::request::McpCheck;

/// Names listed in a reason.
const NAMES: usize = 8;

/// What is missing of the tools that `check` wants.
pub fn missing(check: &McpCheck, learnt: &Learnt) -> Option<String> {
    let missing: Vec<&str> =
        check.tools.iter().filter(|wanted| !learnt.tools.contains(wanted)).map(String::as_str).collect();
    if !missing.is_empty() {
        return Some(format!("lacks {}; it lists {}", names(&missing), listed(learnt)));
    }
    (learnt.tools.len() < check.min_tools)
        .then(|| format!("{}, expected at least {}", number(learnt.tools.len()), check.min_tools))
}

/// "12 tools".
pub fn number(count: usize) -> String {
    if count == 1 { "1 tool".to_owned() } else { format!("{count} tools") }
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
