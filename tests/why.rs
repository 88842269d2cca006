//! Why a query has no answer, on the graph of `tests/completion`. `tests/why/table.txt` has a
//! section a query: `## title`, the text, `--`, and what is said; `PEERMAP_BLESS=1` writes what is
//! said now.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use peermap::dataset::{Choice, Dataset};
use peermap::output::Body;
use peermap::query::{CATALOGUE, Options, Vocabulary, provenance, run, why};
use proptest::prelude::*;

use crate::completion::{graph, pieces};
use crate::root;

/// Enough for a slow machine: the tests are about what is said, not about time.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn every_empty_answer_has_its_reason() {
    let graph = graph();
    let vocabulary = Vocabulary::read(&graph).unwrap();
    let path = root().join("tests/why/table.txt");
    let table = std::fs::read_to_string(&path).unwrap();
    let options = Options::default();
    let mut found = String::new();
    let mut count = 0;
    for section in table.split("\n## ") {
        let section = section.strip_prefix("## ").unwrap_or(section);
        let (head, _) = section.split_once("\n--\n").unwrap();
        let (title, text) = head.split_once('\n').unwrap();
        let reasons = why(&graph, Some(&vocabulary), text, &options, PATIENCE)
            .unwrap_or_else(|error| panic!("{title}: {}", error.report()));
        let mut said = String::new();
        for note in reasons.notes() {
            let _ = writeln!(said, "{note}");
        }
        for cause in reasons.causes.iter().chain(&reasons.suspicions) {
            let _ = writeln!(said, "  [{}]", &text[cause.start..cause.end]);
        }
        if reasons.is_empty() {
            said.push_str("nothing stands out\n");
        }
        let _ = writeln!(found, "## {title}\n{text}\n--\n{said}");
        count += 1;
        assert!(reasons.complete, "{title}");
        // What is offered as a way out has an answer.
        let has_answer = |text: &str| match run(&graph, text, &options).unwrap().body {
            Body::Table(table) => !table.rows.is_empty(),
            Body::Boolean(answer) => answer,
            _ => true,
        };
        if let Some(fix) = &reasons.fix {
            assert!(has_answer(&fix.text), "{title}: {}", fix.text);
        }
        if let Some(largest) = &reasons.largest {
            assert!(has_answer(largest), "{title}: {largest}");
        }
        // Without the vocabulary, words are asked for as needed, and the same is said.
        let asked = why(&graph, None, text, &options, PATIENCE).unwrap();
        let messages = |why: &peermap::query::Why| -> Vec<String> {
            let causes = why.causes.iter().chain(&why.suspicions);
            causes.map(|cause| cause.message.clone()).collect()
        };
        assert_eq!(messages(&asked), messages(&reasons), "{title}");
    }
    if std::env::var_os("PEERMAP_BLESS").is_some() {
        std::fs::write(&path, &found).unwrap();
        return;
    }
    assert!(count >= 30, "{count} queries");
    for (expected, found) in table.split("\n## ").zip(found.split("\n## ")) {
        assert_eq!(expected.trim_end(), found.trim_end());
    }
}

#[test]
fn a_row_has_its_statements_with_their_codings() {
    let choice = Choice {
        data: vec!["paper".to_owned()],
        ..Choice::default()
    };
    let graph = Dataset::open(&choice).unwrap().graph;
    let text = "SELECT ?p (COUNT(?other) AS ?n) { ?p a pm:Programme ; pm:function function:navigation ; rdfs:label ?l . ?other pm:function function:navigation } GROUP BY ?p ORDER BY ?p LIMIT 1";
    let Body::Table(table) = run(&graph, text, &Options::default()).unwrap().body else {
        panic!("rows")
    };
    let row: Vec<(String, oxrdf::Term)> = table
        .columns
        .iter()
        .zip(&table.rows[0])
        .filter_map(|(name, cell)| Some((name.clone(), cell.clone()?)))
        .collect();
    let found = provenance(&graph, text, &Options::default(), &row, PATIENCE).unwrap();
    let programme = graph.prefixes().display(table.rows[0][0].as_ref().unwrap());
    assert!(found.iter().all(|statement| !statement.graphs.is_empty()));
    let typed = &found[0];
    assert_eq!(
        (typed.subject.as_str(), typed.predicate.as_str()),
        (programme.as_str(), "rdf:type")
    );
    assert_eq!(typed.graphs, ["graph:paper"]);
    assert!(typed.evidence.is_empty());
    let derived = &found[1];
    assert_eq!(derived.object, "function:navigation");
    assert_eq!(derived.graphs, ["graph:derived"]);
    assert!(!derived.evidence.is_empty());
    for evidence in &derived.evidence {
        assert_eq!(evidence.finding, "present");
        assert!(evidence.text.is_some() && evidence.source.is_some() && evidence.title.is_some());
    }
}

#[test]
fn the_budget_holds() {
    let graph = graph();
    let text = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r FILTER(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j), STR(?m), STR(?p)) = \"x\") }";
    let started = Instant::now();
    let reasons = why(
        &graph,
        None,
        text,
        &Options::default(),
        Duration::from_millis(300),
    )
    .unwrap();
    assert!(!reasons.complete);
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn a_broken_query_is_an_error() {
    let error = why(&graph(), None, "SELECT * {", &Options::default(), PATIENCE).unwrap_err();
    assert!(error.to_string().contains("never closed"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_can_be_asked_why(text in pieces()) {
        thread_local! {
            static GRAPH: peermap::graph::KnowledgeGraph = graph();
        }
        GRAPH.with(|graph| {
            let _ = why(graph, None, &text, &Options::default(), Duration::from_millis(50));
        });
    }

    /// Named queries with another name in place of one of theirs.
    #[test]
    fn spans_stand_on_characters(
        query in prop::sample::select(CATALOGUE),
        at in any::<prop::sample::Index>(),
    ) {
        thread_local! {
            static GRAPH: peermap::graph::KnowledgeGraph = graph();
        }
        let parts = peermap::query::editing::parts(query.text);
        let names: Vec<_> = parts
            .iter()
            .filter(|(_, class)| *class == peermap::query::editing::Class::Prefixed)
            .collect();
        let mut text = query.text.to_owned();
        if !names.is_empty() {
            text.replace_range(names[at.index(names.len())].0.clone(), "<https://example.org/é>");
        }
        GRAPH.with(|graph| {
            let options = Options::default();
            let Ok(reasons) = why(graph, None, &text, &options, Duration::from_millis(100)) else {
                return Ok(());
            };
            for cause in reasons.causes.iter().chain(&reasons.suspicions) {
                prop_assert!(text.get(cause.start..cause.end).is_some());
            }
            Ok(())
        })?;
    }
}
