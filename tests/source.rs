//! What may and may not stand in `src`.

use crate::{files, root};
use peermap::query::CATALOGUE;

/// The map is data: no value, silo, dimension or label is named in Rust.
#[test]
fn no_value_of_the_map_is_named_in_rust() {
    let mut wrong = Vec::new();
    for file in files(&root().join("src"), "rs") {
        for (number, line) in std::fs::read_to_string(&file).unwrap().lines().enumerate() {
            for part in [
                "peermap/value/",
                "peermap/silo/",
                "peermap/dimension/",
                "peermap/axis/",
                "peermap/trend/",
                "peermap/facet/",
            ] {
                if line.contains(part) {
                    wrong.push(format!(
                        "{}:{}: {}",
                        file.display(),
                        number + 1,
                        line.trim()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_structural_term_is_declared_in_the_ontology() {
    let core = std::fs::read_to_string(root().join("ontology/core.ttl")).unwrap();
    let missing: Vec<String> = peermap::vocab::PEERMAP
        .iter()
        .map(|term| format!("pm:{}", term.as_str().rsplit('#').next().unwrap()))
        .filter(|name| !core.contains(&format!("\n{name} a ")))
        .collect();
    assert!(
        missing.is_empty(),
        "not in ontology/core.ttl: {}",
        missing.join(", ")
    );
}

#[test]
fn the_catalogue_and_the_folder_have_the_same_queries() {
    let mut in_folder: Vec<String> = files(&root().join("queries"), "rq")
        .iter()
        .map(|f| f.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    in_folder.sort();
    let in_catalogue: Vec<&str> = CATALOGUE.iter().map(|query| query.name).collect();
    assert_eq!(
        in_catalogue, in_folder,
        "src/query/catalogue.rs lists the files of queries/ by name"
    );
}

#[test]
fn every_query_says_what_it_is_and_declares_its_parameters() {
    for query in CATALOGUE {
        assert!(query.text.starts_with("# title: "), "{}", query.name);
        assert!(
            query.description().ends_with('.'),
            "{}: the description is a sentence",
            query.name
        );
        for parameter in query.parameters() {
            assert!(
                query
                    .text
                    .contains(&format!("VALUES ?{} {{", parameter.name)),
                "{}: no VALUES ?{}",
                query.name,
                parameter.name
            );
            assert!(
                !parameter.about.is_empty(),
                "{}: ?{} is not explained",
                query.name,
                parameter.name
            );
        }
    }
}

#[test]
fn all_twenty_one_competency_questions_have_a_query() {
    let mut answered: Vec<u8> = CATALOGUE
        .iter()
        .filter_map(peermap::query::NamedQuery::competency_question)
        .collect();
    answered.sort_unstable();
    answered.dedup();
    assert_eq!(answered, (1..=21).collect::<Vec<u8>>());
}

#[test]
fn versions_agree() {
    let core = std::fs::read_to_string(root().join("ontology/core.ttl")).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        core.contains(&format!(
            "owl:versionIRI <https://w3id.org/peermap/ns/{version}>"
        )),
        "core.ttl and Cargo.toml name different versions"
    );
    assert!(
        std::fs::read_to_string(root().join("CHANGELOG.md"))
            .unwrap()
            .contains(&format!("## {version}"))
    );
}
