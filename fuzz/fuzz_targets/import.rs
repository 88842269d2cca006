//! Any bytes as a file of any form: an error or statements, never a crash.
//!
//! `cargo +nightly fuzz run import -- -max_total_time=600`; the first byte chooses the form.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use peermap::dataset::{Choice, Dataset, Importing};

const NAMES: [&str; 8] = [
    "a.csv", "a.tsv", "a.json", "a.jsonl", "a.xml", "a.xlsx", "a.ods", "a.rdf",
];

fn dataset() -> &'static Dataset {
    static DATASET: OnceLock<Dataset> = OnceLock::new();
    DATASET.get_or_init(|| Dataset::open(&Choice::default()).expect("the bundled data"))
}

fuzz_target!(|bytes: &[u8]| {
    let Some((form, bytes)) = bytes.split_first() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(NAMES[usize::from(*form) % NAMES.len()]);
    std::fs::write(&path, bytes).expect("written");
    let mut count = 0u64;
    let result = dataset().import(
        &path,
        &Importing::default(),
        &mut |_| count += 1,
        &mut |_, _| {},
    );
    if let Ok(outcome) = result {
        assert!(outcome.left_out <= outcome.rows);
    }
});
