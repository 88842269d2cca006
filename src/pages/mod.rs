//! The pages of the explorer, made without a server and complete without scripts.
//!
//! A page is a function from data, language and an address to HTML. [`Explorer::respond`] is the
//! one door: a server sends what it answers, and the static site writes it to files. The numbers
//! come from [`crate::commands`]; a page only puts them into words and tables, in the language of
//! the reader. To add a page: a file here with its template in `templates/`, a line in
//! [`address`], and its texts in `templates/texts/`.

pub mod address;
pub mod ask;
pub mod assets;
pub mod explorer;
pub mod links;
pub mod texts;

mod compare;
mod data;
mod facets;
mod frame;
mod gaps;
mod home;
mod labels;
mod map;
mod pair;
mod programme;
mod programmes;
mod query;
mod reading;
mod search;
mod silos;
mod situate;
mod statements;
mod thing;
mod vocabulary;

pub use address::Address;
pub use ask::Ask;
pub use explorer::{Answer, Explorer};
pub use links::Links;
