//! Sections: regions between markers that trueup writes.
//!
//! ```text
//! <!-- trueup:begin status-table group=mcp -->
//! …the body, whole lines…
//! <!-- trueup:end facts=9f2c1a77 text=51d0c3aa -->
//! ```

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::source::Span;

/// The sections of a document, and everything that is wrong with its markers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sections {
    /// Well-formed sections in document order.
    pub sections: Vec<Section>,
    /// Faults in document order. A document with one is not written to.
    pub faults: Vec<MarkerFault>,
}

/// One section.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Name of the template.
    pub template: String,
    /// Where the name stands.
    pub template_span: Span,
    /// Attributes of the begin marker, in order.
    pub attributes: Vec<Attribute>,
    /// The begin marker, from `<!--` to `-->`.
    pub begin: Span,
    /// The whole lines between the markers, their container prefix and line endings included.
    pub body: Span,
    /// The end marker, from `<!--` to `-->`.
    pub end: Span,
    /// Digest of the facts that the body shows; `None` until trueup has written it.
    pub facts: Option<Digest>,
    /// Digest of the body as trueup wrote it.
    pub text: Option<Digest>,
    /// What each line of the body begins with: the indentation of its list item, the `> ` of its block quote.
    pub prefix: String,
    /// How the line of the begin marker ends, and with it the lines of the body.
    pub line_ending: LineEnding,
}

/// `key=value` in a begin marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value, without quotes.
    pub value: String,
    /// Where the value stands, without quotes.
    pub value_span: Span,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnding {
    /// `\n`.
    Lf,
    /// `\r\n`.
    CrLf,
}

impl LineEnding {
    /// The bytes.
    pub fn as_str(self) -> &'static str {
        match self {
            LineEnding::Lf => "\n",
            LineEnding::CrLf => "\r\n",
        }
    }
}

impl Section {
    /// The attribute called `key`.
    pub fn attribute(&self, key: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.key == key)
    }

    /// The `id` attribute.
    pub fn id(&self) -> Option<&str> {
        self.attribute("id").map(|attribute| attribute.value.as_str())
    }

    /// The body as its template wrote it: without the container prefix, lines ending in `\n`.
    pub fn body_text(&self, source: &str) -> String {
        let body = &source[self.body.range()];
        let blank = self.prefix.trim_end();
        let mut text = String::with_capacity(body.len());
        for line in body.split_inclusive('\n') {
            let line = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
            // A line that lost its prefix keeps its bytes, so that it counts as a change.
            if let Some(own) = line.strip_prefix(self.prefix.as_str()) {
                text.push_str(own);
            } else if line != blank {
                text.push_str(line);
            }
            text.push('\n');
        }
        text
    }

    /// `text` as it stands in the document: every line with the container prefix and the document's line ending.
    pub fn lay_out(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + text.len() / 8);
        for line in text.lines() {
            let prefix = if line.is_empty() { self.prefix.trim_end() } else { &self.prefix };
            out.push_str(prefix);
            out.push_str(line);
            out.push_str(self.line_ending.as_str());
        }
        out
    }
}

/// A short fingerprint: the first four bytes of a SHA-256, shown as eight hexadecimal digits. It tells a changed text
/// from an unchanged one; it is no protection against somebody who wants a collision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest([u8; 4]);

impl Digest {
    /// The digest of `parts`, one after the other.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Digest {
        let mut hash = Sha256::new();
        for part in parts {
            // The length first, so that moving a byte from one part to the next is a change.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let hash = hash.finalize();
        Digest([hash[0], hash[1], hash[2], hash[3]])
    }

    /// Reads eight hexadecimal digits.
    pub fn parse(text: &str) -> Option<Digest> {
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(text, 16).ok().map(|number| Digest(number.to_be_bytes()))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

/// Something wrong with a marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkerFault {
    /// What is wrong, and where.
    pub span: Span,
    /// The marker that it is in conflict with.
    pub related: Option<Span>,
    /// Which fault.
    pub kind: MarkerFaultKind,
}

/// What can be wrong with a marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkerFaultKind {
    /// Something else stands on its line.
    NotAlone,
    /// An end marker that no begin marker is open for.
    EndWithoutBegin,
    /// A begin marker that no end marker closes.
    BeginWithoutEnd,
    /// An end marker followed by the begin marker that it should have closed.
    Reversed,
    /// A section inside a section.
    Nested,
    /// The end marker stands in another list item or block quote than the begin marker.
    OtherContainer,
    /// Two sections with one id.
    DuplicateId {
        /// The id.
        id: String,
    },
    /// A begin marker without the name of a template.
    NoTemplate,
    /// Something that is not `key=value` or `key="value"`.
    Malformed {
        /// What stands there.
        found: String,
    },
    /// The same key twice.
    DuplicateAttribute {
        /// The key.
        key: String,
    },
    /// An end marker with something else than `facts` and `text`.
    UnknownAttribute {
        /// The key.
        key: String,
        /// The known key that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A digest that is not eight hexadecimal digits.
    MalformedDigest {
        /// `facts` or `text`.
        key: String,
        /// What stands there.
        found: String,
    },
    /// A word after `trueup:` that means nothing.
    UnknownWord {
        /// The word.
        word: String,
        /// The known word that was probably meant.
        nearest: Option<&'static str>,
    },
}
