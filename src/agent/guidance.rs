//! Guidance for agents that have no hooks: a piece of AGENTS.md.

/// Markdown for AGENTS.md, CLAUDE.md or whatever an agent reads.
pub const AGENTS_MD: &str = "\
## Status claims

Numbers and states in this repository's documents (\"N of M operational\", \"all endpoints work\", \"N tests pass\") are held
against the running system by `trueup`. `trueup.toml` says which documents are meant, and what is measured.

- Before you write a status, measure it: `trueup check` judges what stands there, `trueup probe` shows what is there.
- Do not copy a status from another document, from a log or from an earlier session.
- After you changed a document, run `trueup check FILE`. Exit code 1 means that something in it is false: write what was
  measured (`trueup fix FILE` does it), or take the claim out.
- Exit code 3 means that it could not be measured: say that it is unknown, and do not write that it works.
- Do not edit between `<!-- trueup:begin … -->` and `<!-- trueup:end … -->`: `trueup fix` writes what stands there.
- Do not add `<!-- trueup: ignore -->`, baseline entries or changes of `trueup.toml` to make a claim pass without being asked
  to.
";
