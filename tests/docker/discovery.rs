//! Containers found by their labels.

use trueup::measure::container_request::ContainerQuery;
use trueup::measure::discover::{self, Handle};
use trueup::measure::request::Discover;
use trueup::rung::Rung;

use crate::looks::block_on;
use crate::support::engine::TestEngine;

#[test]
fn containers_with_all_labels_by_name_stopped_ones_too() {
    let Some(engine) = TestEngine::require("containers_with_all_labels_by_name_stopped_ones_too") else { return };
    let label = |value: &str| format!("com.example.discovery={value}-{}", std::process::id());
    let (ours, theirs) = (label("ours"), label("theirs"));
    let tagged = ["--label", &ours, "--label", "com.example.tier=one"];
    let b = engine.run("find-b", &tagged, &["sleep", "300"]);
    let a = engine.create("find-a", &tagged, &["true"]);
    let _half = engine.create("find-half", &["--label", &ours], &["true"]);
    let _other = engine.create("find-other", &["--label", &theirs, "--label", "com.example.tier=one"], &["true"]);

    let sources = engine.sources();
    let find = |labels: Vec<String>| {
        let query = ContainerQuery { labels, ..ContainerQuery::default() };
        block_on(discover::discover(&Discover::Docker(query), &sources)).expect("the engine has a list")
    };
    let found = find(vec![ours, "com.example.tier".to_owned()]);
    let names: Vec<&str> = found.iter().map(|found| found.name.as_str()).collect();
    assert_eq!(names, [a.name(), b.name()]);
    for (found, container) in found.iter().zip([&a, &b]) {
        assert_eq!(found.origin, Rung::Exists);
        let Handle::Container { id } = &found.handle else { panic!("{found:?} has no container") };
        assert_eq!(*id, container.inspect("{{.Id}}").unwrap());
    }
    assert!(find(vec!["com.example.no-such-label".to_owned()]).is_empty());
}
