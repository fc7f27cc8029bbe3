//! The exit code: one pure function of what was counted. No format and no command decides it.

use crate::config::policy::{Level, Levels};
use crate::judge::verdict::Counts;

/// What the process says to its caller when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExitCode {
    /// 0: every bound claim holds and every section is current; or what is not so was allowed.
    Clean,
    /// 1: a claim drifted, claims contradict each other, a section is stale or was edited, or a claim is unbound where that is denied.
    Drift,
    /// 2: wrong usage or configuration, or a document that could not be read or whose markers do not fit.
    Usage,
    /// 3: something could not be measured, and nothing drifted.
    Unmeasured,
    /// 4: nothing was judged: no document, no claim, or none of the claims bound and no section.
    Nothing,
    /// 101: a bug in trueup.
    Bug,
    /// 130: interrupted.
    Interrupted,
}

impl ExitCode {
    /// Every exit code, lowest first.
    pub const ALL: [ExitCode; 7] = [
        ExitCode::Clean,
        ExitCode::Drift,
        ExitCode::Usage,
        ExitCode::Unmeasured,
        ExitCode::Nothing,
        ExitCode::Bug,
        ExitCode::Interrupted,
    ];

    /// The number.
    pub fn code(self) -> u8 {
        match self {
            ExitCode::Clean => 0,
            ExitCode::Drift => 1,
            ExitCode::Usage => 2,
            ExitCode::Unmeasured => 3,
            ExitCode::Nothing => 4,
            ExitCode::Bug => 101,
            ExitCode::Interrupted => 130,
        }
    }

