//! From a section and the measurements to how it stands, and the edit that makes it current.
//!
//! | body | record in the end marker | status |
//! |---|---|---|
//! | what would be written now | matches | current |
//! | what would be written now | missing or another | stale (its record) |
//! | as recorded | other facts | stale (its facts) |
//! | empty | none, or another | stale (never written): nothing is lost |
//! | anything else | any | edited: somebody wrote there |
//!
//! A body without a record is somebody's own text, for all trueup knows: it is *edited*, and kept until they insist.

use super::context::Gatherer;
use super::environment::Templates;
use super::facts;
use super::fault::{TemplateFault, TemplateFaultKind};
use super::guard::stays_inside;
use super::needs::needs;
use super::status::{SectionStatus, Staleness};
use crate::config::policy::Policy;
use crate::document::edit::Edit;
use crate::document::section::{Digest, Section};
use crate::document::source::Span;
use crate::measure::measurement::{Snapshot, Unmeasured};

/// Renders the sections of documents from one set of measurements.
pub struct Renderer<'a> {
    templates: &'a Templates,
    policy: &'a Policy,
    gatherer: Gatherer<'a>,
}

/// What a section would say now.
struct Rendered {
    text: String,
    facts: Digest,
}

/// Why it says nothing.
enum Silent {
    Unmeasured(Vec<Unmeasured>),
    Broken(TemplateFault),
}

