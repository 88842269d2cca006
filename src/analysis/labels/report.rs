//! What a report on labels says.

use super::dispersion::Dispersion;
use super::indicator::Indicator;
use super::permanova::Permanova;
use super::twins::{Breadth, Twin};

/// Everything about the labels of a set of programmes.
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// Programmes that carry at least one label.
    pub programmes: usize,
    /// Programmes that carry none; they take no part.
    pub unlabelled: usize,
    /// Programmes that state the axis but in strata too small to draw from.
    pub pooled: usize,
    /// One report a label, in the order of [`Columns::labels`](super::Columns::labels).
    pub reports: Vec<LabelReport>,
    /// Labels of too few programmes to tell.
    pub too_few: usize,
    /// Pairs of labels with enough programmes each, least divergence first.
    pub twins: Vec<Twin>,
    /// How much of the differences goes with labels.
    pub explained: Explained,
}

/// What is known about one label.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelReport {
    /// Position of the label in [`Columns::labels`](super::Columns::labels).
    pub label: usize,
    /// Its programmes.
    pub programmes: usize,
    /// Silo values that its programmes state, of all axes, in the order of the schema.
    pub silos: Vec<usize>,
    /// Its programmes that leave the chosen axis open; 0 without an axis.
    pub axis_open: usize,
    /// Distinct profiles among its programmes that state any dimension.
    pub profiles: Profiles,
    /// Niche breadth by dimension.
    pub breadth: Vec<Breadth>,
    /// Dispersion; `None` when too few programmes carry the label or none are comparable.
    pub dispersion: Option<Dispersion>,
    /// The best split into two; `None` when too few programmes are comparable with each other.
    pub split: Option<Split>,
    /// Reasons to suspect that the label is a false friend.
    pub jingle: Vec<Jingle>,
    /// What that comes to.
    pub verdict: Verdict,
    /// Values that mark the label among labels of enough programmes, best first.
    pub indicators: Vec<Indicator>,
}

/// Distinct profiles: programmes that state the same dimensions and have the same values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profiles {
    /// Programmes that state at least one dimension.
    pub programmes: usize,
    /// How many profiles are distinct.
    pub distinct: usize,
    /// Their effective number (Hill number of order 1), from 1 to `distinct`; 0 without programmes.
    pub effective: f64,
}

/// A label's programmes split into two.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// Mean silhouette, in [−1, 1].
    pub silhouette: f64,
    /// Stability under the bootstrap, in [0, 1].
    pub stability: f64,
    /// Whether both reach their thresholds and each kind has enough programmes.
    pub stable: bool,
    /// Mean distance between programmes of different kinds.
    pub between: f64,
    /// Programmes left out so that all others are comparable with each other.
    pub dropped: usize,
    /// The two kinds, the one of more programmes first, then the one of the first programme.
    pub kinds: [Kind; 2],
}

/// One of two kinds of work.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// How many programmes there are.
    pub programmes: usize,
    /// Their rows, in order.
    pub rows: Vec<usize>,
    /// Values that mark it against the other kind, best first. They are not tested: the split was
    /// made from the same values.
    pub indicators: Vec<Indicator>,
}

/// A reason to suspect that one label stands for several kinds of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jingle {
    /// Its programmes are significantly less alike than programmes of the same silos.
    MoreVariedThanChance,
    /// They are not significantly more alike than programmes of the same silos.
    NotBelowChance,
    /// They fall into two kinds, stable under the bootstrap, and programmes of different kinds are
    /// as far apart as programmes drawn from the same silos: two variants of one kind of work are
    /// not enough. Where there is no such draw, a stable split is enough.
    StableSplit,
}

/// What can be said about one label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its programmes are more alike than chance gives, and do not fall into two kinds.
    OneKindOfWork,
    /// They fall into two kinds, or are less alike than chance gives.
    SeveralKinds,
    /// Cannot tell.
    CannotTell {
        /// Why not.
        why: Why,
    },
}

/// Why nothing can be said about a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Too few programmes carry it.
    TooFewProgrammes,
    /// Too few pairs of its programmes are comparable: fewer than the smallest label that is judged
    /// would have.
    TooFewComparable,
    /// In every silo where it is used, all programmes with a label carry it.
    NoOthersInItsSilos,
    /// Its programmes are no more alike than chance gives, which is no proof of several kinds.
    NotBelowChance,
}

/// How much of the differences between programmes goes with labels, over programmes with exactly
/// one label, of labels with enough such programmes.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Labels compared, as positions in [`Columns::labels`](super::Columns::labels), in the order of their first programmes.
    pub labels: Vec<usize>,
    /// Programmes compared.
    pub programmes: usize,
    /// Programmes of several labels, left out.
    pub several_labels: usize,
    /// Programmes of labels with too few programmes, before or after the others were left out.
    pub rare_labels: usize,
    /// Programmes left out by sampling.
    pub not_sampled: usize,
    /// Programmes left out, those with most unknown distances first, until all others are
    /// comparable with each other.
    pub incomparable: usize,
    /// The result; `None` with fewer than two labels or when no two programmes differ.
    pub result: Option<Permanova>,
}
