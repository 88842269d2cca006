//! How many of all pairs of values occur in at least one programme (t-way coverage with t = 2).
//!
//! After the combinatorial coverage measurement of NIST IR 7878 (Kuhn et al. 2012), with one
//! difference: there a test gives each parameter one value, here a programme may have several
//! values of a facet and covers all their pairs.

use super::super::bits;
use super::super::columns::Columns;
use super::null::Null;
use super::side::Side;
use super::{Depth, Error, Facet, Probability, circular};

/// What to measure.
#[derive(Clone)]
pub struct CoverageRequest<'a> {
    /// Facets whose values are paired, each with each other.
    pub facets: Vec<Facet>,
    /// Which values are paired.
    pub depth: Depth,
    /// Most missing pairs to list.
    pub limit: usize,
    /// Probabilities instead of the degree model.
    pub probability: Option<Probability<'a>>,
}

/// Coverage of one pair of facets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetPair {
    /// First facet.
    pub rows: Facet,
    /// Second facet.
    pub columns: Facet,
    /// Pairs of values that at least one programme has.
    pub present: usize,
    /// All pairs of values.
    pub total: usize,
    /// Programmes that state both facets; with few, a missing pair says little.
    pub stated: u64,
    /// Whether the facets are made of the same stuff.
    pub circular: bool,
}

/// A pair of values that no programme has.
#[derive(Clone, Debug, PartialEq)]
pub struct MissingPair {
    /// First facet.
    pub rows: Facet,
    /// Position of its value in the schema.
    pub row: usize,
    /// Second facet.
    pub columns: Facet,
    /// Position of its value.
    pub column: usize,
    /// Expected count E under the degree model or the probabilities passed in.
    pub expected: f64,
    /// Expected count under independence given the margins.
    pub expected_independent: f64,
}

/// Coverage of all pairs of facets.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    /// Each pair of facets, in the order they were asked for.
    pub pairs: Vec<FacetPair>,
    /// Pairs of values that occur.
    pub present: usize,
    /// All pairs of values.
    pub total: usize,
    /// Missing pairs, largest E first, then by position; at most as many as asked for.
    pub missing: Vec<MissingPair>,
}

impl Coverage {
    /// Share of pairs of values that occur, in [0, 1]; `None` when there are no pairs. (NIST IR
    /// 7878: total variable-value configuration coverage.)
    pub fn share(&self) -> Option<f64> {
        (self.total > 0).then(|| self.present as f64 / self.total as f64)
    }

    /// Share of pairs of facets of which every pair of values occurs, in [0, 1]; `None` when there
    /// are none. (NIST IR 7878: simple combination coverage.)
    pub fn complete_share(&self) -> Option<f64> {
        let complete = self.pairs.iter().filter(|pair| pair.present == pair.total);
        (!self.pairs.is_empty()).then(|| complete.count() as f64 / self.pairs.len() as f64)
    }
}

/// Measures pairwise coverage. O(V² · n / 64) for V values and n programmes, and O(V² · g) for the
/// expected counts with g distinct pairs of degrees.
pub fn coverage(columns: &Columns, request: &CoverageRequest) -> Result<Coverage, Error> {
    let sides: Vec<Side> = (request.facets.iter())
        .map(|&facet| Side::new(columns, facet, request.depth))
        .collect::<Result<_, _>>()?;
    let mut pairs = Vec::new();
    let mut missing = Vec::new();
    for (at, rows) in sides.iter().enumerate() {
        for cols in &sides[at + 1..] {
            if rows.facet == cols.facet {
                return Err(Error::SameFacet(rows.facet));
            }
            let null = Null::new(columns, rows, cols, request.probability)?;
            let total = rows.values.len() * cols.values.len();
            let before = missing.len();
            for (r, row_set) in rows.sets.iter().enumerate() {
                for (c, column_set) in cols.sets.iter().enumerate() {
                    if bits::intersects(row_set, column_set) {
                        continue;
                    }
                    let trials = null.trials(r, c);
                    missing.push(MissingPair {
                        rows: rows.facet,
                        row: rows.values[r],
                        columns: cols.facet,
                        column: cols.values[c],
                        expected: trials.iter().map(|&(p, copies)| p * copies as f64).sum(),
                        expected_independent: null.independent(r, c),
                    });
                }
            }
            pairs.push(FacetPair {
                rows: rows.facet,
                columns: cols.facet,
                present: total - (missing.len() - before),
                total,
                stated: null.stated,
                circular: circular(columns.schema(), rows.facet, cols.facet),
            });
        }
    }
    let total = pairs.iter().map(|pair| pair.total).sum();
    let present = pairs.iter().map(|pair| pair.present).sum();
    // Pairs come in the order of the facets and values, which a stable sort keeps among equals.
    missing.sort_by(|x, y| y.expected.total_cmp(&x.expected));
    missing.truncate(request.limit);
    Ok(Coverage {
        pairs,
        present,
        total,
        missing,
    })
}
