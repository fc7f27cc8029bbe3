//! Finding the names of groups, metrics and targets in a document's words.

/// A phrase folded for comparison: lower case, split at everything that is no letter or digit, plurals made singular.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phrase(Vec<String>);

impl Phrase {
    /// Folds `text`.
    pub fn new(text: &str) -> Phrase {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Phrase(words.map(|word| singular(&word.to_lowercase())).collect())
    }

    /// The folded words.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has no word.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the words of `other` stand in it, in a row.
    pub fn contains(&self, other: &Phrase) -> bool {
        !other.is_empty() && self.0.windows(other.len()).any(|window| window == other.0)
    }

    /// It without the words that only say what sort of thing it is ("the github MCP server"); as it is, where it has no
    /// others. Phrases of one core mean the same thing.
    pub fn core(&self) -> Phrase {
        let words: Vec<String> = self.0.iter().filter(|word| !SORTS.contains(&word.as_str())).cloned().collect();
        if words.is_empty() { self.clone() } else { Phrase(words) }
    }

    /// Whether it speaks of nothing in particular: no word at all, or only words like "status" and "overall".
    pub fn is_general(&self) -> bool {
        self.0.iter().all(|word| GENERAL.contains(&word.as_str()))
    }
}

/// Words that say what sort of thing a name is, and are left out or put in at will.
const SORTS: &[&str] = &["the", "mcp", "server", "service", "container", "endpoint", "target", "instance"];

/// Words for the whole of what a document is about.
const GENERAL: &[&str] = &[
    "a",
    "all",
    "and",
    "are",
    "current",
    "currently",
    "everything",
    "health",
    "is",
    "it",
    "of",
    "overall",
    "project",
    "state",
    "status",
    "system",
    "the",
    "total",
    "we",
];

/// A rough singular, the same for a name in trueup.toml and a word in a document; it need not be English, only equal.
fn singular(word: &str) -> String {
    let ascii = word.is_ascii();
    if ascii && word.len() > 4 && word.ends_with("ies") {
        return format!("{}y", &word[..word.len() - 3]);
    }
    if ascii && word.len() > 4 && ["sses", "uses", "xes", "ches", "shes"].iter().any(|end| word.ends_with(end)) {
        return word[..word.len() - 2].to_owned();
    }
    let keeps = ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    if ascii && word.len() > 3 && word.ends_with('s') && !keeps {
        return word[..word.len() - 1].to_owned();
    }
    word.to_owned()
}

/// Among `candidates` (a name and what it stands for), those whose name stands in `text`: only the longest, without
/// repetition. More than one is a tie.
pub fn longest<'a, T: PartialEq>(text: &Phrase, candidates: impl Iterator<Item = (&'a Phrase, T)>) -> Vec<T> {
    let mut best = 0;
    let mut found: Vec<T> = Vec::new();
    for (name, means) in candidates {
        if name.len() < best || !text.contains(name) {
            continue;
        }
        if name.len() > best {
            best = name.len();
            found.clear();
        }
        if !found.contains(&means) {
            found.push(means);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_plural_are_folded() {
        assert_eq!(Phrase::new("MCP Servers"), Phrase::new("mcp server"));
        assert_eq!(Phrase::new("memory-bank"), Phrase::new("Memory bank"));
        assert_eq!(Phrase::new("Registries"), Phrase::new("registry"));
        assert_eq!(Phrase::new("statuses"), Phrase::new("status"));
        assert_ne!(Phrase::new("bus"), Phrase::new("bu"));
    }

    #[test]
    fn names_are_found_as_whole_words() {
        let text = Phrase::new("all 21 MCP servers of the host");
        assert!(text.contains(&Phrase::new("MCP server")));
        assert!(!text.contains(&Phrase::new("server MCP")));
        assert!(!Phrase::new("testing").contains(&Phrase::new("test")));
        assert!(!text.contains(&Phrase::new("")));
    }

    #[test]
    fn a_target_may_be_called_with_its_sort() {
        let same = |one: &str, other: &str| Phrase::new(one).core() == Phrase::new(other).core();
        assert!(same("the github MCP server", "github"));
        assert!(same("mcp-ssh", "mcp-ssh") && same("the server", "the server"));
        assert!(!same("github actions", "github"));
        assert!(!same("servers", "service"), "sorts alone name nothing");
    }

    #[test]
    fn the_longest_name_wins_and_equals_tie() {
        let names = [Phrase::new("servers"), Phrase::new("MCP servers"), Phrase::new("mcp server")];
        let text = Phrase::new("21 MCP servers");
        assert_eq!(longest(&text, names.iter().zip(["any", "mcp", "mcp"])), ["mcp"]);
        assert_eq!(longest(&text, names.iter().zip(["any", "a", "b"])), ["a", "b"]);
        assert!(longest(&Phrase::new("tests"), names.iter().zip(["any", "a", "b"])).is_empty());
    }

    #[test]
    fn general_words_name_nothing() {
        for text in ["", "Status", "Overall System Status", "everything"] {
            assert!(Phrase::new(text).is_general(), "{text}");
        }
        assert!(!Phrase::new("database status").is_general());
    }
}
