//! Minimal generators: the smallest combinations that pick out an extent.

use std::collections::HashMap;

use super::super::bits;
use super::{Context, Counted, Error};

/// A combination of attributes no part of which has the same extent.
pub(super) struct Generator {
    /// Positions of the attributes, ascending.
    pub(super) attributes: Vec<usize>,
    /// Objects that have them all.
    pub(super) extent: Vec<u64>,
}

/// All minimal generators with at most `most` attributes and at least `min_support`, by size and
/// then by position: level by level, since every part of one is one (Bastide et al. 2000).
/// Attributes that everybody has are in none.
pub(super) fn generators(
    context: &Context,
    min_support: u64,
    most: usize,
    limit: usize,
) -> Result<Vec<Generator>, Error> {
    let everyone = bits::of_range(
        0..context.objects().len(),
        bits::words(context.objects().len()),
    );
    let total = context.weigh(&everyone);
    if total < min_support {
        return Ok(Vec::new());
    }
    let mut found = vec![Generator {
        attributes: Vec::new(),
        extent: everyone,
    }];
    let mut supports = HashMap::from([(Vec::new(), total)]);
    let mut start = 0;
    for _ in 0..most {
        let end = found.len();
        for at in start..end {
            let first = found[at].attributes.last().map_or(0, |last| last + 1);
            for attribute in first..context.attributes().len() {
                let mut attributes = found[at].attributes.clone();
                attributes.push(attribute);
                let Some(least) = least_part(&attributes, &supports) else {
                    continue;
                };
                let extent: Vec<u64> = (found[at].extent.iter())
                    .zip(context.extent(attribute))
                    .map(|(a, b)| a & b)
                    .collect();
                let support = context.weigh(&extent);
                if support < min_support || support == least {
                    continue;
                }
                if found.len() >= limit {
                    return Err(Error::LimitReached {
                        what: Counted::Premises,
                        limit,
                        min_support,
                    });
                }
                supports.insert(attributes.clone(), support);
                found.push(Generator { attributes, extent });
            }
        }
        start = end;
    }
    Ok(found)
}

/// Smallest support of the parts with one attribute less; `None` when one of them is no generator.
fn least_part(attributes: &[usize], supports: &HashMap<Vec<usize>, u64>) -> Option<u64> {
    let part = |without: usize| {
        let mut part = attributes.to_vec();
        part.remove(without);
        supports.get(&part).copied()
    };
    (0..attributes.len()).try_fold(u64::MAX, |least, without| {
        part(without).map(|support| least.min(support))
    })
}
