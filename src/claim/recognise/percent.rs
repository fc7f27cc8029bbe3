//! "100% functional", "~60% operational", "Coverage: 85%", "99.9% uptime".

use crate::claim::candidate::Candidate;
use crate::claim::found::Found;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::numeral;
use crate::claim::predicate;
use crate::claim::recognise::amount;
use crate::claim::rule;
use crate::claim::subject;
use crate::claim::token::{Token, TokenKind};

/// Finds the shares of a line.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    for at in line.numbers() {
        let Some(amount) = amount::at(line, at).filter(|amount| amount.percent && !found.has(at)) else { continue };
        if let Some((rule, cue)) = amount::refusal(line, &amount) {
            found.refuse(line, "percent", amount.first..amount.end, rule, cue);
            continue;
        }
        let mut clause = line.clause_start(at)..line.clause_end(at);
        // "Coverage improvement: 64% line coverage": the number's own noun says of which rate it is.
        let rate = (amount.end..clause.end.min(amount.end + 2)).any(|at| line.is(at, Class::Rate));
        // "(weight: 30%)": the name before a colon.
        if !rate && clause.start > 0 && line.tokens[clause.start - 1].is_punct(b':') {
            clause.start = line.clause_start(clause.start - 1);
        }
        if line.place.column.has(Class::Resource) {
            found.refuse(line, "percent", amount.first..amount.end, &rule::RESOURCE, amount.first);
            continue;
        }
        if line.place.column.has(Class::Comparative) {
            found.refuse(line, "percent", amount.first..amount.end, &rule::COMPARISON, amount.first);
            continue;
        }
        // "the top 5%" is a rank.
        let ranks = |before: &usize| line.is(*before, Class::By) || line.says(*before, "top");
        if let Some(by) = amount.first.checked_sub(1).filter(ranks) {
            found.refuse(line, "percent", amount.first..amount.end, &rule::COMPARISON, by);
            continue;
        }
        // "40% → the reserve" shares something out.
        if amount.first == line.opening() && line.is_arrow(amount.end) {
            found.refuse(line, "percent", amount.first..amount.end, &rule::RESOURCE, amount.end);
            continue;
        }
        if let Some(plus) =
            Some(at).filter(|&at| line.tokens[at].kind == TokenKind::Number).and_then(|at| weighs(line, at))
        {
            found.refuse(line, "percent", amount.first..amount.end, &rule::CAPACITY, plus);
            continue;
        }
        let label = line.label.clone().filter(|_| !rate).unwrap_or(0..0);
        // "99% coverage and 20% improvement": what is said of another number.
        let others = line.next_number(amount.end..clause.end).unwrap_or(clause.end);
        let compared = line
            .find(clause.start..others, Classes::of(&[Class::Comparative]))
            .or_else(|| line.find(label.clone(), Classes::of(&[Class::Comparative])));
        let stated = predicate::here(line, amount.end).is_some();
        if let Some(cue) = compared.filter(|_| !stated) {
            found.refuse(line, "percent", amount.first..amount.end, &rule::COMPARISON, cue);
            continue;
        }
        let resource = line
            .find(clause, Classes::of(&[Class::Resource]))
            .or_else(|| line.find(label.clone(), Classes::of(&[Class::Resource])));
        // "Memory pool: 88%": a part of a longer name.
        let resource = resource.filter(|&cue| !(label.contains(&cue) && names_more(line, cue + 1..label.end)));
        if let Some(cue) = resource.filter(|_| !stated) {
            found.refuse(line, "percent", amount.first..amount.end, &rule::RESOURCE, cue);
            continue;
        }
        if let Some(comma) = listed(line, &amount).filter(|_| !stated) {
            found.refuse(line, "percent", amount.first..amount.end, &rule::CAPACITY, comma);
            continue;
        }
        let mut candidate = Candidate::new(Kind::Percent { value: amount.value }, amount.first, amount.end - 1);
        candidate.comparator = amount.comparator;
        candidate.value_span = Some(amount.span);
        // "50% of gateways up" speaks of the gateways.
        let restated = amount::past_restated(line, amount.end);
        let apart = restated > amount.end;
        let of = usize::from(line.is(restated, Class::OutOf));
        let noun = subject::noun_after(line, restated + of);
        let after = noun.as_ref().map_or(restated, |noun| noun.end);
        let good = |range: std::ops::Range<usize>| line.find(range, Classes::of(&[Class::GoodRate])).is_some();
        if let Some(state) = predicate::here(line, amount.end).or_else(|| predicate::here(line, after)) {
            candidate.predicate_apart(&state, apart);
            // "⚠️ 95% complete" is not complete.
            let symbol = predicate::symbol_beside(line, candidate.first, candidate.last);
            if let Some(symbol) = symbol.filter(|&symbol| line.tokens[symbol].entry.polarity == Polarity::Partial) {
                candidate.polarity = line.tokens[symbol].entry.polarity;
            }
        } else if let Some(symbol) = predicate::symbol_beside(line, candidate.first, candidate.last.max(after - 1)) {
            candidate.polarity = line.tokens[symbol].entry.polarity;
        } else if noun.clone().is_some_and(good) || line.label.clone().is_some_and(good) {
            candidate.polarity = Polarity::Up;
        }
        if let Some(noun) = noun.as_ref().filter(|_| !apart) {
            candidate.last = candidate.last.max(noun.end - 1);
        }
        // "coverage 85%", "X is at 26%", "the import is now 80% complete".
        let before = amount.first.checked_sub(1).filter(|&at| line.same_clause(at, amount.first));
        candidate.noun = match before.filter(|_| noun.is_none()) {
            Some(at) if line.is(at, Class::Copula) => subject::noun_before(line, at),
            Some(at) if candidate.predicate.is_none() && names(&line.tokens[at]) => {
                subject::noun_before(line, amount.first)
            }
            _ => noun,
        };
        found.add(line, candidate);
    }
}

