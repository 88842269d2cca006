//! Agreement between coders: share of equal answers and Cohen's kappa (Cohen 1960).
//!
//! A cell is one programme, one unordered pair of coders who both coded it, and one value in use;
//! a coder says yes when at least one of that coder's codings finds exactly this value present.

/// Answers of two coders over many cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    /// Both say yes.
    pub both: u32,
    /// Only the first says yes.
    pub first: u32,
    /// Only the second says yes.
    pub second: u32,
    /// Neither says yes.
    pub neither: u32,
}

impl Cells {
    /// Counts one cell.
    pub const fn add(&mut self, first: bool, second: bool) {
        match (first, second) {
            (true, true) => self.both += 1,
            (true, false) => self.first += 1,
            (false, true) => self.second += 1,
            (false, false) => self.neither += 1,
        }
    }

    /// How many cells there are.
    pub const fn total(&self) -> u32 {
        self.both + self.first + self.second + self.neither
    }

    /// Share of cells with the same answer, in [0, 1]; `None` without cells.
    pub fn agreement(&self) -> Option<f64> {
        let total = self.total();
        (total > 0).then(|| f64::from(self.both + self.neither) / f64::from(total))
    }

    /// Cohen's kappa, at most 1; `None` when chance alone would make the coders agree everywhere.
    pub fn kappa(&self) -> Option<f64> {
        let observed = self.agreement()?;
        let (yes_first, yes_second) = self.margins();
        let expected = yes_first * yes_second + (1.0 - yes_first) * (1.0 - yes_second);
        (expected < 1.0).then(|| (observed - expected) / (1.0 - expected))
    }

    /// Kappa's 95 % interval from its large-sample standard error (Fleiss, Cohen & Everitt 1969),
    /// cut at -1 and 1. It takes cells as independent, which those of one programme are not: the
    /// true interval is wider.
    pub fn kappa_interval(&self) -> Option<(f64, f64)> {
        let kappa = self.kappa()?;
        let total = f64::from(self.total());
        let share = |count: u32| f64::from(count) / total;
        let (yes_first, yes_second) = self.margins();
        let (no_first, no_second) = (1.0 - yes_first, 1.0 - yes_second);
        let observed = share(self.both) + share(self.neither);
        let expected = yes_first * yes_second + no_first * no_second;
        let agreeing = |p: f64, row: f64, column: f64| {
            p * ((1.0 - expected) - (row + column) * (1.0 - observed)).powi(2)
        };
        let on = agreeing(share(self.both), yes_first, yes_second)
            + agreeing(share(self.neither), no_first, no_second);
        // A cell where the first says yes and the second no weighs by the first's no and the
        // second's yes, and the other way round.
        let off = (1.0 - observed).powi(2)
            * (share(self.first) * (yes_second + no_first).powi(2)
                + share(self.second) * (no_second + yes_first).powi(2));
        let last = (observed * expected - 2.0 * expected + observed).powi(2);
        let variance = (on + off - last) / (total * (1.0 - expected).powi(4));
        let half = 1.96 * variance.max(0.0).sqrt();
        Some(((kappa - half).max(-1.0), (kappa + half).min(1.0)))
    }

    /// How often each coder says yes.
    fn margins(&self) -> (f64, f64) {
        let total = f64::from(self.total());
        (
            f64::from(self.both + self.first) / total,
            f64::from(self.both + self.second) / total,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_worked_out_by_hand() {
        let cells = Cells {
            both: 20,
            first: 5,
            second: 10,
            neither: 15,
        };
        assert_eq!(cells.agreement(), Some(0.7));
        assert!((cells.kappa().unwrap_or(f64::NAN) - 0.4).abs() < 1e-12);
    }

    /// Function of the seven programmes that two or three coders met, before the second look.
    #[test]
    fn the_interval_is_that_of_the_published_formula() {
        let cells = Cells {
            both: 24,
            first: 12,
            second: 7,
            neither: 155,
        };
        let (low, high) = cells.kappa_interval().unwrap_or_default();
        assert!((cells.kappa().unwrap_or_default() - 0.6591).abs() < 5e-5);
        assert!(
            (low - 0.5178).abs() < 5e-5 && (high - 0.8004).abs() < 5e-5,
            "{low} {high}"
        );
    }

    #[test]
    fn one_answer_everywhere_has_no_kappa() {
        let cells = Cells {
            neither: 9,
            ..Cells::default()
        };
        assert_eq!(
            (cells.agreement(), cells.kappa(), cells.kappa_interval()),
            (Some(1.0), None, None)
        );
        assert_eq!(Cells::default().agreement(), None);
    }
}
