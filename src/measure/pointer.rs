//! JSON pointers (RFC 6901).

/// What is wrong with `pointer`, where it is none. A path with dots would otherwise be told as a value that is missing.
pub fn fault(pointer: &str) -> Option<String> {
    let is_one = pointer.is_empty() || pointer.starts_with('/');
    (!is_one).then(|| format!("`{pointer}` is no JSON pointer; expected `/{}`", pointer.replace('.', "/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_dots_is_no_pointer() {
        assert_eq!(fault("a.b").as_deref(), Some("`a.b` is no JSON pointer; expected `/a/b`"));
        assert_eq!((fault(""), fault("/a/b")), (None, None));
    }
}
