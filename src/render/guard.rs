//! The last look at what a template wrote: the section must still end where its end marker will stand.

use pulldown_cmark::{Event, Options, Parser, Tag};

/// Whether `text`, put between the markers of a section, neither holds a marker of its own nor swallows the end marker (in
/// a code block or a comment that it leaves open).
pub fn stays_inside(text: &str) -> bool {
    const END: &str = "\n<!-- trueup:end -->\n";
    let page = format!("{text}{END}");
    let mut markers = Vec::new();
    for (event, range) in Parser::new_ext(&page, Options::ENABLE_TABLES | Options::ENABLE_GFM).into_offset_iter() {
        let html = match event {
            Event::Start(Tag::HtmlBlock) => !is_raw(&page[range.clone()]),
            Event::InlineHtml(_) => true,
            _ => false,
        };
        if html {
            markers_in(&page[range.clone()], range.start, &mut markers);
        }
    }
    markers == [page.len() - END.len() + 1]
}

/// A script, style sheet or text area, which hold no comments.
fn is_raw(block: &str) -> bool {
    let name = block.trim_start().trim_start_matches('<').to_ascii_lowercase();
    ["script", "style", "textarea"].iter().any(|raw| name.starts_with(raw))
}

/// Where in `html` comments begin that speak of a section.
fn markers_in(html: &str, offset: usize, markers: &mut Vec<usize>) {
    let mut at = 0;
    while let Some(start) = html[at..].find("<!--").map(|found| at + found) {
        let inner = &html[start + "<!--".len()..];
        let word = inner.trim_start().trim_start_matches('-').trim_start();
        if word.get(.."trueup".len()).is_some_and(|name| name.eq_ignore_ascii_case("trueup")) {
            let word = word["trueup".len()..].trim_start_matches([':', ' ', '\t']);
            if word.starts_with("begin") || word.starts_with("end") {
                markers.push(offset + start);
            }
        }
        let Some(length) = inner.find("-->") else { return };
        at = start + "<!--".len() + length + "-->".len();
    }
}

#[cfg(test)]
mod tests {
    use super::stays_inside;

    #[test]
    fn what_would_end_or_swallow_the_section_is_refused() {
        for good in [
            "",
            "text\n",
            "| a |\n|---|\n| b |\n",
            "```\n<!-- trueup:end -->\n```\n",
            "`<!-- trueup:end -->`\n",
            "<div>\nx\n</div>\n",
            "<!-- note -->\n",
            "<!-- trueup: ignore -->\nx\n",
        ] {
            assert!(stays_inside(good), "{good}");
        }
        for bad in [
            "<!-- trueup:end -->\n",
            "a <!-- trueup:begin x --> b\n",
            "```\nopen\n",
            "<!-- open\n",
            "<script>\n",
            "<div>\n<!-- trueup: end -->\n</div>\n",
        ] {
            assert!(!stays_inside(bad), "{bad}");
        }
    }
}
