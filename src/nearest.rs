//! The known name that somebody who mistyped one probably meant.

/// The candidate nearest to `word`, if one is near enough that the two can be taken for each other.
///
/// Near is what differs in two letters of five at most, whatever the case.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A name longer than any of ours is no slip of the hand, and comparing costs the product of the lengths.
    if word.len() > 200 {
        return None;
    }
    let word = word.to_lowercase();
    let likeness = |candidate: &str| strsim::normalized_damerau_levenshtein(&word, &candidate.to_lowercase());
    let scored = candidates.into_iter().map(|candidate| (likeness(candidate), candidate));
    let best = scored.filter(|(likeness, _)| *likeness >= 0.6).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["group", "metric", "rung"];
        assert_eq!(nearest("gruop", names), Some("group"));
        assert_eq!(nearest("Metrics", names), Some("metric"));
        assert_eq!(nearest("colour", names), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest(&"group".repeat(1_000_000), names), None);
    }
}