    /// What it means, for help and documentation.
    pub fn meaning(self) -> &'static str {
        match self {
            ExitCode::Clean => "every bound claim holds, every section is current",
            ExitCode::Drift => "drift",
            ExitCode::Usage => "wrong usage or configuration",
            ExitCode::Unmeasured => "something could not be measured, and nothing drifted",
            ExitCode::Nothing => "nothing was judged",
            ExitCode::Bug => "a bug in trueup",
            ExitCode::Interrupted => "interrupted",
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(exit: ExitCode) -> std::process::ExitCode {
        std::process::ExitCode::from(exit.code())
    }
}

/// The exit code of a run that came to its end.
///
/// A fault comes first: a part of the documents was not looked at, and `trueup fix` refuses to write until it is mended.
/// Then drift, which is proven whatever else is unknown. An unbound claim counts as drift where `unbound` is denied, and a
/// contradiction where `contradictions` is, as it is by default: of two claims that exclude each other one is false.
/// Then what could not be measured, where `unmeasured` is denied. A run that judged nothing is not a success unless
/// `allow_empty` says so; ignored claims are not judged.
pub fn of(counts: &Counts, levels: Levels, allow_empty: bool) -> ExitCode {
    let denied = |level: Level, number: usize| match level {
        Level::Deny => number > 0,
        Level::Allow | Level::Warn => false,
    };
    let drift = counts.drifted + counts.stale_sections + counts.edited_sections;
    if counts.faults > 0 {
        ExitCode::Usage
    } else if drift > 0
        || denied(levels.contradictions, counts.contradictions)
        || denied(levels.unbound, counts.unbound)
    {
        ExitCode::Drift
    } else if denied(levels.unmeasured, counts.unmeasured + counts.unmeasured_sections) {
        ExitCode::Unmeasured
    } else if counts.judged() == 0 && !allow_empty {
        ExitCode::Nothing
    } else {
        ExitCode::Clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVELS: [Level; 3] = [Level::Allow, Level::Warn, Level::Deny];

    #[test]
    fn the_table() {
        let none = Counts { documents: 1, ..Counts::default() };
        let holds = Counts { holds: 1, ..none };
        let cases = [
            ("no document", Counts::default(), ExitCode::Nothing),
            ("no claim", none, ExitCode::Nothing),
            ("nothing bound", Counts { unbound: 4, ..none }, ExitCode::Nothing),
            ("all ignored", Counts { ignored: 4, ..none }, ExitCode::Nothing),
            ("a section alone", Counts { current_sections: 1, ..none }, ExitCode::Clean),
            ("a claim that holds", holds, ExitCode::Clean),
            ("weakly", Counts { weak: 1, ..holds }, ExitCode::Clean),
            ("beside unbound ones", Counts { unbound: 4, ..holds }, ExitCode::Clean),
            ("drift", Counts { drifted: 1, ..holds }, ExitCode::Drift),
            ("drift and unmeasured", Counts { drifted: 1, unmeasured: 1, ..none }, ExitCode::Drift),
            ("a contradiction", Counts { contradictions: 1, unbound: 2, ..none }, ExitCode::Drift),
            ("stale", Counts { stale_sections: 1, ..none }, ExitCode::Drift),
            ("edited", Counts { edited_sections: 1, unmeasured: 1, ..none }, ExitCode::Drift),
            ("all known", Counts { known: 2, ..none }, ExitCode::Clean),
            ("all older", Counts { older: 2, ..none }, ExitCode::Clean),
            ("known beside new drift", Counts { known: 2, older: 1, drifted: 1, ..none }, ExitCode::Drift),
            ("unmeasured", Counts { unmeasured: 1, ..holds }, ExitCode::Unmeasured),
            ("an unmeasured section", Counts { unmeasured_sections: 1, ..holds }, ExitCode::Unmeasured),
            ("a fault", Counts { faults: 1, drifted: 1, ..holds }, ExitCode::Usage),
        ];
        for (what, counts, expected) in cases {
            assert_eq!(of(&counts, Levels::default(), false), expected, "{what}");
        }
        assert_eq!(of(&none, Levels::default(), true), ExitCode::Clean);
    }

    #[test]
    fn levels_decide_about_what_has_no_answer() {
        let counts = Counts { documents: 1, unmeasured: 1, unbound: 1, ..Counts::default() };
        for (unbound, unmeasured, expected) in [
            (Level::Warn, Level::Deny, ExitCode::Unmeasured),
            (Level::Warn, Level::Warn, ExitCode::Clean),
            (Level::Allow, Level::Allow, ExitCode::Clean),
            (Level::Deny, Level::Deny, ExitCode::Drift),
        ] {
            let levels = Levels { unbound, unmeasured, ..Levels::default() };
            assert_eq!(of(&counts, levels, false), expected, "{unbound:?} {unmeasured:?}");
        }
        let contradicted = Counts { documents: 1, contradictions: 1, ..Counts::default() };
        for (contradictions, expected) in
            [(Level::Deny, ExitCode::Drift), (Level::Warn, ExitCode::Clean), (Level::Allow, ExitCode::Clean)]
        {
            let levels = Levels { contradictions, ..Levels::default() };
            assert_eq!(of(&contradicted, levels, false), expected, "{contradictions:?}");
        }
    }

    /// Every combination of counts zero or one, levels and `allow_empty`.
    #[test]
    fn clean_only_without_drift_and_each_code_for_its_reason() {
        for bits in 0..1_u32 << 14 {
            let bit = |n: u32| (bits >> n & 1) as usize;
            let counts = Counts {
                documents: 1,
                holds: bit(0),
                weak: bit(0) & bit(1),
                drifted: bit(2),
                unmeasured: bit(3),
                unbound: bit(4),
                ignored: bit(5),
                current_sections: bit(6),
                stale_sections: bit(7),
                edited_sections: bit(8),
                unmeasured_sections: bit(9),
                faults: bit(10),
                contradictions: bit(11),
                known: bit(12),
                older: bit(13),
            };
            let drift = counts.contradictions + counts.drifted + counts.stale_sections + counts.edited_sections > 0;
            let unmeasured = counts.unmeasured + counts.unmeasured_sections > 0;
            for unbound in LEVELS {
                for level in LEVELS {
                    for allow_empty in [false, true] {
                        let levels = Levels { unbound, unmeasured: level, ..Levels::default() };
                        let exit = of(&counts, levels, allow_empty);
                        let what = format!("{counts:?} {unbound:?} {level:?} {allow_empty}");
                        match exit {
                            ExitCode::Clean => {
                                assert!(!drift && counts.faults == 0, "{what}");
                                assert!(!unmeasured || level != Level::Deny, "{what}");
                                assert!(counts.judged() > 0 || allow_empty, "{what}");
                            }
                            ExitCode::Drift => {
                                assert!(drift || (unbound == Level::Deny && counts.unbound > 0), "{what}");
                            }
                            ExitCode::Usage => assert!(counts.faults > 0, "{what}"),
                            ExitCode::Unmeasured => assert!(unmeasured && !drift, "{what}"),
                            ExitCode::Nothing => assert!(counts.judged() == 0 && !drift && !allow_empty, "{what}"),
                            ExitCode::Bug | ExitCode::Interrupted => panic!("{what}"),
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn numbers_are_distinct_and_rise() {
        assert!(ExitCode::ALL.windows(2).all(|pair| pair[0].code() < pair[1].code()));
        assert!(ExitCode::ALL.iter().all(|exit| !exit.meaning().is_empty()));
    }
}
