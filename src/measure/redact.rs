//! What must not be shown, in one place: everything that leaves a probe as evidence passes through a [`Redactor`].
//!
//! | what | how it is known | becomes |
//! |---|---|---|
//! | the value of an environment variable that trueup, an `.mcp.json` or a container sets | by the value, five bytes and longer; as it is, as JSON writes it, and in addresses | `${NAME}` |
//! | the value of a header that comes from the environment, or whose name is one of credentials | by the value and its longer words | `***` |
//! | user and password of an address | `scheme://…@` | `scheme://***@` |
//! | credentials in a query | `?token=…`, `&api_key=…` and their like | `?token=***` |
//! | a bearer token | `Bearer …` with a digit in it | `Bearer ***` |
//! | an assignment to what is called like a secret | `PASSWORD=…`, `"apiKey": "…"`, `Authorization: …` | `PASSWORD=***` |
//! | tokens of known forms | GitHub, GitLab, Slack, OpenAI, AWS, Google, npm, PyPI, JWT | `***` |
//! | a private key | `-----BEGIN … PRIVATE KEY-----` | `***` |
//!
//! Evidence is bounded, and a bound can cut a value in two: at the ends of a text and at its gaps, the beginning or the
//! end of a known value is hidden as well. What is shorter than five bytes is not looked for by value: `1`, `off` and
//! `true` are everywhere.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Shortest value that is looked for.
const SHORTEST: usize = 5;

/// Shortest part of a value that is hidden where a text was cut.
const SHORTEST_CUT: usize = 6;

/// What a value becomes that has no name.
const HIDDEN: &str = "***";

/// Words that follow the name of a secret and are none.
const PLAIN: &[&str] = &[
    "required",
    "missing",
    "invalid",
    "undefined",
    "null",
    "none",
    "true",
    "false",
    "empty",
    "not",
    "is",
    "must",
    "wrong",
    "string",
    "expired",
    "rejected",
    "bearer",
];

/// Hides what must not be shown.
#[derive(Clone, Default)]
pub struct Redactor {
    /// Values and what stands in their place, the longest first, so that one that holds another is replaced whole.
    values: Vec<(String, String)>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor(***)")
    }
}

impl Redactor {
    /// Hides what is known by its form.
    pub fn new() -> Redactor {
        Redactor::default()
    }

    /// Hides the values of `env` as well.
    #[must_use]
    pub fn with_env(mut self, env: &BTreeMap<String, String>) -> Redactor {
        for (name, value) in env {
            self.add(value, &format!("${{{name}}}"));
        }
        self
    }

    /// Hides `values` as well, which have no name.
    #[must_use]
    pub fn with_values<'a>(mut self, values: impl IntoIterator<Item = &'a str>) -> Redactor {
        for value in values {
            self.add(value, HIDDEN);
            let words = value.split_whitespace().filter(|word| *word != value && word.len() >= SHORTEST_CUT);
            words.for_each(|word| self.add(word, HIDDEN));
        }
        self
    }

    fn add(&mut self, value: &str, shown: &str) {
        let value = value.trim();
        let json = serde_json::Value::from(value).to_string();
        let json = json.trim_matches('"');
        let escaped: String = url_escaped(value);
        // Of a key of many lines each line is a secret: logs show them one by one.
        let lines = value.lines().filter(|line| *line != value && line.len() >= 16);
        for form in [value, json, escaped.as_str()].into_iter().chain(lines) {
            if form.len() >= SHORTEST && self.values.iter().all(|(known, _)| known != form) {
                self.values.push((form.to_owned(), shown.to_owned()));
            }
        }
        self.values.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    }

    /// `text` without what must not be shown.
    pub fn clean(&self, text: &str) -> String {
        by_form(self.hide_values(text))
    }

    /// `text` without the values that are known. For what is read on by a program: [`Redactor::clean`] knows more, and
    /// now and then takes a word for a secret that is none.
    pub fn hide_values(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (value, shown) in &self.values {
            if text.contains(value.as_str()) {
                text = text.replace(value.as_str(), shown);
            }
        }
        self.cut_ends(text)
    }

    /// Hides what is left of a value where the text was cut: at its ends, and beside a line that tells of a gap.
    fn cut_ends(&self, text: String) -> String {
        if self.values.is_empty() || text.is_empty() {
            return text;
        }
        let lines: Vec<&str> = text.split('\n').collect();
        let is_gap = |at: usize| lines.get(at).is_none_or(|line| line.starts_with('…') && line.ends_with('…'));
        let shown = lines.iter().enumerate().map(|(at, line)| {
            let begins = at == 0 || is_gap(at - 1);
            let ends = is_gap(at + 1) || line.ends_with('…');
            self.cut_line(line, begins, ends)
        });
        shown.collect::<Vec<_>>().join("\n")
    }

    fn cut_line(&self, line: &str, begins: bool, ends: bool) -> String {
        let mut line = line.to_owned();
        let mark = if line.ends_with('…') { "…" } else { "" };
        for (value, shown) in &self.values {
            let body = line.trim_end_matches('…').to_owned();
            if ends && let Some(length) = overlap(&body, value) {
                line = format!("{}{shown}{mark}", &body[..body.len() - length]);
            }
            if begins && let Some(length) = overlap(value, &line) {
                line = format!("{shown}{}", &line[length..]);
            }
        }
        line
    }
}

