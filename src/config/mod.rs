//! trueup.toml: from text with spans to a valid policy, every fault at once.

pub mod policy;
