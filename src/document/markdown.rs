//! From Markdown to prose.