/// Whether a token can end the name of what a share behind it is of.
fn names(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Number | TokenKind::Opaque)
}

/// Whether these tokens go on with a name, and are no more than a word for a share or a measure.
fn names_more(line: &Line<'_>, mut range: std::ops::Range<usize>) -> bool {
    const MEASURES: Classes =
        Classes::of(&[Class::Resource, Class::Rate, Class::Generic, Class::Unit, Class::Comparative]);
    range.any(|at| line.tokens[at].is_word() && !line.tokens[at].entry.classes.any(MEASURES))
}

/// "Height (60%) + age (30%) + bark (10%)", "Oak (60%), elm (30%), ash (10%)": what joins the parts of a whole whose shares are
/// told.
fn weighs(line: &Line<'_>, at: usize) -> Option<usize> {
    let sentence = line.sentence_start(at)..line.sentence_end(at);
    let plus = |at: &usize| line.tokens[*at].is_punct(b'+') && line.tokens[*at].spaced;
    // "Done (60%), to do (40%)" are states.
    let names = || line.depth(at) > 0 && line.find(sentence.clone(), Classes::of(&[Class::State])).is_none();
    let comma = |at: &usize| line.tokens[*at].is_punct(b',') && line.depth(*at) == 0;
    let plus = sentence.clone().find(plus).or_else(|| sentence.clone().find(comma).filter(|_| names()))?;
    let percent = |&at: &usize| line.get(at + 1).is_some_and(|next| next.is_punct(b'%'));
    let number = |&at: &usize| line.tokens[at].kind == TokenKind::Number;
    let value = |at: usize| numeral::number(&line.source[line.tokens[at].span().range()]).value;
    let total: f64 = sentence.filter(number).filter(percent).map(value).sum();
    (total == 100.0 && value(at) < total).then_some(plus)
}

