//! All concepts with enough support, by Close-by-One with occurrence counts.
//!
//! Close-by-One (Kuznetsov 1993) walks the concepts depth first and reaches each exactly once: a
//! concept made by adding attribute j is kept only where its closure adds nothing before j. As in
//! LCM (Uno et al. 2004), one pass over the rows of an extent counts all attributes at once, which
//! gives the intent, the supports of all children, and Δ; the test of order is a conjunction of
//! rows that stops as soon as the outcome is certain.

use super::super::bits;
use super::{Context, Counted, Error};

/// Which concepts to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IcebergRequest {
    /// Least support. At 0 the concept of all attributes comes too, even where nobody has them all.
    pub min_support: u64,
    /// Most concepts to compute.
    pub limit: usize,
}

/// A formal concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concept {
    /// Positions of the objects, ascending.
    pub extent: Vec<usize>,
    /// Positions of the attributes, ascending.
    pub intent: Vec<usize>,
    /// How many programmes the extent stands for.
    pub support: u64,
    /// `support` less the largest support of a concept below, in the whole lattice: how many
    /// programmes would have to go before this combination stopped being one of its own (Buzmakov,
    /// Kuznetsov & Napoli 2014). From 1 to `support`; 0 only when the extent is empty.
    pub delta: u64,
}

/// What to put first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ranking {
    /// Large support, then large Δ.
    #[default]
    Support,
    /// Large Δ, then large support.
    Delta,
}

/// Finds all concepts with at least the support asked for, ranked by support; see [`rank`]. About
/// (rows of the extents of all concepts) · (attributes of a row) steps; memory for the concepts
/// found and one extent for each attribute on the way down.
pub fn concepts(context: &Context, request: &IcebergRequest) -> Result<Vec<Concept>, Error> {
    let mut search = Search::new(context, request);
    let everyone: Vec<u32> = (0..).take(context.objects().len()).collect();
    if search.support(&everyone) >= search.min_support {
        search.extents.push(everyone);
        search.descend(0, 0)?;
    }
    let attributes = context.attributes().len();
    let full = |concept: &Concept| concept.intent.len() == attributes;
    let mut found = search.found;
    if request.min_support == 0 && !found.iter().any(full) {
        if found.len() >= request.limit {
            return Err(limit_reached(request));
        }
        found.push(Concept {
            extent: Vec::new(),
            intent: (0..attributes).collect(),
            support: 0,
            delta: 0,
        });
    }
    rank(&mut found, Ranking::Support);
    Ok(found)
}

/// Sorts concepts; ties by intent: the shorter first, then by positions of its attributes.
pub fn rank(concepts: &mut [Concept], by: Ranking) {
    let key = |concept: &Concept| match by {
        Ranking::Support => (concept.support, concept.delta),
        Ranking::Delta => (concept.delta, concept.support),
    };
    concepts.sort_unstable_by(|x, y| {
        (key(y).cmp(&key(x)))
            .then(x.intent.len().cmp(&y.intent.len()))
            .then_with(|| x.intent.cmp(&y.intent))
    });
}

fn limit_reached(request: &IcebergRequest) -> Error {
    Error::LimitReached {
        what: Counted::Concepts,
        limit: request.limit,
        min_support: request.min_support,
    }
}

/// The walk. Attributes are renumbered, rarest first, which makes most branches short.
struct Search<'a> {
    context: &'a Context,
    request: IcebergRequest,
    /// Support below which a branch ends; at least 1.
    min_support: u64,
    /// Renumbered attributes by position in the context, and back.
    original: Vec<usize>,
    /// For each object, its renumbered attributes as a list and as bits.
    items: Vec<Vec<u32>>,
    rows: Vec<u64>,
    words: usize,
    /// Extents on the way down, one a level.
    extents: Vec<Vec<u32>>,
    found: Vec<Concept>,
}

impl<'a> Search<'a> {
    fn new(context: &'a Context, request: &IcebergRequest) -> Self {
        let attributes = context.attributes().len();
        let mut original: Vec<usize> = (0..attributes).collect();
        original.sort_by_key(|&attribute| (bits::count(context.extent(attribute)), attribute));
        let words = bits::words(attributes);
        let mut items = vec![Vec::new(); context.objects().len()];
        let mut rows = vec![0; context.objects().len() * words];
        for (number, &attribute) in (0_u32..).zip(&original) {
            for object in bits::ones(context.extent(attribute)) {
                items[object].push(number);
                bits::insert(
                    &mut rows[object * words..(object + 1) * words],
                    number as usize,
                );
            }
        }
        Self {
            context,
            request: *request,
            min_support: request.min_support.max(1),
            original,
            items,
            rows,
            words,
            extents: Vec::new(),
            found: Vec::new(),
        }
    }

    fn support(&self, extent: &[u32]) -> u64 {
        let weight = |&object: &u32| self.context.weight(object as usize);
        extent.iter().map(weight).sum()
    }

    /// Reports the concept of the extent at `level` and goes on to those below it that add an
    /// attribute from `from` on.
    fn descend(&mut self, level: usize, from: usize) -> Result<(), Error> {
        if self.found.len() >= self.request.limit {
            return Err(limit_reached(&self.request));
        }
        let attributes = self.original.len();
        let extent = std::mem::take(&mut self.extents[level]);
        let mut counts = vec![0_u64; attributes];
        let mut support = 0;
        for &object in &extent {
            let weight = self.context.weight(object as usize);
            support += weight;
            for &attribute in &self.items[object as usize] {
                counts[attribute as usize] += weight;
            }
        }
        let mut shared = vec![0; self.words];
        let mut intent = Vec::new();
        let mut below = 0;
        for (attribute, &count) in counts.iter().enumerate() {
            if count == support {
                bits::insert(&mut shared, attribute);
                intent.push(self.original[attribute]);
            } else {
                below = below.max(count);
            }
        }
        intent.sort_unstable();
        self.found.push(Concept {
            extent: extent.iter().map(|&object| object as usize).collect(),
            intent,
            support,
            delta: support - below,
        });
        if self.extents.len() == level + 1 {
            self.extents.push(Vec::new());
        }
        for (attribute, &count) in counts.iter().enumerate().skip(from) {
            if count < self.min_support || count == support {
                continue;
            }
            let mut child = std::mem::take(&mut self.extents[level + 1]);
            child.clear();
            let has = |&&object: &&u32| bits::contains(self.row(object), attribute);
            child.extend(extent.iter().filter(has));
            let first = self.is_first(&child, &shared, attribute);
            self.extents[level + 1] = child;
            if first {
                self.descend(level + 1, attribute + 1)?;
            }
        }
        self.extents[level] = extent;
        Ok(())
    }

    fn row(&self, object: u32) -> &[u64] {
        let start = object as usize * self.words;
        &self.rows[start..start + self.words]
    }

    /// Whether the rows of an extent share no attribute before `attribute` that is not in `shared`.
    fn is_first(&self, extent: &[u32], shared: &[u64], attribute: usize) -> bool {
        (0..=attribute / bits::WORD).all(|word| {
            let mut common = !shared[word];
            if word == attribute / bits::WORD {
                common &= (1 << (attribute % bits::WORD)) - 1;
            }
            for &object in extent {
                common &= self.rows[object as usize * self.words + word];
                if common == 0 {
                    return true;
                }
            }
            common == 0
        })
    }
}
