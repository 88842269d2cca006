//! `network --all` writes pairs as it finds them: the same in every form, and in little memory.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::{answer, peermap};

#[test]
fn every_pair_comes_once_in_every_form_and_place() {
    let command = "network --all --min-score 0.4 --data paper";
    let csv = answer(&format!("{command} -f csv"));
    let pairs: BTreeSet<(&str, &str)> = csv
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',');
            (cells.next().unwrap(), cells.next().unwrap())
        })
        .collect();
    assert!(pairs.len() > 20);
    assert_eq!(pairs.len(), csv.lines().count() - 1);
    assert!(pairs.iter().all(|(a, b)| a < b));
    let whole: serde_json::Value =
        serde_json::from_str(&answer(&format!("{command} -f json"))).unwrap();
    assert_eq!(whole.as_array().unwrap().len(), pairs.len());
    let tsv = answer(&format!("{command} -f tsv"));
    assert_eq!(tsv.lines().count(), pairs.len() + 1);
    assert!(tsv.starts_with("?a\t?b\t?score"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pairs.csv");
    answer(&format!("{command} -o {}", path.display()));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), csv);
}

/// Peak memory in kilobytes of a network of that many programmes, all alike in part.
fn peak(programmes: usize) -> u64 {
    let mut table = String::from("programme,function,formality,relation\n");
    for n in 0..programmes {
        let formality = ["formal", "natural", "informal"][n % 3];
        let _ = writeln!(
            table,
            "https://e.org/{n:05},advocacy,{formality},lived-experience"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profiles.csv");
    std::fs::write(&path, table).unwrap();
    let program = peermap();
    let output = std::process::Command::new("/usr/bin/time")
        .args(["-f", "%M"])
        .arg(program.get_program())
        .args(["network", "--all", "--data", "paper", "--profiles"])
        .arg(&path)
        .args(["-o", "/dev/null", "-f", "csv", "--quiet"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said.trim().lines().last().unwrap().parse().unwrap()
}

#[test]
fn memory_does_not_grow_with_the_pairs() {
    if !std::path::Path::new("/usr/bin/time").exists() {
        eprintln!("no /usr/bin/time: memory of the stream is not measured");
        return;
    }
    // 1.1 million pairs, which took some 500 MB when they were collected.
    let (few, many) = (peak(60), peak(1500));
    eprintln!("{few} kB for 1,770 pairs, {many} kB for 1,124,250");
    assert!(many < few + 60_000, "{few} kB, then {many} kB");
}
