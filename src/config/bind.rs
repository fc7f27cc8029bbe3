//! `[[bind]]`: which claims are about what.

use super::fault::{Fault, quote};
use super::keys;
use super::policy::{BindRule, BindTarget, Group};
use super::reader::Value;
use super::setting::Setting;
use crate::nearest::nearest;

/// Reads one rule. `metrics` are the keys of all metrics, those with faults included.
pub(super) fn rule(value: &Value, setting: Setting, groups: &[Group], metrics: &[&str]) -> Option<BindRule> {
    let table = value.table(&keys::BIND)?;
    let docs = table.get("docs").map_or(Some(Vec::new()), |docs| docs.globs());
    let to = table.require("to").and_then(|to| target(&to, groups, metrics));
    let pattern = table.require("pattern")?;
    let regex = pattern.regex(setting.source);
    Some(BindRule { pattern: regex?, docs: docs?, to: to?, span: pattern.key.cover(pattern.span) })
}

fn target(value: &Value, groups: &[Group], metrics: &[&str]) -> Option<BindTarget> {
    let text = value.text()?;
    let to = match BindTarget::parse(text) {
        Ok(to) => to,
        Err(word) => {
            let fault = Fault::not_one_of(value.span, &value.place, word, keys::RUNGS.iter().copied());
            value.fault(Fault { label: "after the dot stands a rung".to_owned(), ..fault });
            return None;
        }
    };
    if metrics.contains(&to.name.as_str()) {
        if to.target.is_some() || to.rung.is_some() {
            let message = format!("`{}` is {}, and a metric has neither targets nor rungs", value.place, quote(text));
            value.fault(Fault::wrong(value.span, message, "a metric").help(format!("write {}", quote(&to.name))));
        }
        return Some(to);
    }
    let Some(group) = groups.iter().find(|group| group.name == to.name) else {
        let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).chain(metrics.iter().copied()).collect();
        unknown(value, text, &format!("no group or metric is called {}", quote(&to.name)), &to.name, &names);
        return None;
    };
    if let Some(target) = &to.target
        && group.request.discover.is_empty()
    {
        let names: Vec<&str> = group.request.targets.iter().map(|target| target.name.as_str()).collect();
        if !names.contains(&target.as_str()) {
            unknown(value, text, &format!("`{}` has no target {}", group.name, quote(target)), target, &names);
            return None;
        }
    }
    Some(to)
}

fn unknown(value: &Value, text: &str, why: &str, found: &str, names: &[&str]) {
    let message = format!("`{}` is {}, but {why}", value.place, quote(text));
    let fault = Fault::absent(value.span, message, "leads nowhere");
    value.fault(match nearest(found, names.iter().copied()) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None if names.is_empty() => fault.help("there are none yet"),
        None => {
            fault.help(format!("there are {}", names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")))
        }
    });
}
