//! What `peermap serve` can be told.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::commands::query::duration;

/// Serve the explorer, a SPARQL endpoint and linked data.
///
/// Listens on this machine only, unless told otherwise, and only reads, unless --write is given.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct Serve {
    /// Data in place of the bundled programmes, as for --data
    #[arg(value_name = "DATA")]
    pub data: Vec<String>,
    /// Address and port to listen on; port 0 takes any free one and says which
    #[arg(
        short,
        long,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:7878"
    )]
    pub bind: String,
    /// A page elsewhere that may read answers, such as <https://example.org>, or `*` for all
    #[arg(long, value_name = "ORIGIN")]
    pub cors: Vec<String>,
    /// How long an answer may take: 30s, 500ms, 2m
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub timeout: Duration,
    /// How many rows or triples an answer may have
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub max_rows: usize,
    /// Open the explorer in a browser
    #[arg(long)]
    pub open: bool,
    /// Accept SPARQL updates and graph store writes from whoever knows the token
    #[arg(long)]
    pub write: bool,
    /// A file with the token for writing, in place of `PEERMAP_TOKEN`
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}
