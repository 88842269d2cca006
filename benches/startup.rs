//! How long a person waits: the program from a cold start, against a process that does nothing.
//!
//! `cargo bench --bench startup` runs each command many times, one after the other in turn, and
//! prints the median and the slowest of each wall time in milliseconds, with the ratio to `true`.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![expect(
    clippy::expect_used,
    clippy::missing_docs_in_private_items,
    reason = "a benchmark stops when it cannot measure"
)]

use std::process::{Command, Stdio};
use std::time::Instant;

const ROUNDS: usize = 40;
const QUESTION: &str = "SELECT (COUNT(*) AS ?n) { ?p a pm:Programme }";

fn main() {
    let program = env!("CARGO_BIN_EXE_peermap");
    let commands: [(&str, &str, &[&str]); 4] = [
        ("true", "true", &[]),
        ("peermap --version", program, &["--version"]),
        ("peermap query -q", program, &["query", "-q", QUESTION]),
        ("peermap bridges", program, &["bridges"]),
    ];
    let mut times = vec![Vec::new(); commands.len()];
    for _ in 0..ROUNDS {
        for (times, (_, program, arguments)) in times.iter_mut().zip(&commands) {
            let started = Instant::now();
            let status = Command::new(program)
                .args(*arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            times.push(started.elapsed().as_secs_f64() * 1000.0);
            assert!(status.expect("the program starts").success());
        }
    }
    for times in &mut times {
        times.sort_by(f64::total_cmp);
    }
    let median = |times: &[f64]| times[times.len() / 2];
    let base = median(&times[0]);
    println!(
        "{:<20} {:>10} {:>10} {:>8}",
        "command", "median ms", "slowest ms", "ratio"
    );
    for (times, (name, ..)) in times.iter().zip(&commands) {
        let slowest = times.last().copied().unwrap_or(f64::NAN);
        println!(
            "{name:<20} {:>10.2} {slowest:>10.2} {:>8.1}",
            median(times),
            median(times) / base
        );
    }
}