/// Length of the longest end of `first` that is a beginning of `second`, where that is worth hiding. All of either counts
/// as no cut.
fn overlap(first: &str, second: &str) -> Option<usize> {
    let most = first.len().min(second.len());
    (SHORTEST_CUT..=most).rev().find(|&length| {
        first.is_char_boundary(first.len() - length)
            && second.is_char_boundary(length)
            && first.as_bytes()[first.len() - length..] == second.as_bytes()[..length]
    })
}

/// `value` as it stands in an address.
fn url_escaped(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    value.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Words of which every form has one, in lower case.
const SUSPICIOUS: &[&str] = &[
    "token",
    "secret",
    "passw",
    "key",
    "authorization",
    "cookie",
    "bearer",
    "basic",
    "sig",
    "code=",
    "auth",
    "session",
    "sk-",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xox",
    "xapp-",
    "akia",
    "aiza",
    "npm_",
    "pypi-",
    "eyj",
];

struct Forms {
    key: Regex,
    address: Regex,
    query: Regex,
    bearer: Regex,
    assignment: Regex,
    token: Regex,
}

/// Classes are spelt out: those of all of Unicode take longer to make ready than a run takes.
static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let regex = |text: &str| Regex::new(text).expect("a fixed pattern");
    Forms {
        key: regex(r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)"),
        address: regex(r#"([A-Za-z][A-Za-z0-9+.-]*://)[^/ \t\r\n@"'<>]+@"#),
        query: regex(
            r#"(?i)([?&][a-z0-9_.-]*(?:token|key|secret|passw(?:or)?d|signature|sig|auth|code|session)=)[^& \t\r\n"'<>]+"#,
        ),
        bearer: regex(r"(?i)(bearer|basic)([ \t]+)([a-z0-9._~+/=-]{8,})"),
        assignment: regex(
            r#"(?i)((?:^|[^a-z0-9_/.-])[a-z0-9_.-]*(?:token|secret|passw(?:or)?d|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie)\\?["']?[ \t]*[=:][ \t]*\\?["']?)((?:bearer |basic )?[^ \t\r\n"',;\\}\])]{4,})"#,
        ),
        token: regex(concat!(
            r"(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}",
            r"|xox[abeprs]-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{8,}|(?-u:\b)sk-[A-Za-z0-9_-]{16,}|AKIA[0-9A-Z]{16}",
            r"|AIza[A-Za-z0-9_-]{30,}|npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,}",
            r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)"
        )),
    }
});

