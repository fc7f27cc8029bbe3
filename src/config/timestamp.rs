//! `[timestamp]`: how old the dates may be that documents tie to a look at the state of things.

use super::keys;
use super::policy::AgeRule;
use super::reader::Value;

/// Reads one rule.
pub(super) fn rule(value: &Value) -> Option<AgeRule> {
    let table = value.table(&keys::TIMESTAMP)?;
    let docs = table.get("docs").map_or(Some(Vec::new()), |docs| docs.globs());
    let age = table.require("max_age")?;
    let max_age = age.positive_duration();
    Some(AgeRule { max_age: max_age?, docs: docs?, span: age.key.cover(age.span) })
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use crate::config::tests::{file, shown};
    use crate::config::{parse, policy::AgeRule};

    const DAY: u64 = 86_400;

    fn rules(text: &str) -> Vec<AgeRule> {
        parse(&file(text), Path::new("/p")).unwrap().policy.ages
    }

    #[test]
    fn one_rule_or_several() {
        assert_eq!(rules(""), []);
        let text = "[timestamp]\nmax_age = \"7d\"\n";
        let [rule] = &rules(text)[..] else { panic!("{text}") };
        assert_eq!((rule.max_age, rule.docs.len()), (Duration::from_secs(7 * DAY), 0));
        assert_eq!(&text[rule.span.range()], "max_age = \"7d\"");
        let rules = rules("[[timestamp]]\ndocs = [\"docs/**\"]\nmax_age = \"30d\"\n[[timestamp]]\nmax_age = \"12h\"\n");
        let ages: Vec<u64> = rules.iter().map(|rule| rule.max_age.as_secs()).collect();
        assert_eq!(ages, [30 * DAY, DAY / 2]);
        assert_eq!(rules[0].docs, ["docs/**"]);
    }

    #[test]
    fn faults_name_the_key() {
        let told = |text: &str| {
            parse(&file(text), Path::new("/p")).map_or_else(|faults| shown(&faults), |_| Vec::new()).swap_remove(0).1
        };
        assert!(told("[timestamp]\n").contains("max_age"));
        assert!(
            told("[timestamp]\nmax_age = 7\n").contains("`timestamp.max_age` is the integer 7, expected a duration")
        );
        assert!(told("[timestamp]\nmax_age = \"0s\"\n").contains("leaves no time at all"));
        assert!(told("[timestamp]\nmax_ages = \"7d\"\n").contains("max_ages"));
    }
}
