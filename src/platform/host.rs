//! What this machine is called.

/// The name of this machine, where it has one.
pub fn name() -> Option<String> {
    sysinfo::System::host_name().filter(|name| !name.is_empty())
}
