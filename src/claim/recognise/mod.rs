//! Recognisers: one file per kind of claim. Each reads one line; none knows Markdown.

pub mod amount;
mod answer;
pub mod badge;
pub mod count;
pub mod denied;
pub mod mark;
pub mod need;
pub mod none;
pub mod percent;
pub mod ratio;
pub mod stamp;
pub mod state;
pub mod stated;
pub mod tone;
pub mod universal;

use crate::claim::found::Found;
use crate::claim::lexicon::{Class, Lexicon};
use crate::claim::line::Line;
use crate::claim::place::Form;

/// Runs all recognisers over a line. The richest reading comes first and takes its words from the others.
pub fn line(line: &Line<'_>, lexicon: &Lexicon, found: &mut Found) {
    found.clear(line.tokens.len());
    let content = &line.content;
    if content.image {
        badge::recognise(line, lexicon, found);
    }
    if content.digits && content.slash || content.number() && content.classes.has(Class::OutOf) {
        ratio::recognise(line, found);
    }
    if content.digits && (content.percent || content.classes.has(Class::Percent)) {
        percent::recognise(line, found);
    }
    if content.classes.has(Class::Quantifier) {
        universal::recognise(line, found);
    }
    if content.classes.has(Class::Nothing) {
        none::recognise(line, found);
    }
    if content.number() {
        count::recognise(line, found);
    }
    if content.classes.has(Class::Need) || content.symbol || line.asks_status() {
        need::recognise(line, found);
    }
    if line.place.faults && content.classes.has(Class::State) {
        need::lacking(line, found);
    }
    if line.colon || line.place.form == Form::Cell {
        answer::recognise(line, found);
    }
    if content.classes.has(Class::Denied) {
        denied::recognise(line, found);
    }
    let dotted = content.symbol && line.place.form == Form::Cell;
    if content.task || dotted || content.classes.has(Class::State) {
        state::recognise(line, found);
    }
    tone::read(line, found);
    if content.digits || content.dated || content.classes.has(Class::Relative) {
        stamp::recognise(line, lexicon, found);
    }
}
