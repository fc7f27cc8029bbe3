//! One set of ordinary and hostile findings through every format.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use trueup::code::Code;
use trueup::document::edit::Edit;
use trueup::document::source::{SourceFile, Span};
use trueup::exit::ExitCode;
use trueup::judge::verdict::Counts;
use trueup::report::diagnostic::{Diagnostic, Severity};
use trueup::report::{Format, Report, Style, render};

const DOCUMENT: &str = "\u{feff}# Status ✅\r\n\r\n- **MCP servers**: 21/21 operational\r\n\tタブ\tと全角: 100% functional\r\n\
    All endpoints\r\n  are working.\r\n\u{1b}]0;owned\u{7}esc \u{1b}[31mred\u{9b}2J \u{202e}gnp.exe 5/5 up\r\nlast line, ten tools";

const CONFIG: &str = "[group.mcp]\nexpect = 21\n\n[group.endpoints]\n";

fn at(file: &SourceFile, text: &str) -> Span {
    let start = file.text().find(text).unwrap();
    Span::new(start, start + text.len())
}

/// Findings in an order that is not the one of the report.
fn findings() -> (Report, Arc<SourceFile>, Arc<SourceFile>) {
    let document = Arc::new(SourceFile::new("docs/CLAUDE.md", DOCUMENT));
    let config = Arc::new(SourceFile::new("trueup.toml", CONFIG));
    let mut edited = Diagnostic::new(Code::RatioDrift, Severity::Error, "claimed 21/21 operational, measured 0/21")
        .at(&document, at(&document, "21/21 operational"), "measured 0/21")
        .also_at(&config, at(&config, "mcp"), "measured by this group")
        .note("21 targets are down: 20 exited, 1 spawn-not-found")
        .note("claude-flow  exited           exit 217")
        .note("postgres     spawn-not-found  exit 127")
        .help("exited: read the last lines of its log")
        .help("spawn-not-found: install it");
    edited.edit = Some(Edit { span: at(&document, "21/21"), text: "0/21".to_owned() });
    let mut ignored = Diagnostic::new(Code::CountDrift, Severity::Error, "claimed ten tools, measured 9").at(
        &document,
        at(&document, "ten tools"),
        "",
    );
    ignored.suppressed = true;
    let hostile = "\u{1b}[2J\u{1b}]8;;http://evil\u{7}\u{9b}31m\u{202e}::error::\r\n%0A]]>&<\"'\u{e0041}";
    let diagnostics =
        vec![
            Diagnostic::new(Code::UnmeasuredSource, Severity::Warning, format!("could not ask `{hostile}`"))
                .note(hostile)
                .note(":::")
                .help(hostile),
            Diagnostic::new(Code::UnusedGroup, Severity::Warning, "no claim asks for group `endpoints`").at(
                &config,
                at(&config, "endpoints"),
                "",
            ),
            ignored,
            Diagnostic::new(Code::RatioDrift, Severity::Error, "claimed 5/5 up, measured 4/5").at(
                &document,
                at(&document, "5/5 up"),
                hostile,
            ),
            Diagnostic::new(Code::UniversalDrift, Severity::Error, "claimed all endpoints are working, 3 of 3 are not")
                .at(&document, at(&document, "All endpoints\r\n  are working"), "3 of 3 are not"),
            Diagnostic::new(Code::PercentDrift, Severity::Error, "claimed 100% functional, measured 0% (0 of 21)").at(
                &document,
                at(&document, "100% functional"),
                "measured 0% (0 of 21)",
            ),
            edited,
            Diagnostic::new(Code::MisplacedMarker, Severity::Note, "at the end of the text").at(
                &document,
                Span::new(DOCUMENT.len(), DOCUMENT.len()),
                "here",
            ),
        ];
    let counts = Counts { documents: 1, drifted: 4, unmeasured: 1, ignored: 1, ..Counts::default() };
    let documents = vec!["docs/CLAUDE.md".to_owned()];
    let report = Report::new(documents, diagnostics, counts, Duration::from_millis(1234), ExitCode::Drift);
    (report, document, config)
}

