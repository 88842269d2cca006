//! What `peermap serve` can be told.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

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

/// Reads a time such as `30s`, `500ms`, `2m` or `1.5` (seconds).
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a time: write 30s, 500ms or 2m");
    let digits = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit.trim() {
        "ms" => number / 1000.0,
        "" | "s" => number,
        "m" | "min" => number * 60.0,
        "h" => number * 3600.0,
        _ => return Err(wrong()),
    };
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| !time.is_zero())
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_units() {
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_mins(2)));
        assert_eq!(duration("1.5"), Ok(Duration::from_millis(1500)));
        for wrong in ["", "0s", "s", "-1s", "3 weeks", "1e400s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
