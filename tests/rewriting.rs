//! Whatever a document looks like: every claim is a piece of its text, and `fix` writes between markers alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::test_runner::TestCaseError;
use trueup::claim::{self, lexicon::Lexicon};
use trueup::config;
use trueup::config::policy::Policy;
use trueup::document::section::Sections;
use trueup::document::source::SourceFile;
use trueup::document::{directives, edit, markdown, markers};
use trueup::fix::sections::section_edits;
use trueup::measure::measurement::Snapshot;
use trueup::measure::schedule::{self, Bounds};
use trueup::measure::source::Sources;
use trueup::render::environment::Templates;
use trueup::render::section::Renderer;

/// Two things to measure, of which one is there.
const CONFIG: &str = "[group.files]\nnames = [\"files\"]\n[group.files.target.here]\n\
    check.file = { path = \"Cargo.toml\", matches = \"trueup\" }\n\
    [group.files.target.gone]\ncheck.file = { path = \"no such file\", matches = \"x\" }\n";

fn measured() -> (Policy, Snapshot) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let policy = config::parse(&Arc::new(SourceFile::new("trueup.toml", CONFIG)), root).unwrap().policy;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bounds = Bounds {
        deadline: std::time::Duration::from_secs(60),
        concurrency: 4,
        processes: trueup::measure::schedule::Processes::AtMost(1),
    };
    let snapshot = runtime.block_on(schedule::run(&policy.plan(), &Sources::new(false), bounds));
    (policy, snapshot)
}

/// Pieces of documents that have to do with each other.
fn piece() -> impl Strategy<Value = String> {
    let fixed = |text: &'static str| Just(text.to_owned());
    let section = |body: &str| format!("<!-- trueup:begin status-table group=files -->\n{body}<!-- trueup:end -->\n");
    prop_oneof![
        4 => Just(section("")),
        2 => Just(section("old text\n\n| a | b |\n|---|---|\n")),
        1 => Just(section("```\n")),
        1 => Just(section("").replace('\n', "\r\n")),
        1 => Just(section("").replace("<!--", "> <!--")),
        1 => Just(section("").replace("<!--", "- <!--")),
        1 => Just(section("").replace("files", "nothing")),
        1 => Just(format!("~~~\n{}~~~\n", section(""))),
        1 => fixed("<!-- trueup:begin status-table group=files -->\n"),
        1 => fixed("<!-- trueup:end -->\n"),
        3 => fixed("\n"),
        1 => fixed("\r\n"),
        1 => fixed("\u{feff}"),
        2 => fixed("All **files** operational: 1/2 files, `100%` up ✅\n"),
        1 => fixed("| file | state |\n|---|---|\n| here | ✅ up |\n"),
        1 => fixed("<!-- trueup: ignore: tried -->\n"),
        1 => fixed("<!-- trueup: files -->"),
        1 => fixed("    "),
        1 => fixed("> "),
        1 => fixed("- "),
        1 => fixed("```\n"),
        1 => fixed("<!--"),
        1 => fixed("-->"),
        2 => "[a-z #*_`|<>\\[\\]()!\\\\é-]{0,12}",
        1 => any::<String>(),
    ]
}

/// The text outside of the sections, in order.
fn outside<'a>(source: &'a str, sections: &Sections) -> Vec<&'a str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for section in &sections.sections {
        pieces.push(&source[from..section.begin.start]);
        from = section.end.end;
    }
    pieces.push(&source[from..]);
    pieces
}

fn rewriting_holds(source: &str, policy: &Policy, snapshot: &Snapshot) -> Result<(), TestCaseError> {
    let prose = markdown::prose(source);
    for claim in claim::claims(source, &prose, &Lexicon::english()) {
        prop_assert!(source.get(claim.span.range()).is_some_and(|quote| !quote.is_empty()), "{claim:?}");
    }
    for directive in directives::find(source, &prose).directives {
        prop_assert!(source.get(directive.span.range()).is_some_and(|text| text.starts_with("<!--")), "{directive:?}");
    }
    let sections = markers::find(source, &prose.comments);
    let templates = Templates::new(BTreeMap::new());
    let renderer = Renderer::new(&templates, policy, snapshot);
    let statuses = |source: &str, sections: &Sections| {
        sections.sections.iter().map(|section| renderer.status(source, section)).collect::<Vec<_>>()
    };
    let before = section_edits(&sections, &statuses(source, &sections), true);
    let fixed = edit::apply(source, &before.edits).expect("edits do not overlap");
    let again = markers::find(&fixed, &markdown::prose(&fixed).comments);
    prop_assert_eq!(outside(&fixed, &again), outside(source, &sections), "{}", fixed);
    let after = section_edits(&again, &statuses(&fixed, &again), true);
    prop_assert_eq!(after.edits, vec![], "twice is once: {}", fixed);
    prop_assert_eq!(after.left, before.left);
    prop_assert_eq!(again.faults.len(), sections.faults.len());
    Ok(())
}

#[test]
fn bytes_outside_of_sections_never_change() {
    let (policy, snapshot) = measured();
    let pieces = proptest::collection::vec(piece(), 0..12);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner.run(&pieces, |pieces| rewriting_holds(&pieces.concat(), &policy, &snapshot)).unwrap();
}

#[test]
fn two_sections_and_all_that_stands_around_them() {
    let (policy, snapshot) = measured();
    let section = "<!-- trueup:begin status-table group=files -->\n<!-- trueup:end -->\n";
    rewriting_holds(&format!("\u{feff}a\r\n\n{section}b\n\n{section}c"), &policy, &snapshot).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_document(source in any::<String>()) {
        let prose = markdown::prose(&source);
        for claim in claim::claims(&source, &prose, &Lexicon::english()) {
            prop_assert!(source.get(claim.span.range()).is_some());
        }
        prop_assert_eq!(markers::find(&source, &prose.comments).sections.len(), 0);
    }
}
