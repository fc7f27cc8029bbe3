//! trueup holds status claims in Markdown against what is really there.
//!
//! # The walk
//!
//! ```text
//! bytes ──document──▶ prose with spans ──claim──▶ claims ──┐
//!                                                          ├─judge──▶ verdicts ──report──▶ terminal, JSON, exit code
//! trueup.toml ──config──▶ policy ──measure──▶ measurements ┘            │
//!                                      │                                └──fix──▶ edits in the prose
//!                                      └──────────render──▶ sections in documents
//! ```
//!
//! Claims and measurements do not know each other: [`judge`] is the only place where they meet. Everything left of
//! [`measure`] and right of it is plain synchronous code over borrowed text; only `measure` and the commands that call
//! it are async. "It is false", "we could not look" and "nobody asked" are three different types of answer from the
//! first line of code to the exit code.
//!
//! # The floors
//!
//! Imports go down, never up, and never sideways between rooms of one floor. `tests/floors.rs` has the table and
//! enforces it.
//!
//! | floor | what lives there |
//! |---|---|
//! | 0 words | spans and source text, numbers, rungs, failure classes, codes, globs, the platform, git |
//! | 1 nouns | prose, claim, request, measurement, policy, verdict, diagnostic, edit |
//! | 2 pure steps | Markdown to prose, sections, recognisers, configuration, binding, judging, wording, templates |
//! | 3 edges | files in and out, probes, the scheduler |
//! | 4 reports | one file per format |
//! | 5 assembly | commands, the server of the Model Context Protocol, arguments, the exit code |
#![forbid(unsafe_op_in_unsafe_fn)]
#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr, clippy::dbg_macro, clippy::todo, clippy::unimplemented)]

pub mod agent;
pub mod claim;
pub mod cli;
pub mod code;
pub mod commands;
pub mod config;
pub mod document;
pub mod exit;
pub mod failure;
pub mod files;
pub mod fix;
pub mod gate;
pub mod git;
pub mod globs;
pub mod init;
pub mod judge;
pub mod measure;
pub mod nearest;
pub mod platform;
pub mod quantity;
pub mod render;
pub mod report;
pub mod rung;
pub mod serve;
pub mod settings;
pub mod snapshot;
