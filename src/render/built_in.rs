//! The templates that come with trueup.

/// Every built-in template: its name, and its text. A user's template of the same name takes its place, and finds this
/// one under `built-in/`.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("metrics-table.md", include_str!("../../templates/metrics-table.md")),
    ("status-table.md", include_str!("../../templates/status-table.md")),
    ("transcript.md", include_str!("../../templates/transcript.md")),
];
