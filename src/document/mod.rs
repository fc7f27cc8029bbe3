//! Documents: source text with spans, the prose in it, the comments that steer trueup, and edits.

pub mod address;
pub mod directive;
pub mod directives;
pub mod edit;
pub mod html;
pub mod markdown;
pub mod markers;
pub mod prose;
pub mod section;
pub mod source;
