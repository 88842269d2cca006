//! Loading data: every format, broken files, updates on copies.

use std::fs;

use peermap::dataset::{Choice, Dataset};

use crate::{answer, peermap};

const TURTLE: &str = "@prefix e: <https://e.org/> .\ne:a e:p e:b , \"x\"@en .\n";

fn count_of(path: &std::path::Path, more: &[&str]) -> String {
    let output = peermap()
        .args([
            "query",
            "-q",
            "SELECT (COUNT(*) AS ?n) { <https://e.org/a> ?p ?o }",
            "-f",
            "csv",
            "--data",
        ])
        .arg(path)
        .args(more)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_rdf_format_loads_by_its_ending() {
    let folder = tempfile::tempdir().unwrap();
    let turtle = folder.path().join("a.ttl");
    fs::write(&turtle, TURTLE).unwrap();
    assert_eq!(count_of(&turtle, &[]), "n\n2\n");
    for format in ["nt", "trig", "nq", "rdf", "jsonld"] {
        let copy = folder.path().join(format!("copy.{format}"));
        let output = peermap()
            .args([
                "query",
                "-q",
                "CONSTRUCT WHERE { <https://e.org/a> ?p ?o }",
                "--data",
            ])
            .arg(&turtle)
            .arg("-o")
            .arg(&copy)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{format}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(count_of(&copy, &[]), "n\n2\n", "{format}");
    }
    let odd = folder.path().join("data.txt");
    fs::write(&odd, TURTLE).unwrap();
    assert_eq!(count_of(&odd, &["--data-format", "turtle"]), "n\n2\n");
}

#[test]
fn a_folder_gives_all_its_files_and_a_graph_each() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("one.ttl"), TURTLE).unwrap();
    fs::write(
        folder.path().join("two.nt"),
        "<https://e.org/a> <https://e.org/q> \"1\" .\n",
    )
    .unwrap();
    assert_eq!(count_of(folder.path(), &[]), "n\n3\n");
    let dataset = Dataset::open(&Choice {
        data: vec![folder.path().display().to_string()],
        ..Choice::default()
    })
    .unwrap();
    assert_eq!(
        dataset
            .graph
            .triples_of("https://w3id.org/peermap/graph/two")
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_broken_file_among_good_ones_is_named_and_nothing_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.ttl"), TURTLE).unwrap();
    fs::write(
        folder.path().join("b.ttl"),
        "@prefix e: <https://e.org/> .\ne:c e:p\n",
    )
    .unwrap();
    let output = peermap()
        .args(["query", "-q", "ASK {}", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.is_empty());
    let talk = String::from_utf8(output.stderr).unwrap();
    assert!(
        talk.contains("b.ttl cannot be read as RDF") && talk.contains("b.ttl:"),
        "{talk}"
    );
}

#[test]
fn an_update_writes_a_changed_copy_and_leaves_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let turtle = folder.path().join("a.ttl");
    fs::write(&turtle, TURTLE).unwrap();
    let changed = folder.path().join("changed.ttl");
    let output = peermap()
        .args(["update", "-u", "PREFIX e: <https://e.org/> DELETE DATA { e:a e:p e:b } ; INSERT DATA { e:a e:p e:c , e:d }", "--data"])
        .arg(&turtle)
        .arg("-o")
        .arg(&changed)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "note: 2 statements added, 1 removed\n"
    );
    assert_eq!(fs::read_to_string(&turtle).unwrap(), TURTLE);
    assert_eq!(count_of(&changed, &[]), "n\n3\n");
}

#[test]
fn an_answer_replaces_a_file_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answer.csv");
    fs::write(&file, "old").unwrap();
    answer(&format!("named run version -o {}", file.display()));
    assert!(
        fs::read_to_string(&file)
            .unwrap()
            .starts_with("ontology,version\n")
    );
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing is left beside it"
    );
}

