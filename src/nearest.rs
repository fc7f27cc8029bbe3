//! The known name that somebody who mistyped one probably meant.

/// The candidate nearest to `word`, if one is near enough that the two can be taken for each other.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A longer word is no slip of the hand, and comparing costs the product of the lengths.
    if word.len() > 100 {
        return None;
    }
    // One slip in three letters; a word of two letters has no near ones.
    let allowed = word.chars().count().div_ceil(3).min(4);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|&(distance, candidate)| distance <= allowed && distance < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["group", "metric", "rung"];
        assert_eq!(nearest("gruop", names), Some("group"));
        assert_eq!(nearest("metrics", names), Some("metric"));
        assert_eq!(nearest("colour", names), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest(&"group".repeat(1_000_000), names), None);
    }
}
