//! From comments to sections: pairs markers, reads their attributes, and names everything that is wrong with them.

use std::collections::HashMap;

use super::address::{Address, WORDS, addressed};
use super::prose::Comment;
use super::section::{Attribute, Digest, LineEnding, MarkerFault, MarkerFaultKind, Section, Sections};
use super::source::Span;
use crate::nearest::nearest;

/// Finds the sections of a document among its comments, and all faults of its markers at once. Linear in both.
pub fn find(source: &str, comments: &[Comment]) -> Sections {
    let mut pairing = Pairing { source, found: Sections::default(), open: Vec::new(), lone_ends: Vec::new() };
    for (index, comment) in comments.iter().enumerate() {
        let Some(address) = addressed(source, comment) else { continue };
        match &source[address.word.range()] {
            "begin" => pairing.begin(&address, line_around(source, comments, index)),
            "end" => pairing.end(&address, line_around(source, comments, index)),
            // With a blank after the colon it can be an annotation, and is read with the directives.
            word if !address.spaced && !word.is_empty() && !WORDS.contains(&word) => {
                let kind = MarkerFaultKind::UnknownWord {
                    word: word.to_owned(),
                    nearest: nearest(word, WORDS.iter().copied()),
                };
                pairing.fault(address.all, None, kind);
            }
            _ => {}
        }
    }
    pairing.finish()
}

/// The line of a marker that is alone on it.
struct Line {
    /// First byte of the line.
    start: usize,
    /// First byte of the next line, or the end of the text.
    next: usize,
    /// What the lines after it begin with, to stand in the same container.
    prefix: String,
    ending: LineEnding,
}

/// The line around comment `index`, or `None` where something else stands on it.
///
/// Looks no further than the comments on either side, so that a line of many comments costs no more than its length.
fn line_around(source: &str, comments: &[Comment], index: usize) -> Option<Line> {
    let span = comments[index].span;
    let floor = index.checked_sub(1).map_or(0, |before| comments[before].span.end);
    let ceiling = comments.get(index + 1).map_or(source.len(), |after| after.span.start);
    let start = match source[floor..span.start].rfind('\n') {
        Some(found) => floor + found + 1,
        None if floor == 0 => 0,
        None => return None,
    };
    let before = source[start..span.start].trim_start_matches('\u{feff}');
    let (next, rest) = match source[span.end..ceiling].find('\n') {
        Some(found) => (span.end + found + 1, &source[span.end..span.end + found]),
        None if ceiling == source.len() => (source.len(), &source[span.end..]),
        None => return None,
    };
    if !rest.trim().is_empty() {
        return None;
    }
    let ending = if rest.ends_with('\r') { LineEnding::CrLf } else { LineEnding::Lf };
    Some(Line { start, next, prefix: continuation(before)?, ending })
}

/// What the next lines begin with in the containers that `prefix` opens or continues: `- ` becomes two blanks, `> `
/// stays. `None` where `prefix` is more than that.
fn continuation(prefix: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = prefix;
    while let Some(c) = rest.chars().next() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let marker = match c {
            ' ' | '\t' | '>' => {
                out.push(c);
                rest = &rest[1..];
                continue;
            }
            '-' | '*' | '+' => 1,
            _ if digits > 0 && rest[digits..].starts_with(['.', ')']) => digits + 1,
            _ => return None,
        };
        rest = &rest[marker..];
        if !rest.starts_with([' ', '\t']) {
            return None;
        }
        out.extend(std::iter::repeat_n(' ', marker));
    }
    Some(out)
}

/// Block quotes that a prefix stands in, and the indentation after the last of them, in columns.
fn container(prefix: &str) -> (usize, usize) {
    let own = prefix.rfind('>').map_or(prefix, |at| &prefix[at + 1..]);
    let width = own.chars().fold(0, |width, c| if c == '\t' { (width / 4 + 1) * 4 } else { width + 1 });
    (prefix.matches('>').count(), width)
}

/// A begin marker that waits for its end.
struct Open {
    marker: Span,
    /// What the section will be, where its marker is in order.
    section: Option<Section>,
    /// Begin markers inside it that were closed.
    inner: Vec<Span>,
}

