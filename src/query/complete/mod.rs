//! Completion: what may stand at the cursor, from the grammar and from the data.
//!
//! One function for the prompt and for editors. It never offers a term that the graph does not
//! use, and gives the same list in the same order every time.

mod keywords;
mod offers;
mod position;
mod terms;
mod variables;

use serde::Serialize;

use super::Vocabulary;

/// How many candidates are offered at most.
pub const MAX_CANDIDATES: usize = 100;

/// What kind of thing a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CandidateKind {
    /// A word of SPARQL.
    Keyword,
    /// A variable that the query uses.
    Variable,
    /// A prefix with its colon.
    Prefix,
    /// A class with members.
    Class,
    /// A predicate in use.
    Predicate,
    /// A thing that stands as the object of the predicate.
    Value,
    /// A thing by its name.
    Thing,
    /// A function or an aggregate.
    Function,
    /// A query of the catalogue; choosing it replaces the whole text.
    Query,
    /// An operator of expressions or paths.
    Operator,
}

/// One thing that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// What takes the place of `from..to`.
    pub insert: String,
    /// What a menu shows.
    pub display: String,
    /// Labels, a signature or another line about it; may be empty.
    pub detail: String,
    /// What it is.
    pub kind: CandidateKind,
    /// In how many statements, or with how many members.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// A line to put before the query when this is chosen: a PREFIX that is not declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declares: Option<String>,
}

/// What may stand at the cursor: each candidate takes the place of the bytes `from..to`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Completion {
    /// First byte of the word at the cursor, on a character boundary.
    pub from: usize,
    /// The byte after that word, on a character boundary.
    pub to: usize,
    /// Best first.
    pub candidates: Vec<Candidate>,
}

/// Whose habits completion follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completing {
    /// Prefixes must be declared, as the endpoint of somebody else demands.
    pub no_auto_prefix: bool,
    /// The text may be an update.
    pub updates: bool,
}

/// What may stand at byte `cursor` of `text`. Total: any text and any cursor will do. Time grows
/// with the text and with the words that begin alike, not with the graph.
pub fn complete(
    text: &str,
    cursor: usize,
    vocabulary: &Vocabulary,
    completing: Completing,
) -> Completion {
    let mut cursor = cursor.min(text.len());
    while !text.is_char_boundary(cursor) {
        cursor -= 1;
    }
    offers::at(text, cursor, vocabulary, completing)
}
