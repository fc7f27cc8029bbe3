//! Comments that steer how claims are judged: ignore them, or say what they are about.
//!
//! | comment | covers |
//! |---|---|
//! | `<!-- trueup: ignore -->` | the prose on its line; alone on its line, the next block (a whole list, table or quote) |
//! | `<!-- trueup: ignore: reason -->`, `ignore — reason` | the same, with a reason |
//! | `<!-- trueup: ignore-start -->` … `<!-- trueup: ignore-end -->` | everything between the two |
//! | `<!-- trueup: ignore-file -->` | the document |
//! | `<!-- trueup: mcp -->`, `mcp.healthy`, `mcp/github` | as `ignore`: what the claims there are about |

use super::source::Span;

/// The directives of a document, and those that nobody can follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directives {
    /// In document order.
    pub directives: Vec<Directive>,
    /// In document order.
    pub faults: Vec<DirectiveFault>,
}

/// A comment that steers trueup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The comment.
    pub span: Span,
    /// What it says.
    pub kind: DirectiveKind,
    /// The bytes it speaks of. It applies to every claim that shares a byte with them.
    pub covers: Span,
}

/// What a directive says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectiveKind {
    /// Claims here are judged and counted, and change no exit code.
    Ignore {
        /// Why, in the writer's words.
        reason: Option<String>,
    },
    /// Claims here are about this.
    Annotate {
        /// What the comment names, as written: `mcp`, `mcp.healthy`, `mcp/github`.
        target: String,
        /// Where the name stands.
        target_span: Span,
    },
}

/// A directive that nobody can follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectiveFault {
    /// Where.
    pub span: Span,
    /// The comment that it is in conflict with.
    pub related: Option<Span>,
    /// What is wrong.
    pub kind: DirectiveFaultKind,
}

/// What can be wrong with a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectiveFaultKind {
    /// Nothing follows `trueup:`.
    Empty,
    /// `trueup` without its colon.
    NoColon,
    /// More than one word, and the first is no known one.
    Unknown {
        /// The first word.
        word: String,
        /// The known word that was probably meant.
        nearest: Option<&'static str>,
    },
    /// `ignore` followed by something that is not a reason: a reason comes after a colon or a dash.
    NotAReason {
        /// What follows.
        found: String,
    },
    /// `ignore-start` that nothing ends.
    StartWithoutEnd,
    /// `ignore-end` that nothing started.
    EndWithoutStart,
    /// `ignore-start` where one is open already.
    StartTwice,
    /// Nothing follows that it could speak of.
    CoversNothing,
}
