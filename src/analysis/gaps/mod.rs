//! Evidence gap map: any dimension or silo axis by any other, with what is there, what is known to
//! be absent, what is unknown, and which empty cells are surprising.
//!
//! An evidence gap map is a matrix of counts (Snilstveit et al. 2016). Here every count comes with
//! its denominators, because "not stated" is not "no", and every empty cell with the count that
//! chance alone would lead one to expect: an empty cell where nothing was to be expected is not a
//! gap.
//!
//! Two expectations are given, both over the N programmes that state the row facet and the column
//! facet, with k programmes for a value and m = Σk over the values of its facet:
//! - independence given the margins, `k(row) · k(column) / N`;
//! - the degree model, E = Σ `p(i, row) · p(i, column)` over the programmes i, with
//!   `p(i, t) = min(1, d(i) · k(t) / m)`, where d(i) is how many values of the facet programme i
//!   has (Chung & Lu 2002). Programmes described with more values are more likely to be in any
//!   cell. It is the sparse approximation of the bipartite configuration model (Saracco et al.
//!   2015); where the cap at 1 bites, E is too small rather than too large. A caller with better
//!   probabilities passes them.
//!
//! Under the degree model the count of a cell is Poisson-binomial: the lower tail is exact. Cells
//! with E large enough are tested together (Benjamini & Hochberg 1995).

mod coverage;
mod null;
#[cfg(test)]
mod properties;
mod side;
#[cfg(test)]
mod tests;

use std::fmt;

pub use coverage::{Coverage, CoverageRequest, FacetPair, MissingPair, coverage};

use super::bits;
use super::columns::{Columns, Schema};
use null::{Null, adjusted, lower_tail};
use side::Side;

/// What stands along one side of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// A dimension, by position in [`Schema::dimensions`].
    Dimension(usize),
    /// A silo axis, by position in [`Schema::axes`].
    Axis(usize),
}

/// Which values of a facet are shown. A programme has a value when it has it or something narrower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// Values without a broader one.
    #[default]
    Top,
    /// All values.
    All,
}

/// Whether a programme is known *not* to have a value of a facet; the value is a position in
/// [`Schema::values`] or, for an axis, in [`Schema::silo_values`].
pub type Absent<'a> = &'a dyn Fn(usize, Facet, usize) -> bool;

/// How likely a programme is to have a value of a facet by chance, in [0, 1]; asked only for
/// programmes that state both facets.
pub type Probability<'a> = &'a dyn Fn(usize, Facet, usize) -> f64;

/// Which map to make.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Facet along the rows.
    pub rows: Facet,
    /// Facet along the columns.
    pub columns: Facet,
    /// Which values are shown.
    pub depth: Depth,
    /// Fewest programmes that state both facets before an empty cell is judged; 20 by default.
    pub min_stated: u64,
    /// Smallest E at which emptiness says something; 3 by default.
    pub min_expected: f64,
    /// A cell is nearly empty when it has at most this share of E; 0.25 by default.
    pub near_empty: f64,
    /// False discovery rate over the tested cells; 0.05 by default.
    pub alpha: f64,
    /// What is known to be absent, if anything is.
    pub absent: Option<Absent<'a>>,
    /// Probabilities instead of the degree model.
    pub probability: Option<Probability<'a>>,
}

impl Request<'_> {
    /// A request with the defaults.
    pub const fn new(rows: Facet, columns: Facet) -> Self {
        Self {
            rows,
            columns,
            depth: Depth::Top,
            min_stated: 20,
            min_expected: 3.0,
            near_empty: 0.25,
            alpha: 0.05,
            absent: None,
            probability: None,
        }
    }
}

