//! Broken queries with what is printed for them. `tests/mistakes/table.txt` has a section a
//! mistake: `## title`, the text, `--`, and the report; `PEERMAP_BLESS=1` writes what is printed
//! now. A title that ends in `(strict)` takes only declared prefixes, one in `(update)` is an
//! update. Where the mistake comes with a change that mends it, the changed text stands below.

use std::fmt::Write as _;

use peermap::dataset::{Choice, Dataset};
use peermap::graph::KnowledgeGraph;
use peermap::query::{Options, Severity, check, check_update, run};
use proptest::prelude::*;

use crate::completion::pieces;
use crate::root;

/// The ontology with the programmes of the paper.
fn graph() -> KnowledgeGraph {
    let choice = Choice {
        data: vec!["paper".to_owned()],
        ..Choice::default()
    };
    Dataset::open(&choice).unwrap().graph
}

fn report(graph: &KnowledgeGraph, title: &str, text: &str) -> String {
    if title.ends_with("(update)") {
        return match check_update(text, "update", graph.prefixes()) {
            Ok(_) => "fine\n".to_owned(),
            Err(error) => error.report(),
        };
    }
    let options = Options {
        no_auto_prefix: title.ends_with("(strict)"),
        ..Options::default()
    };
    let mut report = match run(graph, text, &options) {
        Ok(output) if output.notes.is_empty() => "fine\n".to_owned(),
        Ok(output) => output.notes.iter().fold(String::new(), |mut all, note| {
            let _ = writeln!(all, "note: {note}");
            all
        }),
        Err(error) => error.report(),
    };
    let found = check(text, graph.prefixes(), &options);
    for diagnostic in &found {
        // What is checked without running says the same as the run.
        assert!(
            report.contains(&diagnostic.message),
            "{title}: {report}{diagnostic:?}"
        );
        if let Some(edit) = &diagnostic.replacement {
            let mended = edit.apply(text);
            let left = check(&mended, graph.prefixes(), &options);
            let still = left.iter().any(|d| d.severity == Severity::Error);
            let sign = if still { "becomes" } else { "mended" };
            let _ = writeln!(
                report,
                "{sign}: {}",
                mended.trim_end().replace('\n', "\n  ")
            );
        }
    }
    report
}

#[test]
fn every_mistake_explains_itself() {
    let graph = graph();
    let path = root().join("tests/mistakes/table.txt");
    let table = std::fs::read_to_string(&path).unwrap();
    let mut found = String::new();
    let mut count = 0;
    for section in table.split("\n## ") {
        let section = section.strip_prefix("## ").unwrap_or(section);
        let (head, _) = section.split_once("\n--\n").unwrap();
        let (title, text) = head.split_once('\n').unwrap();
        let report = report(&graph, title, text);
        let _ = writeln!(found, "## {title}\n{text}\n--\n{report}");
        count += 1;
    }
    if std::env::var_os("PEERMAP_BLESS").is_some() {
        std::fs::write(&path, &found).unwrap();
        return;
    }
    assert!(count >= 60, "{count} mistakes");
    for (expected, found) in table.split("\n## ").zip(found.split("\n## ")) {
        assert_eq!(expected.trim_end(), found.trim_end());
    }
}

/// What is right in a text is not blamed for what is wrong in it.
#[test]
fn the_mistake_is_found_in_a_long_query() {
    let prefixes = peermap::terms::Prefixes::default();
    for query in peermap::query::CATALOGUE {
        let text = format!("{}\nzzz", query.text);
        let found = check(&text, &prefixes, &Options::default());
        assert_eq!(found.len(), 1, "{}", query.name);
        assert_eq!(
            found[0].message, "SPARQL has no word `zzz`",
            "{}: {found:?}",
            query.name
        );
        let fine = check(query.text, &prefixes, &Options::default());
        assert!(fine.is_empty(), "{}: {fine:?}", query.name);
        // Nothing but the parser knows what is wrong here: no search may find anything else.
        let text = query.text.replacen("SELECT", "SELECT SELECT", 1);
        if text != query.text {
            let found = check(&text, &prefixes, &Options::default());
            let line = &text[found[0].start..found[0].end];
            assert!(line.contains("SELECT"), "{}: {found:?}", query.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn any_text_can_be_checked(text in pieces()) {
        let prefixes = peermap::terms::Prefixes::new([("ex".to_owned(), "https://example.org/".to_owned())]);
        for strict in [false, true] {
            let options = Options { no_auto_prefix: strict, ..Options::default() };
            for found in check(&text, &prefixes, &options) {
                prop_assert!(found.start <= found.end);
                prop_assert!(text.is_char_boundary(found.start) && text.is_char_boundary(found.end));
                prop_assert!(!found.message.is_empty());
                if let Some(edit) = &found.replacement {
                    prop_assert!(edit.start <= edit.end && text.is_char_boundary(edit.start) && text.is_char_boundary(edit.end));
                }
            }
        }
        let _ = check_update(&text, "update", &prefixes);
    }

    /// One token of a good query lost, doubled or moved.
    #[test]
    fn good_queries_with_one_change_are_explained(
        query in prop::sample::select(peermap::query::CATALOGUE),
        at in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        how in 0..3,
    ) {
        let parts = peermap::query::editing::parts(query.text);
        let part = |index: &prop::sample::Index| parts[index.index(parts.len())].0.clone();
        let (one, two) = (part(&at), part(&other));
        let mut text = query.text.to_owned();
        match how {
            0 => text.replace_range(one, ""),
            1 => text.insert_str(one.end, &format!(" {}", &query.text[one])),
            _ => {
                let word = query.text[two].to_owned();
                text.insert_str(one.end, &format!(" {word} "));
            }
        }
        let prefixes = peermap::terms::Prefixes::default();
        for found in check(&text, &prefixes, &Options::default()) {
            prop_assert!(found.start <= found.end && text.is_char_boundary(found.start) && text.is_char_boundary(found.end));
        }
    }
}
