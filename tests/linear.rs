//! Time in proportion to size, whatever the document: each shape is read at one size and at four times that size.

use std::time::{Duration, Instant};
use std::{fs, thread};

use trueup::claim::examine;
use trueup::claim::lexicon::Lexicon;
use trueup::document::source::SourceFile;
use trueup::document::{directives, markdown, markers};
use trueup::judge::contradiction::{self, statement};

/// The larger document may take so many times as long. 4 would be exact, were it not for fresh pages of memory and colder
/// caches; 16 is what squares take.
const MOST: f64 = 10.0;

/// Times of the larger document below this tell of noise and harm nobody.
const NOISE: Duration = Duration::from_millis(50);

/// Debug builds read documents of this share of the size.
const SHARE: usize = if cfg!(debug_assertions) { 20 } else { 1 };

/// All that is done with a document before anything is measured. Returns something of the result, so that it is done.
fn read(text: &str, lexicon: &Lexicon) -> usize {
    let prose = markdown::prose(text);
    let sections = markers::find(text, &prose.comments);
    let directives = directives::find(text, &prose);
    let examined = examine(text, &prose, lexicon);
    let within = contradiction::within(text, &prose, &examined.claims);
    let opposed = statement::opposed([("a.md", within.statements.as_slice())].into_iter());
    let file = SourceFile::new("a.md", text);
    let columns: usize = examined.claims.iter().map(|claim| file.place(claim.span.start).column).sum();
    columns + sections.sections.len() + directives.directives.len() + opposed.len() + within.miscounts.len()
}

