//! `--as-sparql` prints a query that returns exactly the facts an answer stands on. Each test runs
//! the printed text through `peermap query` and rebuilds from its rows what the answer says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};
use std::process::Stdio;

use crate::{answer, peermap};

type Rows = Vec<BTreeMap<String, String>>;

fn rows(csv: &str) -> Rows {
    let mut reader = csv::Reader::from_reader(Cursor::new(csv));
    let header = reader.headers().unwrap().clone();
    let pair = |(name, cell): (&str, &str)| (name.to_owned(), cell.to_owned());
    reader
        .records()
        .map(|record| {
            header
                .iter()
                .zip(record.unwrap().iter())
                .map(pair)
                .collect()
        })
        .collect()
}

/// What the query that a command prints returns.
fn facts(command: &str) -> Rows {
    let text = answer(&format!("{command} --as-sparql"));
    assert!(text.starts_with("# title: "), "{text}");
    let data = if command.contains("--data paper") {
        "paper"
    } else {
        "paper,atlas"
    };
    let mut process = peermap()
        .args([
            "query",
            "-",
            "--no-auto-prefix",
            "-f",
            "csv",
            "--data",
            data,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{text}");
    rows(&String::from_utf8(output.stdout).unwrap())
}

fn last(iri: &str) -> String {
    iri.rsplit('/').next().unwrap().to_owned()
}

/// Programme and question to the values found, by their short names.
type Held = BTreeMap<(String, String), BTreeSet<String>>;

fn held(rows: &Rows) -> Held {
    let mut held = Held::new();
    for row in rows {
        let key = (row["programme"].clone(), last(&row["question"]));
        held.entry(key).or_default().insert(last(&row["value"]));
    }
    held
}

/// The same from the table of profiles, for some programmes, questions and axes.
fn profiles(data: &str, programmes: &BTreeSet<String>, questions: &[&str]) -> Held {
    let mut held = Held::new();
    for row in rows(&answer(&format!("profiles --data {data} -f csv"))) {
        for (column, cell) in &row {
            let question = column.strip_prefix("silo:").unwrap_or(column);
            if cell.is_empty()
                || !questions.contains(&question)
                || !programmes.contains(&row["programme"])
            {
                continue;
            }
            let values = cell.split('|').filter(|value| *value != "none");
            held.insert(
                (row["programme"].clone(), question.to_owned()),
                values.map(str::to_owned).collect(),
            );
        }
    }
    held
}

const QUESTIONS: [&str; 6] = [
    "function",
    "formality",
    "relation",
    "status",
    "affiliation",
    "space",
];

#[test]
fn the_facts_behind_programmes_compared_are_their_profiles() {
    for (command, questions, ends) in [
        (
            "similar harlem -k 4",
            [&QUESTIONS[..], &["community", "issue"]].concat(),
            &["programme"][..],
        ),
        (
            "network -k 1 --across issue",
            [&QUESTIONS[..], &["issue"]].concat(),
            &["a", "b"],
        ),
        (
            "bridges -k 5",
            vec![
                "function",
                "formality",
                "affiliation",
                "space",
                "community",
                "issue",
            ],
            &["a", "b"],
        ),
        (
            "bridges -k 5 --facet pathways --across community",
            vec!["relation", "status", "community"],
            &["a", "b"],
        ),
    ] {
        let command = format!("{command} --data paper");
        let mut programmes: BTreeSet<String> = rows(&answer(&format!("{command} -f csv")))
            .iter()
            .flat_map(|row| ends.iter().map(|end| row[*end].clone()))
            .collect();
        if command.starts_with("similar") {
            programmes
                .insert("https://w3id.org/peermap/programme/harlem-patient-navigation".to_owned());
        }
        assert!(programmes.len() > 1, "{command}");
        let wanted = profiles("paper", &programmes, &questions);
        assert_eq!(held(&facts(&command)), wanted, "{command}");
    }
}

#[test]
fn the_facts_behind_a_comparison_are_its_columns() {
    let pair = ["friendship-bench", "iran-behvarz"];
    let command = format!("compare {}", pair.join(" "));
    let programmes = pair
        .map(|id| format!("https://w3id.org/peermap/programme/{id}"))
        .into_iter()
        .collect();
    let all = [
        &QUESTIONS[..],
        &["community", "issue", "main-role", "setting"],
    ]
    .concat();
    let found = facts(&command);
    assert_eq!(held(&found), profiles("paper,atlas", &programmes, &all));
    let codings = found.iter().filter(|row| !row["coding"].is_empty());
    assert!(
        codings.clone().count() > 5 && codings.clone().all(|row| !row["source"].is_empty()),
        "each with its evidence"
    );
}

#[test]
fn the_facts_behind_silos_and_concepts_are_all_profiles() {
    let all: BTreeSet<String> = rows(&answer("profiles --data paper -f csv"))
        .iter()
        .map(|row| row["programme"].clone())
        .collect();
    let wanted = profiles("paper", &all, &QUESTIONS);
    assert_eq!(held(&facts("concepts --data paper")), wanted);
    let with_axis = [&QUESTIONS[..], &["issue"]].concat();
    let wanted = profiles("paper", &all, &with_axis);
    assert_eq!(held(&facts("silos --data paper --axis issue")), wanted);
    // Across settings, what is made of the same stuff is not compared, and not asked for.
    let questions: BTreeSet<String> = facts("silos --data paper --axis setting")
        .iter()
        .map(|row| last(&row["question"]))
        .collect();
    assert!(questions.contains("setting") && !questions.contains("space"));
}

#[test]
fn the_facts_behind_labels_are_their_programmes_and_values() {
    let found = facts("labels");
    let mut programmes: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for row in &found {
        let users = programmes.entry(last(&row["label"])).or_default();
        users.insert(&row["programme"]);
    }
    let said = rows(&answer("labels --permutations 19 -f csv"));
    assert!(said.len() > 10);
    for row in &said {
        let users = programmes.remove(&row["label"]).unwrap();
        assert_eq!(
            users.len().to_string(),
            row["programmes"],
            "{}",
            row["label"]
        );
    }
    assert!(programmes.is_empty(), "and of no other label");
}

#[test]
fn the_facts_behind_a_gap_map_count_up_to_its_cells() {
    for (facets, all) in [
        ("", "--all-values"),
        ("--rows space --columns function", "--all-values"),
    ] {
        let mut cells: BTreeMap<(String, String), usize> = BTreeMap::new();
        for row in facts(&format!("gaps {facets}")) {
            *cells
                .entry((last(&row["row"]), last(&row["column"])))
                .or_default() += 1;
        }
        let said = rows(&answer(&format!("gaps {facets} {all} -f csv")));
        let mut filled = 0;
        for row in &said {
            let key = (row["row"].clone(), row["column"].clone());
            let count = cells.remove(&key).unwrap_or(0);
            assert_eq!(count.to_string(), row["programmes"], "{key:?}");
            filled += usize::from(count > 0);
        }
        assert!(filled > 50 && cells.is_empty(), "{cells:?}");
    }
    let one = facts("gaps --cell advocacy,people-in-prison");
    assert!(
        !one.is_empty() && one.iter().all(|row| row["row"].ends_with("/advocacy")),
        "{one:?}"
    );
}
