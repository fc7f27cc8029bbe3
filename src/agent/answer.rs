//! What a hook tells an agent, in the words of no agent.

/// An answer. None of them permits anything: what is not denied goes the way that it would go without us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing to say.
    Silent,
    /// The change is not to be made; why.
    Deny(String),
    /// The agent should know this; it stops nothing.
    Tell(String),
    /// The work is not at its end; why.
    Continue(String),
}
