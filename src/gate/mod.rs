//! Gates: what stands between a false claim and the places that it would get to.
//!
//! [`baseline`] keeps the drift that is known and lets nothing else pass; [`git_hook`] puts trueup before a commit.

pub mod baseline;
pub mod git_hook;
