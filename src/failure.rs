//! The classes that failures fall into, each with a sentence and a runbook hint.
//!
//! One list for every probe, report and template: a class is decided by evidence, never by an exit code alone (`docker
//! exec` says 126 for a missing command, npm's 217 is an errno, and 1 is everybody's).

use serde::{Deserialize, Serialize};

macro_rules! classes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $sentence:literal, $hint:literal;)+) => {
        /// Why something is down.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum FailureClass {
            $($(#[$doc])* $variant,)+
        }

        impl FailureClass {
            /// Every class, in the order in which reports list them.
            pub const ALL: &'static [FailureClass] = &[$(FailureClass::$variant,)+];

            /// The stable name used in output and configuration.
            pub fn name(self) -> &'static str {
                match self { $(FailureClass::$variant => $name,)+ }
            }

            /// One sentence that says what happened.
            pub fn sentence(self) -> &'static str {
                match self { $(FailureClass::$variant => $sentence,)+ }
            }

            /// What a person does about it.
            pub fn hint(self) -> &'static str {
                match self { $(FailureClass::$variant => $hint,)+ }
            }
        }
    };
}

classes! {
    /// The program to start does not exist.
    SpawnNotFound = "spawn-not-found", "the command does not exist", "install it, or correct the command or PATH where it is started";
    /// The program exists and may not or cannot be executed.
    SpawnNotExecutable = "spawn-not-executable", "the command exists but cannot be executed", "check its mode (chmod +x), its #! line and its architecture";
    /// The container engine refused.
    Engine = "engine", "the container engine refused", "read the engine's message; the image, a mount or a name is wrong";
    /// npm, npx, pip or a like installer failed at start.
    PackageManager = "package-manager", "installing a package failed at start", "install at build time and pin the version; do not install at start";
    /// The program is there and a part of it is missing.
    BrokenInstall = "broken-install", "a module or library is missing", "reinstall with pinned dependencies";
    /// A setting, path or credential is missing or wrong.
    Configuration = "configuration", "a setting, path or credential is missing", "set what the message names";
    /// It ended with success before it did anything.
    CleanExit = "clean-exit", "it ended without an error before it did anything", "keep its standard input open (docker run -i); check the subcommand and the credentials it waits for";
    /// It ended with an error that none of the classes above explains.
    Exited = "exited", "it ended with an error", "read the last lines of its log";
    /// It dies and is started again, over and over.
    RestartLoop = "restart-loop", "it keeps restarting", "read the log of the last run; stop it until it is mended";
    /// Killed for want of memory.
    OutOfMemory = "out-of-memory", "it was killed for using too much memory", "raise its memory limit or mend the leak";
    /// Killed by a signal.
    Killed = "killed", "it was killed by a signal", "find out who sent the signal";
    /// It is paused.
    Paused = "paused", "it is paused", "unpause it, or take it out of the document";
    /// It was created and never started.
    NotStarted = "not-started", "it was created but never started", "start it; read the engine's error if it cannot start";
    /// Its own health check fails.
    Unhealthy = "unhealthy", "its health check fails", "read the last health log";
    /// It runs and uses more than it may.
    OverLimit = "over-limit", "it uses more than it may", "find out what uses it up, or raise the limit in trueup.toml";
    /// It was expected and not found.
    Missing = "missing", "it was expected and not found", "create it, or correct the number that is expected";
    /// It was there and did not answer in time.
    NoAnswer = "no-answer", "it did not answer in time", "look whether it waits for something; raise the timeout if it is merely slow";
    /// Nobody listens.
    Unreachable = "unreachable", "nothing answers at the address", "start it, or correct host and port";
    /// It answered, in another protocol.
    Protocol = "protocol", "what it answers is not the protocol", "check that the address or command is the right one";
    /// An MCP server without the tools asked for.
    MissingTools = "missing-tools", "tools, resources or prompts that it should offer are missing", "compare its lists with what is expected";
    /// It answered that it could not.
    CallFailed = "call-failed", "it answers, but the call failed", "read the error that the call returned";
    /// Its certificate has expired, is for another host, or is signed by nobody who is trusted.
    Certificate = "certificate", "its certificate is not accepted", "renew it, or let the check trust the authority that signed it (`tls.ca`)";
    /// It answers right and too late.
    Slow = "slow", "it answers more slowly than it may", "find out what it waits for; or raise `max_latency`";
    /// What should be written again and again was not.
    Stale = "stale", "it was written longer ago than it may be", "look whether what writes it still runs; or raise `max_age`";
    /// It wants credentials.
    Unauthorized = "unauthorized", "it wants credentials", "give the check a token by the name of an environment variable";
    /// It refuses.
    Forbidden = "forbidden", "it refuses access", "check scopes, and the Host it allows (localhost and 127.0.0.1 differ)";
    /// The runner of its tests says that some failed.
    TestsFailed = "tests-failed", "tests of it fail", "mend what fails, and run the tests again: the report is read, and nothing is run";
    /// It answered something else than what was expected.
    WrongAnswer = "wrong-answer", "the answer is not the expected one", "compare the answer with the expectation";
    /// None of the above.
    Unknown = "unknown", "it failed in a way that has no class yet", "read the evidence";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_every_class_has_its_texts() {
        let mut names: Vec<_> = FailureClass::ALL.iter().map(|class| class.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FailureClass::ALL.len());
        for class in FailureClass::ALL {
            assert_eq!(serde_json::to_string(class).unwrap(), format!("\"{}\"", class.name()));
            assert!(!class.sentence().is_empty() && !class.hint().is_empty());
        }
    }
}
