//! How fast claims are read, beside a bare pass of the Markdown parser over the same bytes in the same run.
//!
//! `cargo bench --bench throughput` reads documents of its own making. `TRUEUP_BENCH_DOCS=FOLDER` reads the Markdown files
//! of a folder instead, again and again up to `TRUEUP_BENCH_BYTES` bytes (4000000 where it is not given).

use std::num::NonZero;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

use divan::Bencher;
use divan::counter::BytesCount;
use pulldown_cmark::{Options, Parser};
use trueup::claim::{self, lexicon::Lexicon};
use trueup::document::{directives, markdown, markers};
use trueup::judge::contradiction;

fn main() {
    divan::main();
}

static DOCUMENTS: LazyLock<Vec<String>> = LazyLock::new(documents);

fn documents() -> Vec<String> {
    let bytes = env::var("TRUEUP_BENCH_BYTES").ok().and_then(|bytes| bytes.parse().ok()).unwrap_or(4_000_000);
    let originals = match env::var_os("TRUEUP_BENCH_DOCS") {
        Some(folder) => {
            let paths =
                fs::read_dir(folder).expect("TRUEUP_BENCH_DOCS is a folder").flatten().map(|entry| entry.path());
            let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
            paths.sort();
            paths.iter().filter_map(|path| fs::read_to_string(path).ok()).collect()
        }
        None => (0..40).map(document).collect::<Vec<String>>(),
    };
    let mut found = Vec::new();
    let mut size = 0;
    for original in originals.iter().filter(|text| !text.is_empty()).cycle() {
        if size >= bytes {
            break;
        }
        size += original.len();
        found.push(original.clone());
    }
    found
}

/// A document as projects have them: prose, code, lists, tables, here and there a status.
fn document(seed: usize) -> String {
    let mut text = format!(
        "# Service {seed}\n\nThis folder holds the part of the project that takes orders and sends them on.\n\n"
    );
    for part in 0..12 {
        let n = seed * 7 + part;
        text.push_str(&format!("## Part {part}: routes and queues\n\n"));
        text.push_str(
            "A request goes through the **gateway**, which checks its token and looks up the tenant. What it finds is \
             kept in a cache for a minute; see [the notes](notes.md) on why it is not longer. Do not call the store \
             directly: the `orders` table is written by one process, and two writers would fight over its locks.\n\n",
        );
        match n % 4 {
            0 => {
                text.push_str(&format!("Status: {}/{} workers running, all endpoints healthy.\n\n", n % 20, n % 20 + 1))
            }
            1 => text.push_str(
                "```sh\ncargo run --release -- serve --port 8080\ncurl localhost:8080/health   # 200 OK\n```\n\n",
            ),
            2 => {
                text.push_str("| Name | Port | Status |\n|---|---|---|\n");
                for row in 0..6 {
                    text.push_str(&format!("| worker-{row} | {} | ✅ Running |\n", 8000 + row));
                }
                text.push('\n');
            }
            _ => {
                for item in 0..6 {
                    text.push_str(&format!(
                        "- **Queue {item}** - keeps what worker {item} has not taken yet, in order\n"
                    ));
                }
                text.push('\n');
            }
        }
    }
    text
}

fn bytes() -> BytesCount {
    BytesCount::new(DOCUMENTS.iter().map(String::len).sum::<usize>())
}

/// The parser alone, with the extensions and offsets that are used.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn a_bare_pass(bencher: Bencher) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    bencher.counter(bytes()).bench(|| {
        let events =
            |text: &String| Parser::new_ext(text, options).into_offset_iter().map(|(_, at)| at.end).sum::<usize>();
        DOCUMENTS.iter().map(events).sum::<usize>()
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn b_prose(bencher: Bencher) {
    bencher.counter(bytes()).bench(|| DOCUMENTS.iter().map(|text| markdown::prose(text).pieces.len()).sum::<usize>());
}

fn claims(text: &str, lexicon: &Lexicon) -> usize {
    claim::claims(text, &markdown::prose(text), lexicon).len()
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn c_claims(bencher: Bencher) {
    let lexicon = Lexicon::english();
    bencher.counter(bytes()).bench(|| DOCUMENTS.iter().map(|text| claims(text, &lexicon)).sum::<usize>());
}

/// Claims, sections, comments and contradictions: all that `check` does with a document before it measures.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn d_everything(bencher: Bencher) {
    let lexicon = Lexicon::english();
    bencher.counter(bytes()).bench(|| DOCUMENTS.iter().map(|text| everything(text, &lexicon)).sum::<usize>());
}

fn everything(text: &str, lexicon: &Lexicon) -> usize {
    let prose = markdown::prose(text);
    let sections = markers::find(text, &prose.comments);
    let directives = directives::find(text, &prose);
    let claims = claim::claims(text, &prose, lexicon);
    let within = contradiction::within(text, &prose, &claims);
    claims.len() + sections.sections.len() + directives.directives.len() + within.statements.len()
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn e_claims_on_all_processors(bencher: Bencher) {
    let lexicon = Lexicon::english();
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    bencher.counter(bytes()).bench(|| {
        let next = AtomicUsize::new(0);
        let worker = || {
            let mut found = 0;
            while let Some(text) = DOCUMENTS.get(next.fetch_add(1, Ordering::Relaxed)) {
                found += claims(text, &lexicon);
            }
            found
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
            workers.into_iter().map(|worker| worker.join().unwrap_or(0)).sum::<usize>()
        })
    });
}
