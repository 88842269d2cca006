//! What `peermap serve` can be told.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::commands::query::duration;
use crate::vocab::BASE;

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
    /// How many bytes an answer may have: 256M, 1G
    #[arg(long, value_name = "SIZE", default_value = "256M", value_parser = size)]
    pub max_bytes: u64,
    /// How much memory one answer may use, the data included
    #[arg(long, value_name = "SIZE", default_value = "2G", value_parser = size)]
    pub memory: u64,
    /// How many answers are worked on at a time; as many slow ones may run beside
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    /// How many requests may wait for their turn
    #[arg(long, value_name = "N", default_value_t = 512)]
    pub waiting: usize,
    /// How long a request may be: 1M
    #[arg(long, value_name = "SIZE", default_value = "1M", value_parser = size)]
    pub max_body: u64,
    /// A file that keeps what is changed, and from which it is changed again at the next start
    #[arg(long, value_name = "FILE", requires = "write")]
    pub journal: Option<PathBuf>,
    /// What the IRIs that this server answers for start with
    #[arg(long, value_name = "IRI", default_value = BASE)]
    pub base: String,
    /// Another name by which this server may be called
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,
    /// Print a line for each request
    #[arg(long)]
    pub access_log: bool,
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

/// Reads a size such as `1000`, `64K`, `256M` or `1G`, in powers of 1024.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is not a size: write 64K, 256M or 1G");
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit
        .to_uppercase()
        .trim_end_matches('B')
        .trim_end_matches('I')
    {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number
        .checked_mul(1 << shift)
        .filter(|size| *size > 0)
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_their_units() {
        assert_eq!(size("1000"), Ok(1000));
        assert_eq!(size("64K"), Ok(65_536));
        assert_eq!(size("1MiB"), Ok(1 << 20));
        assert_eq!(size("2G"), Ok(2 << 30));
        for wrong in ["", "0", "G", "-1M", "3 weeks", "99999999999G"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
