//! One set of ordinary and hostile findings through every format.

#[path = "common/findings.rs"]
mod findings;

use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use findings::{at, findings};
use serde_json::Value;
use trueup::code::Code;
use trueup::document::source::{SourceFile, Span};
use trueup::exit::ExitCode;
use trueup::judge::verdict::Counts;
use trueup::report::diagnostic::{Diagnostic, Severity};
use trueup::report::{Format, Report, Style, render};

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

#[test]
fn concise() {
    let (report, ..) = findings();
    let text = rendered(&report, Format::Concise, &Style::default());
    assert_safe(&text);
    insta::assert_snapshot!(text);
}

#[test]
fn sarif() {
    let (report, ..) = findings();
    let text = rendered(&report, Format::Sarif, &Style::default());
    assert_safe(&text);
    // A new code is no change here: where rules stand, `regions_of_sarif_lead_back_to_the_same_text` looks at.
    let mut json: Value = serde_json::from_str(&text).unwrap();
    let driver = &mut json["runs"][0]["tool"]["driver"];
    driver["semanticVersion"] = "[version]".into();
    driver["rules"].as_array_mut().unwrap().truncate(1);
    let text = serde_json::to_string_pretty(&json).unwrap();
    insta::assert_snapshot!(regex::Regex::new(r#"ndex": \d+"#).unwrap().replace_all(&text, "ndex\": 0"));
}

#[test]
fn junit() {
    let (report, ..) = findings();
    let text = rendered(&report, Format::Junit, &Style::default());
    assert_safe(&text);
    insta::assert_snapshot!(text);
}

#[test]
fn github() {
    let (report, ..) = findings();
    let text = rendered(&report, Format::Github, &Style::default());
    assert_safe(&text);
    assert!(text.lines().all(|line| line.starts_with("::")), "another line is another command: {text}");
    insta::assert_snapshot!(text);
}

#[test]
fn gitlab() {
    let (report, ..) = findings();
    let text = rendered(&report, Format::Gitlab, &Style::default());
    assert_safe(&text);
    insta::assert_snapshot!(text);
}

#[test]
fn tap() {
    let (report, ..) = findings();
    let text = rendered(&report, Format::Tap, &Style::default());
    assert_safe(&text);
    insta::assert_snapshot!(text);
}

#[test]
fn markdown() {
    let (report, ..) = findings();
    let text = rendered(&report, Format::Markdown, &Style::default());
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
    assert_eq!(places, 12);
}

#[test]
fn regions_of_sarif_lead_back_to_the_same_text() {
    let (report, document, config) = findings();
    let json: Value = serde_json::from_str(&rendered(&report, Format::Sarif, &Style::default())).unwrap();
    let run = &json["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let labels: Vec<_> = report.diagnostics().iter().filter(|diagnostic| diagnostic.primary.is_some()).collect();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), labels.len());
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), Code::ALL.len());
    let mut places = 0;
    for (result, diagnostic) in results.iter().zip(labels) {
        assert_eq!(result["ruleId"], diagnostic.code.name());
        assert_eq!(rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()]["id"], result["ruleId"]);
        assert_eq!(result["suppressions"].as_array().unwrap().is_empty(), diagnostic.suppressed.is_none());
        assert_eq!(result["level"] == "none", result["kind"] != "fail", "a level is for what failed: {result}");
        let related = result["relatedLocations"].as_array().into_iter().flatten();
        let locations = result["locations"].as_array().unwrap().iter().chain(related);
        for (location, label) in locations.zip(diagnostic.primary.iter().chain(&diagnostic.secondary)) {
            let place = &location["physicalLocation"];
            let uri = &place["artifactLocation"]["uri"];
            let file = [&document, &config].into_iter().find(|file| file.name() == uri).unwrap();
            let end = |which: &str| {
                let (line, column) =
                    (&place["region"][format!("{which}Line")], &place["region"][format!("{which}Column")]);
                offset(file.text(), &serde_json::json!({"line": line, "column": column}))
            };
            assert_eq!(&file.text()[end("start")..end("end")], label.file.slice(label.span));
            places += 1;
        }
    }
    assert_eq!(places, 12);
    let unasked = &run["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(unasked[0]["associatedRule"]["id"], "unmeasured-source");
}

#[test]
fn false_unknown_and_unasked_stay_apart() {
    let (report, ..) = findings();
    let junit = rendered(&report, Format::Junit, &Style::default());
    assert_eq!(junit.matches("<failure ").count(), 4, "{junit}");
    assert_eq!(junit.matches("<error ").count(), 1, "{junit}");
    assert_eq!(junit.matches("<skipped message=\"nothing measures it: ").count(), 1, "{junit}");
    assert_eq!(junit.matches("<skipped message=\"ignored by a comment: ").count(), 1, "{junit}");
    let tap = rendered(&report, Format::Tap, &Style::default());
    assert_eq!(tap.matches("  severity: fail\n").count(), 4, "{tap}");
    assert_eq!(tap.matches("  severity: error\n").count(), 1, "{tap}");
    assert_eq!(tap.lines().filter(|line| line.starts_with("not ok ")).count(), 5, "{tap}");
    let planned = tap.lines().find_map(|line| line.strip_prefix("1..")).unwrap();
    let told = tap.lines().filter(|line| line.starts_with("ok ") || line.starts_with("not ok ")).count();
    assert_eq!(planned, told.to_string());
}

/// What GitLab wants of every issue, from its documentation; there is no schema in a package to hold it against.
#[test]
fn issues_of_gitlab_have_what_it_wants() {
    let (report, document, _) = findings();
    let twice = report.diagnostics().iter().cloned().chain(report.diagnostics().iter().cloned()).collect();
    let report = Report::new(vec![document.name().to_owned()], twice, report.counts, report.took, report.exit);
    let json: Value = serde_json::from_str(&rendered(&report, Format::Gitlab, &Style::default())).unwrap();
    let issues = json.as_array().unwrap();
    assert_eq!(issues.len(), report.diagnostics().iter().filter(|diagnostic| diagnostic.suppressed.is_none()).count());
    for issue in issues {
        assert!(["description", "check_name"].iter().all(|key| !issue[key].as_str().unwrap().is_empty()), "{issue}");
        let severity = issue["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{issue}");
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(!path.is_empty() && !path.starts_with(['.', '/']), "{issue}");
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1, "{issue}");
    }
    let mut fingerprints: Vec<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), issues.len(), "GitLab shows one of two issues with the same fingerprint");
}

