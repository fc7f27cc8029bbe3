//! Laying a Markdown table out so that it reads well as text.

use unicode_width::UnicodeWidthStr;

/// Widest column that is padded; a longer cell sticks out.
const WIDEST: usize = 40;

/// Pads the cells of the tables in `text`, so that their columns stand under each other. The last column is left as it
/// is, and so are all other lines.
pub fn aligned(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len() * 2);
    let mut at = 0;
    while at < lines.len() {
        let rows: Vec<Vec<&str>> = lines[at..].iter().map_while(|line| cells(line)).collect();
        if rows.is_empty() {
            out.push_str(lines[at]);
            out.push('\n');
            at += 1;
        } else {
            at += rows.len();
            write_table(&mut out, &rows);
        }
    }
    if !text.ends_with('\n') {
        out.truncate(out.trim_end_matches('\n').len());
    }
    out
}

/// The cells of a table row, or `None` where the line is none.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.strip_prefix('|')?.trim_end().strip_suffix('|')?;
    let mut cells = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, byte) in inner.bytes().enumerate() {
        if byte == b'|' && !escaped {
            cells.push(inner[start..at].trim());
            start = at + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    cells.push(inner[start..].trim());
    Some(cells)
}

/// `---`, `:--`, `--:` or `:-:`.
fn is_rule(cell: &str) -> bool {
    let dashes = cell.strip_prefix(':').unwrap_or(cell);
    let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
    !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
}

fn write_table(out: &mut String, rows: &[Vec<&str>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).filter(|cell| !is_rule(cell));
            cells.map(|cell| cell.width()).filter(|width| *width <= WIDEST).max().unwrap_or(0).max(3)
        })
        .collect();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let width = if column + 1 == columns { 0 } else { widths[column] };
            let fill = width.saturating_sub(cell.width());
            out.push_str("| ");
            if is_rule(cell) {
                // The dashes are the padding.
                let (before, after) = cell.split_at(cell.len() - 1);
                let (dashes, last) = if after == ":" { (before, ":") } else { (*cell, "") };
                out.push_str(dashes);
                out.extend(std::iter::repeat_n('-', fill));
                out.push_str(last);
            } else {
                out.push_str(cell);
                out.extend(std::iter::repeat_n(' ', fill));
            }
            out.push(' ');
        }
        out.push_str("|\n");
    }
}

#[cfg(test)]
mod tests {
    use super::aligned;

    #[test]
    fn columns_stand_under_each_other_and_escaped_pipes_end_no_cell() {
        let text = "intro\n\n| a | b | c |\n|---|:-:|---|\n| `x\\|y` | ✅ up | long text |\n|  | z | |\nafter\n";
        let expected = "intro\n\n| a      | b     | c |\n| ------ | :---: | --- |\n| `x\\|y` | ✅ up | long text |\n|        | z     |  |\nafter\n";
        assert_eq!(aligned(text), expected);
        assert_eq!(aligned(expected), expected);
        assert_eq!(aligned(expected.trim_end()), expected.trim_end(), "a block without a last line break has none");
        let wide = format!("| {} | b |\n|---|---|\n| c | d |\n", "x".repeat(60));
        assert!(aligned(&wide).contains("| c   | d |\n"), "{}", aligned(&wide));
    }
}
