//! Chunks of a patch: lines, found by what stands around them.

/// Lines of a file, and what takes their place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk {
    /// Lines to look for first, one after the other: the chunk stands behind the last.
    pub behind: Vec<String>,
    /// What is there.
    pub old: Vec<String>,
    /// What takes its place.
    pub new: Vec<String>,
    /// Whether it stands at the end of the file.
    pub at_end: bool,
}

/// How closely a line must be what the patch says: agents try these one after the other.
const TOLERANCES: [fn(&str) -> &str; 3] = [|line| line, str::trim_end, str::trim];

/// The text with the chunks in place; `None` where one does not fit.
pub(super) fn apply(text: &str, chunks: &[Chunk]) -> Option<String> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut from = 0;
    for chunk in chunks {
        for behind in &chunk.behind {
            from = find(&lines, std::slice::from_ref(behind), from, false)? + 1;
        }
        let at = if chunk.old.is_empty() {
            // Nothing is there to be found: at the place that was named, else at the end.
            if chunk.behind.is_empty() { lines.len() } else { from }
        } else {
            find(&lines, &chunk.old, from, chunk.at_end)?
        };
        lines.splice(at..at + chunk.old.len(), chunk.new.iter().cloned());
        from = at + chunk.new.len();
    }
    let mut text = lines.join(newline);
    if !text.is_empty() {
        text.push_str(newline);
    }
    Some(text)
}

fn find(lines: &[String], wanted: &[String], from: usize, at_end: bool) -> Option<usize> {
    let last = lines.len().checked_sub(wanted.len())?;
    let first = if at_end { last } else { from };
    TOLERANCES.iter().find_map(|seen| {
        let fits = |at: &usize| lines[*at..].iter().zip(wanted).all(|(line, wanted)| seen(line) == seen(wanted));
        (first..=last).find(fits).or_else(|| (from..=last).find(fits))
    })
}
