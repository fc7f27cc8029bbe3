//! The scheduler: discovery first, then every check with bounded concurrency, each request once.
