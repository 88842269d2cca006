//! The candidates for each place.

use super::position::word;
use super::{Candidate, CandidateKind, Completing, Completion, MAX_CANDIDATES};
use crate::query::Vocabulary;
use crate::query::words::KEYWORDS;

pub(super) fn at(
    text: &str,
    cursor: usize,
    vocabulary: &Vocabulary,
    _completing: Completing,
) -> Completion {
    let range = word(text, cursor);
    let typed = &text[range.clone()];
    let plain = |insert: &str, kind| Candidate {
        insert: insert.to_owned(),
        display: insert.to_owned(),
        detail: String::new(),
        kind,
        count: None,
        declares: None,
    };
    let mut candidates: Vec<Candidate> = Vec::new();
    for used in vocabulary.predicates() {
        let thing = vocabulary.at(used.thing);
        if thing.short.starts_with(typed) {
            candidates.push(Candidate {
                detail: vocabulary.names(used.thing),
                count: Some(used.count),
                ..plain(&thing.short, CandidateKind::Predicate)
            });
        }
    }
    let upper = typed.to_uppercase();
    candidates.extend(
        KEYWORDS
            .iter()
            .filter(|word| !upper.is_empty() && word.starts_with(&upper))
            .map(|word| plain(word, CandidateKind::Keyword)),
    );
    candidates.truncate(MAX_CANDIDATES);
    Completion {
        from: range.start,
        to: range.end,
        candidates,
    }
}
