//! Scratch repositories: git without what the machine configures.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs git in `folder` and returns what came of it.
pub fn git_in(folder: &Path, args: &[impl AsRef<OsStr>]) -> Output {
    let mut command = Command::new("git");
    command.args(["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"]).args(args).current_dir(folder);
    isolated(&mut command).output().unwrap()
}

/// Takes from a command what would tie git to the machine or to a repository around.
pub fn isolated(command: &mut Command) -> &mut Command {
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_CONFIG_PARAMETERS"] {
        command.env_remove(name);
    }
    let who = [("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@example.com")];
    let whose = [("GIT_COMMITTER_NAME", "a"), ("GIT_COMMITTER_EMAIL", "a@example.com")];
    command.envs(who).envs(whose).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1")
}

/// A repository in a folder.
pub struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// Makes `folder` a repository.
    pub fn init(folder: &Path) -> Scratch {
        fs::create_dir_all(folder).unwrap();
        let scratch = Scratch { folder: folder.to_owned() };
        scratch.git(&["init", "-q"]);
        scratch
    }

    /// A folder that is one already.
    pub fn at(folder: &Path) -> Scratch {
        Scratch { folder: folder.to_owned() }
    }

    /// Runs git, which succeeds; returns its standard output.
    #[track_caller]
    pub fn git(&self, args: &[&str]) -> String {
        let output = git_in(&self.folder, args);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Scratch {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Commits everything.
    pub fn commit(&self, message: &str) -> &Scratch {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--no-verify", "--allow-empty", "-m", message]);
        self
    }
}
