//! Any text as a mapping for a small table: an error or statements, never a crash.
//!
//! `cargo +nightly fuzz run mapping -- -max_total_time=600`; give it `data/mappings` as a corpus.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use peermap::dataset::{Choice, Dataset, Importing};

const TABLE: &str = "id,name,description,keywords,study,formats\n\
    1,One,Peer support groups at school.,peer support,\"A, 2001\",W|M\n\
    2,Two,,,,\n";

fn dataset() -> &'static Dataset {
    static DATASET: OnceLock<Dataset> = OnceLock::new();
    DATASET.get_or_init(|| Dataset::open(&Choice::default()).expect("the bundled data"))
}

fuzz_target!(|text: &str| {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, map) = (folder.path().join("a.csv"), folder.path().join("m.toml"));
    std::fs::write(&path, TABLE).expect("written");
    std::fs::write(&map, text).expect("written");
    let how = Importing {
        map: Some(map.display().to_string()),
        ..Importing::default()
    };
    let _ = dataset().import(&path, &how, &mut |_| {}, &mut |_, _| {});
});