/// Hides what is known by its form alone.
fn by_form(text: String) -> String {
    let lower = text.to_ascii_lowercase();
    let suspicious =
        SUSPICIOUS.iter().any(|word| lower.contains(word)) || (lower.contains("://") && lower.contains('@'));
    if !suspicious {
        return text;
    }
    let text = FORMS.key.replace_all(&text, HIDDEN);
    let text = FORMS.address.replace_all(&text, "${1}***@");
    let text = FORMS.query.replace_all(&text, "${1}***");
    let text = FORMS.bearer.replace_all(&text, |found: &Captures<'_>| {
        // `Bearer realm=x` and "basic authentication" are no credentials.
        let credential = found[3].contains(|c: char| c.is_ascii_digit()) && !found[3].starts_with("realm");
        if credential { format!("{}{}{HIDDEN}", &found[1], &found[2]) } else { found[0].to_owned() }
    });
    let text = FORMS.assignment.replace_all(&text, |found: &Captures<'_>| {
        let value = found[2].to_ascii_lowercase();
        let plain = value.starts_with("${") || value.starts_with(HIDDEN) || value.ends_with(HIDDEN);
        let plain = plain || PLAIN.iter().any(|word| value.trim_end_matches('.') == *word);
        if plain { found[0].to_owned() } else { format!("{}{HIDDEN}", &found[1]) }
    });
    FORMS.token.replace_all(&text, HIDDEN).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn values_become_names() {
        let env = env(&[("TOKEN", "sesame"), ("URL", "http://sesame@host"), ("DEBUG", "1")]);
        let cleaned = Redactor::new().with_env(&env).clean("GET http://sesame@host failed with sesame, 1 time");
        assert_eq!(cleaned, "GET ${URL} failed with ${TOKEN}, 1 time");
    }

    #[test]
    fn hostile_values_are_known_in_every_dress() {
        let secret = "p\"a\\s\ns&w ö/d?";
        let redactor = Redactor::new().with_env(&env(&[("HARD", secret)]));
        let json = serde_json::json!({ "said": secret }).to_string();
        let told = [secret.to_owned(), json, format!("http://x/?q={}", url_escaped(secret))];
        for text in told {
            let shown = redactor.clean(&text);
            assert!(!shown.contains("s&w") && !shown.contains("s%26w") && shown.contains("${HARD}"), "{shown}");
        }
        // What looks like a pattern or like a replacement is a text like any other.
        let redactor = Redactor::new().with_env(&env(&[("A", ".*.*.*"), ("B", "$1${0}$name")]));
        assert_eq!(redactor.clean("a .*.*.* and $1${0}$name"), "a ${A} and ${B}");
        let key = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAAB3NzaC1yc2EAAAADAQ\n-----END OPENSSH PRIVATE KEY-----";
        let redactor = Redactor::new().with_env(&env(&[("KEY", key)]));
        let shown = redactor.clean(&format!("loaded {key}, that is AAAAB3NzaC1yc2EAAAADAQ"));
        assert!(!shown.contains("AAAAB3"), "{shown}");
    }

    #[test]
    fn a_value_cut_in_two_is_hidden_too() {
        let redactor = Redactor::new().with_env(&env(&[("TOKEN", "open-sesame-and-more")]));
        assert_eq!(redactor.clean("with open-sesame-a"), "with ${TOKEN}");
        assert_eq!(redactor.clean("same-and-more it is"), "${TOKEN} it is");
        assert_eq!(redactor.clean("with open-sesa…"), "with ${TOKEN}…");
        let gap = "with open-sesame\n… 99 bytes left out …\nand-more it is\nlast";
        assert_eq!(redactor.clean(gap), "with ${TOKEN}\n… 99 bytes left out …\n${TOKEN} it is\nlast");
        assert_eq!(redactor.clean("open\nand-more stays\nlast"), "open\nand-more stays\nlast", "no cut, no secret");
    }

    #[test]
    fn credentials_are_known_by_their_form() {
        let hidden = [
            "GET http://me:hunter2@db.example/x failed",
            "postgres://hunter2@db:5432",
            "https://x/cb?state=1&access_token=hunter2&y=2",
            "Authorization: Bearer hunter2.hunter2",
            "authorization: hunter2",
            "sent Bearer hunter2hunter2",
            "PASSWORD=hunter2",
            r#"{"apiKey":"hunter2"}"#,
            r#"{\"api_key\": \"hunter2\"}"#,
            "SLACK_BOT_TOKEN: hunter2",
            "-----BEGIN RSA PRIVATE KEY-----\nhunter2",
            "Set-Cookie: session=hunter2",
        ];
        for text in hidden {
            let shown = Redactor::new().clean(text);
            assert!(!shown.contains("hunter2") && shown.contains("***"), "{text}: {shown}");
        }
        let tokens = ["ghp_", "xoxb-", "sk-", "glpat-"].map(|form| format!("{form}{}", "a1B2c3D4e5".repeat(4)));
        for token in tokens {
            assert_eq!(Redactor::new().clean(&format!("used {token} here")), "used *** here");
        }
    }

    #[test]
    fn what_explains_a_failure_stays() {
        let told = [
            "Error: SLACK_BOT_TOKEN is required",
            "password: required",
            "WWW-Authenticate: Bearer realm=\"mcp\"",
            "use basic authentication",
            "token: ${TOKEN}",
            "see https://example.com/a@b",
            "npm error code ENOTEMPTY",
            "Unexpected token: }",
            "sh: 1: exec: /etc/passwd: Permission denied",
        ];
        for text in told {
            assert_eq!(Redactor::new().clean(text), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_value_is_never_shown(secret in "[a-zA-Z0-9!-/]{6,20}", before in ".{0,40}", after in ".{0,40}") {
            let redactor = Redactor::new().with_values([secret.as_str()]);
            let shown = redactor.clean(&format!("{before}{secret}{after}"));
            proptest::prop_assume!(!before.contains(secret.trim()) && !after.contains(secret.trim()));
            proptest::prop_assert!(secret.trim().len() < SHORTEST || !shown.contains(secret.trim()) || HIDDEN.contains(secret.trim()));
        }
    }
}