fn rendered(report: &Report, format: Format, style: &Style) -> String {
    let mut out = Vec::new();
    render(report, format, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn assert_safe(text: &str) {
    let bad = text.chars().find(|c| c.is_control() && *c != '\n' || ('\u{202a}'..='\u{202e}').contains(c));
    assert_eq!(bad, None, "{text:?}");
}

#[test]
fn human() {
    let (report, ..) = findings();
    let text = rendered(&report, Format::Human, &Style::default());
    assert_safe(&text);
    insta::assert_snapshot!(text);
}

#[test]
fn json() {
    let (report, ..) = findings();
    let text = rendered(&report, Format::Json, &Style::default());
    assert_safe(&text);
    insta::assert_snapshot!(text);
}

/// Line and column as a person would count them, from the text alone.
fn offset(text: &str, place: &Value) -> usize {
    let number = |name: &str| usize::try_from(place[name].as_u64().unwrap()).unwrap();
    let start: usize = text.split_inclusive('\n').take(number("line") - 1).map(str::len).sum();
    let mut columns = text[start..].char_indices().map(|(at, _)| start + at).chain([text.len()]);
    columns.nth(number("column") - 1).unwrap()
}

#[test]
fn every_place_leads_back_to_the_same_text() {
    let (report, document, config) = findings();
    let json: Value = serde_json::from_str(&rendered(&report, Format::Json, &Style::default())).unwrap();
    let found = json["diagnostics"].as_array().unwrap();
    assert_eq!(found.len(), report.diagnostics().len());
    let mut places = 0;
    for (json, diagnostic) in found.iter().zip(report.diagnostics()) {
        let labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
        let primary = std::iter::once(&json["primary"]).filter(|place| !place.is_null());
        for (place, label) in primary.chain(json["secondary"].as_array().unwrap()).zip(labels) {
            let file = [&document, &config].into_iter().find(|file| file.name() == place["file"]).unwrap();
            let (start, end) = (offset(file.text(), &place["start"]), offset(file.text(), &place["end"]));
            assert_eq!(&file.text()[start..end], label.file.slice(label.span));
            assert_eq!(place["span"], serde_json::json!([start, end]));
            places += 1;
        }
    }
    assert_eq!(places, 8);
}

#[test]
fn human_origins_are_the_places_of_the_json() {
    let (report, ..) = findings();
    let text = rendered(&report, Format::Human, &Style::default());
    for diagnostic in report.diagnostics().iter().filter(|diagnostic| !diagnostic.suppressed) {
        for label in diagnostic.primary.iter().chain(&diagnostic.secondary) {
            let place = label.file.place(label.span.start);
            let origin = format!(" {}:{}:{}\n", label.file.name(), place.line, place.column);
            assert!(text.contains(&origin), "{origin}");
        }
    }
}

#[test]
fn colour_adds_escape_sequences_and_changes_no_text() {
    let (report, ..) = findings();
    let plain = rendered(&report, Format::Human, &Style::default());
    let colored = rendered(&report, Format::Human, &Style { color: true, ..Style::default() });
    assert_ne!(plain, colored);
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
    assert_eq!(
        rendered(&report, Format::Json, &Style { color: true, width: 20, timing: true }),
        rendered(&report, Format::Json, &Style::default())
    );
}

#[test]
fn a_line_of_50_megabytes_is_shown_by_its_part() {
    let text = format!("{}21/21 operational{}", "é ".repeat(8_000_000), " ü".repeat(8_000_000));
    let file = Arc::new(SourceFile::new("big.md", text));
    let span = at(&file, "21/21 operational");
    let diagnostic = |span| Diagnostic::new(Code::RatioDrift, Severity::Error, "drift").at(&file, span, "here");
    let all = Span::new(0, file.text().len());
    let diagnostics = vec![diagnostic(span), diagnostic(all)];
    let report = Report::new(vec![], diagnostics, Counts::default(), Duration::ZERO, ExitCode::Drift);
    let began = Instant::now();
    let text = rendered(&report, Format::Human, &Style::default());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(text.len() < 4000, "{}", text.len());
    assert!(text.contains("--> big.md:1:16000001\n"), "{text}");
    assert!(text.contains("21/21 operational"), "{text}");
    assert!(text.contains("^^^^^^^^^^^^^^^^^ here\n"), "{text}");
}

struct Broken;

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::from(io::ErrorKind::BrokenPipe))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_broken_pipe_reaches_the_caller_as_it_is() {
    let (report, ..) = findings();
    for format in Format::ALL {
        let error = render(&report, *format, &Style::default(), &mut Broken).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe, "{}", format.name());
        assert_eq!(Format::from_name(format.name()), Some(*format));
    }
}
