//! Tables and values of a parsed trueup.toml, read by hand: a fault is noted and reading goes on.

use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Faults};
use super::keys::Shape;
use crate::document::source::Span;
use crate::nearest::nearest;

/// A table whose keys are known. Unknown ones are noted when it is opened.
#[derive(Clone)]
pub(super) struct Table<'a> {
    faults: &'a Faults,
    shape: &'static Shape,
    /// The way to it, as messages name it: `group.mcp.check`; empty for the top level.
    pub place: String,
    /// The key that it stands under.
    pub span: Span,
    /// Where keys are looked for, first the table itself, and how messages name each place.
    layers: Vec<(String, &'a DeTable<'a>)>,
}

/// A value and the key that it stands under.
#[derive(Clone)]
pub(super) struct Value<'a> {
    faults: &'a Faults,
    /// The way to it, as messages name it.
    pub place: String,
    /// The key's own name.
    pub name: &'a str,
    /// Where the key stands; for an element of a list, the element.
    pub key: Span,
    /// Where the value stands.
    pub span: Span,
    expects: &'static str,
    value: &'a DeValue<'a>,
}

/// Values by keys that the user chooses, in the order of the text.
fn entries<'a>(
    faults: &'a Faults,
    place: &str,
    table: &'a DeTable<'a>,
    expects: &'static str,
) -> impl Iterator<Item = Value<'a>> + use<'a> {
    let mut all: Vec<_> = table.iter().collect();
    all.sort_by_key(|(key, _)| key.span().start);
    let place = place.to_owned();
    all.into_iter().map(move |(key, value)| Value::under(faults, &place, key, value, expects))
}

impl<'a> Table<'a> {
    /// The whole text.
    pub fn root(faults: &'a Faults, shape: &'static Shape, table: &'a DeTable<'a>) -> Table<'a> {
        Table::open(faults, shape, String::new(), Span::new(0, 0), table)
    }

    fn open(faults: &'a Faults, shape: &'static Shape, place: String, span: Span, own: &'a DeTable<'a>) -> Table<'a> {
        for (key, _) in own.iter() {
            if shape.key(key.get_ref()).is_none() {
                faults.push(Fault::unknown_key(key.span().into(), key.get_ref(), &place, shape));
            }
        }
        Table { faults, shape, place: place.clone(), span, layers: vec![(place, own)] }
    }

    /// The table with the keys of `base` wherever it has none of its own.
    #[must_use]
    pub fn over(mut self, base: &Table<'a>) -> Table<'a> {
        self.layers.extend(base.layers.iter().cloned());
        self
    }

    /// The same keys, read for another place that has none of its own.
    #[must_use]
    pub fn inherited_by(&self, place: String, span: Span) -> Table<'a> {
        Table { place, span, ..self.clone() }
    }

    /// The value under `key`.
    pub fn get(&self, key: &'static str) -> Option<Value<'a>> {
        let known = self.shape.key(key);
        debug_assert!(known.is_some(), "`{key}` is read from {} and not in its list of keys", self.shape.name);
        let layers = self.layers.iter();
        let mut found =
            layers.filter_map(|(place, table)| table.get_key_value(key).map(|(key, value)| (place, key, value)));
        let (place, found, value) = found.next()?;
        Some(Value::under(self.faults, place, found, value, known.map_or("", |known| known.expects)))
    }

    /// The value under `key`, whose absence is a fault.
    pub fn require(&self, key: &'static str) -> Option<Value<'a>> {
        let found = self.get(key);
        if found.is_none() && !self.misspells(key) {
            let expects = self.shape.key(key).map_or("", |known| known.expects);
            self.fault(Fault::missing_key(self.span, &self.place, key, expects));
        }
        found
    }

    /// Whether an unknown key was noted that is most likely meant to be `key`.
    fn misspells(&self, key: &str) -> bool {
        let names = self.shape.keys.iter().map(|key| key.name);
        let unknown = self.layers.iter().flat_map(|(_, table)| table.keys()).map(|found| found.get_ref());
        unknown.filter(|found| self.shape.key(found).is_none()).any(|found| nearest(found, names.clone()) == Some(key))
    }

    /// Whether `key` stands here or is inherited.
    pub fn has(&self, key: &str) -> bool {
        self.layers.iter().any(|(_, table)| table.contains_key(key))
    }

    /// Whether it has no key at all, known or not.
    pub fn is_empty(&self) -> bool {
        self.layers.iter().all(|(_, table)| table.is_empty())
    }

    /// Values under known keys, in the order of the text.
    pub fn known(&self) -> Vec<Value<'a>> {
        let shape = self.shape;
        let own = self.layers.first().into_iter();
        own.flat_map(|(place, table)| entries(self.faults, place, table, "a table"))
            .filter(|value| shape.key(value.name).is_some())
            .collect()
    }

    /// Notes a fault.
    pub fn fault(&self, fault: Fault) {
        self.faults.push(fault);
    }
}

