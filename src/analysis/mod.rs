//! What is alike, whether it means anything, and where the silos are: plain computing on columns
//! of bits. Everything here works on [`columns::Columns`] and knows nothing of RDF.

pub mod agreement;
pub mod bits;
pub mod bridges;
pub mod centrality;
pub mod chance;
pub mod columns;
pub mod communities;
pub mod concepts;
pub mod gaps;
pub mod kappa;
pub mod labels;
pub mod layout;
pub mod membership;
pub mod mixing;
pub mod nearest;
pub mod network;
pub mod pairs;
pub mod profiles;
pub mod robustness;
pub mod significance;
pub mod similarity;
pub mod svg;