struct Pairing<'a> {
    source: &'a str,
    found: Sections,
    open: Vec<Open>,
    /// End markers that nothing was open for.
    lone_ends: Vec<Span>,
}

impl Pairing<'_> {
    fn fault(&mut self, span: Span, related: Option<Span>, kind: MarkerFaultKind) {
        self.found.faults.push(MarkerFault { span, related, kind });
    }

    fn begin(&mut self, address: &Address, line: Option<Line>) {
        let marker = address.comment;
        if line.is_none() {
            self.fault(marker, None, MarkerFaultKind::NotAlone);
        }
        let faults = self.found.faults.len();
        let rest = &self.source[address.rest.range()];
        let name = rest.split_whitespace().next().unwrap_or_default();
        let template_span = Span::new(address.rest.start, address.rest.start + name.len());
        if name.is_empty() || name.contains(['=', '"']) {
            self.fault(marker, None, MarkerFaultKind::NoTemplate);
        }
        let attributes = self.attributes(Span::new(template_span.end, address.rest.end));
        let section = line.filter(|_| self.found.faults.len() == faults).map(|line| Section {
            template: name.to_owned(),
            template_span,
            attributes,
            begin: marker,
            body: Span::new(line.next, line.next),
            end: marker,
            facts: None,
            text: None,
            prefix: line.prefix,
            line_ending: line.ending,
        });
        self.open.push(Open { marker, section, inner: Vec::new() });
    }

    fn end(&mut self, address: &Address, line: Option<Line>) {
        let marker = address.comment;
        if line.is_none() {
            self.fault(marker, None, MarkerFaultKind::NotAlone);
        }
        let faults = self.found.faults.len();
        let attributes = self.attributes(address.rest);
        let facts = self.digest(&attributes, "facts");
        let text = self.digest(&attributes, "text");
        for attribute in attributes.iter().filter(|attribute| !DIGESTS.contains(&attribute.key.as_str())) {
            let kind = MarkerFaultKind::UnknownAttribute {
                key: attribute.key.clone(),
                nearest: nearest(&attribute.key, DIGESTS.iter().copied()),
            };
            self.fault(attribute.key_span, None, kind);
        }
        let Some(open) = self.open.pop() else {
            self.lone_ends.push(marker);
            return;
        };
        for &inner in &open.inner {
            self.fault(inner, Some(open.marker), MarkerFaultKind::Nested);
            self.found.sections.pop_if(|section| section.begin.start > open.marker.start);
        }
        if let Some(outer) = self.open.last_mut() {
            outer.inner.push(open.marker);
        }
        let (Some(mut section), Some(line)) = (open.section, line) else { return };
        if container(&section.prefix) != container(&line.prefix) {
            self.fault(marker, Some(open.marker), MarkerFaultKind::OtherContainer);
        }
        if self.found.faults.len() == faults {
            section.body.end = line.start;
            section.end = marker;
            (section.facts, section.text) = (facts, text);
            self.found.sections.push(section);
        }
    }

    fn digest(&mut self, attributes: &[Attribute], key: &str) -> Option<Digest> {
        let attribute = attributes.iter().find(|attribute| attribute.key == key)?;
        let digest = Digest::parse(&attribute.value);
        if digest.is_none() {
            let kind = MarkerFaultKind::MalformedDigest { key: key.to_owned(), found: attribute.value.clone() };
            self.fault(attribute.value_span, None, kind);
        }
        digest
    }

    /// Reads `key=value key="value" …`.
    fn attributes(&mut self, span: Span) -> Vec<Attribute> {
        let mut attributes: Vec<Attribute> = Vec::new();
        let mut at = span.start;
        loop {
            let rest = &self.source[at..span.end];
            let trimmed = rest.trim_start();
            at += rest.len() - trimmed.len();
            if trimmed.is_empty() {
                return attributes;
            }
            let (length, attribute) = read_attribute(trimmed, at);
            match attribute {
                None => {
                    let found = trimmed[..length].to_owned();
                    self.fault(Span::new(at, at + length), None, MarkerFaultKind::Malformed { found });
                }
                Some(attribute) => match attributes.iter().find(|other| other.key == attribute.key) {
                    Some(first) => {
                        let (first, key) = (first.key_span, attribute.key);
                        self.fault(attribute.key_span, Some(first), MarkerFaultKind::DuplicateAttribute { key });
                    }
                    None => attributes.push(attribute),
                },
            }
            at += length;
        }
    }

    fn finish(mut self) -> Sections {
        for (index, open) in std::mem::take(&mut self.open).into_iter().enumerate() {
            // Every lone end stands before every begin that is still open: the two next to each other were swapped.
            let between = |end: Span| {
                self.found
                    .sections
                    .iter()
                    .any(|section| section.begin.start > end.start && section.begin.start < open.marker.start)
            };
            let swapped = self.lone_ends.last().copied().filter(|&end| index == 0 && !between(end));
            match swapped {
                Some(end) => {
                    self.lone_ends.pop();
                    self.fault(end, Some(open.marker), MarkerFaultKind::Reversed);
                }
                None => {
                    // Where the next section begins is where the missing marker would have stood at the latest.
                    let next = open.inner.first().copied();
                    self.fault(open.marker, next, MarkerFaultKind::BeginWithoutEnd);
                }
            }
        }
        for end in std::mem::take(&mut self.lone_ends) {
            self.fault(end, None, MarkerFaultKind::EndWithoutBegin);
        }
        let mut found = self.found;
        found.sections.sort_by_key(|section| section.begin.start);
        let mut ids: HashMap<String, Span> = HashMap::new();
        for section in &found.sections {
            let Some(id) = section.attribute("id") else { continue };
            match ids.get(&id.value) {
                Some(&first) => found.faults.push(MarkerFault {
                    span: id.value_span,
                    related: Some(first),
                    kind: MarkerFaultKind::DuplicateId { id: id.value.clone() },
                }),
                None => {
                    ids.insert(id.value.clone(), id.value_span);
                }
            }
        }
        found.faults.sort_by_key(|fault| fault.span.start);
        found
    }
}

