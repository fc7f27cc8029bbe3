//! From Markdown to prose: what of a document its readers take as statements, with the bytes where each stands.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::html::{self, Mark};
use super::prose::{Comment, Heading, List, Part, PartKind, Piece, Prose, Role, Table};
use super::source::Span;

/// What GitHub renders. Front matter is cut off by hand ([`front_matter`]): the parser's own option takes anything between
/// two `---` for metadata, in the middle of a document too.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_GFM);

/// Takes a document apart. Never fails: any text is Markdown.
pub fn prose(source: &str) -> Prose {
    let body = front_matter(source);
    let mut walk = Walk::new(source, body);
    for (event, range) in Parser::new_ext(&source[body..], OPTIONS).into_offset_iter() {
        walk.event(event, Span::new(range.start + body, range.end + body));
    }
    walk.prose
}

/// Bytes of front matter (and of a byte order mark) at the start of a document.
pub fn front_matter(source: &str) -> usize {
    let start = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = source[start..].split_inclusive('\n');
    let opening = lines.next().unwrap_or_default();
    let closings: &[&str] = match opening.trim_end() {
        "---" => &["---", "..."],
        "+++" => &["+++"],
        _ => return start,
    };
    let mut at = start + opening.len();
    for (number, line) in lines.enumerate() {
        // A blank line right after the opening makes it a thematic break.
        if number == 0 && line.trim().is_empty() {
            return start;
        }
        at += line.len();
        if closings.contains(&line.trim_end()) {
            return at;
        }
    }
    start
}

/// A container that is open, and what a list or table that starts in it would be introduced by.
struct Frame {
    kind: FrameKind,
    /// The paragraph just closed, with nothing between it and here.
    before: Option<usize>,
}

enum FrameKind {
    /// The document, a block quote, a footnote: text in it stands on its own.
    Plain,
    List {
        lead_in: Option<usize>,
        parent: Option<usize>,
        /// Index into [`Prose::lists`].
        index: usize,
    },
    Item {
        lead_in: Option<usize>,
        parent: Option<usize>,
        task: Option<Span>,
        checked: Option<bool>,
        /// The first text of the item.
        text: Option<usize>,
        /// Index into [`Prose::lists`].
        list: usize,
    },
}

/// Where the walk stands in a table.
struct TableAt {
    lead_in: Option<usize>,
    in_head: bool,
    column: usize,
}

struct Walk<'a> {
    source: &'a str,
    prose: Prose,
    frames: Vec<Frame>,
    lists: usize,
    quotes: usize,
    table: Option<TableAt>,
    /// The headings that the walk is under, outermost first.
    path: Vec<usize>,
    /// The piece being read, and the bytes of it so far.
    open: Option<Piece>,
    /// A thematic break came after the last heading.
    apart: bool,
    strong: usize,
    struck: usize,
    images: usize,
    html_code: bool,
    html_block: Option<Span>,
    /// Code of an item is no text of it.
    code_block: bool,
}

