//! What an engine says where it cannot start a program: the class of that, and the part that a person wants to read.

use crate::failure::FailureClass;
use crate::measure::classify::{Exit, classify};

/// Why an engine could not start a program, from its message. Its exit code (126 and 127 alike) decides nothing.
pub fn class_of(message: &str) -> FailureClass {
    match classify(Exit::Code(1), message).class {
        // No text that the classifier knows: all that is left is that the engine refused.
        FailureClass::Exited | FailureClass::Unknown => FailureClass::Engine,
        class => class,
    }
}

/// The part of a message that says what is wrong, without the names of the layers that passed it on.
pub fn brief(message: &str) -> &str {
    const LAYERS: [&str; 9] = [
        "Error response from daemon: ",
        "failed to create task for container: ",
        "failed to create shim task: ",
        "failed to create shim: ",
        "OCI runtime create failed: ",
        "OCI runtime exec failed: ",
        "runc create failed: ",
        "exec failed: ",
        "unable to start container process: ",
    ];
    let mut rest = message.trim();
    while let Some(inner) = LAYERS.iter().find_map(|layer| rest.strip_prefix(layer)) {
        rest = inner;
    }
    rest.trim_end_matches(": unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_say_what_they_could_not_start() {
        use FailureClass::{Engine, SpawnNotExecutable, SpawnNotFound};
        let prefix = "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ";
        let cases = [
            (r#"exec: "nope": executable file not found in $PATH"#, SpawnNotFound),
            (r#"exec: "/x": stat /x: no such file or directory"#, SpawnNotFound),
            (r#"exec: "/etc/passwd": permission denied"#, SpawnNotExecutable),
            (r#"error mounting "/a" to rootfs at "/b": not a directory"#, Engine),
        ];
        for (said, class) in cases {
            let whole = format!("{prefix}{said}: unknown");
            assert_eq!(class_of(&whole), class, "{said}");
            assert_eq!(brief(&whole), said);
        }
        assert_eq!(class_of("something that nobody has seen"), Engine);
    }
}