/// Why no map was made.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// The schema has no such facet.
    NoSuchFacet(Facet),
    /// A facet was put against itself; within a facet, hierarchy and chance get mixed up.
    SameFacet(Facet),
    /// A probability that was passed in is not a number in [0, 1].
    Probability {
        /// Programme it was asked for.
        programme: usize,
        /// Value it was asked for.
        value: usize,
        /// What came back.
        got: f64,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchFacet(Facet::Dimension(at)) => write!(f, "there is no dimension {at}"),
            Self::NoSuchFacet(Facet::Axis(at)) => write!(f, "there is no silo axis {at}"),
            Self::SameFacet(_) => f.write_str("a facet cannot be mapped against itself"),
            Self::Probability {
                programme,
                value,
                got,
            } => write!(
                f,
                "the probability of value {value} for programme {programme} is {got}, \
                 not a number from 0 to 1"
            ),
        }
    }
}

impl std::error::Error for Error {}

/// What a cell means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// There are programmes, and not surprisingly few.
    Evidence,
    /// Empty or nearly, and that is unlikely by chance.
    SurprisingGap,
    /// Empty or nearly, and chance could do that though E is large enough to test.
    ByChance,
    /// Empty, and E is so small that nothing was to be expected.
    NothingToExpect,
    /// Empty, and too few programmes state both facets to judge.
    CannotTell,
}

/// How many programmes stand behind a map. Each number counts a row as often as
/// [`Columns::count`] says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Denominators {
    /// All programmes.
    pub programmes: u64,
    /// Those that state both facets: the N of every cell.
    pub both: u64,
    /// Those that state the row facet.
    pub rows: u64,
    /// Those that state the column facet.
    pub columns: u64,
    /// Those that leave at least one of the two open: `programmes` − `both`.
    pub unknown: u64,
}

/// A row value by a column value. `count` + `absent` + `not_found` + `unknown` is the number of all
/// programmes.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Position of the row value in the schema.
    pub row: usize,
    /// Position of the column value in the schema.
    pub column: usize,
    /// Positions of the programmes that have both values, ascending.
    pub programmes: Vec<usize>,
    /// How many distinct programmes these are.
    pub count: u64,
    /// Programmes without both values of which at least one is known to be absent.
    pub absent: u64,
    /// Programmes that state both facets and do not mention both values.
    pub not_found: u64,
    /// Programmes that leave a facet open, so that it cannot be said.
    pub unknown: u64,
    /// Expected count under independence given the margins.
    pub expected_independent: f64,
    /// Expected count E under the degree model or the probabilities passed in.
    pub expected: f64,
    /// P(count or fewer) under the same model; `None` for cells that were not tested. Below about
    /// 1e-300 it is 0.
    pub p: Option<f64>,
    /// `p` adjusted over the tested cells of the map (Benjamini & Hochberg 1995).
    pub q: Option<f64>,
    /// What that means.
    pub verdict: Verdict,
}

/// The map.
#[derive(Clone, Debug, PartialEq)]
pub struct GapMap {
    /// Positions of the row values, in the order of the schema.
    pub rows: Vec<usize>,
    /// Positions of the column values.
    pub columns: Vec<usize>,
    /// What stands behind every cell.
    pub denominators: Denominators,
    /// Whether the facets are made of the same stuff, so that the map says little; see
    /// [`circular`].
    pub circular: bool,
    /// The cells, row after row.
    pub cells: Vec<Cell>,
}

impl GapMap {
    /// The cell at a row and a column, counted from 0.
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        (column < self.columns.len())
            .then(|| self.cells.get(row * self.columns.len() + column))
            .flatten()
    }

    /// The surprising gaps, smallest q first, then largest E, then by position.
    pub fn surprising(&self) -> Vec<&Cell> {
        let mut found: Vec<&Cell> = (self.cells.iter())
            .filter(|cell| cell.verdict == Verdict::SurprisingGap)
            .collect();
        let q = |cell: &Cell| cell.q.unwrap_or(1.0);
        found.sort_by(|x, y| {
            (q(x).total_cmp(&q(y)))
                .then(y.expected.total_cmp(&x.expected))
                .then((x.row, x.column).cmp(&(y.row, y.column)))
        });
        found
    }
}

