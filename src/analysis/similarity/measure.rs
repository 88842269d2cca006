//! What can be compared, and how.

use super::super::columns::Schema;

/// A way to compare two programmes; all give a number from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Mean over dimensions of simGIC on closed sets: rare values count more.
    #[default]
    Gower,
    /// Mean over dimensions of simUI (Gentleman 2005) on closed sets: every value counts the same.
    SimUi,
    /// Jaccard (1912), I / U, on the pooled leaf values of the dimensions that both state.
    Jaccard,
    /// Szymkiewicz–Simpson overlap, I / min(a, b), on the same sets.
    Overlap,
    /// Tversky (1977) with α = 1 and β = 0, I / a: how much of the first the second has too.
    Inclusion,
    /// Cosine, also Ochiai: I / √(a b), on the same sets.
    Cosine,
}

impl Measure {
    /// All of them, the default first.
    pub const ALL: [Self; 6] = [
        Self::Gower,
        Self::SimUi,
        Self::Jaccard,
        Self::Overlap,
        Self::Inclusion,
        Self::Cosine,
    ];

    /// Its name on a command line and in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gower => "gower",
            Self::SimUi => "simui",
            Self::Jaccard => "jaccard",
            Self::Overlap => "overlap",
            Self::Inclusion => "inclusion",
            Self::Cosine => "cosine",
        }
    }

    /// The measure of a name, whatever the case of its letters.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|measure| measure.name().eq_ignore_ascii_case(name))
    }

    /// Whether S(a, b) = S(b, a).
    pub const fn is_symmetric(self) -> bool {
        !matches!(self, Self::Inclusion)
    }

    /// Whether it is a mean over dimensions of closed sets, rather than one number for the pooled
    /// leaf values.
    pub const fn is_mean(self) -> bool {
        matches!(self, Self::Gower | Self::SimUi)
    }

    /// The measure of two sets by the weights of what they share and of each. When a divisor is 0
    /// nothing is shared, and the result is 0.
    pub(in crate::analysis) fn ratio(self, shared: f64, a: f64, b: f64) -> f64 {
        let divisor = match self {
            Self::Gower | Self::SimUi | Self::Jaccard => a + b - shared,
            Self::Overlap => a.min(b),
            Self::Inclusion => a,
            Self::Cosine => (a * b).sqrt(),
        };
        if divisor > 0.0 { shared / divisor } else { 0.0 }
    }
}

/// What to compare, and when a comparison counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How.
    pub measure: Measure,
    /// Fewest dimensions with d = 1 for a pair to have a score; 0 counts as 1.
    pub min_comparable: u32,
    /// Dimensions that take part, one bit each.
    pub dimensions: u64,
}

impl Default for Comparison {
    fn default() -> Self {
        Self {
            measure: Measure::default(),
            min_comparable: 3,
            dimensions: u64::MAX,
        }
    }
}

impl Comparison {
    /// The same without the dimensions made of the same stuff as one of `axes`: to compare by them
    /// across these axes would be circular.
    #[must_use]
    pub fn clean_of(mut self, schema: &Schema, axes: &[usize]) -> Self {
        for &axis in axes {
            for &dimension in &schema.axes[axis].same_stuff_as {
                self.dimensions &= !(1 << dimension);
            }
        }
        self
    }
}