#[test]
fn what_comes_from_outside_is_no_markup_in_a_comment() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let (report, ..) = findings();
    let text = rendered(&report, Format::Markdown, &Style::default());
    assert!(text.find("| claims |").unwrap() < text.find("ratio-drift").unwrap());
    let (mut code, mut plain) = (0, String::new());
    let mut in_block = false;
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("a link in {text}"),
            Event::InlineHtml(html) => panic!("`{html}` in {text}"),
            Event::Html(html) => {
                let ours = ["<details><summary>evidence</summary>", "</details>"];
                assert!(ours.contains(&html.trim()), "`{html}` in {text}");
            }
            Event::Start(Tag::CodeBlock(_)) => in_block = true,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_block = false,
            Event::Code(_) => code += 1,
            Event::Text(part) if !in_block => plain.push_str(&part),
            _ => {}
        }
    }
    assert!(code > 10, "{text}");
    assert!(!plain.contains('@') && !plain.contains("evil"), "outside of code: {plain}");
}

#[test]
fn a_comment_is_bounded_and_says_what_it_left_out() {
    let file = Arc::new(SourceFile::new("a.md", "21/21 up"));
    let finding = || {
        let long = "`é|<b>".repeat(10_000);
        let diagnostic = Diagnostic::new(Code::RatioDrift, Severity::Error, long.clone());
        (0..100).fold(diagnostic.at(&file, Span::new(0, 5), ""), |diagnostic, _| diagnostic.note(long.clone()))
    };
    let diagnostics: Vec<Diagnostic> = (0..50).map(|_| finding()).collect();
    let report = Report::new(vec![], diagnostics, Counts::default(), Duration::ZERO, ExitCode::Drift);
    let text = rendered(&report, Format::Markdown, &Style::default());
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(text.contains("\n… and 70 more lines") || text.contains("  … and 70 more lines"), "{text}");
    assert!(text.contains(" more findings are left out"), "{}", &text[text.len() - 200..]);
}

#[test]
fn a_hostile_file_name_breaks_out_of_no_format() {
    let name = "a,b:c%\r\n::error::\u{1b}[31m\u{202e}](x) `<b>` # SKIP.md";
    let file = Arc::new(SourceFile::new(name, "21/21 up # SKIP"));
    let finding = Diagnostic::new(Code::RatioDrift, Severity::Error, "x").at(&file, Span::new(0, 15), "");
    let report = Report::new(vec![name.to_owned()], vec![finding], Counts::default(), Duration::ZERO, ExitCode::Drift);
    for format in Format::ALL {
        let text = rendered(&report, *format, &Style::default());
        assert_safe(&text);
        assert!(!text.lines().any(|line| line.starts_with("::error::")), "{}: {text}", format.name());
    }
    let tap = rendered(&report, Format::Tap, &Style::default());
    assert!(!tap.lines().any(|line| line.starts_with("not ok") && line.contains(" # SKIP")), "{tap}");
    let github = rendered(&report, Format::Github, &Style::default());
    assert!(github.starts_with("::error file=a%2Cb%3Ac%25"), "{github}");
    let sarif: Value = serde_json::from_str(&rendered(&report, Format::Sarif, &Style::default())).unwrap();
    let uri = sarif["runs"][0]["artifacts"][0]["location"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("a%2Cb%3Ac%25%0D%0A%3A%3Aerror"), "{uri}");
}

#[test]
fn a_document_without_a_finding_is_a_test_that_passes() {
    let documents = vec!["a.md".to_owned(), "a.md".to_owned(), "b.md".to_owned()];
    let counts = Counts { documents: 2, holds: 3, ..Counts::default() };
    let report = Report::new(documents, vec![], counts, Duration::ZERO, ExitCode::Clean);
    let tap = rendered(&report, Format::Tap, &Style::default());
    assert_eq!(
        tap,
        "TAP version 14\n1..2\nok 1 - a.md: no finding\nok 2 - b.md: no finding\n# 2 documents: 0 claims drifted, 3 hold\n"
    );
    let junit = rendered(&report, Format::Junit, &Style::default());
    assert!(junit.contains("<testsuites name=\"trueup\" tests=\"2\" failures=\"0\" errors=\"0\">"), "{junit}");
    assert_eq!(rendered(&report, Format::Gitlab, &Style::default()), "[]\n");
    assert!(rendered(&report, Format::Markdown, &Style::default()).starts_with("### trueup: no drift\n"));
}

#[test]
fn human_origins_are_the_places_of_the_json() {
    let (report, ..) = findings();
    let text = rendered(&report, Format::Human, &Style::default());
    for diagnostic in report.diagnostics().iter().filter(|diagnostic| diagnostic.suppressed.is_none()) {
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