#[test]
fn bundled_data_reads_the_same_from_its_folder() {
    let bundled = answer(
        "query -q 'CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <https://w3id.org/peermap/graph/paper> { ?s ?p ?o } }' -f nt --data paper",
    );
    let folder = answer(
        "query -q 'CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <https://w3id.org/peermap/graph/paper> { ?s ?p ?o } }' -f nt --data data/paper",
    );
    assert!(bundled.lines().count() > 1000);
    assert_eq!(bundled, folder);
}

#[test]
fn deriving_again_changes_nothing() {
    let mut dataset = Dataset::open(&Choice::default()).unwrap();
    let before = dataset.graph.triples_of(peermap::graph::DERIVED).unwrap();
    dataset.derive().unwrap();
    assert!(!before.is_empty());
    assert_eq!(
        dataset.graph.triples_of(peermap::graph::DERIVED).unwrap(),
        before
    );
}

#[test]
fn bundled_tables_are_in_the_form_that_export_writes() {
    for (set, _) in peermap::dataset::SETS {
        let folder = tempfile::tempdir().unwrap();
        answer(&format!(
            "export --data {set} -f tables -o {}",
            folder.path().display()
        ));
        for file in peermap::import::tables::FILES {
            let kept = fs::read_to_string(crate::root().join("data").join(set).join(file)).unwrap();
            let written = fs::read_to_string(folder.path().join(file)).unwrap();
            assert!(
                kept == written,
                "data/{set}/{file} differs: peermap export --data {set} -o data/{set}"
            );
        }
    }
}

#[test]
fn tables_and_rdf_hold_the_same_statements() {
    let folder = tempfile::tempdir().unwrap();
    let rdf = folder.path().join("paper.nq");
    answer(&format!("import data/paper -o {}", rdf.display()));
    let tables = folder.path().join("tables");
    answer(&format!(
        "export --data {} -o {}",
        rdf.display(),
        tables.display()
    ));
    for file in peermap::import::tables::FILES {
        let kept = fs::read_to_string(crate::root().join("data/paper").join(file)).unwrap();
        assert_eq!(
            fs::read_to_string(tables.join(file)).unwrap(),
            kept,
            "{file}"
        );
    }
}

#[test]
fn the_template_for_contributors_is_without_mistakes() {
    let found = answer("import data/template");
    assert!(
        found.contains("1 programme, 6 codings, 0 places on axes, 1 source: "),
        "{found}"
    );
    assert!(answer("show example --data data/template").contains("not certification"));
}

/// The atlas keeps its promise: every coding can be checked, and the world is in it.
#[test]
fn the_atlas_is_large_and_every_coding_can_be_opened() {
    let count = |query: &str| answer(&format!("query -f csv -q '{query}'"));
    let programmes = count("SELECT (COUNT(DISTINCT ?p) AS ?n) { ?p a pm:Programme }");
    let countries =
        count("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?p a pm:Programme ; pm:country ?c }");
    let number = |csv: &str| csv.lines().last().unwrap().parse::<usize>().unwrap();
    assert!(number(&programmes) >= 200, "{programmes}");
    assert!(number(&countries) >= 60, "{countries}");
    let unfounded = count(
        "SELECT ?coding { ?coding a pm:Coding FILTER NOT EXISTS { ?coding dcterms:source/foaf:page ?page ; pm:locator ?place } }",
    );
    assert_eq!(unfounded, "coding\n");
}

/// What follows from codings, worked out by hand: present, denied, contested, silent, labels, silos.
#[test]
fn what_is_derived_is_what_follows_from_the_codings() {
    let derived = answer(
        "query --data tests/derive/data.ttl -f nt -q 'CONSTRUCT { ?s ?p ?o } WHERE { GRAPH graph:derived { ?s ?p ?o } }'",
    );
    let lines = |text: &str| {
        let mut lines: Vec<String> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(str::to_owned)
            .collect();
        lines.sort();
        lines
    };
    let expected = fs::read_to_string(crate::root().join("tests/derive/expected.nt")).unwrap();
    assert_eq!(lines(&derived), lines(&expected));
}
