//! Paths as URI references.

use std::fmt::Write as _;

/// A relative path as a relative reference, an absolute one as a `file:` URI.
pub(super) fn of(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let drive = cfg!(windows) && path.as_bytes().get(1) == Some(&b':');
    let relative = path.strip_prefix("./").unwrap_or(&path);
    let mut uri = if drive {
        "file:///".to_owned()
    } else if relative.starts_with('/') {
        "file://".to_owned()
    } else {
        String::new()
    };
    for (at, byte) in relative.bytes().enumerate() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            b':' if drive && at == 1 => uri.push(':'),
            _ => _ = write!(uri, "%{byte:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    #[cfg(not(windows))]
    fn no_path_leads_elsewhere() {
        assert_eq!(of("docs/CLAUDE.md"), "docs/CLAUDE.md");
        assert_eq!(of("./a b/ü#?.md"), "a%20b/%C3%BC%23%3F.md");
        assert_eq!(of("/srv/x.md"), "file:///srv/x.md");
        assert_eq!(of("https://evil/x.md"), "https%3A//evil/x.md");
        assert_eq!(of("<stdin>"), "%3Cstdin%3E");
    }
}
