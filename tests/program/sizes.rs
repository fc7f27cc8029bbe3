//! Large documents: time in proportion to size, and every byte outside of what is written as it was.

use std::time::Duration;

use crate::support::program::{Project, Run};

/// The document of four times the size may take so many times as long: 16 is what squares take.
const MOST: f64 = 8.0;

/// Times of the larger document below this tell of noise and harm nobody.
const NOISE: Duration = Duration::from_millis(200);

/// Longest time for one run; far more than it needs.
const WITHIN: Duration = Duration::from_secs(300);

const CONFIG: &str = "docs = [\"D.md\"]\n\n[group.workers]\nnames = [\"services\"]\n\
    [group.workers.target.fetch]\ncheck.file = { path = \"trueup.toml\" }\n\
    [group.workers.target.store]\ncheck.file = { path = \"missing\" }\n";

const BEGIN: &str = "<!-- trueup:begin status-table group=workers -->\n";
const END: &str = "<!-- trueup:end -->\n";

/// A document in parts: what stands between sections, and where sections stand.
struct Parts {
    between: Vec<String>,
}

impl Parts {
    /// Text of at least `size` bytes with a section and false claims now and then.
    fn of_text(size: usize) -> Parts {
        let (mut between, mut text, mut whole) = (Vec::new(), String::new(), 0);
        for number in 0.. {
            let before = text.len();
            text.push_str(&format!(
                "## Part {number}\n\nThe store of part {number} keeps what the [fetcher](docs/{number}.md) brought, and \
                 *nothing* else; see `store --help`.\n\n- item one of {number}\n- item two  \n\n| a | b |\n|---|---|\n\
                 | {number} | text |\n\n"
            ));
            if number % 500 == 0 {
                text.push_str("Services: 2/2 present.\n\n");
            }
            whole += text.len() - before;
            if whole >= size {
                break;
            }
            if number % 2000 == 0 {
                between.push(std::mem::take(&mut text));
            }
        }
        between.push(text);
        Parts { between }
    }

    /// So many sections, each under a heading.
    fn of_sections(count: usize) -> Parts {
        let heading = |number| format!("\n## Part {number}\n\nText of part {number}.\n\n");
        Parts { between: (0..=count).map(heading).collect() }
    }

    /// The document before anything was written.
    fn empty(&self) -> String {
        self.between.join(&format!("{BEGIN}{END}"))
    }

    /// Asserts that nothing but sections and false claims differ in `fixed`.
    fn assert_kept(&self, fixed: &str) {
        let mut rest = fixed;
        for (number, between) in self.between.iter().enumerate() {
            if number > 0 {
                let body = rest.strip_prefix(BEGIN).expect("a section where one was");
                let (body, after) = body.split_once("<!-- trueup:end facts=").expect("an end where one was");
                assert!(body.contains("| `store` ") && body.contains("| ❌ not present |"), "{body}");
                rest = after.split_once(" -->\n").expect("a record of what was written").1;
            }
            rest = rest.strip_prefix(&between.replace("2/2 present", "1/2 present")).unwrap_or_else(|| {
                panic!("part {number} of {} is not as it was", self.between.len());
            });
        }
        assert_eq!(rest, "");
    }
}

#[track_caller]
fn run(project: &Project, command: &str) -> Run {
    let run = project.trueup([command]).within(WITHIN).run();
    run.exits(0);
    run
}

/// Writes the document, judges it, and asserts that a second `fix` finds nothing to do. Returns the times of `fix` and of
/// `check`.
fn walk(parts: &Parts) -> [Duration; 2] {
    let project = Project::new().with("trueup.toml", CONFIG).with("D.md", parts.empty());
    let fix = run(&project, "fix");
    parts.assert_kept(&project.text("D.md"));
    let state = project.state();
    let check = run(&project, "check");
    run(&project, "fix");
    assert!(project.state() == state, "neither bytes nor times");
    [fix.busy, check.busy]
}

/// Asserts that four times the size takes in the order of four times as long.
fn assert_linear(small: &Parts, large: &Parts) {
    // A machine that is busy with something else makes single ratios lie; one good measurement in three is enough.
    let mut last = Vec::new();
    for _ in 0..3 {
        let [small, large] = [walk(small), walk(large)];
        last = small.into_iter().zip(large).collect();
        if last.iter().all(|(small, large)| *large < NOISE || large.as_secs_f64() < MOST * small.as_secs_f64()) {
            return;
        }
    }
    panic!("fix and check, first of the small document, then of the one of four times its size: {last:?}");
}

#[test]
fn ten_megabytes_take_four_times_as_long_as_a_quarter_of_them() {
    const SIZE: usize = 10_000_000;
    let large = Parts::of_text(SIZE);
    assert!(large.empty().len() >= SIZE && large.between.len() > 10);
    assert_linear(&Parts::of_text(SIZE / 4), &large);
}

#[test]
fn a_thousand_sections_take_four_times_as_long_as_a_quarter_of_them() {
    assert_linear(&Parts::of_sections(250), &Parts::of_sections(1000));
}