impl<'a> Value<'a> {
    fn under(
        faults: &'a Faults,
        place: &str,
        key: &'a Spanned<std::borrow::Cow<'a, str>>,
        value: &'a Spanned<DeValue<'a>>,
        expects: &'static str,
    ) -> Value<'a> {
        let name: &str = key.get_ref();
        let place = if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
        let (key, span) = (key.span().into(), value.span().into());
        Value { faults, place, name, key, span, expects, value: value.get_ref() }
    }

    /// Notes a fault.
    pub fn fault(&self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Notes that the value is of another type than its key expects.
    pub fn mismatch<T>(&self) -> Option<T> {
        self.fault(Fault::wrong_type(self.span, &self.place, self.value, self.expects));
        None
    }

    /// Notes that the value is of the right type and makes no sense; `why` reads "is not a duration".
    pub fn invalid<T>(&self, found: &str, why: &str) -> Option<T> {
        self.fault(Fault::invalid(self.span, &self.place, found, why, self.expects));
        None
    }

    /// What the key takes, in words.
    pub fn expects(&self) -> &'static str {
        self.expects
    }

    /// The value as TOML has it.
    pub fn raw(&self) -> &'a DeValue<'a> {
        self.value
    }

    /// A string that is not blank.
    pub fn text(&self) -> Option<&'a str> {
        match self.value {
            DeValue::String(text) if text.trim().is_empty() => self.invalid(text, "which is blank"),
            DeValue::String(text) => Some(text),
            _ => self.mismatch(),
        }
    }

    /// A string that may be blank.
    pub fn any_text(&self) -> Option<&'a str> {
        match self.value {
            DeValue::String(text) => Some(text),
            _ => self.mismatch(),
        }
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.mismatch(),
        }
    }

    /// A whole number of `range`.
    pub fn whole(&self, range: RangeInclusive<i64>) -> Option<i64> {
        let DeValue::Integer(integer) = self.value else { return self.mismatch() };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        match number.filter(|number| range.contains(number)) {
            Some(number) => Some(number),
            None => self.mismatch(),
        }
    }

    /// A number of `range`.
    pub fn number(&self, range: RangeInclusive<f64>) -> Option<f64> {
        let number = match self.value {
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|n| n as f64),
            DeValue::Float(float) => float.as_str().parse().ok(),
            _ => None,
        };
        match number.filter(|number| range.contains(number)) {
            Some(number) => Some(number),
            None => self.mismatch(),
        }
    }

    /// One of `words`.
    pub fn word(&self, words: &'static [&'static str]) -> Option<&'static str> {
        let text = self.any_text()?;
        let found = words.iter().find(|word| **word == text);
        if found.is_none() {
            self.fault(Fault::not_one_of(self.span, &self.place, text, words.iter().copied()));
        }
        found.copied()
    }

    /// The elements of a list, each of which `expects` something.
    pub fn list(&self, expects: &'static str) -> Option<Vec<Value<'a>>> {
        match self.value {
            DeValue::Array(array) => Some(self.elements(array, expects)),
            _ => self.mismatch(),
        }
    }

    /// The elements of a list, or the one value that stands in place of a list.
    pub fn one_or_list(&self, expects: &'static str) -> Vec<Value<'a>> {
        match self.value {
            DeValue::Array(array) => self.elements(array, expects),
            _ => vec![self.clone()],
        }
    }

    fn elements(&self, array: &'a [Spanned<DeValue<'a>>], expects: &'static str) -> Vec<Value<'a>> {
        let element = |(at, value): (usize, &'a Spanned<DeValue<'a>>)| {
            let (place, span) = (format!("{}[{at}]", self.place), Span::from(value.span()));
            Value { faults: self.faults, place, name: self.name, key: span, span, expects, value: value.get_ref() }
        };
        array.iter().enumerate().map(element).collect()
    }

    /// A table with known keys.
    pub fn table(&self, shape: &'static Shape) -> Option<Table<'a>> {
        match self.value {
            DeValue::Table(table) => Some(Table::open(self.faults, shape, self.place.clone(), self.key, table)),
            _ => self.mismatch(),
        }
    }

    /// A table whose keys the user chooses, each of which `expects` something.
    pub fn entries(&self, expects: &'static str) -> Option<Vec<Value<'a>>> {
        match self.value {
            DeValue::Table(table) => Some(entries(self.faults, &self.place, table, expects).collect()),
            _ => self.mismatch(),
        }
    }
}
