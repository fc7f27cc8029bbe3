//! From comments to directives, and the bytes that each of them speaks of.

use super::address::{Address, WORDS, addressed};
use super::directive::{Directive, DirectiveFault, DirectiveFaultKind, DirectiveKind, Directives};
use super::prose::{PartKind, Prose};
use super::source::Span;
use crate::nearest::nearest;

/// Finds the directives of a document. Linear in its size.
pub fn find(source: &str, prose: &Prose) -> Directives {
    let mut reader = Reader { source, prose, lines: Lines::new(source), found: Directives::default(), started: None };
    for comment in &prose.comments {
        if let Some(address) = addressed(source, comment) {
            reader.read(&address);
        }
    }
    if let Some((start, _)) = reader.started {
        reader.fault(start, None, DirectiveFaultKind::StartWithoutEnd);
    }
    reader.found.directives.sort_by_key(|directive| directive.span.start);
    reader.found.faults.sort_by_key(|fault| fault.span.start);
    reader.found
}

struct Reader<'a> {
    source: &'a str,
    prose: &'a Prose,
    lines: Lines<'a>,
    found: Directives,
    /// The `ignore-start` that is open, and its reason.
    started: Option<(Span, Option<String>)>,
}

impl Reader<'_> {
    fn fault(&mut self, span: Span, related: Option<Span>, kind: DirectiveFaultKind) {
        self.found.faults.push(DirectiveFault { span, related, kind });
    }

    fn push(&mut self, span: Span, kind: DirectiveKind, covers: Span) {
        self.found.directives.push(Directive { span, kind, covers });
    }

    fn read(&mut self, address: &Address) {
        let comment = address.comment;
        let word = &self.source[address.word.range()];
        if !address.colon {
            self.fault(comment, None, DirectiveFaultKind::NoColon);
            return;
        }
        match word {
            // Markers of sections have a reader of their own.
            "begin" | "end" => {}
            "ignore" => {
                let reason = self.reason(address);
                self.cover(comment, DirectiveKind::Ignore { reason });
            }
            "ignore-file" => {
                let reason = self.reason(address);
                self.push(comment, DirectiveKind::Ignore { reason }, Span::new(0, self.source.len()));
            }
            "ignore-start" => {
                let reason = self.reason(address);
                match &self.started {
                    Some((first, _)) => {
                        let first = *first;
                        self.fault(comment, Some(first), DirectiveFaultKind::StartTwice);
                    }
                    None => self.started = Some((comment, reason)),
                }
            }
            "ignore-end" => match self.started.take() {
                Some((start, reason)) => {
                    self.push(start, DirectiveKind::Ignore { reason }, Span::new(start.end, comment.start));
                }
                None => self.fault(comment, None, DirectiveFaultKind::EndWithoutStart),
            },
            "" => self.fault(comment, None, DirectiveFaultKind::Empty),
            // A misspelt marker, and told with the markers.
            _ if !address.spaced => {}
            _ => {
                let target = self.source[address.all.range()].to_owned();
                // The name of a target may hold blanks; the key of a group does not.
                let group = target.split('/').next().unwrap_or_default();
                if group.is_empty() || group.contains(|c: char| c.is_whitespace() || matches!(c, ':' | '"' | '=')) {
                    let kind = DirectiveFaultKind::Unknown {
                        word: word.to_owned(),
                        nearest: nearest(word, WORDS.iter().copied()),
                    };
                    self.fault(comment, None, kind);
                } else {
                    self.cover(comment, DirectiveKind::Annotate { target, target_span: address.all });
                }
            }
        }
    }

    /// The reason after `ignore`.
    fn reason(&mut self, address: &Address) -> Option<String> {
        let rest = &self.source[address.rest.range()];
        if rest.is_empty() {
            return None;
        }
        match rest.strip_prefix([':', '—', '–']).or_else(|| rest.trim_start_matches('-').strip_prefix(' ')) {
            Some(reason) => Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
            None => {
                let found = rest.to_owned();
                self.fault(address.rest, None, DirectiveFaultKind::NotAReason { found });
                None
            }
        }
    }

    fn cover(&mut self, comment: Span, kind: DirectiveKind) {
        let line = self.lines.around(comment);
        let covers = if self.has_prose(line) { Some(line) } else { self.next_block(comment.end) };
        match covers {
            Some(covers) => self.push(comment, kind, covers),
            None => self.fault(comment, None, DirectiveFaultKind::CoversNothing),
        }
    }

    fn has_prose(&self, line: Span) -> bool {
        let first = self.prose.parts.partition_point(|part| part.span.end <= line.start);
        self.prose.parts[first..]
            .iter()
            .take_while(|part| part.span.start < line.end)
            .any(|part| !matches!(part.kind, PartKind::SoftBreak | PartKind::HardBreak | PartKind::Task))
    }

    /// The first block after byte `at`: of those that begin at the same place the largest, so that a comment before a
    /// list speaks of the whole list.
    fn next_block(&self, at: usize) -> Option<Span> {
        let piece = first_from(&self.prose.pieces, at, |piece| piece.span)?;
        let table = first_from(&self.prose.tables, at, |table| table.span);
        let container = first_from(&self.prose.containers, at, |span| *span);
        // A list, quote or table around the next piece of prose begins no later than that piece.
        let around = [container, table].into_iter().flatten().filter(|span| span.start <= piece.start);
        Some(around.min_by_key(|span| span.start).unwrap_or(piece))
    }
}

