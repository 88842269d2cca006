//! The checks of `tests/ontology`: each is a query that lists offenders and finds none, and each
//! must catch the broken file of its name in `tests/ontology/provocation`.

use peermap::dataset::{Choice, Dataset};
use peermap::graph::Source;
use peermap::output::Body;
use peermap::query::{Options, run};

use crate::{files, root};

/// Checks whose rows are remarks and not faults.
fn is_warning(text: &str) -> bool {
    text.lines()
        .any(|line| line.trim() == "# severity: warning")
}

fn offenders(dataset: &Dataset, text: &str, name: &str) -> Vec<String> {
    let options = Options {
        no_auto_prefix: true,
        name: Some(name.to_owned()),
        ..Options::default()
    };
    match run(&dataset.graph, text, &options)
        .unwrap_or_else(|error| panic!("{}", error.report()))
        .body
    {
        Body::Table(table) => table
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .flatten()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("  ")
            })
            .collect(),
        _ => panic!("{name} is not a SELECT"),
    }
}

fn checks() -> Vec<(String, String)> {
    let folder = root().join("tests/ontology");
    let list: Vec<(String, String)> = files(&folder, "rq")
        .iter()
        .map(|file| {
            (
                file.file_stem().unwrap().to_string_lossy().into_owned(),
                std::fs::read_to_string(file).unwrap(),
            )
        })
        .collect();
    assert!(list.len() >= 15, "only {} checks", list.len());
    list
}

#[test]
fn the_ontology_and_the_data_pass_every_check() {
    let dataset = Dataset::open(&Choice::default()).unwrap();
    let mut wrong = Vec::new();
    for (name, text) in checks() {
        let found = offenders(&dataset, &text, &name);
        if found.is_empty() {
            continue;
        }
        if is_warning(&text) {
            eprintln!("{name}: {} remarks", found.len());
        } else {
            wrong.push(format!("{name}:\n  {}", found.join("\n  ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The broken file comes after the derivation, which would mend some of what it breaks.
#[test]
fn every_check_catches_its_broken_file() {
    let sound = Dataset::open(&Choice {
        data: vec!["paper".to_owned()],
        ..Choice::default()
    })
    .unwrap();
    for (name, text) in checks() {
        let broken = root().join(format!("tests/ontology/provocation/{name}.ttl"));
        let mut dataset = sound.clone();
        dataset.graph = sound.graph.copy().unwrap();
        let source = Source::file(&broken, None).unwrap();
        dataset
            .graph
            .load(&source)
            .unwrap_or_else(|error| panic!("{}", error.report()));
        let before = offenders(&sound, &text, &name).len();
        let after = offenders(&dataset, &text, &name).len();
        assert!(after > before, "{name} does not catch {}", broken.display());
    }
}
