//! Claims that refute each other, or that the list below them refutes. Nothing has to be measured for that.
//!
//! What one document says is taken from its prose ([`within`]); what several say is held against each other afterwards
//! ([`statement::opposed`]). All rules are cautious: two numbers contradict each other only where nothing in the words
//! around them says that they are about different things.

pub mod enumeration;
pub mod extent;
mod form;
pub mod place;
pub mod scope;
pub mod share;
pub mod statement;

use crate::claim::model::Claim;
use crate::document::prose::Prose;

use enumeration::Miscount;
use share::Mismatch;
use statement::Statement;

/// What one document gives to contradict.
#[derive(Clone, Debug, Default)]
pub struct Within {
    /// What it states, in a form that can be held against other statements.
    pub statements: Vec<Statement>,
    /// Numbers over lists and tables that enumerate another number.
    pub miscounts: Vec<Miscount>,
    /// Ratios and percentages that do not agree.
    pub mismatches: Vec<Mismatch>,
}

/// Reads one document. `claims` are in the order of their places. Linear in the size of the document.
pub fn within(source: &str, prose: &Prose, claims: &[Claim]) -> Within {
    Within {
        statements: statement::statements(source, prose, claims),
        miscounts: enumeration::miscounts(source, prose, claims),
        mismatches: share::mismatches(source, claims),
    }
}