/// Time that this thread has had a processor for, where the system says so: a busy machine does not change it.
fn processor_time() -> Option<Duration> {
    // The kernel brings its account up to date when the thread yields.
    thread::yield_now();
    let account = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    account.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn time(text: &str, lexicon: &Lexicon) -> Duration {
    let runs = (0..3).map(|_| {
        let (began, before) = (Instant::now(), processor_time());
        std::hint::black_box(read(text, lexicon));
        match (before, processor_time()) {
            (Some(before), Some(after)) if after > before => after - before,
            _ => began.elapsed(),
        }
    });
    runs.min().unwrap_or_default()
}

/// Asserts that `shape` of four times the size takes in the order of four times as long.
fn assert_linear(what: &str, size: usize, shape: impl Fn(usize) -> String) {
    let lexicon = Lexicon::english();
    let size = (size / SHARE).max(1);
    let (small, large) = (shape(size), shape(4 * size));
    // A machine that is busy with something else makes single ratios lie; one good measurement in three is enough.
    let mut last = (Duration::ZERO, Duration::ZERO);
    for _ in 0..3 {
        last = (time(&small, &lexicon), time(&large, &lexicon));
        if last.1 < NOISE || last.1.as_secs_f64() < MOST * last.0.as_secs_f64() {
            return;
        }
    }
    panic!("{what}: {:?} for {} bytes, {:?} for {}", last.0, small.len(), last.1, large.len());
}

macro_rules! linear {
    ($($name:ident: $size:literal, $shape:expr;)+) => {
        $(#[test]
        fn $name() {
            assert_linear(stringify!($name), $size, $shape);
        })+
    };
}

linear! {
    unclosed_brackets: 100_000, |n| "[".repeat(n);
    unclosed_round_brackets: 100_000, |n| format!("21/21 up {}", "(".repeat(n));
    closed_brackets: 25_000, |n| format!("{}21/21 up{}", "(".repeat(n), ")".repeat(n));
    one_line_of_digits_and_slashes: 5_000_000, |n| "1/".repeat(n / 2);
    one_line_of_ratios: 1_000_000, |n| "21/21 ".repeat(n / 6);
    one_line_of_digits: 1_000_000, |n| "7".repeat(n);
    one_line_of_grouped_digits: 1_000_000, |n| "7,777".repeat(n / 5);
    one_line_of_percentages: 300_000, |n| "99% ".repeat(n / 4);
    deep_quotes: 20_000, |n| format!("{}21/21 servers up\n", "> ".repeat(n));
    deep_lists: 20_000, |n| format!("{}21/21 servers up\n", "- ".repeat(n));
    deep_lists_on_their_lines: 200, |n| (0..n).map(|depth| format!("{}- 21/21 servers up\n", "  ".repeat(depth.min(300)))).collect();
    a_row_of_cells: 25_000, |n| format!("{}\n{}\n{}\n", "| a ".repeat(n), "|---".repeat(n), "| 21/21 up ".repeat(n));
    rows_of_cells: 50_000, |n| format!("| Service | Status |\n|---|---|\n{}", "| a | ✅ up |\n".repeat(n));
    tables: 10_000, |n| "| a (4 total) | Status |\n|---|---|\n| b | 21/21 up |\n\nwords\n\n".repeat(n);
    emphasis: 100_000, |n| "*a **b ".repeat(n);
    unclosed_emphasis: 100_000, |n| "*a_".repeat(n);
    closed_emphasis: 50_000, |n| "**a** _b_ ***c*** 21/21 **up** ".repeat(n / 10);
    comments: 20_000, |n| "21/21 servers up <!-- trueup: ignore -->\n\n".repeat(n);
    comments_on_one_line: 20_000, |n| "21/21 servers up <!-- trueup: mcp --> ".repeat(n);
    unclosed_comments: 20_000, |n| "<!-- trueup: ignore ".repeat(n);
    markers: 20_000, |n| "<!-- trueup:begin status-table group=mcp -->\n\n".repeat(n);
    sections: 10_000, |n| "<!-- trueup:begin x id=a -->\n21/21 up\n<!-- trueup:end -->\n\n".repeat(n);
    sentences: 20_000, |n| "All 21 servers are operational. ".repeat(n);
    one_sentence: 20_000, |n| "all 21 servers are operational and ".repeat(n);
    clauses: 20_000, |n| "21 servers up, ".repeat(n);
    labels: 20_000, |n| "Status: up: ".repeat(n);
    adverbs: 50_000, |n| format!("servers are {}operational", "not fully ".repeat(n));
    nouns: 50_000, |n| format!("21 {}servers operational", "server ".repeat(n));
    quotations: 50_000, |n| "\"21/21 up ".repeat(n);
    symbols: 50_000, |n| "✅ ".repeat(n);
    items: 20_000, |n| "- **Name**: ✅ 21/21 servers up in the cellar\n".repeat(n);
    items_with_boxes: 20_000, |n| format!("## Status\n\n{}", "- [x] up\n".repeat(n));
    headings: 20_000, |n| "## Servers (21 total)\n".repeat(n);
    headings_over_lists: 10_000, |n| "## Servers (21 total)\n\n- a\n- b\n\n".repeat(n);
    headings_that_sink: 10_000, |n| "# a\n## b (4 total)\n### c\n#### 21/21 up\n##### e\n###### f\n".repeat(n / 6);
    a_section_of_lists: 10_000, |n| format!("## Servers (21 total)\n\n{}", "- a\n\nwords\n\n1. b\n\n".repeat(n));
    long_words: 200_000, |n| format!("{} up", "a".repeat(n));
    hyphens: 100_000, |n| format!("{} up", "a-".repeat(n));
    links: 20_000, |n| "[21/21 up](x) ![a](b) ".repeat(n);
    images: 20_000, |n| "![](https://example.org/badge/tests-21%25-green) ".repeat(n);
    backquotes: 20_000, |n| "`a `` b ".repeat(n);
    entities: 50_000, |n| "&amp;21/21 up ".repeat(n);
    html: 20_000, |n| "<b>21/21</b> <code>up</code> ".repeat(n);
    line_breaks: 50_000, |n| "21/21\n".repeat(n);
    beyond_ascii: 50_000, |n| "é21/21 ü up あ ".repeat(n);
    footnotes: 10_000, |n| "a[^1] 21/21 up\n\n[^1]: b\n\n".repeat(n);
}