/// Whether two facets are made of the same stuff: an axis and a dimension it is cut from, or two
/// axes cut from the same dimension. A map of them shows mostly how the axis was made.
pub fn circular(schema: &Schema, a: Facet, b: Facet) -> bool {
    let stuff =
        |axis: usize| (schema.axes.get(axis)).map_or(&[][..], |axis| axis.same_stuff_as.as_slice());
    match (a, b) {
        (Facet::Dimension(_), Facet::Dimension(_)) => false,
        (Facet::Axis(axis), Facet::Dimension(dimension))
        | (Facet::Dimension(dimension), Facet::Axis(axis)) => stuff(axis).contains(&dimension),
        (Facet::Axis(a), Facet::Axis(b)) => stuff(a).iter().any(|d| stuff(b).contains(d)),
    }
}

/// Makes a gap map. O(R · C · n) time for R rows, C columns and n programmes, less a factor of 64
/// for counting; the tail of a tested cell costs about its count times the number of distinct
/// degree pairs.
pub fn gap_map(columns: &Columns, request: &Request) -> Result<GapMap, Error> {
    let rows = Side::new(columns, request.rows, request.depth)?;
    let cols = Side::new(columns, request.columns, request.depth)?;
    if request.rows == request.columns {
        return Err(Error::SameFacet(request.rows));
    }
    let null = Null::new(columns, &rows, &cols, request.probability)?;
    let everyone = bits::of_range(0..columns.len(), bits::words(columns.len()));
    let programmes = side::weigh(columns, &everyone);
    let denominators = Denominators {
        programmes,
        both: null.stated,
        rows: side::weigh(columns, &rows.stated),
        columns: side::weigh(columns, &cols.stated),
        unknown: programmes - null.stated,
    };
    let row_absent = rows.absent(columns, request.absent);
    let column_absent = cols.absent(columns, request.absent);
    let enough = denominators.both >= request.min_stated;
    let mut cells = Vec::with_capacity(rows.values.len() * cols.values.len());
    for (r, row_absent) in row_absent.iter().enumerate() {
        for (c, column_absent) in column_absent.iter().enumerate() {
            let both = side::intersection(&rows.sets[r], &cols.sets[c]);
            let absent = side::union(row_absent, column_absent);
            let mut not_found = null.both.clone();
            side::subtract(&mut not_found, &both);
            side::subtract(&mut not_found, &absent);
            let count = side::weigh(columns, &both);
            let (absent, not_found) = (
                side::weigh(columns, &absent),
                side::weigh(columns, &not_found),
            );
            let trials = null.trials(r, c);
            let expected: f64 = trials.iter().map(|&(p, copies)| p * copies as f64).sum();
            let tested = enough && expected >= request.min_expected;
            cells.push(Cell {
                row: rows.values[r],
                column: cols.values[c],
                programmes: bits::ones(&both).collect(),
                count,
                absent,
                not_found,
                unknown: programmes - count - absent - not_found,
                expected_independent: null.independent(r, c),
                expected,
                p: tested.then(|| lower_tail(trials, count)),
                q: None,
                verdict: Verdict::Evidence,
            });
        }
    }
    let p: Vec<f64> = cells.iter().filter_map(|cell| cell.p).collect();
    let mut q = adjusted(&p).into_iter();
    for cell in &mut cells {
        if cell.p.is_some() {
            cell.q = q.next();
        }
        cell.verdict = verdict(cell, request, enough);
    }
    Ok(GapMap {
        circular: circular(columns.schema(), request.rows, request.columns),
        rows: rows.values,
        columns: cols.values,
        denominators,
        cells,
    })
}

/// What a cell means, once it is counted and tested.
fn verdict(cell: &Cell, request: &Request, enough: bool) -> Verdict {
    match cell.q {
        Some(_) if cell.count as f64 > request.near_empty * cell.expected => Verdict::Evidence,
        Some(q) if q <= request.alpha => Verdict::SurprisingGap,
        Some(_) => Verdict::ByChance,
        None if cell.count > 0 => Verdict::Evidence,
        None if enough => Verdict::NothingToExpect,
        None => Verdict::CannotTell,
    }
}
