//! Kill -9 at random moments: the old file or the new one, never a mixture, and no litter after the next run.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use trueup::files::{self, Written};

use crate::support::program::Project;

/// Name of the variable that makes a run of this test binary the writer.
const FOLDER: &str = "TRUEUP_TEST_WRITER";

/// Documents that the writer goes round.
const DOCUMENTS: usize = 7;

/// Writes that there must have been in all.
const WRITES: u64 = 1000;

/// One version of a document: its number on every line, so that a mixture shows.
fn version(number: u64) -> String {
    let line = format!("version {number:012} {}\n", "x".repeat(80));
    line.repeat(1 + usize::try_from(number % 7).unwrap() * 400)
}

/// The number of a document that is whole.
fn whole(text: &str) -> Option<u64> {
    let number = text.lines().next()?.split(' ').nth(1)?.parse().ok()?;
    (text == version(number)).then_some(number)
}

/// Not a test of its own: what is killed. Writes the documents in turn, each time the next version, and says so.
#[test]
fn writer() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    for number in 0.. {
        let path = folder.join(format!("{}.md", number % DOCUMENTS));
        let loaded = files::read(&path).unwrap();
        let next = whole(loaded.source.text()).unwrap() + 1;
        let written = files::write(&path, &version(next), &loaded.fingerprint, folder).unwrap();
        assert_eq!(written, Written::Replaced);
        println!("\nwritten");
    }
}

fn litter(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.ends_with(".md") || name.starts_with('.')).collect()
}

#[test]
fn a_killed_write_leaves_the_old_document_or_the_new() {
    // In memory where there is such a place: a disk would spend the time on waiting, and no kill waits for it.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let paths: Vec<_> = (0..DOCUMENTS).map(|number| folder.path().join(format!("{number}.md"))).collect();
    for path in &paths {
        fs::write(path, version(0)).unwrap();
    }
    let (mut writes, mut kills, mut littered) = (0, 0, 0);
    let began = Instant::now();
    while writes < WRITES || kills < 40 {
        assert!(began.elapsed() < Duration::from_secs(120), "{writes} writes in {:?}", began.elapsed());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed::writer", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = lines.map_while(Result::ok).filter(|line| line == "written");
        // Somewhere in its first writes, and then somewhere inside of one.
        let few = usize::try_from(fastrand::u64(1..50)).unwrap();
        let seen = told.by_ref().take(few).count();
        thread::sleep(Duration::from_micros(fastrand::u64(0..1500)));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(seen, few, "it ended by itself");
        writes += u64::try_from(seen + told.count()).unwrap();
        kills += 1;
        littered += litter(folder.path()).len();
        for path in &paths {
            let text = fs::read_to_string(path).unwrap();
            assert!(whole(&text).is_some(), "{} is a mixture: {} bytes", path.display(), text.len());
        }
        files::sweep(paths.iter().map(|path| path.as_path()));
        assert_eq!(litter(folder.path()), Vec::<String>::new(), "after the sweep of the next run");
    }
    let sum: u64 = paths.iter().map(|path| whole(&fs::read_to_string(path).unwrap()).unwrap()).sum();
    assert!(sum >= writes, "{sum} versions after {writes} writes: one that was told is gone");
    eprintln!("{writes} writes, {kills} kills, {littered} of them left a file that was swept, {:?}", began.elapsed());
}

const CONFIG: &str = "[group.files]\nnames = [\"files\"]\n[group.files.target.here]\n\
    check.file = { path = \"trueup.toml\", matches = \"files\" }\n[group.files.target.gone]\n\
    check.file = { path = \"gone\", matches = \"x\" }\n";

/// The same with the whole program, which has more to do before it writes.
#[test]
fn a_killed_fix_leaves_the_old_document_or_the_new() {
    let old = "2/2 files operational, and more. ".repeat(200)
        + "\n\n<!-- trueup:begin status-table group=files -->\n<!-- trueup:end -->\n";
    let fixed = Project::new().with("trueup.toml", CONFIG).with("a.md", &old);
    let took = fixed.run("fix --allow-empty").took;
    let new = fixed.text("a.md");
    assert_ne!(new, old);
    let (mut olds, mut news) = (0, 0);
    for _ in 0..25 {
        let project = Project::new().with("trueup.toml", CONFIG).with("a.md", &old).with("b.md", &old);
        let started = project.trueup(["fix"]).start();
        thread::sleep(took.mul_f64(fastrand::f64() * 1.2));
        // A process that has ended is still ours to wait for: its number cannot be another's.
        let id = rustix::process::Pid::from_raw(i32::try_from(started.id()).unwrap()).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
        started.end();
        for name in ["a.md", "b.md"] {
            let text = project.text(name);
            assert!(text == old || text == new, "{text}");
            if text == old { olds += 1 } else { news += 1 }
        }
        project.run("fix").exits(0);
        assert_eq!((project.text("a.md"), project.text("b.md")), (new.clone(), new.clone()));
        assert_eq!(litter(project.folder()), ["trueup.toml"]);
    }
    eprintln!("killed before the write {olds} times, after it {news} times");
}