/// The first of `items`, which are in order of place, that begins at byte `at` or later.
fn first_from<T>(items: &[T], at: usize, span: impl Fn(&T) -> Span) -> Option<Span> {
    items.get(items.partition_point(|item| span(item).start < at)).map(span)
}

/// Looks lines up for spans that come in order, without reading a byte of a long line twice.
struct Lines<'a> {
    source: &'a str,
    last: Span,
}

impl<'a> Lines<'a> {
    fn new(source: &'a str) -> Lines<'a> {
        Lines { source, last: Span::new(0, 0) }
    }

    /// The whole lines that `span` stands on, without the last line ending.
    fn around(&mut self, span: Span) -> Span {
        if self.last.contains(span) {
            return self.last;
        }
        let start = match self.source.get(self.last.end..span.start) {
            Some(between) => between.rfind('\n').map_or(self.last.end, |at| self.last.end + at + 1),
            // It begins on the last line and goes on to the next.
            None => self.last.start,
        };
        let end = self.source[span.end..].find('\n').map_or(self.source.len(), |at| span.end + at);
        self.last = Span::new(start, end);
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::markdown::prose;

    fn directives(source: &str) -> Directives {
        find(source, &prose(source))
    }

    /// The text that each directive covers.
    fn covered(source: &str) -> Vec<&str> {
        let found = directives(source);
        assert_eq!(found.faults, [], "{source}");
        found.directives.iter().map(|directive| source[directive.covers.range()].trim_end()).collect()
    }

    const IGNORE: &str = "<!-- trueup: ignore -->";

    #[test]
    fn beside_prose_it_covers_the_line() {
        assert_eq!(covered(&format!("a\n21/21 up {IGNORE}\nb\n")), [format!("21/21 up {IGNORE}")]);
        assert_eq!(covered(&format!("- a\n- b {IGNORE}\n- c\n")), [format!("- b {IGNORE}")]);
        assert_eq!(covered(&format!("# a {IGNORE}\n")), [format!("# a {IGNORE}")]);
        let row = format!("| b | up | {IGNORE} |");
        assert_eq!(covered(&format!("| a |  |  |\n|---|---|---|\n{row}\n| c | up |  |\n")), [row]);
        assert_eq!(covered(&format!("a {IGNORE} b {IGNORE}")).len(), 2);
        let long = format!("a {IGNORE} b <!-- trueup: ignore:\nc --> d");
        assert_eq!(covered(&long), [long.lines().next().unwrap(), &long]);
    }

    #[test]
    fn alone_it_covers_the_next_block() {
        assert_eq!(covered(&format!("a\n\n{IGNORE}\nb\nb\n\nc\n")), ["b\nb"]);
        assert_eq!(covered(&format!("a\n\n{IGNORE}\n\n- b\n  - c\n- d\n\ne\n")), ["- b\n  - c\n- d"]);
        assert_eq!(covered(&format!("{IGNORE}\n\n> b\n>\n> c\n\ne\n")), ["> b\n>\n> c"]);
        let table = "| a |\n|---|\n| b |\n";
        assert_eq!(covered(&format!("{IGNORE}\n\n{table}\nc\n")), [table.trim_end()]);
        assert_eq!(covered(&format!("- a\n\n  {IGNORE}\n\n  b\n- c\n")), ["b"]);
        assert_eq!(covered(&format!("{IGNORE}\n# b\n\nc\n")), ["b"]);
        assert_eq!(covered(&format!("{IGNORE}\nb\n\n- c\n")), ["b"]);
    }

    #[test]
    fn regions_files_and_reasons() {
        let source = "a\n<!-- trueup: ignore-start: history -->\nb\n\nc\n\n<!-- trueup: ignore-end -->\nd\n";
        assert_eq!(covered(source), ["\nb\n\nc"]);
        let whole = "a\n\n<!-- trueup: ignore-file — generated -->\n";
        assert_eq!(covered(whole), [whole.trim_end()]);
        for (words, reason) in [
            ("ignore", None),
            ("ignore: why not", Some("why not")),
            ("ignore — why", Some("why")),
            ("ignore -- why", Some("why")),
            ("ignore - why", Some("why")),
            ("ignore:", None),
        ] {
            let found = directives(&format!("a <!-- trueup: {words} -->\n"));
            assert_eq!(found.directives[0].kind, DirectiveKind::Ignore { reason: reason.map(str::to_owned) });
            assert_eq!(found.faults, []);
        }
    }

    #[test]
    fn annotations_name_what_claims_are_about() {
        for target in ["mcp", "mcp.healthy", "mcp/github", "mcp/Backend API", "tests-2"] {
            let source = format!("21/21 up <!-- trueup: {target} -->\n");
            let found = directives(&source);
            let DirectiveKind::Annotate { target: named, target_span } = &found.directives[0].kind else {
                panic!("{found:?}")
            };
            assert_eq!((named.as_str(), &source[target_span.range()]), (target, target));
        }
    }

    #[test]
    fn what_nobody_can_follow_is_a_fault() {
        use DirectiveFaultKind as Kind;
        let unknown = |word: &str, nearest| Kind::Unknown { word: word.to_owned(), nearest };
        for (words, kind) in [
            (":", Kind::Empty),
            (" ignore", Kind::NoColon),
            (": ignroe this line", unknown("ignroe", Some("ignore"))),
            (": what is this", unknown("what", None)),
            (": ignore this line", Kind::NotAReason { found: "this line".to_owned() }),
            (": ignore-start", Kind::StartWithoutEnd),
            (": ignore-end", Kind::EndWithoutStart),
        ] {
            let found = directives(&format!("a <!-- trueup{words} -->\n"));
            assert_eq!(found.faults.iter().map(|fault| &fault.kind).collect::<Vec<_>>(), [&kind], "{words}");
        }
        assert_eq!(directives(&format!("{IGNORE}\n")).faults[0].kind, Kind::CoversNothing);
        let twice = "<!-- trueup: ignore-start -->\n\n<!-- trueup: ignore-start -->\n\n<!-- trueup: ignore-end -->\n";
        let found = directives(twice);
        assert_eq!((found.faults.len(), found.directives.len()), (1, 1));
        assert_eq!(found.faults[0].related, Some(Span::new(0, "<!-- trueup: ignore-start -->".len())));
    }

    #[test]
    fn markers_of_sections_and_code_are_not_directives() {
        for source in ["<!-- trueup:begin a -->\nx\n<!-- trueup:end -->\n", "`<!-- trueup: ignore -->`", "<!-- a -->\n"]
        {
            assert_eq!(directives(source), Directives::default());
        }
    }

    #[test]
    fn many_directives_on_one_long_line_take_linear_time() {
        let source = format!("a {IGNORE} ").repeat(40_000);
        let prose = prose(&source);
        let started = std::time::Instant::now();
        assert_eq!(find(&source, &prose).directives.len(), 40_000);
        assert!(started.elapsed().as_millis() < 1000, "{:?}", started.elapsed());
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_directives_with_sound_spans(source in "(<!-- trueup: (ignore|mcp|ignore-start|ignore-end|x y)(: é|:\r?\n[ab])? -->|- |> |\\| |\\|---\\|\n|[ab`é]| |\r?\n){0,40}") {
            for directive in directives(&source).directives {
                proptest::prop_assert!(source.get(directive.covers.range()).is_some());
                proptest::prop_assert!(source[directive.span.range()].starts_with("<!--"));
            }
        }
    }
}
