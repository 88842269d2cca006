//! Which values bring which others with them, without exception or nearly so.
//!
//! "Premise → conclusion" is tested on the programmes that have the premise and state the dimension
//! of the conclusion. A programme that does not state it is neither for nor against: it is counted
//! as open.
//!
//! Premises are minimal generators of the iceberg, as in the generic basis (Bastide et al. 2000),
//! and of these only the most general for each conclusion: nothing is reported that follows from
//! something reported by adding to the premise, by taking a narrower value in the premise, or by
//! taking a broader value in the conclusion. Chains are not cut short (from a → b and b → c, a → c
//! does not follow where different programmes state different things), so the basis is direct.

use super::super::bits;
use super::super::columns::Columns;
use super::generators::generators;
use super::{Context, Error, Level};

/// Which implications to find.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImplicationRequest {
    /// Least number of programmes with premise and conclusion, at least 1; see
    /// [`Context::usual_support`].
    pub min_support: u64,
    /// Least confidence of a near-implication, above 0 and at most 1; 0.9 is usual.
    pub min_confidence: f64,
    /// Most values in a premise; longer ones are hard to read.
    pub max_premise: usize,
    /// Most premises to try.
    pub limit: usize,
}

/// A premise and one value that comes with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Implication {
    /// Positions of the attributes of the premise, ascending; empty for "everybody".
    pub premise: Vec<usize>,
    /// Position of the attribute that comes with them.
    pub conclusion: usize,
    /// Programmes with premise and conclusion.
    pub support: u64,
    /// Programmes with the premise that state the dimension of the conclusion: the denominator.
    pub tested: u64,
    /// Programmes with the premise that do not state it.
    pub open: u64,
    /// `support` / `tested`, in (0, 1].
    pub confidence: f64,
    /// `confidence` over the share of the conclusion among all programmes that state its
    /// dimension: 1 when the premise makes no difference.
    pub lift: f64,
    /// Positions of the tested objects without the conclusion, ascending.
    pub counter_examples: Vec<usize>,
}

/// What was found. Both lists are sorted by support, largest first, then shorter premise, premise
/// and conclusion.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Implications {
    /// Implications without exception.
    pub exact: Vec<Implication>,
    /// Implications with exceptions, which are named.
    pub near: Vec<Implication>,
}

impl Implications {
    /// Implications between values of the programmes, broader ones included.
    pub fn of_programmes(
        columns: &Columns,
        dimensions: &[usize],
        request: &ImplicationRequest,
    ) -> Result<Self, Error> {
        implications(
            &Context::from_columns(columns, Level::Closure, dimensions),
            request,
        )
    }
}

/// Finds implications of a context; for programmes see [`Implications::of_programmes`]. O(P · A ·
/// n / 64) for P premises, A attributes and n objects, and O(P²) at worst for the comparisons.
pub fn implications(
    context: &Context,
    request: &ImplicationRequest,
) -> Result<Implications, Error> {
    let min_support = request.min_support.max(1);
    let mut premises = generators(context, min_support, request.max_premise, request.limit)?;
    let upwards = |attributes: &[usize]| {
        let mut up = vec![0; bits::words(context.attributes().len())];
        for &attribute in attributes {
            bits::union_with(&mut up, context.upwards(attribute));
        }
        up
    };
    // A premise that is more general than another has fewer values once broader ones are added.
    premises.sort_by_cached_key(|premise| {
        let size = bits::count(&upwards(&premise.attributes));
        (size, premise.attributes.clone())
    });
    let attributes = context.attributes().len();
    let (mut exact, mut near) = (Kept::new(attributes), Kept::new(attributes));
    for premise in &premises {
        let up = upwards(&premise.attributes);
        let tries: Vec<Implication> = (0..attributes)
            .filter(|&conclusion| !bits::contains(&up, conclusion))
            .filter_map(|conclusion| {
                test(
                    context,
                    &premise.attributes,
                    &premise.extent,
                    conclusion,
                    min_support,
                )
            })
            .filter(|tried| tried.confidence >= request.min_confidence)
            .collect();
        let (certain, likely): (Vec<_>, Vec<_>) = tries
            .into_iter()
            .partition(|tried| tried.counter_examples.is_empty());
        exact.keep(context, &up, certain);
        near.keep(context, &up, likely);
    }
    Ok(Implications {
        exact: exact.ranked(),
        near: near.ranked(),
    })
}

/// Tests a premise with its extent against a conclusion; `None` without enough support.
fn test(
    context: &Context,
    premise: &[usize],
    extent: &[u64],
    conclusion: usize,
    min_support: u64,
) -> Option<Implication> {
    let with = context.extent(conclusion);
    if !bits::intersects(extent, with) {
        return None;
    }
    let both: Vec<u64> = extent.iter().zip(with).map(|(a, b)| a & b).collect();
    let support = context.weigh(&both);
    if support < min_support {
        return None;
    }
    let stating = context.stating(conclusion);
    let tested: Vec<u64> = extent.iter().zip(stating).map(|(a, b)| a & b).collect();
    let against: Vec<u64> = tested.iter().zip(with).map(|(a, b)| a & !b).collect();
    let tested = context.weigh(&tested);
    let confidence = support as f64 / tested as f64;
    let usual = context.weigh(with) as f64 / context.weigh(stating) as f64;
    Some(Implication {
        premise: premise.to_vec(),
        conclusion,
        support,
        tested,
        open: context.weigh(extent) - tested,
        confidence,
        lift: confidence / usual,
        counter_examples: bits::ones(&against).collect(),
    })
}

/// Implications that follow from no other one kept.
struct Kept {
    list: Vec<Implication>,
    /// For each conclusion, the premises it was kept with, broader values included.
    premises: Vec<Vec<Vec<u64>>>,
}

impl Kept {
    fn new(attributes: usize) -> Self {
        Self {
            list: Vec::new(),
            premises: vec![Vec::new(); attributes],
        }
    }

    /// Adds those conclusions of one premise that follow from nothing kept and from no narrower
    /// conclusion of the same premise.
    fn keep(&mut self, context: &Context, up: &[u64], tried: Vec<Implication>) {
        let mut conclusions = vec![0; up.len()];
        for implication in &tried {
            bits::insert(&mut conclusions, implication.conclusion);
        }
        let part = |premise: &Vec<u64>| premise.iter().zip(up).all(|(a, b)| a & !b == 0);
        for implication in tried {
            let follows = context.downwards(implication.conclusion).iter().any(|&at| {
                at != implication.conclusion && bits::contains(&conclusions, at)
                    || self.premises[at].iter().any(part)
            });
            if !follows {
                self.premises[implication.conclusion].push(up.to_vec());
                self.list.push(implication);
            }
        }
    }

    fn ranked(mut self) -> Vec<Implication> {
        self.list.sort_by(|x, y| {
            (y.support.cmp(&x.support))
                .then(x.premise.len().cmp(&y.premise.len()))
                .then_with(|| x.premise.cmp(&y.premise))
                .then(x.conclusion.cmp(&y.conclusion))
        });
        self.list
    }
}
