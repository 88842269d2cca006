//! "Did you mean …": the nearest of some known words, by edit distance.

/// The known words nearest to `word`, best first, at most three.
///
/// Distance is Damerau-Levenshtein on lower-cased text; a word counts as near within a third of
/// its length (at least 1), when one contains the other, or when a part between hyphens or blanks
/// is near. Ties keep the order of `known`. Linear in the total length of `known`.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = word.to_lowercase();
    let limit = (wanted.chars().count() / 3).max(1);
    let mut found: Vec<(usize, &str)> = Vec::new();
    for candidate in known {
        let lower = candidate.to_lowercase();
        let distance = strsim::damerau_levenshtein(&wanted, &lower);
        let near_part = wanted.chars().count() >= 4
            && lower.split(['-', ' ']).any(|part| {
                part.chars().count() >= 4 && strsim::damerau_levenshtein(&wanted, part) <= limit
            });
        let contains = wanted.chars().count() >= 3 && lower.starts_with(&wanted)
            || wanted.chars().count() >= 4 && lower.contains(&wanted)
            || lower.chars().count() >= 4 && wanted.contains(&lower);
        if distance <= limit {
            found.push((distance, candidate));
        } else if contains || near_part {
            found.push((limit + 1, candidate));
        }
    }
    found.sort_by_key(|(distance, _)| *distance);
    found.dedup_by(|a, b| a.1 == b.1);
    found.truncate(3);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// A question such as ``did you mean `a` or `b`?``, or nothing when nothing is near.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near = nearest(word, known);
    if near.is_empty() {
        return None;
    }
    let quoted: Vec<String> = near.iter().map(|word| format!("`{word}`")).collect();
    Some(format!("did you mean {}?", quoted.join(" or ")))
}

/// The same question, or all known words when nothing is near.
pub fn near_or_all<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    did_you_mean(word, known.iter().copied())
        .unwrap_or_else(|| format!("one of: {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_word() {
        assert_eq!(
            nearest("navigaton", ["navigation", "advocacy"]),
            ["navigation"]
        );
        assert_eq!(
            did_you_mean("briges", ["bridges"]).as_deref(),
            Some("did you mean `bridges`?")
        );
    }

    #[test]
    fn a_part_finds_the_whole_after_the_typos() {
        assert_eq!(
            nearest("harlem", ["harlem-patient-navigation", "harlan"]),
            ["harlan", "harlem-patient-navigation"]
        );
    }

    #[test]
    fn a_typo_in_a_part_finds_the_whole() {
        assert_eq!(
            nearest("harlen", ["harlem-patient-navigation"]),
            ["harlem-patient-navigation"]
        );
    }

    #[test]
    fn far_words_are_not_offered() {
        assert_eq!(did_you_mean("zzz", ["navigation"]), None);
        assert!(nearest("", ["navigation"]).is_empty());
    }
}
