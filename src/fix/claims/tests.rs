//! What is proposed at all; what becomes of proposals is shown where documents are read again with them.

use super::{Left, propose};
use crate::claim::model::{Claim, Comparator, Kind, Polarity};
use crate::document::edit;
use crate::document::source::Span;
use crate::judge::verdict::{BindReason, Binding, Judgement, Measured, Subject, Tally, Verdict};
use crate::quantity::Number;
use crate::rung::Rung;

const TEXT: &str = "- ✅ 21/21 operational";

fn claim() -> Claim {
    let at = |part: &str| TEXT.find(part).map(|start| Span::new(start, start + part.len()));
    Claim {
        span: at("21/21 operational").unwrap(),
        kind: Kind::Ratio { value: Number::whole(21), total: Number::whole(21) },
        comparator: Comparator::Eq,
        polarity: Polarity::Up,
        subject: String::new(),
        predicate: "operational".to_owned(),
        rung: Some(Rung::Functional),
        value_span: at("21"),
        total_span: TEXT.rfind("21").map(|start| Span::new(start, start + 2)),
        lead_in: None,
        headings: Vec::new().into(),
    }
}

fn tally(up: usize, unknown: usize, total: usize) -> Measured {
    Measured::Tally(Tally { rung: Rung::Functional, up, unknown, total, members: Vec::new() })
}

fn judged(verdict: Verdict) -> Judgement {
    let subjects = vec![Subject::Group("mcp".to_owned())];
    let binding = Binding::Bound { subjects, reason: BindReason::Subject };
    Judgement { claim: 0, binding, verdict, weak: None, ignored: false }
}

#[test]
fn only_a_claim_that_drifted_and_that_nobody_ignores_is_touched() {
    let drifted = judged(Verdict::Drifted(tally(13, 0, 21)));
    for untouched in [
        judged(Verdict::Holds(tally(21, 0, 21))),
        judged(Verdict::Unmeasured { reasons: Vec::new(), known: Some(tally(13, 8, 21)) }),
        judged(Verdict::Unbound),
        Judgement { ignored: true, ..drifted.clone() },
    ] {
        assert_eq!(propose(TEXT, &claim(), &untouched), None);
    }
    let proposal = propose(TEXT, &claim(), &drifted).unwrap().unwrap();
    let written: Vec<String> = proposal.wordings.iter().map(|edits| edit::apply(TEXT, edits).unwrap()).collect();
    assert_eq!(written, ["- ⚠️ 13/21 operational"]);
}

#[test]
fn nothing_is_proposed_from_what_was_not_measured() {
    for (measured, weak, why) in [
        (tally(13, 1, 21), None, Left::Unknown { unknown: 1, total: 21 }),
        (tally(13, 0, 21), Some(Rung::Running), Left::Weak(Rung::Running)),
        (tally(0, 0, 0), None, Left::NothingThere),
    ] {
        let judged = Judgement { weak, ..judged(Verdict::Drifted(measured)) };
        assert_eq!(propose(TEXT, &claim(), &judged), Some(Err(why)));
    }
}
