//! Dates that documents tie to a look at the state of things, judged by the clock.

use crate::support::program::Project;

/// A project whose documents may say that somebody looked a week ago, and those of `docs/` a year.
fn project(status: &str, notes: &str) -> Project {
    let config = "docs = [\"*.md\", \"docs/*.md\"]\n\n[[timestamp]]\ndocs = [\"docs/*\"]\nmax_age = \"365d\"\n\n\
                  [[timestamp]]\nmax_age = \"7d\"\n";
    Project::new().with("trueup.toml", config).with("STATUS.md", status).with("docs/notes.md", notes)
}

/// The day so many days ago, in UTC.
fn day(days: i64) -> String {
    let then = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days);
    then.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%d").to_string()
}

#[test]
fn what_is_fresh_holds() {
    let project = project(&format!("Last verified: {}\n", day(2)), &format!("Updated {}.\n", day(200)));
    let run = project.run("check");
    run.exits(0);
    assert!(run.stdout().contains("0 claims drifted, 2 hold"), "{}", run.stdout());
}

#[test]
fn what_is_older_than_its_limit_is_a_finding() {
    let project = project(&format!("Last verified: {}\n", day(20)), &format!("Updated {}.\n", day(200)));
    let run = project.run("check --format json");
    run.exits(1);
    let findings = run.findings("stale-timestamp");
    assert_eq!(findings.len(), 1, "{}", run.stdout());
    let message = findings[0].to_string();
    assert!(message.contains("days ago") && message.contains("at most 7 days is allowed"), "{message}");
}

#[test]
fn what_lies_ahead_is_a_finding_of_its_own() {
    let run = project("As of 2999-01-01 all is well.\n", "").run("check --format json");
    run.exits(1);
    assert_eq!((run.findings("future-timestamp").len(), run.findings("stale-timestamp").len()), (1, 0));
}

#[test]
fn an_ignore_comment_takes_its_weight() {
    let run =
        project("Last verified: 2001-01-01 <!-- trueup: ignore: kept as it was -->\n", "").run("check --allow-empty");
    run.exits(0);
    assert!(run.stdout().contains("1 claim ignored"), "{}", run.stdout());
}

#[test]
fn without_a_limit_it_is_listed_and_judged_by_nothing() {
    let project = Project::new().with("a.md", "Last verified: 2001-01-01\n").with("trueup.toml", "docs = [\"*.md\"]\n");
    let run = project.run("check --format json");
    run.exits(4);
    assert_eq!((run.findings("stale-timestamp").len(), run.findings("unbound-claim").len()), (0, 0));
    let listed = project.run("claims --bound a.md");
    listed.exits(0);
    assert_eq!(
        listed.stdout(),
        "a.md:1:1: timestamp 2001-01-01T23:59:59Z — \"Last verified: 2001-01-01\" -> nothing\n1 claim in 1 document\n"
    );
    let explained = project.run("explain a.md:1");
    explained.exits(0);
    assert!(explained.stdout().contains("claim: timestamp"), "{}", explained.stdout());
}