/// The comma between this share and the next or the one before: "0.5%, 1%, 1.5%" are settings.
fn listed(line: &Line<'_>, amount: &amount::Amount) -> Option<usize> {
    let comma = |at: usize| line.get(at).is_some_and(|token| token.is_punct(b','));
    let percent = |at: usize| line.get(at).is_some_and(|token| token.is_punct(b'%') && !token.spaced);
    let number = |at: usize| line.get(at).is_some_and(|token| matches!(token.kind, TokenKind::Number));
    let after = comma(amount.end) && number(amount.end + 1) && percent(amount.end + 2);
    let before = amount.first > 2 && comma(amount.first - 1) && percent(amount.first - 2) && number(amount.first - 3);
    if after { Some(amount.end) } else { before.then(|| amount.first - 1) }
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn shares() {
        assert_claims(&[
            (
                "- Mill: 95% – 2 wheels missing",
                &["95% | percent 95 | eq | none | Mill", "2 wheels missing | count 2 | eq | down | wheels"],
            ),
            ("- Mill: 85% – 95%", &[]),
            ("The mill is between 85% and 95% done.", &[]),
            ("90 % of the bells are running.", &["90 % of the bells are running | percent 90 | eq | up | bells"]),
            ("- Coverage: 90 %", &["90 % | percent 90 | eq | none | Coverage"]),
            ("- Rope: 7 % 3", &[]),
            (
                "## Success metrics\n\n- 90% of bells\n- Now: 80% of bells\n- Tower: 70% complete",
                &["80% of bells | percent 80 | eq | none | bells", "70% complete | percent 70 | eq | up | Tower"],
            ),
            ("It is for the top 5% of all rowers.", &[]),
            ("- 40% → the reserve", &[]),
            ("Coverage (80%) is below the target (90%).", &["80% | percent 80 | eq | none | Coverage"]),
            ("It weighs height (60%) + age (30%) + bark (10%).", &[]),
            ("Wood: oak (60%), elm (30%), ash (10%)", &[]),
            (
                "- Done (60%), in progress (40%)",
                &["60% | percent 60 | eq | none | ", "40% | percent 40 | eq | none | "],
            ),
            (
                "67% (14/21) of bells are working.",
                &["67% | percent 67 | eq | up | bells", "14/21 | ratio 14/21 | eq | up | bells"],
            ),
            (
                "Roof 60% + walls 30% done.",
                &["60% | percent 60 | eq | none | Roof", "30% done | percent 30 | eq | up | Roof"],
            ),
            ("- 3% crew yield", &[]),
            (
                "- **Coverage**: 85% - ✅ Good",
                &["85% | percent 85 | eq | none | Coverage", "✅ Good | state | eq | up | Coverage"],
            ),
            ("- **R-6**: 100% error texts - ⏳ Needs a table", &["⏳ Needs a table | state | eq | partial | R-6"]),
            ("The importer is now **80% complete**.", &["80% complete | percent 80 | eq | up | importer"]),
            ("**Phases 1-3:** 88% complete", &["88% complete | percent 88 | eq | up | Phases 1-3"]),
            ("- Core **61%** (target **70%** in all, **75%** at the edge)", &["61% | percent 61 | eq | none | Core"]),
            ("- Gateway: 100% functional", &["100% functional | percent 100 | eq | up | Gateway"]),
            ("- Backend: ~60% operational", &["~60% operational | percent 60 | approx | up | Backend"]),
            ("- Linker: ⚠️ 95% complete", &["95% complete | percent 95 | eq | partial | Linker"]),
            ("Coverage: 85%", &["85% | percent 85 | eq | none | Coverage"]),
            ("- Uptime: 98% → 0.2 points", &["98% | percent 98 | eq | up | Uptime"]),
            (
                "- Coverage improvement: 64% line coverage",
                &["64% line coverage | percent 64 | eq | none | Coverage improvement"],
            ),
            ("- Memory pool: 88% covered", &["88% covered | percent 88 | eq | up | Memory pool"]),
            ("50% of gateways up.", &["50% of gateways up | percent 50 | eq | up | gateways"]),
            ("- 99.9% uptime", &["99.9% uptime | percent 99.9 | eq | up | uptime"]),
            ("Coverage is over 95%.", &["over 95% | percent 95 | ge | none | Coverage"]),
        ]);
    }

    #[test]
    fn shares_of_other_things() {
        assert_claims(&[
            ("It is 40% faster.", &[]),
            ("The load falls by 30%.", &[]),
            ("- Steps (profit: 0.5%, 1%, 1.5%)", &[]),
            ("3. Coverage requirements: 55% in all", &[]),
            ("- Speed improvement: 20% on old disks", &[]),
            ("- Idle windows (>5%): none of them", &[]),
            ("- Uptime is good (weight: 20%)", &[]),
            ("Rates are kept in steps (100 = 1%).", &[]),
            ("| Call | Before | Savings |\n|---|---|---|\n| read | 300 | 90% |", &[]),
            ("Memory use is 80%.", &[]),
            ("Between 70-90% of them.", &[]),
            ("Coverage target: 80%", &[]),
        ]);
    }
}
