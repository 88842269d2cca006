//! Which parts leave nothing, by leaving them out.

use super::causes::Case;
use super::parts::{Part, Shape};
use super::trial::{joined, usable};

/// Parts that leave nothing, and those that together have an answer.
#[derive(Default)]
pub(super) struct Dropped<'a> {
    pub(super) killers: Vec<&'a Part>,
    pub(super) kept: Vec<&'a Part>,
}

impl Dropped<'_> {
    /// The parts that have an answer together, as a query.
    pub(super) fn largest(&self, prologue: &str) -> Option<String> {
        let something = usable(&self.kept)
            .iter()
            .any(|part| matches!(part.shape, Shape::Triple | Shape::Block));
        something.then(|| format!("{prologue}SELECT * WHERE {{ {} }}", joined(&self.kept)))
    }
}

/// Searches: first each part alone, then the rest with one left out, then one part after the
/// other as long as there is an answer.
pub(super) fn search<'a>(case: &'a Case<'_>) -> Dropped<'a> {
    let required = case.required();
    let alone = |part: &&Part| {
        matches!(part.shape, Shape::Triple | Shape::Block)
            && case.trial.holds(&[*part]) == Some(false)
    };
    let (dead, rest): (Vec<&Part>, Vec<&Part>) = required.into_iter().partition(alone);
    if case.trial.holds(&rest) == Some(true) {
        return Dropped {
            killers: dead,
            kept: rest,
        };
    }
    let without = |left: &Part| -> Vec<&'a Part> {
        rest.iter()
            .filter(|part| !std::ptr::eq(**part, left))
            .copied()
            .collect()
    };
    let single: Vec<&Part> = rest
        .iter()
        .filter(|part| case.trial.holds(&without(part)) == Some(true))
        .copied()
        .collect();
    if let Some(first) = single.first() {
        let kept = without(first);
        // A condition, or a list of values, says more than the triples that it speaks of.
        let conditions: Vec<&Part> = single
            .iter()
            .filter(|part| matches!(part.shape, Shape::Filter | Shape::Values))
            .copied()
            .collect();
        let (chosen, kept) = match conditions.first() {
            Some(condition) => {
                let kept = without(condition);
                (conditions, kept)
            }
            None => (single, kept),
        };
        return Dropped {
            killers: dead.into_iter().chain(chosen).collect(),
            kept,
        };
    }
    let mut dropped = Dropped {
        killers: dead,
        kept: Vec::new(),
    };
    for part in rest {
        let mut more = dropped.kept.clone();
        more.push(part);
        if case.trial.holds(&more) == Some(false) {
            dropped.killers.push(part);
        } else {
            dropped.kept = more;
        }
    }
    dropped
}
