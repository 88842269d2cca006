//! Formal concept analysis: which programmes share exactly which combination of values.
//!
//! A concept is a pair of a set of programmes (its extent) and a set of values (its intent), where
//! the extent is all programmes with these values and the intent all values these programmes share
//! (Ganter & Wille 1999). [`concepts`] finds all of them with enough support: the iceberg
//! (Stumme et al. 2002). [`implications`] finds which values bring which others with them.
//!
//! Concepts are made of leaf values ([`Level::Leaves`]): with the broader ones, rows are twice as
//! dense and the concepts many more, but none says anything new. An extent is who is *known* to
//! have the values: a programme that does not state a dimension is not in it, and may belong there.

mod burmeister;
mod context;
mod generators;
mod iceberg;
mod implications;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::fmt;

pub use burmeister::{Malformed, Title, Unwritable, read, write};
pub use context::{Context, Level};
pub use iceberg::{Concept, IcebergRequest, Ranking, concepts, rank};
pub use implications::{Implication, ImplicationRequest, Implications, implications};

/// Why the computation stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// There are more results than the caller allowed; ask for more support, or allow more.
    LimitReached {
        /// What there was too much of.
        what: Counted,
        /// How many were allowed.
        limit: usize,
        /// The least support that was asked for.
        min_support: u64,
    },
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Formal concepts.
    Concepts,
    /// Premises of implications.
    Premises,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::LimitReached {
            what,
            limit,
            min_support,
        } = self;
        let what = match what {
            Counted::Concepts => "concepts",
            Counted::Premises => "premises",
        };
        write!(
            f,
            "limit reached: there are more than {limit} {what} with a support of {min_support} \
             or more"
        )
    }
}

impl std::error::Error for Error {}
