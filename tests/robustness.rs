//! `robustness` makes each analysis anew: what it says falls without a question is what the verb
//! itself finds in a table without that question.

use serde_json::Value;

use crate::answer;

fn robustness(arguments: &str) -> Value {
    serde_json::from_str(&answer(&format!("robustness {arguments} -f json"))).unwrap()
}

/// The profiles of the paper without the values of a question, as a file.
fn without(question: &str) -> tempfile::NamedTempFile {
    let csv = answer("profiles --data paper -f csv");
    let mut reader = csv::Reader::from_reader(std::io::Cursor::new(csv));
    let header = reader.headers().unwrap().clone();
    let at = header.iter().position(|name| name == question).unwrap();
    let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    let mut writer = csv::Writer::from_path(file.path()).unwrap();
    writer.write_record(&header).unwrap();
    for record in reader.records() {
        let record = record.unwrap();
        let cells = record.iter().enumerate();
        writer
            .write_record(cells.map(|(column, cell)| if column == at { "" } else { cell }))
            .unwrap();
    }
    writer.flush().unwrap();
    file
}

#[test]
fn a_bridge_falls_to_the_rank_that_bridges_gives_it() {
    let said = robustness("--data paper --halves 0 --permutations 19");
    let table = without("function");
    let bridges = answer(&format!(
        "bridges -k 0 --data paper --profiles {} -f csv",
        table.path().display()
    ));
    let pairs: Vec<(String, String)> = csv::Reader::from_reader(std::io::Cursor::new(bridges))
        .records()
        .map(|row| {
            let row = row.unwrap();
            let short = |at: usize| row[at].rsplit('/').next().unwrap().to_owned();
            (short(0), short(1))
        })
        .collect();
    let mut checked = 0;
    for conclusion in said["conclusions"].as_array().unwrap() {
        if conclusion["kind"] != "bridge" {
            continue;
        }
        let (a, b) = conclusion["about"]
            .as_str()
            .unwrap()
            .split_once(" ⟷ ")
            .unwrap();
        let rank = pairs.iter().position(|(x, y)| x == a && y == b);
        let wanted = match rank {
            Some(at) => format!("bridge number {} of {}", at + 1, pairs.len()),
            None => "no bridge".to_owned(),
        };
        let breaks = conclusion["breaks"].as_array().unwrap();
        let broken = breaks
            .iter()
            .find(|broken| broken["without"] == "question functions");
        let rests = conclusion["rests_on"].as_array().unwrap();
        match broken {
            Some(broken) => {
                assert_eq!(broken["instead"], wanted.as_str(), "{a} {b}");
                checked += 1;
            }
            None if rests.iter().any(|part| part == "question functions") => {
                assert_eq!(wanted, "no bridge", "{a} {b}");
            }
            None => assert!(rank.is_some_and(|at| at < 20), "{a} {b}: {wanted}"),
        }
    }
    assert!(checked > 2, "{checked}");
}

#[test]
fn what_one_reader_found_alone_rests_on_that_reader() {
    let said = robustness("--data paper --halves 0 --permutations 19");
    let names: Vec<&str> = said["omissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|omission| omission["kind"].as_str().unwrap())
        .collect();
    for kind in ["question", "coder", "source type", "basis"] {
        assert!(names.contains(&kind), "{kind}");
    }
    for conclusion in said["conclusions"].as_array().unwrap() {
        let rests = conclusion["rests_on"].as_array().unwrap();
        assert!(
            rests.iter().any(|part| part == "coder paper-reading"),
            "{conclusion}"
        );
        let fragile = !conclusion["breaks"].as_array().unwrap().is_empty();
        assert_eq!(
            conclusion["verdict"],
            if fragile { "fragile" } else { "stable" }
        );
    }
}

#[test]
fn a_table_can_lose_questions_only_and_the_seed_repeats() {
    let table = without("space");
    let arguments = format!(
        "--data paper --profiles {} --halves 2 --permutations 19",
        table.path().display()
    );
    let said = robustness(&arguments);
    let omissions = said["omissions"].as_array().unwrap();
    assert!(omissions.len() >= 5);
    assert!(
        omissions
            .iter()
            .all(|omission| omission["kind"] == "question")
    );
    assert_eq!(said, robustness(&arguments));
}
