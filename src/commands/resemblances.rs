//! The links that `network` and `silos` speak of: who resembles whom, and what chance says to it.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::comparing::Study;
use crate::analysis::network::{Edge, Network as Web};
use crate::analysis::pairs::{AllPairs, Work};
use crate::analysis::significance::{Adjustment, Pairs};
use crate::analysis::similarity::{Comparison, Similarity};
use crate::error::Result;

/// A link with all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Resemblance {
    /// Position of a programme.
    pub a: usize,
    /// Position of the other, after the first.
    pub b: usize,
    /// How alike.
    pub similarity: Similarity,
    /// Probability of sharing as much by chance; `None` where nothing is left to chance.
    pub p: Option<f64>,
    /// The false discovery rate at which it counts.
    pub q: Option<f64>,
    /// How many times as much is shared as by chance.
    pub lift: Option<f64>,
}

/// The strongest links of each programme, each with its probability by chance.
///
/// Where nothing is left to chance, as for very few programmes, a link has no p-value.
///
/// # Errors
/// A null model that cannot be fitted.
pub fn resemblances(
    study: &Study<'_>,
    comparison: &Comparison,
    axes: &[usize],
    links: usize,
) -> Result<Vec<Resemblance>> {
    let columns = &study.columns;
    let model = study.chance()?;
    let across = |a: usize, b: usize| columns.across(a, b, axes) == Some(true);
    let family = model.false_discovery(if axes.is_empty() {
        Pairs::All
    } else {
        Pairs::Where(&across)
    });
    let mut found: BTreeMap<(usize, usize), Resemblance> = BTreeMap::new();
    let pairs = AllPairs::new(columns, &study.ic, comparison, axes);
    let done: std::result::Result<(), Infallible> =
        pairs.top_k(links, &Work::default(), |programme, neighbours| {
            for neighbour in neighbours {
                let (a, b) = (
                    programme.min(neighbour.programme),
                    programme.max(neighbour.programme),
                );
                found.entry((a, b)).or_insert_with(|| {
                    let chance = model.pair(a, b);
                    let p = chance.map(|chance| chance.p);
                    let q = p.map(|p| family.q_value(p, Adjustment::BenjaminiHochberg));
                    let lift = chance.and_then(|chance| chance.lift);
                    Resemblance {
                        a,
                        b,
                        similarity: neighbour.similarity,
                        p,
                        q,
                        lift,
                    }
                });
            }
            Ok(())
        });
    match done {
        Ok(()) => {}
    }
    Ok(found.into_values().collect())
}

/// The links as a network of all programmes.
pub fn web(study: &Study<'_>, links: &[Resemblance]) -> Web {
    let edges = links.iter().map(|link| Edge {
        a: link.a,
        b: link.b,
        score: link.similarity.score,
        p: link.p,
        q: link.q,
    });
    Web::new(study.columns.len(), edges.collect())
}

/// How the links stand to chance, in a sentence.
pub fn against_chance(links: &[Resemblance]) -> String {
    let tested = links.iter().filter(|link| link.p.is_some()).count();
    if links.is_empty() {
        return "There are no links.".to_owned();
    }
    if tested == 0 {
        return "Chance cannot be judged: with so few programmes nothing is left to it.".to_owned();
    }
    let beat = links
        .iter()
        .filter(|link| link.q.is_some_and(|q| q <= 0.05))
        .count();
    let alone = links
        .iter()
        .filter(|link| link.p.is_some_and(|p| p <= 0.05))
        .count();
    if beat == 0 {
        format!(
            "None of the links beats chance once all pairs are allowed for (false discovery rate 0.05); \
             {alone} of {tested} would at p 0.05 taken alone. Take links as leads to read up on, not as findings."
        )
    } else {
        format!("{beat} of {tested} links beat chance at a false discovery rate of 0.05.")
    }
}