const DIGESTS: &[&str] = &["facts", "text"];

/// Reads one attribute at the start of `text`, which stands at byte `at` of the source. Returns how many bytes it took;
/// no attribute where they are none.
fn read_attribute(text: &str, at: usize) -> (usize, Option<Attribute>) {
    let word_end = text.find(char::is_whitespace).unwrap_or(text.len());
    let Some(equals) = text[..word_end].find('=') else { return (word_end, None) };
    let key = &text[..equals];
    let value = &text[equals + 1..];
    let (value_start, value, length) = match value.strip_prefix('"') {
        Some(quoted) => match quoted.find('"') {
            Some(end) => (equals + 2, &quoted[..end], equals + 2 + end + 1),
            None => return (text.len(), None),
        },
        None => (equals + 1, &text[equals + 1..word_end], word_end),
    };
    let ends = text[length..].chars().next().is_none_or(char::is_whitespace);
    let plain_key = key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'));
    if !ends || !plain_key || value.contains(['"', '\n', '\r']) || value.is_empty() {
        return (length.max(word_end), None);
    }
    let attribute = Attribute {
        key: key.to_owned(),
        key_span: Span::new(at, at + equals),
        value: value.to_owned(),
        value_span: Span::new(at + value_start, at + value_start + value.len()),
    };
    (length, Some(attribute))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::markdown::prose;

    fn sections(source: &str) -> Sections {
        find(source, &prose(source).comments)
    }

    /// What is said of a fault: the kind, the text at its place, and that of the marker it is in conflict with.
    type Said<'a> = (MarkerFaultKind, &'a str, Option<&'a str>);

    fn faults(source: &str) -> Vec<Said<'_>> {
        let faults = sections(source).faults.into_iter();
        faults.map(|f| (f.kind, &source[f.span.range()], f.related.map(|span| &source[span.range()]))).collect()
    }

    const A: &str = "<!-- trueup:begin a -->";
    const END: &str = "<!-- trueup:end -->";

    #[test]
    fn a_section_knows_all_its_parts() {
        let source = "x\n\n<!-- trueup:begin status-table group=mcp title=\"a b\" -->\nold\n\n<!-- trueup:end facts=9f2c1a77 text=51d0c3aa -->\ny";
        let Sections { sections, faults } = sections(source);
        assert_eq!(faults, []);
        let [section] = &sections[..] else { panic!("{sections:?}") };
        let text = |span: Span| &source[span.range()];
        assert_eq!((section.template.as_str(), text(section.template_span)), ("status-table", "status-table"));
        for attribute in &section.attributes {
            assert_eq!(text(attribute.key_span), attribute.key);
            assert_eq!(text(attribute.value_span), attribute.value);
        }
        assert_eq!(section.attribute("title").unwrap().value, "a b");
        assert_eq!(text(section.body), "old\n\n");
        assert_eq!(text(section.begin), "<!-- trueup:begin status-table group=mcp title=\"a b\" -->");
        assert_eq!(text(section.end), "<!-- trueup:end facts=9f2c1a77 text=51d0c3aa -->");
        assert_eq!(section.facts.unwrap().to_string(), "9f2c1a77");
        assert_eq!(section.text.unwrap().to_string(), "51d0c3aa");
        assert_eq!((section.prefix.as_str(), section.line_ending), ("", LineEnding::Lf));
    }

    #[test]
    fn sections_in_containers_keep_their_prefix() {
        for (source, prefix, body) in [
            (format!("- x\n\n  {A}\n  one\n\n  two\n  {END}\n"), "  ", "one\n\ntwo\n"),
            (format!("- {A}\n  one\n  {END}\n"), "  ", "one\n"),
            (format!("12. {A}\n    one\n    {END}\n"), "    ", "one\n"),
            (format!("> {A}\n> one\n>\n> two\n> {END}\n"), "> ", "one\n\ntwo\n"),
            (format!("> - {A}\n>   one\n>   {END}\n"), ">   ", "one\n"),
            (format!("\u{feff}{A}\r\none\r\n{END}\r\n"), "", "one\n"),
        ] {
            let Sections { sections, faults } = sections(&source);
            assert_eq!(faults, [], "{source}");
            assert_eq!((sections[0].prefix.as_str(), sections[0].body_text(&source).as_str()), (prefix, body));
            assert_eq!(sections[0].lay_out(body), &source[sections[0].body.range()]);
        }
    }

    #[test]
    fn what_is_shown_in_code_is_text() {
        for source in [format!("```\n{A}\n```\n"), format!("`{A}`"), format!("    {END}\n"), "<!-- other -->".into()] {
            assert_eq!(sections(&source), Sections::default(), "{source}");
        }
    }

    #[test]
    fn every_fault_is_named_with_its_place() {
        use MarkerFaultKind as Kind;
        let b = "<!-- trueup:begin b -->";
        let cases: Vec<(String, Vec<Said<'_>>)> = vec![
            (format!("{END}\n"), vec![(Kind::EndWithoutBegin, END, None)]),
            (format!("{A}\n"), vec![(Kind::BeginWithoutEnd, A, None)]),
            (format!("{END}\n{A}\n"), vec![(Kind::Reversed, END, Some(A))]),
            (format!("{A}\n{b}\n{END}\n{END}\n"), vec![(Kind::Nested, b, Some(A))]),
            (format!("{A}\n{b}\n{END}\n"), vec![(Kind::BeginWithoutEnd, A, Some(b))]),
            (format!("x {A}\n\n{END}\n"), vec![(Kind::NotAlone, A, None)]),
            (format!("{A}\n{END} y\n"), vec![(Kind::NotAlone, END, None)]),
            (format!("{A}{END}\n"), vec![(Kind::NotAlone, A, None), (Kind::NotAlone, END, None)]),
            (format!("- {A}\n\n{END}\n"), vec![(Kind::OtherContainer, END, Some(A))]),
            (format!("> {A}\n\n{END}\n"), vec![(Kind::OtherContainer, END, Some(A))]),
        ];
        for (source, expected) in cases {
            assert_eq!(faults(&source), expected, "{source}");
        }
        let malformed = |found: &str| Kind::Malformed { found: found.to_owned() };
        let key = || "k".to_owned();
        for (rest, kind, place) in [
            ("begin", Kind::NoTemplate, None),
            ("begin group=mcp", Kind::NoTemplate, None),
            ("begin a k", malformed("k"), Some("k")),
            ("begin a k=\"x", malformed("k=\"x"), Some("k=\"x")),
            ("begin a k=\"x\"y", malformed("k=\"x\"y"), Some("k=\"x\"y")),
            ("begin a K=x", malformed("K=x"), Some("K=x")),
            ("begin a k=", malformed("k="), Some("k=")),
            ("begin a k=1 k=2", Kind::DuplicateAttribute { key: key() }, Some("k")),
        ] {
            let source = format!("<!-- trueup:{rest} -->\n{END}\n");
            let found = faults(&source);
            assert_eq!(found.len(), 1, "{source}: {found:?}");
            assert_eq!(found[0].0, kind, "{source}");
            assert_eq!(found[0].1, place.unwrap_or(&source[..source.find('\n').unwrap()]), "{source}");
            assert_eq!(sections(&source).sections, [], "{source}");
        }
        for (rest, kind, place) in [
            ("end fact=1", Kind::UnknownAttribute { key: "fact".to_owned(), nearest: Some("facts") }, "fact"),
            ("end text=12", Kind::MalformedDigest { key: "text".to_owned(), found: "12".to_owned() }, "12"),
            ("end facts", malformed("facts"), "facts"),
        ] {
            let source = format!("{A}\n<!-- trueup:{rest} -->\n");
            assert_eq!(faults(&source), [(kind, place, None)], "{source}");
        }
        assert_eq!(
            faults("<!-- trueup:bgin a -->\n"),
            [(Kind::UnknownWord { word: "bgin".to_owned(), nearest: Some("begin") }, "bgin a", None)]
        );
        let twice = format!("<!-- trueup:begin a id=x -->\n{END}\n\n<!-- trueup:begin a id=x -->\n{END}\n");
        assert_eq!(faults(&twice), [(Kind::DuplicateId { id: "x".to_owned() }, "x", Some("x"))]);
    }

    #[test]
    fn a_large_document_takes_time_linear_in_its_size() {
        let section = format!("{A}\n{}{END}\n\n", "| some | cells | of | a | table |\n".repeat(300));
        let source = section.repeat(1000);
        assert!(source.len() > 9_000_000);
        let comments = prose(&source).comments;
        let started = std::time::Instant::now();
        assert_eq!(find(&source, &comments).sections.len(), 1000);
        assert!(started.elapsed().as_millis() < 1000, "{:?}", started.elapsed());
        // One line of many markers, and a pile of ends and begins that nothing closes.
        for source in
            [format!("{A}{END}").repeat(20_000), format!("{END}\n").repeat(20_000) + &format!("{A}\n").repeat(20_000)]
        {
            let comments = prose(&source).comments;
            let started = std::time::Instant::now();
            assert!(find(&source, &comments).faults.len() >= 39_999);
            assert!(started.elapsed().as_millis() < 1000, "{:?}", started.elapsed());
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_sections_with_sound_spans(source in "(<!-- trueup:begin a x=1 -->|<!-- trueup:end -->|<!-- trueup:end text=00000000 -->|- |> |[ab`=\":é]| |\r?\n){0,40}") {
            let found = sections(&source);
            let mut at = 0;
            for section in &found.sections {
                proptest::prop_assert!(at <= section.begin.start);
                proptest::prop_assert!(section.begin.end <= section.body.start && section.body.end <= section.end.start);
                proptest::prop_assert!(source.get(section.body.range()).is_some_and(|body| body.is_empty() || body.ends_with('\n')));
                at = section.end.end;
            }
            for fault in &found.faults {
                proptest::prop_assert!(source.get(fault.span.range()).is_some());
            }
        }
    }
}
