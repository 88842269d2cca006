//! How fast rows come in, and how memory grows with them.
//!
//! `cargo bench --bench import` makes tables of 10,000, 30,000 and 100,000 programmes (about 220
//! bytes and five codings a row), checks each with `import -n` and writes 10,000 of them as
//! N-Triples, each in a process of its own, and prints rows per second, megabytes per second, and
//! the most memory that the process held, as a multiple of the file.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![expect(
    clippy::expect_used,
    clippy::missing_docs_in_private_items,
    reason = "a benchmark stops when it cannot measure"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const CELLS: [(&str, &[&str]); 6] = [
    (
        "functions",
        &[
            "navigation; listening",
            "advocacy",
            "emotional support",
            "accompaniment",
        ],
    ),
    ("formality", &["formal and flexible", "fostered", "natural"]),
    ("relations", &["lived experience", "social identity"]),
    ("spaces", &["street; home", "hospital", "school", "remote"]),
    (
        "communities",
        &["women", "youth", "veterans", "older adults"],
    ),
    ("issues", &["HIV", "cancer", "homelessness", "diabetes"]),
];

fn table(rows: usize) -> String {
    let mut text = "name,kind,country,start year,peers are called".to_owned();
    for (header, _) in CELLS {
        let _ = write!(text, ",{header}");
    }
    text.push_str(",description,evidence\n");
    // A small generator with a fixed seed, so that every run reads the same.
    let mut state = 7u64;
    for row in 0..rows {
        let _ = write!(
            text,
            "Programme {row},programme,CA,{},peer worker",
            1980 + row % 40
        );
        for (_, cells) in CELLS {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let at = usize::try_from(state >> 33).unwrap_or(0) % cells.len();
            let _ = write!(text, ",{}", cells[at]);
        }
        let _ = writeln!(
            text,
            ",What programme {row} does in one sentence.,Their page tells what peers do and where."
        );
    }
    text
}

/// Runs an import and returns its time and the most memory it held, in bytes, where the system says.
fn run(file: &Path, arguments: &[&str]) -> (Duration, Option<u64>) {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_peermap"))
        .arg("import")
        .arg(file)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut most = None;
    let finished = loop {
        let peak = std::fs::read_to_string(&status).ok().and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("VmHWM"))?;
            let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
            Some(kilobytes << 10)
        });
        most = peak.max(most);
        if let Some(finished) = child.try_wait().expect("the program can be waited for") {
            break finished;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(finished.success());
    (started.elapsed(), most)
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out.nt");
    let out = out.to_str().expect("a plain path").to_owned();
    let empty = folder.path().join("empty.csv");
    std::fs::write(&empty, "name\n").expect("written");
    let (start, base) = run(&empty, &["-n"]);
    println!(
        "an empty table: {:.0} ms, {} MB",
        start.as_secs_f64() * 1000.0,
        base.unwrap_or(0) >> 20
    );
    println!(
        "{:<8} {:<12} {:>7} {:>8} {:>10} {:>7} {:>8} {:>6}",
        "rows", "what", "MB", "s", "rows/s", "MB/s", "peak MB", "× file"
    );
    let cases: [(usize, &str, &[&str]); 4] = [
        (10_000, "check", &["-n"]),
        (30_000, "check", &["-n"]),
        (100_000, "check", &["-n"]),
        (10_000, "N-Triples", &["-o", &out]),
    ];
    for (rows, what, arguments) in cases {
        let text = table(rows);
        let file = folder.path().join(format!("rows-{rows}.csv"));
        std::fs::write(&file, &text).expect("written");
        let (time, peak) = run(&file, arguments);
        let seconds = time.saturating_sub(start).as_secs_f64();
        let megabytes = text.len() as f64 / f64::from(1 << 20);
        let peak = peak.unwrap_or(0) as f64 / f64::from(1 << 20);
        let above = peak - base.unwrap_or(0) as f64 / f64::from(1 << 20);
        println!(
            "{rows:<8} {what:<12} {megabytes:>7.1} {seconds:>8.2} {:>10.0} {:>7.1} {peak:>8.0} {:>6.1}",
            rows as f64 / seconds,
            megabytes / seconds,
            above / megabytes
        );
    }
}
