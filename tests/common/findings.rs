//! One set of ordinary and hostile findings, for every format.

use std::sync::Arc;
use std::time::Duration;

use trueup::code::Code;
use trueup::document::edit::Edit;
use trueup::document::source::{SourceFile, Span};
use trueup::exit::ExitCode;
use trueup::judge::verdict::Counts;
use trueup::report::Report;
use trueup::report::diagnostic::{Diagnostic, Severity, Suppression};

const DOCUMENT: &str = "\u{feff}# Status ✅\r\n\r\n- **MCP servers**: 21/21 operational\r\n\tタブ\tと全角: 100% functional\r\n\
    All endpoints\r\n  are working.\r\n\u{1b}]0;owned\u{7}esc \u{1b}[31mred\u{9b}2J \u{202e}gnp.exe 5/5 up\r\nlast line, ten tools";

const CONFIG: &str = "[group.mcp]\nexpect = 21\n\n[group.endpoints]\n";

/// The first place where `text` stands.
pub fn at(file: &SourceFile, text: &str) -> Span {
    let start = file.text().find(text).unwrap();
    Span::new(start, start + text.len())
}

/// Findings in an order that is not the one of the report.
pub fn findings() -> (Report, Arc<SourceFile>, Arc<SourceFile>) {
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
    ignored.suppressed = Some(Suppression::Ignored);
    let known = |why: Suppression| Diagnostic {
        suppressed: Some(why),
        ..Diagnostic::new(Code::CountDrift, Severity::Error, "claimed 5 up, measured 4").at(
            &document,
            at(&document, "5/5 up"),
            "",
        )
    };
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
            known(Suppression::Known),
            known(Suppression::Older),
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
            Diagnostic::new(Code::UnboundClaim, Severity::Warning, "nothing in trueup.toml answers \"MCP servers\"")
                .at(&document, at(&document, "MCP servers"), ""),
            Diagnostic::new(Code::UnmeasuredClaim, Severity::Error, "claimed it works, which could not be measured")
                .at(&document, at(&document, "last line"), "could not be measured")
                .note("docker: no engine [click](http://evil.example) @everyone"),
            Diagnostic::new(Code::MisplacedMarker, Severity::Note, "at the end of the text").at(
                &document,
                Span::new(DOCUMENT.len(), DOCUMENT.len()),
                "here",
            ),
        ];
    let counts = Counts {
        documents: 1,
        drifted: 4,
        unmeasured: 1,
        unbound: 1,
        ignored: 1,
        known: 1,
        older: 1,
        ..Counts::default()
    };
    let documents = vec!["docs/CLAUDE.md".to_owned()];
    let report = Report::new(documents, diagnostics, counts, Duration::from_millis(1234), ExitCode::Drift);
    (report, document, config)
}
