//! Paths inside containers.

use std::os::unix::fs::PermissionsExt;

use trueup::failure::FailureClass;
use trueup::measure::probe::Look;
use trueup::measure::source::Sources;
use trueup::rung::Rung;

use crate::looks::{PATIENCE, look, mount, passed, reason};
use crate::support::engine::{TestContainer, TestEngine};

fn see(sources: &Sources, container: &TestContainer, path: &str) -> Look {
    look(&mount(container.name(), path), sources, PATIENCE)
}

#[test]
fn what_is_mounted_is_there_and_readable_running_or_not() {
    let Some(engine) = TestEngine::require("what_is_mounted_is_there_and_readable_running_or_not") else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("server.js"), "1").unwrap();
    let bind = format!("{}:/opt/app", folder.path().display());
    let options = ["--volume", &bind];
    let running = engine.run("mount-running", &options, &["sleep", "300"]);
    let created = engine.create("mount-created", &options, &["sleep", "300"]);
    let exited = engine.run("mount-exited", &options, &["true"]);
    exited.wait_until("{{.State.Status}}", |status| status == "exited");
    let bare = engine.make(
        "run",
        "mount-bare",
        &[&["--detach"][..], &options].concat(),
        "trueup-test/bare",
        &["sleep", "300"],
    );
    let paused = engine.run("mount-paused", &options, &["sleep", "300"]);
    engine.docker(&["pause", paused.name()]).unwrap();
    for container in [&running, &created, &exited, &bare, &paused] {
        for may_execute in [true, false] {
            let sources = engine.sources_that(may_execute);
            for path in ["/opt/app", "/opt/app/server.js", "/opt/../opt/app/"] {
                let look = see(&sources, container, path);
                assert!(passed(&look), "{path} in {}: {look:#?}", container.name());
                assert_eq!(look.proved, Some(Rung::Exists), "a path proves no more");
            }
            let missing = see(&sources, container, "/opt/app/nope.js");
            let said = reason(&missing, FailureClass::Configuration);
            assert!(
                said.starts_with("`/opt/app/nope.js` is not inside the container; it is mounted from bind"),
                "{said}"
            );
            assert_eq!((missing.rung, missing.proved), (Rung::Functional, Some(Rung::Exists)));
        }
    }
    engine.docker(&["unpause", paused.name()]).unwrap();
}

#[test]
fn a_source_that_does_not_exist_is_an_empty_folder_and_no_mount() {
    let Some(engine) = TestEngine::require("a_source_that_does_not_exist_is_an_empty_folder_and_no_mount") else {
        return;
    };
    // The engine makes the folder that is missing on its machine, and everything looks as if it were there.
    let folder = tempfile::tempdir().unwrap();
    let bind = format!("{}/not-here:/opt/app", folder.path().display());
    let container = engine.run("mount-empty", &["--volume", &bind], &["sleep", "300"]);
    let said = see(&engine.sources(), &container, "/opt/app");
    let said = reason(&said, FailureClass::Configuration);
    assert!(said.starts_with("`/opt/app` is an empty folder; it is mounted from bind"), "{said}");
}

#[test]
fn who_may_not_read_it_has_no_mount() {
    let Some(engine) = TestEngine::require("who_may_not_read_it_has_no_mount") else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "1").unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let bind = format!("{}:/opt/app", folder.path().display());
    let options = ["--volume", &bind, "--user", "1234"];
    let running = engine.run("mount-denied", &options, &["sleep", "300"]);
    let created = engine.create("mount-denied-created", &options, &["sleep", "300"]);
    for container in [&running, &created] {
        let look = see(&engine.sources(), container, "/opt/app");
        let said = reason(&look, FailureClass::Configuration);
        assert!(said.starts_with("`/opt/app` is there, and user `1234` may not read it"), "{said}");
    }
}

#[test]
fn links_are_followed_and_memory_is_seen() {
    let Some(engine) = TestEngine::require("links_are_followed_and_memory_is_seen") else { return };
    let script =
        "ln -s tmp /link; ln -s /link/file /second; ln -s loop /loop; echo x >/tmp/file; echo x >/scratch/x; sleep 300";
    let container = engine.run("mount-links", &["--tmpfs", "/scratch"], &["sh", "-c", script]);
    let all = [true, false].map(|may_execute| engine.sources_that(may_execute));
    for sources in &all {
        for path in ["/link", "/second"] {
            let look = see(sources, &container, path);
            assert!(passed(&look), "{path}: {look:#?}");
        }
        reason(&see(sources, &container, "/loop"), FailureClass::Configuration);
    }
    assert!(passed(&see(&all[0], &container, "/scratch/x")), "the container itself sees its memory file system");
}

#[test]
fn without_the_container_there_is_no_mount() {
    let Some(engine) = TestEngine::require("without_the_container_there_is_no_mount") else { return };
    let missing = look(&mount("trueup-no-such-container", "/opt/app"), &engine.sources(), PATIENCE);
    reason(&missing, FailureClass::Missing);
    assert_eq!(missing.rung, Rung::Exists);
}
