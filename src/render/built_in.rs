//! The templates that come with trueup.

/// Every built-in template: its name, and its text. A user's template of the same name takes its place, and finds this
/// one under `built-in/`.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("badge-json.json", include_str!("../../templates/badge-json.json")),
    ("badges.md", include_str!("../../templates/badges.md")),
    ("claims-table.md", include_str!("../../templates/claims-table.md")),
    ("failures.md", include_str!("../../templates/failures.md")),
    ("incident.md", include_str!("../../templates/incident.md")),
    ("metrics-table.md", include_str!("../../templates/metrics-table.md")),
    ("ports.md", include_str!("../../templates/ports.md")),
    ("status-list.md", include_str!("../../templates/status-list.md")),
    ("status-table.html", include_str!("../../templates/status-table.html")),
    ("status-table.md", include_str!("../../templates/status-table.md")),
    ("summary.html", include_str!("../../templates/summary.html")),
    ("summary.md", include_str!("../../templates/summary.md")),
    ("transcript.md", include_str!("../../templates/transcript.md")),
    ("trend.md", include_str!("../../templates/trend.md")),
];
