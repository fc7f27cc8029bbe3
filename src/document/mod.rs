//! Documents: source text with spans, the prose in it, the comments that steer trueup, and edits.

pub mod edit;
pub mod markdown;
pub mod prose;
pub mod source;
