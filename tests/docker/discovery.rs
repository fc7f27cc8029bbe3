//! Containers found by their labels.

use trueup::measure::container_request::ContainerQuery;
use trueup::measure::discover::{self, Handle};
use trueup::measure::request::Discover;
use trueup::rung::Rung;

use crate::looks::block_on;
use crate::support::engine::TestEngine;
use crate::support::program::Project;

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

#[test]
fn by_name_by_project_and_by_swarm_service() {
    let Some(engine) = TestEngine::require("by_name_by_project_and_by_swarm_service") else { return };
    let mine = format!("project-{}", std::process::id());
    let project = format!("com.docker.compose.project={mine}");
    let web = engine.run("by-name-web", &["--label", &project], &["sleep", "300"]);
    let api = engine.run("by-name-api", &["--label", &project], &["sleep", "300"]);
    let sources = engine.sources();
    let find = |query: ContainerQuery| {
        let found = block_on(discover::discover(&Discover::Docker(query), &sources)).expect("the engine has a list");
        found.into_iter().map(|found| found.name).collect::<Vec<_>>()
    };
    let pattern = |end: &str| Some(format!("trueup-{}-by-name-{end}", std::process::id()));
    assert_eq!(find(ContainerQuery { name: pattern("*"), ..ContainerQuery::default() }), [api.name(), web.name()]);
    assert_eq!(find(ContainerQuery { name: pattern("w??"), ..ContainerQuery::default() }), [web.name()]);
    let of_project = ContainerQuery { project: Some(mine.clone()), ..ContainerQuery::default() };
    assert_eq!(find(of_project.clone()), [api.name(), web.name()]);
    assert_eq!(find(ContainerQuery { name: pattern("api"), ..of_project }), [api.name()]);

    // As a swarm labels them: the container that a task had before counts no more.
    let service = format!("com.docker.swarm.service.name={mine}");
    let task = |id: &str| format!("com.docker.swarm.task.name={mine}.1.{id}");
    let (first, second) = (task("aaa"), task("bbb"));
    let _old = engine.run("swarm-old", &["--label", &service, "--label", &first], &["false"]);
    // Engines tell whole seconds.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let new = engine.run("swarm-new", &["--label", &service, "--label", &second], &["sleep", "300"]);
    assert_eq!(find(ContainerQuery { service: Some(mine), ..ContainerQuery::default() }), [new.name()]);
}

#[test]
fn every_service_of_a_compose_file_is_a_target() {
    let Some(engine) = TestEngine::require("every_service_of_a_compose_file_is_a_target") else { return };
    let mine = format!("shop-{}", std::process::id());
    let label = |service: &str, number: u32| {
        ["project", "service", "container-number"]
            .into_iter()
            .zip([mine.clone(), service.to_owned(), number.to_string()])
            .flat_map(|(key, value)| ["--label".to_owned(), format!("com.docker.compose.{key}={value}")])
            .collect::<Vec<_>>()
    };
    let start = |name: &str, service: &str, number| {
        let labels = label(service, number);
        engine.run(name, &labels.iter().map(String::as_str).collect::<Vec<_>>(), &["sleep", "300"])
    };
    let _web = start("compose-web", "web", 1);
    let _worker = start("compose-worker", "worker", 1);
    let by_hand = engine.run("compose-by-hand", &[], &["sleep", "300"]);
    let compose = format!(
        "name: {mine}\nservices:\n  web: {{image: x}}\n  db: {{image: x}}\n  worker: {{image: x, scale: 2}}\n  hand: {{image: x, container_name: {}}}\n  debug: {{image: x, profiles: [debug]}}\n",
        by_hand.name()
    );
    let toml = "[group.services]\nnames = [\"services\"]\ndiscover = { compose = \"compose.yaml\" }\ncheck.docker = { stable_for = \"0s\" }\n";
    let project = Project::new().with("compose.yaml", compose).with("trueup.toml", toml);
    project.write("STATUS.md", "5/5 services running.\n");
    let run = project.trueup(["check"]).env("DOCKER_HOST", engine.host()).run();
    run.exits(1);
    let told = run.stdout();
    assert!(told.contains("claimed 5/5 running, measured 3/5"), "{told}");
    for missing in ["db ", "worker-2 "] {
        let explained =
            |line: &str| line.contains(missing) && line.contains(&format!("`{mine}` has no container of it"));
        assert!(told.lines().any(explained), "{told}");
    }
    // Without a file nobody knows what is declared.
    std::fs::remove_file(project.path("compose.yaml")).unwrap();
    project.trueup(["check"]).env("DOCKER_HOST", engine.host()).run().exits(3);
}
