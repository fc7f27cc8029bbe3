//! docs/codes.md is made of the texts of `trueup explain CODE`. `TRUEUP_WRITE_DOCS=1 cargo test --test codes` rewrites it.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use trueup::code::Code;
use trueup::report::codes;

#[test]
fn the_page_is_made_of_the_texts() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes.md");
    let page = codes::page();
    if env::var_os("TRUEUP_WRITE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let told = "docs/codes.md is not what the texts say; run `TRUEUP_WRITE_DOCS=1 cargo test --test codes`";
    assert!(page == written, "{told}");
    for code in Code::ALL {
        assert_eq!(page.matches(&format!("\n## {}\n", code.name())).count(), 1, "{}", code.name());
    }
    // Examples of false claims are no claims of ours.
    let prose = trueup::document::markdown::prose(&page);
    let directives = trueup::document::directives::find(&page, &prose).directives;
    assert_eq!(directives[0].covers.range(), 0..page.len());
}

fn explain(topic: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
    let output = command.args(["explain", topic]).env("COLUMNS", "80").env("NO_COLOR", "1").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_program_explains_every_code() {
    let (exit, list, _) = explain("codes");
    assert_eq!((exit, list.lines().count()), (Some(0), Code::ALL.len()));
    for code in Code::ALL {
        let (exit, said, _) = explain(code.name());
        assert_eq!(exit, Some(0));
        let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let guide = code.guide();
        for text in [code.description(), guide.why, guide.fix, guide.ignore] {
            assert!(flat.contains(text), "{} lacks {text:?}", code.name());
        }
        let long = said
            .lines()
            .find(|line| line.chars().count() > 80 && line.starts_with(|c: char| c != ' ') && !line.contains(": "));
        assert_eq!(long, None);
        assert!(list.contains(&format!("{} ", code.name())));
    }
    let (exit, _, said) = explain("ratio-drfit");
    assert_eq!(exit, Some(2));
    assert!(said.contains("did you mean `ratio-drift`?"), "{said}");
}
