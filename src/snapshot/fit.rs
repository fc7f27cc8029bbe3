//! Whether a snapshot is one of this trueup.toml: what is defined otherwise was not measured.

use super::{Recorded, blank};
use crate::code::Code;
use crate::config::policy::Policy;
use crate::measure::measurement::{About, Unmeasured, UnmeasuredCause};
use crate::report::diagnostic::{Diagnostic, Severity};

/// Most names that a finding lists.
const FEW: usize = 10;

/// Takes the answers out of what trueup.toml defines otherwise by now, and out of the snapshot what it does not have at all;
/// says so in one finding.
pub(super) fn fit(recorded: &mut Recorded, policy: &Policy) -> Option<Diagnostic> {
    let (file, source) = (recorded.file.clone(), recorded.source());
    let snapshot = &mut recorded.snapshot;
    let About { definitions, .. } = &snapshot.about;
    let (mut strange, mut changed) = (Vec::new(), Vec::new());
    let mut known = |key: String| {
        let known = policy.definitions.contains_key(&key);
        if !known {
            strange.push(key);
        }
        known
    };
    snapshot.groups.retain(|group| known(format!("group.{}", group.name)));
    snapshot.metrics.retain(|metric| known(format!("metric.{}", metric.name)));
    snapshot.texts.retain(|text| known(format!("text.{}", text.name)));
    let mut misfit = |key: String| {
        let (then, now) = (definitions.get(&key), policy.definitions.get(&key));
        if then == now {
            return None;
        }
        let then = then.map_or_else(|| "it does not say which".to_owned(), |then| format!("then {then}"));
        let now = now.map_or("none", String::as_str);
        let detail = format!("`{key}` was measured for `{file}` by another definition ({then}, now {now})");
        changed.push(key);
        Some(Unmeasured { cause: UnmeasuredCause::NotRecorded, detail, source: source.clone() })
    };
    for group in &mut snapshot.groups {
        if let Some(why) = misfit(format!("group.{}", group.name)) {
            blank::group(group, &why);
        }
    }
    for metric in &mut snapshot.metrics {
        if let Some(why) = misfit(format!("metric.{}", metric.name)) {
            blank::metric(metric, &why);
        }
    }
    for text in &mut snapshot.texts {
        if let Some(why) = misfit(format!("text.{}", text.name)) {
            blank::text(text, &why);
        }
    }
    foreign(&file, &strange, &changed)
}

fn foreign(file: &str, strange: &[String], changed: &[String]) -> Option<Diagnostic> {
    if strange.is_empty() && changed.is_empty() {
        return None;
    }
    let headline = format!("`{file}` was taken with another trueup.toml");
    let mut diagnostic = Diagnostic::new(Code::ForeignSnapshot, Severity::Warning, headline);
    for (names, what) in [(strange, "not in this trueup.toml"), (changed, "defined otherwise by now, so not measured")]
    {
        if !names.is_empty() {
            diagnostic = diagnostic.note(format!("{what}: {}", listed(names)));
        }
    }
    Some(diagnostic.help("take it again with `trueup probe -o` and this trueup.toml"))
}

fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(FEW).map(|name| format!("`{name}`")).collect();
    let rest = names.len().saturating_sub(FEW);
    if rest > 0 { format!("{} and {rest} more", shown.join(", ")) } else { shown.join(", ") }
}
