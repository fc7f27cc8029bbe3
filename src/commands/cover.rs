//! Spans made ready for look-up, so that many comments beside many claims do not take the product of the two.

use crate::document::source::Span;

/// The bytes that some spans cover.
#[derive(Debug)]
pub(super) struct Cover(Vec<Span>);

impl Cover {
    /// Joins spans that overlap.
    pub(super) fn new(spans: impl Iterator<Item = Span>) -> Cover {
        let mut spans: Vec<Span> = spans.collect();
        spans.sort_unstable();
        let mut joined: Vec<Span> = Vec::new();
        for span in spans {
            match joined.last_mut() {
                Some(last) if span.start < last.end => *last = last.cover(span),
                _ => joined.push(span),
            }
        }
        Cover(joined)
    }

    /// Whether one of the spans shares a byte with `span`.
    pub(super) fn overlaps(&self, span: Span) -> bool {
        let next = self.0.partition_point(|covered| covered.end <= span.start);
        self.0.get(next).is_some_and(|covered| covered.overlaps(span))
    }
}

/// Things that speak of spans, in an order in which those near a place stand together.
#[derive(Debug)]
pub(super) struct Near<T> {
    items: Vec<T>,
    starts: Vec<usize>,
    /// How far the items up to each reach.
    reach: Vec<usize>,
}

impl<T> Near<T> {
    /// Orders `items` by where what they cover begins; those that begin together stay in order.
    pub(super) fn new(mut items: Vec<T>, covers: impl Fn(&T) -> Span) -> Near<T> {
        items.sort_by_key(|item| covers(item).start);
        let starts = items.iter().map(|item| covers(item).start).collect();
        let reach = items.iter().scan(0, |reach, item| {
            *reach = covers(item).end.max(*reach);
            Some(*reach)
        });
        let reach = reach.collect();
        Near { items, starts, reach }
    }

    /// All that share a byte with `span`, and perhaps others between them.
    pub(super) fn around(&self, span: Span) -> &[T] {
        let last = self.starts.partition_point(|start| *start < span.end);
        let first = self.reach.partition_point(|reach| *reach <= span.start).min(last);
        &self.items[first..last]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        proptest::collection::vec((0_usize..60, 1_usize..20), 0..12)
            .prop_map(|all| all.into_iter().map(|(start, length)| Span::new(start, start + length)).collect())
    }

    proptest! {
        #[test]
        fn look_ups_find_what_a_search_finds(all in spans(), start in 0_usize..80, length in 1_usize..20) {
            let span = Span::new(start, start + length);
            let expected: Vec<Span> = all.iter().copied().filter(|one| one.overlaps(span)).collect();
            prop_assert_eq!(Cover::new(all.iter().copied()).overlaps(span), !expected.is_empty());
            let near = Near::new(all.clone(), |one| *one);
            for one in expected {
                prop_assert!(near.around(span).contains(&one));
            }
        }
    }
}
