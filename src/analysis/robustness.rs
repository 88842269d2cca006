//! Whether a conclusion survives when some of what it rests on is left out.
//!
//! Each part of the evidence is left out in turn (a jackknife over coders, questions, types of
//! source and bases) and the analysis made anew. A conclusion that holds each time is stable; one
//! that falls once is fragile, and it is said what it fell with. A trial that leaves less than half
//! of the evidence, and one on a random half of the programmes, has so much less to go by that it
//! is told and decides nothing; one that leaves nothing of what a conclusion is about asks nothing.

/// What becomes of a conclusion in one trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is drawn again.
    Holds,
    /// It is not, and what is found in its place.
    Falls(String),
    /// The trial left out what the conclusion is about, so nothing is asked of it.
    NotAsked,
}

/// What the trials come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It held in every trial that could ask.
    Stable,
    /// It fell in at least one.
    Fragile,
    /// No trial could ask.
    CannotTell,
}

impl Verdict {
    /// In a word or two.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Fragile => "fragile",
            Self::CannotTell => "cannot tell",
        }
    }
}

/// What kind of trial it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// One part of the evidence is left out, and at least half of it is kept: it decides.
    Decides,
    /// One part is left out, and less than half is kept.
    Told,
    /// A random half of the programmes.
    Half,
}

/// How a conclusion stands after all trials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Omissions that decide and could ask.
    pub asked: usize,
    /// Of these, those in which it fell: position of the trial, and what was found in its place.
    pub breaks: Vec<(usize, String)>,
    /// Omissions that kept less than half and in which it fell.
    pub told: Vec<(usize, String)>,
    /// Omissions that left nothing to ask about: it rests on these parts alone.
    pub rests_on: Vec<usize>,
    /// Halves in which it was asked for.
    pub halves_asked: usize,
    /// Halves in which it held.
    pub halves_held: usize,
}

impl Standing {
    /// Takes in the outcome of a trial.
    pub fn add(&mut self, trial: usize, weight: Weight, outcome: Outcome) {
        match (weight, outcome) {
            (Weight::Half, Outcome::NotAsked) | (Weight::Told, Outcome::Holds) => {}
            (Weight::Half, outcome) => {
                self.halves_asked += 1;
                self.halves_held += usize::from(outcome == Outcome::Holds);
            }
            (_, Outcome::NotAsked) => self.rests_on.push(trial),
            (Weight::Told, Outcome::Falls(instead)) => self.told.push((trial, instead)),
            (Weight::Decides, Outcome::Holds) => self.asked += 1,
            (Weight::Decides, Outcome::Falls(instead)) => {
                self.asked += 1;
                self.breaks.push((trial, instead));
            }
        }
    }

    /// Omissions in which it held.
    pub fn held(&self) -> usize {
        self.asked - self.breaks.len()
    }

    /// What the omissions come to; halves decide nothing.
    pub fn verdict(&self) -> Verdict {
        match (self.asked, self.breaks.is_empty()) {
            (0, _) => Verdict::CannotTell,
            (_, true) => Verdict::Stable,
            (_, false) => Verdict::Fragile,
        }
    }
}

/// Random halves of 0..n by a seed, two of each division, as sorted positions; an odd one out is in
/// the second. Takes O(n) a half.
pub fn halves(n: usize, how_many: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut halves = Vec::new();
    while halves.len() < how_many {
        let mut order: Vec<usize> = (0..n).collect();
        super::chance::shuffle(&mut rng, &mut order);
        let mut second = order.split_off(n / 2);
        order.sort_unstable();
        second.sort_unstable();
        halves.push(order);
        halves.push(second);
    }
    halves.truncate(how_many);
    halves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_fall_makes_fragile_and_weak_trials_decide_nothing() {
        let mut standing = Standing::default();
        let falls = || Outcome::Falls("rank 40".to_owned());
        assert_eq!(standing.verdict(), Verdict::CannotTell);
        standing.add(0, Weight::Decides, Outcome::NotAsked);
        standing.add(9, Weight::Half, falls());
        standing.add(3, Weight::Told, falls());
        assert_eq!(standing.verdict(), Verdict::CannotTell);
        standing.add(1, Weight::Decides, Outcome::Holds);
        assert_eq!(standing.verdict(), Verdict::Stable);
        standing.add(2, Weight::Decides, falls());
        standing.add(10, Weight::Half, Outcome::Holds);
        standing.add(11, Weight::Half, Outcome::NotAsked);
        assert_eq!(standing.verdict(), Verdict::Fragile);
        assert_eq!(standing.breaks, [(2, "rank 40".to_owned())]);
        assert_eq!(standing.told, [(3, "rank 40".to_owned())]);
        assert_eq!(standing.rests_on, [0]);
        assert_eq!((standing.held(), standing.asked), (1, 2));
        assert_eq!((standing.halves_held, standing.halves_asked), (1, 2));
    }

    #[test]
    fn two_halves_make_a_whole_and_a_seed_gives_the_same() {
        let found = halves(7, 4, 3);
        assert_eq!(found.len(), 4);
        for pair in found.chunks(2) {
            let mut all = pair.concat();
            all.sort_unstable();
            assert_eq!(all, (0..7).collect::<Vec<_>>());
            assert_eq!((pair[0].len(), pair[1].len()), (3, 4));
        }
        assert_ne!(found[0], found[2]);
        assert_eq!(found, halves(7, 4, 3));
        assert!(halves(0, 2, 1).iter().all(Vec::is_empty));
    }
}