impl<'a> Walk<'a> {
    fn new(source: &'a str, body: usize) -> Walk<'a> {
        let mut prose = Prose::default();
        // About one part in 40 bytes and one piece in 60: growing by doubling would copy megabytes.
        prose.parts.reserve((source.len() - body) / 64);
        prose.pieces.reserve((source.len() - body) / 128);
        Walk {
            source,
            prose,
            frames: vec![Frame { kind: FrameKind::Plain, before: None }],
            lists: 0,
            quotes: 0,
            table: None,
            path: Vec::new(),
            open: None,
            apart: false,
            strong: 0,
            struck: 0,
            images: 0,
            html_code: false,
            html_block: None,
            code_block: false,
        }
    }

    fn event(&mut self, event: Event<'a>, span: Span) {
        match event {
            Event::Start(tag) => self.start(&tag, span),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, span),
            Event::Code(text) => {
                self.heading_text(&text);
                self.part(PartKind::Code, span);
            }
            Event::SoftBreak => self.part(PartKind::SoftBreak, span),
            Event::HardBreak => self.part(PartKind::HardBreak, span),
            Event::InlineHtml(tag) => self.inline_html(&tag, span),
            Event::Rule => {
                self.block();
                self.apart = true;
            }
            Event::TaskListMarker(checked) => self.task(checked, span),
            // A footnote mark says nothing itself; HTML blocks are read whole when they start; mathematics is not enabled.
            Event::Html(_) | Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, span: Span) {
        match tag {
            Tag::Paragraph => {
                self.close();
                self.open(None);
            }
            Tag::Heading { level, .. } => {
                self.block();
                let level = *level as u8;
                while self.path.last().is_some_and(|&above| self.prose.headings[above].level >= level) {
                    self.path.pop();
                }
                let parent = self.path.last().copied();
                let index = self.prose.headings.len();
                self.prose.headings.push(Heading { level, text: String::new(), span, parent });
                self.apart = false;
                self.open(Some(Role::Heading(index)));
                self.path.push(index);
            }
            Tag::BlockQuote(_) => {
                self.block();
                self.prose.containers.push(span);
                self.quotes += 1;
                self.frames.push(Frame { kind: FrameKind::Plain, before: None });
            }
            Tag::FootnoteDefinition(_) => {
                self.block();
                self.frames.push(Frame { kind: FrameKind::Plain, before: None });
            }
            Tag::List(_) => {
                self.close();
                let text = self.item_text();
                let before = self.top().before.take();
                self.prose.containers.push(span);
                self.lists += 1;
                let index = self.prose.lists.len();
                self.prose.lists.push(List { span, items: 0, ticked: 0 });
                let kind = FrameKind::List { lead_in: before.or(text), parent: text, index };
                self.frames.push(Frame { kind, before: None });
            }
            Tag::Item => {
                let (lead_in, parent, list) = match self.top().kind {
                    FrameKind::List { lead_in, parent, index } => {
                        self.prose.lists[index].items += 1;
                        (lead_in, parent, index)
                    }
                    FrameKind::Plain | FrameKind::Item { .. } => (None, None, 0),
                };
                let kind = FrameKind::Item { lead_in, parent, task: None, checked: None, text: None, list };
                self.frames.push(Frame { kind, before: None });
            }
            Tag::Table(_) => {
                self.close();
                let lead_in = self.top().before.take();
                self.prose.tables.push(Table { header: Vec::new(), span, rows: 0 });
                self.table = Some(TableAt { lead_in, in_head: false, column: 0 });
            }
            Tag::TableHead | Tag::TableRow => {
                if let (Some(table), Some(noun)) = (&mut self.table, self.prose.tables.last_mut()) {
                    table.in_head = matches!(tag, Tag::TableHead);
                    table.column = 0;
                    noun.rows += usize::from(!table.in_head);
                }
            }
            Tag::TableCell => self.cell(),
            Tag::CodeBlock(_) => {
                self.block();
                self.code_block = true;
            }
            Tag::HtmlBlock => {
                // Not `block`: a comment between a paragraph and its list does not part them.
                self.close();
                self.html_block(span);
                self.html_block = Some(span);
            }
            Tag::Strong => self.strong += 1,
            Tag::Strikethrough => self.struck += 1,
            Tag::Image { .. } => {
                if self.images == 0 {
                    self.part(PartKind::Image, span);
                }
                self.images += 1;
            }
            Tag::Emphasis | Tag::Link { .. } | Tag::Superscript | Tag::Subscript => {}
            Tag::DefinitionList | Tag::DefinitionListTitle | Tag::DefinitionListDefinition | Tag::MetadataBlock(_) => {
                self.block();
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell => {
                self.close();
            }
            TagEnd::BlockQuote(_) => {
                self.quotes -= 1;
                self.leave();
            }
            TagEnd::List(_) => {
                self.lists -= 1;
                self.leave();
            }
            TagEnd::FootnoteDefinition | TagEnd::Item => self.leave(),
            TagEnd::Table => self.table = None,
            TagEnd::HtmlBlock => self.html_block = None,
            TagEnd::CodeBlock => self.code_block = false,
            TagEnd::Strong => self.strong -= 1,
            TagEnd::Strikethrough => self.struck -= 1,
            TagEnd::Image => self.images -= 1,
            TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::Emphasis
            | TagEnd::Link
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the document's own frame is never left")
    }

    /// A block begins that introduces nothing.
    fn block(&mut self) {
        self.close();
        self.top().before = None;
    }

    fn leave(&mut self) {
        self.close();
        if self.frames.len() > 1 {
            self.frames.pop();
        }
        self.top().before = None;
    }

    /// The first text of the item that the walk stands in.
    fn item_text(&mut self) -> Option<usize> {
        match self.top().kind {
            FrameKind::Item { text, .. } => text,
            FrameKind::Plain | FrameKind::List { .. } => None,
        }
    }

    fn open(&mut self, role: Option<Role>) {
        let mut lead_in = None;
        let depth = self.lists;
        let mut task_span = None;
        let role = role.unwrap_or_else(|| match &self.top().kind {
            FrameKind::Item { lead_in: above, parent, task, checked, text, list } => {
                lead_in = *above;
                // The box belongs to the first text of the item.
                task_span = task.filter(|_| text.is_none());
                Role::Item { task: checked.filter(|_| text.is_none()), list: *list, depth, parent: *parent }
            }
            FrameKind::Plain | FrameKind::List { .. } => Role::Paragraph,
        });
        if let (Role::Cell { .. } | Role::HeaderCell { .. }, Some(table)) = (role, &self.table) {
            lead_in = table.lead_in;
        }
        let at = self.prose.parts.len();
        let quoted = self.quotes > 0;
        let heading = self.path.last().copied();
        self.open =
            Some(Piece { role, span: Span::new(0, 0), parts: at..at, heading, apart: self.apart, lead_in, quoted });
        self.html_code = false;
        if let Some(span) = task_span {
            self.prose.parts.push(Part { kind: PartKind::Task, span });
        }
    }

    fn cell(&mut self) {
        self.close();
        let Some(table) = &mut self.table else { return };
        let column = table.column;
        table.column += 1;
        let index = self.prose.tables.len() - 1;
        let noun = &mut self.prose.tables[index];
        let role = if table.in_head {
            noun.header.push(String::new());
            Role::HeaderCell { table: index, column }
        } else {
            Role::Cell { table: index, row: noun.rows - 1, column }
        };
        self.open(Some(role));
    }

    /// Ends the piece being read. One without text leaves no trace.
    fn close(&mut self) {
        let Some(mut piece) = self.open.take() else { return };
        let from = piece.parts.start;
        while matches!(
            self.prose.parts[from..].last(),
            Some(Part { kind: PartKind::SoftBreak | PartKind::HardBreak, .. })
        ) {
            self.prose.parts.pop();
        }
        let (Some(first), Some(last)) = (self.prose.parts.get(from), self.prose.parts.last()) else { return };
        piece.parts = from..self.prose.parts.len();
        piece.span = Span::new(first.span.start, last.span.end.max(first.span.start));
        let index = self.prose.pieces.len();
        let is_text = matches!(piece.role, Role::Paragraph | Role::Item { .. });
        self.prose.pieces.push(piece);
        if is_text {
            let top = self.top();
            top.before = Some(index);
            if let FrameKind::Item { text: text @ None, .. } = &mut top.kind {
                *text = Some(index);
            }
        }
    }

    fn part(&mut self, kind: PartKind, span: Span) {
        if self.images > 0 || span.is_empty() {
            return;
        }
        if self.open.is_none() {
            // Text of a tight item stands in no paragraph. Other text without a block is none of ours.
            if !matches!(self.top().kind, FrameKind::Item { .. }) {
                return;
            }
            self.open(None);
        }
        let from = self.open.as_ref().map_or(0, |piece| piece.parts.start);
        match self.prose.parts[from..].last_mut() {
            Some(last) if last.kind == kind && last.span.end == span.start && kind != PartKind::Image => {
                last.span.end = span.end;
            }
            // A break before any text shows nothing.
            None if matches!(kind, PartKind::SoftBreak | PartKind::HardBreak) => {}
            _ => self.prose.parts.push(Part { kind, span }),
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        if self.html_block.is_some() || self.code_block {
            return;
        }
        self.heading_text(text);
        let kind = if text.len() != span.len() {
            PartKind::Entity
        } else if self.html_code {
            PartKind::Code
        } else if self.struck > 0 {
            PartKind::Struck
        } else if self.strong > 0 {
            PartKind::Strong
        } else {
            PartKind::Text
        };
        self.part(kind, span);
    }

    /// Adds to the visible text of the heading or header cell being read.
    fn heading_text(&mut self, text: &str) {
        match self.open.as_ref().map(|piece| piece.role) {
            Some(Role::Heading(index)) => self.prose.headings[index].text.push_str(text),
            Some(Role::HeaderCell { table, column }) => self.prose.tables[table].header[column].push_str(text),
            _ => {}
        }
    }

    fn task(&mut self, is_checked: bool, span: Span) {
        if let FrameKind::Item { task, checked, text: None, list, .. } = &mut self.top().kind {
            *task = Some(span);
            *checked = Some(is_checked);
            let list = *list;
            self.prose.lists[list].ticked += usize::from(is_checked);
        }
        match &mut self.open {
            None => self.open(None),
            Some(Piece { role: Role::Item { task, .. }, parts, .. }) if parts.start == self.prose.parts.len() => {
                *task = Some(is_checked);
                self.prose.parts.push(Part { kind: PartKind::Task, span });
            }
            Some(_) => {}
        }
    }

    fn inline_html(&mut self, tag: &str, span: Span) {
        if tag.starts_with("<!--") || html::is_image(tag) {
            for image in self.comments_and_images(span, false) {
                self.part(PartKind::Image, image);
            }
        } else if tag.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("<br")) {
            self.part(PartKind::HardBreak, span);
        } else if tag.eq_ignore_ascii_case("<code>") {
            self.html_code = true;
        } else if tag.eq_ignore_ascii_case("</code>") {
            self.html_code = false;
        }
    }

    /// Notes the comments of a piece of HTML, and tells where its images stand.
    fn comments_and_images(&mut self, within: Span, block: bool) -> Vec<Span> {
        let mut images = Vec::new();
        for mark in html::marks(self.source, within) {
            match mark {
                Mark::Comment { span, inner } => self.prose.comments.push(Comment { span, inner, block }),
                Mark::Image(image) => images.push(image),
            }
        }
        images
    }

    /// An HTML block: its comments steer, its images are seen, its text is none of ours.
    fn html_block(&mut self, span: Span) {
        // A row of badges is no lead-in of the list behind it, and parts no paragraph from its list.
        let before = self.top().before;
        for image in self.comments_and_images(span, true) {
            self.open(Some(Role::Paragraph));
            self.part(PartKind::Image, image);
            self.close();
        }
        self.top().before = before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> Vec<(Role, String)> {
        let prose = prose(source);
        prose
            .pieces
            .iter()
            .map(|piece| {
                let text = prose.parts_of(piece).iter().map(|part| &source[part.span.range()]).collect::<String>();
                assert_eq!(piece.span.start, prose.parts_of(piece)[0].span.start);
                (piece.role, text)
            })
            .collect()
    }

    fn comments(source: &str) -> Vec<(&str, &str, bool)> {
        prose(source)
            .comments
            .iter()
            .map(|comment| (&source[comment.span.range()], &source[comment.inner.range()], comment.block))
            .collect()
    }

    /// An item where each list stands in the one before it.
    fn item(task: Option<bool>, depth: usize, parent: Option<usize>) -> Role {
        Role::Item { task, list: depth - 1, depth, parent }
    }

    #[test]
    fn lists_know_their_own_items() {
        let source = "- a\n  - b\n  - c\n\n    more of c\n- d\n\n1. e\n";
        let lists: Vec<_> = prose(source).lists.iter().map(|list| (list.span.start, list.items)).collect();
        assert_eq!(lists, [(0, 2), (6, 2), (source.find('1').unwrap(), 1)]);
    }

    #[test]
    fn lists_count_their_boxes() {
        let source = "- [x] a\n  - [ ] b\n- [X] c\n- d\n\n1. [x] e\n";
        let lists: Vec<_> = prose(source).lists.iter().map(|list| (list.items, list.ticked)).collect();
        assert_eq!(lists, [(3, 2), (1, 0), (1, 1)]);
    }

    #[test]
    fn paragraphs_headings_and_markup() {
        assert_eq!(
            shown("# One **two**\n\nA *b* `c`\nd\\*e &amp; f\n"),
            [(Role::Heading(0), "One two".to_owned()), (Role::Paragraph, "A b `c`\nd*e &amp; f".to_owned())]
        );
        let prose = prose("# One `x`\n## Two\n### Three\n## Four\n");
        let tree: Vec<_> = prose.headings.iter().map(|h| (h.text.as_str(), h.level, h.parent)).collect();
        assert_eq!(tree, [("One x", 1, None), ("Two", 2, Some(0)), ("Three", 3, Some(1)), ("Four", 2, Some(0))]);
        assert_eq!(prose.pieces[3].heading, Some(0));
    }

    #[test]
    fn items_know_their_box_depth_parent_and_lead_in() {
        assert_eq!(
            shown("Works:\n\n- [x] one\n  - two\n\n    more\n- three\n"),
            [
                (Role::Paragraph, "Works:".to_owned()),
                (item(Some(true), 1, None), "[x]one".to_owned()),
                (item(None, 2, Some(1)), "two".to_owned()),
                (item(None, 2, Some(1)), "more".to_owned()),
                (item(None, 1, None), "three".to_owned()),
            ]
        );
        let lead_ins = |source: &str| prose(source).pieces.iter().map(|piece| piece.lead_in).collect::<Vec<_>>();
        assert_eq!(lead_ins("Works:\n\n- one\n  - two\n- three\n"), [None, Some(0), Some(1), Some(0)]);
        assert_eq!(lead_ins("Works:\n\n```\nx\n```\n\n- one\n"), [None, None]);
        assert_eq!(lead_ins("Works:\n<!-- c -->\n\n- [ ] one\n"), [None, Some(0)]);
        assert_eq!(lead_ins("Works:\n\n| a |\n|---|\n| b |\n"), [None, Some(0), Some(0)]);
    }

    #[test]
    fn a_loose_item_keeps_its_box() {
        assert_eq!(
            shown("- [x] one\n\n  two\n\n- [ ] three\n"),
            [
                (item(Some(true), 1, None), "[x]one".to_owned()),
                (item(None, 1, None), "two".to_owned()),
                (item(Some(false), 1, None), "[ ]three".to_owned()),
            ]
        );
    }

    #[test]
    fn tables_have_headers_rows_and_columns() {
        let source = "| A | B |\n|---|---|\n| 1 | **2** |\n|  | 4<br>5 |\n";
        assert_eq!(
            shown(source),
            [
                (Role::HeaderCell { table: 0, column: 0 }, "A".to_owned()),
                (Role::HeaderCell { table: 0, column: 1 }, "B".to_owned()),
                (Role::Cell { table: 0, row: 0, column: 0 }, "1".to_owned()),
                (Role::Cell { table: 0, row: 0, column: 1 }, "2".to_owned()),
                (Role::Cell { table: 0, row: 1, column: 1 }, "4<br>5".to_owned()),
            ]
        );
        let table = &prose(source).tables[0];
        assert_eq!((table.header.as_slice(), table.rows), (["A".to_owned(), "B".to_owned()].as_slice(), 2));
    }

    #[test]
    fn what_is_not_prose_is_not_here() {
        for source in [
            "---\nstatus: 21/21\n---\n",
            "+++\nstatus = 1\n+++\n",
            "\u{feff}---\na: 1\n---\n",
            "```\n21/21\n```\n",
            "    21/21\n",
            "<div>21/21 up</div>\n",
            "<!-- 21/21 up -->\n",
            "[link]: http://x/21/21\n",
        ] {
            assert_eq!(shown(source), [], "{source}");
        }
        let body = [(Role::Paragraph, "a".to_owned()), (Role::Paragraph, "b".to_owned())];
        assert_eq!(shown("a\n\n---\n\nb\n\n---\n"), body);
        assert_eq!(shown("---\n\na\n\n---\n\nb\n"), body);
        assert_eq!(shown("a <b>b</b> <!-- c --> d <code>e</code>"), [(Role::Paragraph, "a b  d e".to_owned())]);
    }

    #[test]
    fn code_in_an_item_is_no_text_of_it() {
        for code in ["  ```\n  21/21 up\n  ```\n", "\n  ```\n  21/21 up\n  ```\n", "\n      21/21 up\n"] {
            let source = format!("- a\n{code}- b\n");
            let items = ["a", "b"].map(|text| (item(None, 1, None), text.to_owned()));
            assert_eq!(shown(&source), items, "{source}");
        }
    }

    #[test]
    fn an_image_is_one_part() {
        let source = "[![a *b*](http://x/c.svg)](http://y) d";
        let prose = prose(source);
        let parts: Vec<_> = prose.parts.iter().map(|part| (part.kind, &source[part.span.range()])).collect();
        assert_eq!(parts, [(PartKind::Image, "![a *b*](http://x/c.svg)"), (PartKind::Text, " d")]);
    }

    #[test]
    fn images_of_html_are_images() {
        let source = "Parts:\n\n<p>\n  <img src=a><img src=b>\n</p>\n\n- one <img src=c> two\n";
        let prose = prose(source);
        let parts: Vec<_> = prose.parts.iter().map(|part| (part.kind, &source[part.span.range()])).collect();
        let image = |text| (PartKind::Image, text);
        let text = |text| (PartKind::Text, text);
        let all = [text("Parts:"), image("<img src=a>"), image("<img src=b>"), text("one "), image("<img src=c>")];
        assert_eq!(parts[..5], all);
        // The list is introduced by the text before the images.
        let lead_ins: Vec<_> = prose.pieces.iter().map(|piece| piece.lead_in).collect();
        assert_eq!(lead_ins, [None, None, None, Some(0)]);
    }

    #[test]
    fn comments_in_blocks_and_lines() {
        assert_eq!(
            comments(
                "<!-- a --> <!--b-->\n\ntext <!-- c --> text\n\n- <!--\n  d\n  e -->\n\n| x |\n|---|\n| <!-- f --> |\n"
            ),
            [
                ("<!-- a -->", "a", true),
                ("<!--b-->", "b", true),
                ("<!-- c -->", "c", false),
                ("<!--\n  d\n  e -->", "d\n  e", true),
                ("<!-- f -->", "f", false),
            ]
        );
        assert_eq!(comments("<div>\n<!-- a -->\n</div>\n"), [("<!-- a -->", "a", true)]);
        assert_eq!(comments("<!--> x\n\ny <!---> z\n"), [("<!-->", "", true), ("<!--->", "", false)]);
    }

    #[test]
    fn what_only_looks_like_a_comment() {
        for source in [
            "`<!-- a -->`",
            "```\n<!-- a -->\n```\n",
            "    <!-- a -->\n",
            "<!-- a\n\nb\n",
            "text <!-- a\n\nb -->\n",
            "<script>\n<!-- a -->\n</script>\n",
            "\\<!-- a -->",
        ] {
            assert_eq!(comments(source), [], "{source}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_part_lies_in_its_piece_and_in_the_text(source in "([ab12/%|#>*_~`<!\\-\\[\\](): \n\r\\\\é✅&;x]|- |\\| |<img a>|<p>){0,200}") {
            let prose = prose(&source);
            let mut at = 0;
            for piece in &prose.pieces {
                proptest::prop_assert!(!piece.parts.is_empty());
                for part in prose.parts_of(piece) {
                    proptest::prop_assert!(part.span.start >= at && part.span.end > part.span.start);
                    proptest::prop_assert!(piece.span.contains(part.span));
                    proptest::prop_assert!(source.get(part.span.range()).is_some());
                    at = part.span.end;
                }
            }
            for comment in &prose.comments {
                proptest::prop_assert!(source[comment.span.range()].starts_with("<!--"));
                proptest::prop_assert!(comment.span.contains(comment.inner));
            }
        }
    }
}