impl<'a> Renderer<'a> {
    /// A renderer over one set of measurements.
    pub fn new(templates: &'a Templates, policy: &'a Policy, snapshot: &'a Snapshot) -> Renderer<'a> {
        Renderer { templates, policy, gatherer: Gatherer::new(policy, snapshot) }
    }

    /// How `section` of the document `source` stands.
    pub fn status(&self, source: &str, section: &Section) -> SectionStatus {
        let body = section.body_text(source);
        let rendered = self.render(section, &body);
        let empty = body.trim().is_empty();
        let as_recorded = section.text == Some(digest(&body));
        match rendered {
            Err(Silent::Broken(fault)) => SectionStatus::Broken(fault),
            Err(Silent::Unmeasured(reasons)) => {
                if as_recorded || empty {
                    SectionStatus::Unmeasured { reasons }
                } else {
                    SectionStatus::Edited { edit: None }
                }
            }
            Ok(rendered) => {
                let recorded_facts = section.facts == Some(rendered.facts);
                let edit = || edit(source, section, &rendered);
                if as_recorded && recorded_facts {
                    SectionStatus::Current
                } else if body == rendered.text && section.facts.is_none_or(|_| recorded_facts) {
                    SectionStatus::Stale { why: Staleness::Record, edit: edit() }
                } else if empty && !as_recorded {
                    SectionStatus::Stale { why: Staleness::NeverWritten, edit: edit() }
                } else if as_recorded {
                    SectionStatus::Stale { why: Staleness::Facts, edit: edit() }
                } else {
                    SectionStatus::Edited { edit: Some(edit()) }
                }
            }
        }
    }

    /// What `section` of the document `source` would say, as its template writes it; `None` where it cannot be rendered, for
    /// the reason that [`Renderer::status`] tells.
    pub fn text(&self, source: &str, section: &Section) -> Option<String> {
        self.render(section, &section.body_text(source)).ok().map(|rendered| rendered.text)
    }

    fn render(&self, section: &Section, body: &str) -> Result<Rendered, Silent> {
        let needs = needs(section, self.templates, self.policy).map_err(Silent::Broken)?;
        let broken = |span: Span, kind| Silent::Broken(TemplateFault { span, kind });
        if let Some(name) = needs.report.first() {
            return Err(broken(section.template_span, TemplateFaultKind::OnlyInReports { name }));
        }
        let reasons = self.gatherer.unmeasured(&needs);
        if !reasons.is_empty() {
            return Err(Silent::Unmeasured(reasons));
        }
        let shown = self.gatherer.gather(&needs);
        let context = self.gatherer.context(section, &needs, &shown, None);
        let text = self
            .templates
            .render(&needs.template, &context)
            .map_err(|error| broken(section.template_span, TemplateFaultKind::Fails(error)))?;
        // A blank line on both sides: what follows a marker directly is part of its HTML block to some readers, and
        // formatters put one there.
        let text = if text.is_empty() { text } else { format!("\n{text}\n") };
        if text != body && !stays_inside(&text) {
            return Err(broken(section.template_span, TemplateFaultKind::BreaksOut));
        }
        let (attributes, groups) = (&section.attributes, shown.groups());
        let facts = facts::digest(&needs, self.templates, attributes, &groups, &shown.metrics, &shown.texts);
        Ok(Rendered { text, facts })
    }
}

/// The digest of a body as written.
fn digest(body: &str) -> Digest {
    Digest::of([body.as_bytes()])
}

/// Replaces the body, and the end marker by one that records what was written. What stands before the end marker on its
/// line stays.
fn edit(source: &str, section: &Section, rendered: &Rendered) -> Edit {
    let lead = &source[section.body.end..section.end.start];
    let body = section.lay_out(&rendered.text);
    // What counts is what a later run reads back.
    let record = digest(&rendered.text);
    let marker = format!("<!-- trueup:end facts={} text={record} -->", rendered.facts);
    Edit { span: Span::new(section.body.start, section.end.end), text: format!("{body}{lead}{marker}") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::document::edit::apply;
    use crate::document::markdown::prose;
    use crate::document::source::SourceFile;
    use crate::document::{markers, section::Sections};
    use crate::failure::FailureClass;
    use crate::measure::measurement::{MetricOutcome, TextOutcome};
    use crate::quantity::Quantity;
    use crate::render::example;
    use crate::rung::Rung;

    const TABLE: &str = "<!-- trueup:begin status-table group=mcp -->\n<!-- trueup:end -->\n";

    fn sections(source: &str) -> Vec<Section> {
        let Sections { sections, faults } = markers::find(source, &prose(source).comments);
        assert_eq!(faults, [], "{source}");
        sections
    }

    fn templates(user: &[(&str, &str)]) -> Templates {
        let file = |name: &str, text: &str| Arc::new(SourceFile::new(format!("templates/{name}"), text));
        Templates::new(
            user.iter().map(|(name, text)| ((*name).to_owned(), file(name, text))).collect::<BTreeMap<_, _>>(),
        )
    }

    fn statuses(source: &str, templates: &Templates, snapshot: &Snapshot) -> Vec<SectionStatus> {
        let policy = example::policy();
        let renderer = Renderer::new(templates, &policy, snapshot);
        sections(source).iter().map(|section| renderer.status(source, section)).collect()
    }

    /// The document after everything stale was written.
    fn written(source: &str, templates: &Templates, snapshot: &Snapshot) -> String {
        let edits = statuses(source, templates, snapshot).into_iter().filter_map(|status| match status {
            SectionStatus::Stale { edit, .. } => Some(edit),
            _ => None,
        });
        apply(source, &edits.collect::<Vec<_>>()).unwrap()
    }

    fn status(source: &str, snapshot: &Snapshot) -> SectionStatus {
        let mut all = statuses(source, &templates(&[]), snapshot);
        assert_eq!(all.len(), 1, "{source}");
        all.remove(0)
    }

    fn why(status: &SectionStatus) -> Option<Staleness> {
        match status {
            SectionStatus::Stale { why, .. } => Some(*why),
            _ => None,
        }
    }

    #[test]
    fn a_table_is_written_once_and_then_current() {
        let snapshot = example::snapshot();
        assert_eq!(why(&status(TABLE, &snapshot)), Some(Staleness::NeverWritten));
        let once = written(TABLE, &templates(&[]), &snapshot);
        let (text, marker) = once.rsplit_once("<!--").unwrap();
        assert_eq!(marker.len(), " trueup:end facts=9f2c1a77 text=51d0c3aa -->\n".len(), "{marker}");
        insta::assert_snapshot!(text, @r"
        <!-- trueup:begin status-table group=mcp -->

        MCP servers: 1 of 4 functional.

        | MCP servers   | State             | Proved     | Evidence |
        | ------------- | ----------------- | ---------- | --- |
        | `files`       | ✅ functional     | functional | `12 tools; search answered` |
        | `claude-flow` | ❌ not functional | exists     | `exit 217: npm ENOTEMPTY` |
        | `nx-mcp`      | ❌ not functional | healthy    | `no answer; its health check says healthy` |

        Expected 4, found 3.
        ");
        assert!(matches!(status(&once, &snapshot), SectionStatus::Current));
        assert_eq!(written(&once, &templates(&[]), &snapshot), once);
    }

    #[test]
    fn a_section_without_up_targets_or_without_any_is_honest() {
        let mut snapshot = example::snapshot();
        let exited =
            example::failed("mcp", Rung::Functional, FailureClass::SpawnNotFound, "exit 127: sh: npx: not found");
        snapshot.groups[0] = example::group("mcp", None, vec![example::target("postgres", vec![exited])], 0);
        assert!(written(TABLE, &templates(&[]), &snapshot).contains("\nMCP servers: 0 of 1 functional.\n"));
        let there = example::target("a", vec![example::passed("file", Rung::Exists, "a file")]);
        snapshot.groups[0] = example::group("mcp", None, vec![there], 0);
        snapshot.groups[0].reach = Some(Rung::Exists);
        let text = written(TABLE, &templates(&[]), &snapshot);
        assert!(text.contains("\nMCP servers: 1 of 1 present.\n") && text.contains("| ✅ present |"), "{text}");
        let empty = "<!-- trueup:begin status-table group=empty -->\n<!-- trueup:end -->\n";
        assert!(written(empty, &templates(&[]), &snapshot).contains("\n\nEmpty: none found.\n\n"));
    }

    #[test]
    fn what_fails_above_the_asked_rung_is_told_and_is_not_green() {
        let mut snapshot = example::snapshot();
        let lies = vec![
            example::passed("docker", Rung::Running, "running"),
            example::failed("mcp", Rung::Functional, FailureClass::CallFailed, "no workspace"),
        ];
        let runs = vec![example::passed("docker", Rung::Running, "running")];
        snapshot.groups[0] =
            example::group("mcp", None, vec![example::target("nx", lies), example::target("b", runs)], 0);
        snapshot.groups[0].reach = Some(Rung::Running);
        let text = written(TABLE, &templates(&[]), &snapshot);
        assert!(text.contains("2 of 2 running, 1 of which is known to fail beyond that.\n"), "{text}");
        assert!(text.contains("| `nx`        | ⚠️ running, not functional | running | `no workspace` |"), "{text}");
        assert!(text.contains("| ✅ running "), "{text}");
        let badges = "<!-- trueup:begin badges groups=mcp -->\n<!-- trueup:end -->\n";
        let badge = written(badges, &templates(&[]), &snapshot);
        assert!(badge.contains("2_of_2_running-orange"), "{badge}");
    }

    #[test]
    fn evidence_that_stops_below_the_rung_is_told() {
        let mut snapshot = example::snapshot();
        let running = example::target("a", vec![example::passed("docker", Rung::Running, "up")]);
        snapshot.groups[0] = example::group("mcp", None, vec![running], 0);
        snapshot.groups[0].reach = Some(Rung::Running);
        assert!(written(TABLE, &templates(&[]), &snapshot).contains("1 of 1 running.\n"));
        let asked = TABLE.replace("group=mcp", "group=mcp rung=functional");
        let text = written(&asked, &templates(&[]), &snapshot);
        assert!(text.contains("1 of 1 functional, 1 of them on weaker evidence.\n"), "{text}");
        assert!(text.contains("| ✅ running "), "{text}");
    }

    #[test]
    fn stale_edited_and_unmeasured_are_told_apart() {
        let snapshot = example::snapshot();
        let once = written(TABLE, &templates(&[]), &snapshot);
        // Another time, another duration: the same facts.
        let mut later = snapshot.clone();
        later.taken_at = "2026-01-01T00:00:00Z".parse().unwrap();
        later.groups[0].targets[0].checks[0].took_ms = 999;
        later.groups[0].targets[0].checks[1].attempts = 2;
        assert!(matches!(status(&once, &later), SectionStatus::Current));
        // A loop looks one way now and another way in a moment.
        let looping = |reason: &str| {
            let mut snapshot = snapshot.clone();
            snapshot.groups[0].targets[1].checks[0] =
                example::failed("docker", Rung::Running, FailureClass::RestartLoop, reason);
            snapshot
        };
        let waiting = looping("restarting (14 restarts), exit 127: npx: not found");
        let loops = written(TABLE, &templates(&[]), &waiting);
        assert!(matches!(status(&loops, &looping("restarted 3s ago (15 restarts): starting")), SectionStatus::Current));
        assert_eq!(why(&status(&once, &waiting)), Some(Staleness::Facts));
        // Another fact.
        let mut down = snapshot.clone();
        down.groups[0].targets.remove(0);
        assert_eq!(why(&status(&once, &down)), Some(Staleness::Facts));
        assert!(matches!(status(&written(&once, &templates(&[]), &down), &down), SectionStatus::Current));
        // Another template.
        let other = templates(&[("status-table.md", "{{ group.up }} up\n")]);
        assert_eq!(why(&statuses(&once, &other, &snapshot)[0]), Some(Staleness::Facts));
        // By hand.
        let edited = once.replace("1 of 4", "4 of 4");
        let SectionStatus::Edited { edit: Some(edit) } = status(&edited, &snapshot) else { panic!() };
        assert_eq!(apply(&edited, &[edit]).unwrap(), once);
        assert!(matches!(
            status("<!-- trueup:begin status-table group=mcp -->\nmine\n<!-- trueup:end -->\n", &snapshot),
            SectionStatus::Edited { .. }
        ));
        // The right text under a wrong record, or none.
        let record = once.find("<!-- trueup:end").unwrap();
        let bare = format!("{}<!-- trueup:end -->\n", &once[..record]);
        assert_eq!(why(&status(&bare, &snapshot)), Some(Staleness::Record));
        assert_eq!(written(&bare, &templates(&[]), &snapshot), once);
        // Emptied by hand: nothing is lost.
        let body = &sections(&once)[0].body;
        let emptied = format!("{}{}", &once[..body.start], &once[body.end..]);
        assert_eq!(why(&status(&emptied, &snapshot)), Some(Staleness::NeverWritten));
        assert_eq!(written(&emptied, &templates(&[]), &snapshot), once);
        // The engine is away.
        let mut away = snapshot.clone();
        away.groups[0].targets[0].checks[1] = example::unmeasured("mcp", Rung::Functional);
        let SectionStatus::Unmeasured { reasons } = status(&once, &away) else { panic!() };
        assert_eq!(reasons, [example::away()]);
        assert!(matches!(status(TABLE, &away), SectionStatus::Unmeasured { .. }));
        assert!(matches!(status(&edited, &away), SectionStatus::Edited { edit: None }));
        away.groups[0].targets.clear();
        away.groups[0].discovery = Some(example::away());
        assert!(matches!(status(&once, &away), SectionStatus::Unmeasured { .. }));
        away.groups.clear();
        assert!(matches!(status(&once, &away), SectionStatus::Unmeasured { .. }));
    }

    #[test]
    fn metrics_and_several_groups() {
        let user = templates(&[
            (
                "tests.md",
                "{{ metric.label }}: {{ metric.value }} of {{ metric.total }}, {{ metric.percent|round(1) }}% at {{ measured_at }}\n",
            ),
            ("all.md", "{% for name, group in groups|items %}{{ name }} {{ group.up }}\n{% endfor %}"),
            ("one.md", "{{ groups.mcp.up }} {{ attributes.title }}"),
        ]);
        let snapshot = example::snapshot();
        let render =
            |marker: &str| written(&format!("<!-- trueup:begin {marker} -->\n<!-- trueup:end -->\n"), &user, &snapshot);
        let once = render("tests metric=tests");
        assert!(once.contains("\ntests: 310 of 312, 99.4% at 2025-08-17T10:00:00Z\n"), "{once}");
        let mut later = snapshot.clone();
        later.taken_at = "2026-01-01T00:00:00Z".parse().unwrap();
        assert!(matches!(statuses(&once, &user, &later)[..], [SectionStatus::Current]), "a time is no fact");
        assert!(render("one title=\"a *b*\"").contains("\n1 a \\*b\\*\n"));
        let mut known = snapshot.clone();
        known.groups[1].targets.clear();
        let all = "<!-- trueup:begin all -->\n<!-- trueup:end -->\n";
        assert!(written(all, &user, &known).contains("\nmcp 1\naway 0\nempty 0\n"), "in the order of trueup.toml");
        // One of all groups is unmeasured, and so is the section; `one` does not show it.
        assert!(matches!(statuses(all, &user, &snapshot)[..], [SectionStatus::Unmeasured { .. }]));
        let coverage = "<!-- trueup:begin tests metric=coverage -->\n<!-- trueup:end -->\n";
        assert!(matches!(statuses(coverage, &user, &snapshot)[..], [SectionStatus::Unmeasured { .. }]));
    }

    fn bare(marker: &str) -> String {
        format!("<!-- trueup:begin {marker} -->\n<!-- trueup:end -->\n")
    }

    #[test]
    fn a_transcript_shows_the_command_and_its_lines() {
        let snapshot = example::snapshot();
        let once = written(&bare("transcript text=help"), &templates(&[]), &snapshot);
        insta::assert_snapshot!(once.rsplit_once("<!--").unwrap().0, @r"
        <!-- trueup:begin transcript text=help -->

        ```console
        $ target/debug/shop --help
        Usage: shop <COMMAND>

          list    Show what is there
        …
        ```
        ");
        assert!(matches!(status(&once, &snapshot), SectionStatus::Current));
        let shown = written(&bare("transcript text=help shown=\"shop --help\""), &templates(&[]), &snapshot);
        assert!(shown.contains("\n```console\n$ shop --help\nUsage"), "{shown}");
        // Every character of it is a fact, a duration as well.
        let saying = |line: &str| {
            let mut snapshot = snapshot.clone();
            snapshot.texts[0].outcome = TextOutcome::Measured { lines: vec![line.to_owned()], truncated: false };
            snapshot
        };
        let slow = written(&once, &templates(&[]), &saying("done in 5 s"));
        assert_eq!(why(&status(&slow, &saying("done in 4 s"))), Some(Staleness::Facts));
        let nothing = written(&bare("transcript text=help"), &templates(&[]), &saying(""));
        assert!(nothing.contains("--help\n\n```\n"), "{nothing}");
        let away = "<!-- trueup:begin transcript text=away-text -->\n<!-- trueup:end -->\n";
        assert!(matches!(status(away, &snapshot), SectionStatus::Unmeasured { .. }));
        let mut older = snapshot.clone();
        older.texts.clear();
        assert!(matches!(status(&once, &older), SectionStatus::Unmeasured { .. }), "a snapshot without the text");
    }

    #[test]
    fn metrics_stand_in_a_table() {
        let mut snapshot = example::snapshot();
        let source = bare("metrics-table metrics=tests");
        let once = written(&source, &templates(&[]), &snapshot);
        assert!(once.contains("\n| Metric | Value |\n| ------ | --- |\n| tests  | 310 of 312 (99.4%) |\n"), "{once}");
        assert!(matches!(status(&bare("metrics-table"), &snapshot), SectionStatus::Unmeasured { .. }));
        let quantity = Quantity { value: 85.25, total: None };
        snapshot.metrics[1].outcome = MetricOutcome::Measured(quantity);
        let all = written(&bare("metrics-table"), &templates(&[]), &snapshot);
        assert!(all.contains("\n| tests    | 310 of 312 (99.4%) |\n| coverage | 85.25 |\n"), "{all}");
        let turned = written(&bare("metrics-table metrics=\"coverage, tests\""), &templates(&[]), &snapshot);
        assert!(turned.find("coverage |").unwrap() < turned.find("| tests").unwrap(), "{turned}");
        snapshot.metrics[1].outcome = MetricOutcome::Measured(Quantity { value: 0.0, total: Some(0.0) });
        assert!(written(&bare("metrics-table"), &templates(&[]), &snapshot).contains("| 0 of 0 |"));
        snapshot.metrics[1].outcome = MetricOutcome::Measured(Quantity { value: 2.0, total: Some(2.0) });
        let whole = written(&bare("metrics-table"), &templates(&[]), &snapshot);
        assert!(whole.contains("| 2 of 2 (100%) |"), "{whole}");
    }

    #[test]
    fn a_hostile_line_stays_in_its_block() {
        let hostile =
            HOSTILE.iter().copied().chain(["```", "   ````", "~~~", "\t```", "> quote", "\u{b}\u{c}\u{85}x", "-->"]);
        for line in hostile {
            hostile_line(line);
        }
    }

    /// Writes `line` into a transcript, in several containers, and reads it back.
    fn hostile_line(line: &str) {
        use crate::measure::evidence;
        use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
        let mut snapshot = example::snapshot();
        // As measured: by lines, each made safe.
        let lines: Vec<String> = line.lines().map(|line| evidence::line(line, 400)).collect();
        let expected = format!("$ target/debug/shop --help\n{}\nend\n", lines.join("\n"));
        snapshot.texts[0].outcome =
            TextOutcome::Measured { lines: lines.into_iter().chain(["end".to_owned()]).collect(), truncated: false };
        for (first, next) in [("", ""), ("- ", "  "), ("> ", "> ")] {
            let source =
                format!("{first}<!-- trueup:begin transcript text=help -->\n{next}<!-- trueup:end -->\n\nafter\n");
            let once = written(&source, &templates(&[]), &snapshot);
            assert!(matches!(status(&once, &snapshot), SectionStatus::Current), "{once}");
            assert!(once.ends_with(" -->\n\nafter\n"), "{once}");
            let (mut code, mut blocks) = (String::new(), 0);
            let mut inside = false;
            for event in Parser::new(&once) {
                match event {
                    Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                        assert_eq!(&*info, "console");
                        (inside, blocks) = (true, blocks + 1);
                    }
                    Event::End(pulldown_cmark::TagEnd::CodeBlock) => inside = false,
                    Event::Text(text) if inside => code.push_str(&text),
                    Event::Html(html) => {
                        assert!(html.trim().is_empty() || html.trim().starts_with("<!-- trueup:"), "{html}")
                    }
                    _ => {}
                }
            }
            let expected = if line.is_empty() { expected.replace("\n\n", "\n") } else { expected.clone() };
            assert_eq!((blocks, code.as_str()), (1, expected.as_str()), "{once}");
        }
    }

    #[test]
    fn a_hostile_name_stays_in_its_cell() {
        for name in HOSTILE {
            hostile(name);
        }
    }

    const HOSTILE: &[&str] = &[
        "<!-- trueup:end -->",
        "a|b",
        "\\|x|\\\\|y",
        "`code` ``more``",
        "a\nb\r\n\n# heading\n<!-- trueup:end -->\n",
        "\u{1b}[31mred\u{1b}[0m",
        "\u{202e}gnp.exe\u{202c}",
        "<script>alert(1)</script>",
        "[link](http://x) ![i](http://y) <http://z> http://w",
        "| a | b |\n|---|---|",
        "*a* **b** _c_ ~~d~~ &amp; $x$",
        "\\",
        "\\`",
        "",
    ];

    /// Writes a section with `name` as name, reason and answer, parses the document again, and looks at every cell.
    fn hostile(name: &str) {
        use pulldown_cmark::{Event, Options, Parser, Tag};
        let mut snapshot = example::snapshot();
        let lies = example::failed("mcp", Rung::Functional, FailureClass::Unknown, name);
        snapshot.groups[0] = example::group(
            "mcp",
            None,
            vec![
                example::target(name, vec![example::passed("mcp", Rung::Functional, name)]),
                example::target("b", vec![example::passed("docker", Rung::Healthy, name), lies]),
            ],
            0,
        );
        let inline = "{{ group.targets[0].name }} and\n{{ group.targets[0].name }}\n\n{{ group.targets[0].name|code }}\n\n{{ group.targets[0].evidence|fenced }}\n\n{{ group.targets[0].name|link(group.targets[0].name) }} {{ group.targets[0].name|link('https://x/' ~ group.targets[0].name) }}\n";
        let templates = templates(&[("inline.md", inline)]);
        let source = format!("{TABLE}\n<!-- trueup:begin inline group=mcp -->\n<!-- trueup:end -->\n");
        let once = written(&source, &templates, &snapshot);
        let again = statuses(&once, &templates, &snapshot);
        assert!(matches!(again[..], [SectionStatus::Current, SectionStatus::Current]), "{once}");
        assert!(
            !once.chars().any(|c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c)),
            "{once:?}"
        );
        let (table, rest) = once.split_at(once.find("<!-- trueup:begin inline").unwrap());
        let (mut rows, mut cells) = (0, 0);
        for event in
            Parser::new_ext(table, Options::ENABLE_TABLES | Options::ENABLE_GFM | Options::ENABLE_STRIKETHROUGH)
        {
            match event {
                Event::Start(Tag::TableRow) => rows += 1,
                Event::Start(Tag::TableCell) => cells += 1,
                Event::Html(html) | Event::InlineHtml(html) => {
                    assert!(html.trim().starts_with("<!-- trueup:") || html.trim().is_empty(), "{html}")
                }
                Event::Start(
                    Tag::Link { .. }
                    | Tag::Image { .. }
                    | Tag::Heading { .. }
                    | Tag::List(_)
                    | Tag::Emphasis
                    | Tag::Strong,
                ) => {
                    panic!("markup in {table}")
                }
                _ => {}
            }
        }
        assert_eq!((rows, cells), (2, 12), "{table}");
        for event in Parser::new_ext(rest, Options::ENABLE_TABLES | Options::ENABLE_GFM | Options::ENABLE_STRIKETHROUGH)
        {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => {
                    assert!(html.trim().starts_with("<!-- trueup:") || html.trim().is_empty(), "{html}")
                }
                Event::Start(Tag::Link { dest_url, .. }) => {
                    assert!(dest_url.starts_with(['h', 'm', '/', '.', '#']), "{rest}")
                }
                Event::Start(
                    tag @ (Tag::Image { .. }
                    | Tag::Heading { .. }
                    | Tag::List(_)
                    | Tag::Table(_)
                    | Tag::Emphasis
                    | Tag::Strong
                    | Tag::Strikethrough
                    | Tag::BlockQuote(_)),
                ) => {
                    panic!("{tag:?} in {rest}")
                }
                _ => {}
            }
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, ..Default::default() })]

