//! Values of a server's environment, kept out of everything that is shown.

use std::collections::BTreeMap;

/// Shorter values are everywhere: `1`, `off`, `true`.
const SHORTEST: usize = 5;

/// Replaces values of environment variables by their names.
#[derive(Debug)]
pub struct Redactor<'a> {
    /// Longest value first, so that one that holds another is replaced whole.
    values: Vec<(&'a str, &'a str)>,
}

impl<'a> Redactor<'a> {
    /// Hides the values of `env`.
    pub fn new(env: &'a BTreeMap<String, String>) -> Redactor<'a> {
        let long = |(_, value): &(&str, &str)| value.len() >= SHORTEST;
        let mut values: Vec<_> = env.iter().map(|(name, value)| (name.as_str(), value.as_str())).filter(long).collect();
        values.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        Redactor { values }
    }

    /// `text` with `${NAME}` wherever the value of `NAME` stood.
    pub fn clean(&self, text: &str) -> String {
        self.values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(value, &format!("${{{name}}}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_names() {
        let env = BTreeMap::from([
            ("TOKEN".to_owned(), "sesame".to_owned()),
            ("URL".to_owned(), "http://sesame@host".to_owned()),
            ("DEBUG".to_owned(), "1".to_owned()),
        ]);
        let cleaned = Redactor::new(&env).clean("GET http://sesame@host failed with sesame, 1 time");
        assert_eq!(cleaned, "GET ${URL} failed with ${TOKEN}, 1 time");
    }
}
