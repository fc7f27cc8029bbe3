//! What codes mean: one for a person at a terminal, all of them as a page of the documentation.

use std::io::{self, Write};

use super::Style;
use crate::code::{Code, Concern};

/// Narrowest and widest paragraph, in columns.
const WIDTHS: (usize, usize) = (40, 100);

/// Writes what there is to say of one code.
///
/// # Errors
/// Whatever `out` returns.
pub fn one(code: Code, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let guide = code.guide();
    let bold = if style.color { anstyle::Style::new().bold() } else { anstyle::Style::new() };
    let width = style.width.clamp(WIDTHS.0, WIDTHS.1);
    writeln!(out, "{bold}{}{bold:#}: {}\n\n{}\n", code.name(), code.description(), effect(code))?;
    writeln!(out, "{}\n", wrapped(guide.why, width))?;
    for line in guide.example.lines() {
        writeln!(out, "    {line}")?;
    }
    for (title, text) in [("What to do", guide.fix), ("To do without it", guide.ignore)] {
        writeln!(out, "\n{bold}{title}{bold:#}\n{}", wrapped(text, width))?;
    }
    Ok(())
}

/// Writes every code with its sentence, one a line.
///
/// # Errors
/// Whatever `out` returns.
pub fn list(out: &mut dyn Write) -> io::Result<()> {
    let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or_default();
    Code::ALL.iter().try_for_each(|code| writeln!(out, "{:width$}  {}", code.name(), code.description()))
}

/// The page docs/codes.md.
pub fn page() -> String {
    let mut page = "\
<!-- trueup: ignore-file: examples of false claims -->

# What the codes mean

This page is generated from the texts that `trueup explain CODE` prints; change those under `src/code/guide`, not the page.
Names of codes are stable: reports, baselines and `trueup explain` share them.

| code | what it is |
|---|---|
"
    .to_owned();
    for code in Code::ALL {
        page.push_str(&format!("| [`{0}`](#{0}) | {1} |\n", code.name(), code.description()));
    }
    for code in Code::ALL {
        let guide = code.guide();
        page.push_str(&format!("\n## {}\n\n{} {}\n", code.name(), code.description(), effect(*code)));
        page.push_str(&format!("\n{}\n\n~~~text\n{}\n~~~\n", wrapped(guide.why, 120), guide.example));
        page.push_str(&format!("\n**What to do.** {}\n", guide.fix));
        page.push_str(&format!("\n**To do without it.** {}\n", guide.ignore));
    }
    page
}

/// What a finding with this code does to the run.
fn effect(code: Code) -> &'static str {
    match code.concern() {
        Concern::Drift => "The run ends with 1.",
        Concern::Unmeasured => "The run ends with 3 if nothing drifted, and with 0 where that is allowed.",
        Concern::Unbound => "The run ends with 1 where that is denied; by default it is a warning.",
        Concern::Fault if code == Code::NothingJudged => "The run ends with 4.",
        Concern::Fault => "The run ends with 2.",
        Concern::Advice => "The exit code does not change.",
    }
}

/// One paragraph as lines of at most `width` characters, words longer than that apart.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        match lines.last_mut() {
            Some(last) if line == 0 => last.push_str(word),
            Some(last) if line + 1 + word.chars().count() <= width => {
                last.push(' ');
                last.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_cut_at_words() {
        assert_eq!(wrapped("one two  three\nfour", 9), "one two\nthree\nfour");
        assert_eq!(wrapped("immeasurable x", 4), "immeasurable\nx");
        assert_eq!(wrapped("", 4), "");
    }
}