        #[test]
        fn any_name_stays_in_its_cell(name in "([ab|`\\\\<>!\\[\\]()*_#~&$:=+.1-]| |\n|<!-- trueup:end -->|-->|\\PC|http://){0,24}") {
            hostile(&name);
        }

        #[test]
        fn any_line_stays_in_its_block(line in "([ab`~<>!-]| |\t|\n|```|~~~|<!-- trueup:end -->|-->|\\PC){0,24}") {
            hostile_line(&line);
        }

        #[test]
        fn bytes_outside_never_change_and_twice_is_once(
            before in "(\u{feff})?([ab#>*`| \t-]|\n|\r\n|é){0,40}",
            after in "([ab#>*`| \t-]|\n|\r\n|é){0,40}",
            prefix in proptest::sample::select(vec!["", "- ", "> ", "1. ", "> - ", "  - "]),
            crlf in proptest::bool::ANY,
            body in "(old [a|]{0,5}\n){0,2}",
        ) {
            let end_of_line = if crlf { "\r\n" } else { "\n" };
            let next: String = prefix.chars().map(|c| if c == '>' { '>' } else { ' ' }).collect();
            let begin = "<!-- trueup:begin status-table group=mcp -->";
            let lines = body.lines().map(|line| format!("{next}{line}{end_of_line}")).collect::<String>();
            let section = format!("{prefix}{begin}{end_of_line}{lines}{next}<!-- trueup:end -->{end_of_line}");
            let source = format!("{before}{end_of_line}{end_of_line}{section}{after}");
            let found = markers::find(&source, &prose(&source).comments);
            // What stands before can open a code block or a comment.
            proptest::prop_assume!(!found.sections.is_empty());
            let snapshot = example::snapshot();
            let policy = example::policy();
            let templates = templates(&[]);
            let renderer = Renderer::new(&templates, &policy, &snapshot);
            for section in &found.sections {
                let edit = match renderer.status(&source, section) {
                    SectionStatus::Stale { edit, .. } | SectionStatus::Edited { edit: Some(edit) } => edit,
                    other => panic!("{other:?}"),
                };
                let once = apply(&source, std::slice::from_ref(&edit)).unwrap();
                proptest::prop_assert!(once.starts_with(&source[..edit.span.start]));
                proptest::prop_assert!(once.ends_with(&source[edit.span.end..]));
                proptest::prop_assert_eq!(once.len(), source.len() - edit.span.len() + edit.text.len());
                let again = markers::find(&once, &prose(&once).comments);
                proptest::prop_assert_eq!(again.sections.len(), 1, "{}", once);
                proptest::prop_assert!(matches!(renderer.status(&once, &again.sections[0]), SectionStatus::Current), "{}", once);
                let written = &once[again.sections[0].body.range()];
                proptest::prop_assert_eq!(written.matches("\r\n").count(), if crlf { written.matches('\n').count() } else { 0 });
            }
        }
    }

    #[test]
    fn a_thousand_sections_take_time_linear_in_their_number() {
        let source = format!("{TABLE}\nSome prose between them.\n\n").repeat(1000);
        let snapshot = example::snapshot();
        let templates = templates(&[]);
        let started = std::time::Instant::now();
        let once = written(&source, &templates, &snapshot);
        assert_eq!(once.matches("1 of 4 functional").count(), 1000);
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}
