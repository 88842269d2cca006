//! Every named query gives the expected answer on hand-made data, and runs on the bundled data.
//!
//! A folder of `tests/queries` has `data.ttl`, `expected.csv` and, where the defaults do not fit,
//! `params.txt` with a line `name=term` each. The ontology is loaded beside the data.

use std::time::Instant;

use peermap::commands::query::parameters;
use peermap::dataset::{Choice, Dataset};
use peermap::output::{Format, Style, write};
use peermap::query::{CATALOGUE, Options, named, run};

use crate::{folders, root};

#[test]
fn every_query_answers_its_question_on_hand_made_data() {
    let mut wrong = Vec::new();
    let cases = folders(&root().join("tests/queries"));
    for folder in &cases {
        let case = folder.file_name().unwrap().to_string_lossy().into_owned();
        let query = named(case.split("--").next().unwrap()).unwrap();
        let dataset = Dataset::open(&Choice {
            data: vec![folder.join("data.ttl").display().to_string()],
            ..Choice::default()
        })
        .unwrap();
        let given = std::fs::read_to_string(folder.join("params.txt")).unwrap_or_default();
        let pairs: Vec<String> = given
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
            .map(str::to_owned)
            .collect();
        let options = Options {
            parameters: parameters(&dataset, &pairs, Some(query)).unwrap(),
            no_auto_prefix: true,
            name: None,
            ..Options::default()
        };
        let answer = run(&dataset.graph, query.text, &options)
            .unwrap_or_else(|error| panic!("{case}: {}", error.report()));
        let mut csv = Vec::new();
        write(&answer, Format::Csv, &Style::default(), &mut csv).unwrap();
        let found = String::from_utf8(csv).unwrap();
        let expected = std::fs::read_to_string(folder.join("expected.csv"))
            .unwrap()
            .replace("\r\n", "\n");
        if found != expected {
            wrong.push(format!(
                "{case}\n--- expected\n{expected}--- found\n{found}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let tested: Vec<String> = cases
        .iter()
        .map(|f| f.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let untested: Vec<&str> = CATALOGUE
        .iter()
        .map(|query| query.name)
        .filter(|name| !tested.iter().any(|t| t == name))
        .collect();
    assert!(
        untested.is_empty(),
        "no folder in tests/queries for: {}",
        untested.join(", ")
    );
}

#[test]
fn every_query_runs_on_the_bundled_data() {
    let dataset = Dataset::open(&Choice::default()).unwrap();
    for query in CATALOGUE {
        let started = Instant::now();
        let options = Options {
            no_auto_prefix: true,
            ..Options::default()
        };
        run(&dataset.graph, query.text, &options)
            .unwrap_or_else(|error| panic!("{}: {}", query.name, error.report()));
        eprintln!("{}: {:?}", query.name, started.elapsed());
    }
}
