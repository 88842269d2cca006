//! Completion on a small graph by hand. `tests/completion/cases.txt` has a block a case: the text
//! with `|` for the cursor, then what is offered, at most twelve lines; `PEERMAP_BLESS=1` writes
//! what is offered now.

use std::fmt::Write as _;

use peermap::graph::{KnowledgeGraph, Source};
use peermap::query::{
    Candidate, CandidateKind, Completing, Completion, Vocabulary, complete, named,
};
use proptest::prelude::*;

use crate::root;

const SHOWN: usize = 12;

/// The graph of `tests/completion/data.ttl` with its prefixes.
pub(crate) fn graph() -> KnowledgeGraph {
    let mut graph = KnowledgeGraph::new().unwrap();
    let path = root().join("tests/completion/data.ttl");
    graph.load(&Source::file(&path, None).unwrap()).unwrap();
    graph
        .read_prefixes(named("prefixes").unwrap().text)
        .unwrap();
    graph
}

fn vocabulary() -> Vocabulary {
    Vocabulary::read(&graph()).unwrap()
}

fn shown(completion: &Completion, text: &str, cursor: usize) -> String {
    let mut lines = String::new();
    let word = &text[completion.from..completion.to];
    if completion.to != cursor {
        let _ = writeln!(lines, "  (in place of {word})");
    }
    let is_query = |candidate: &&Candidate| candidate.kind == CandidateKind::Query;
    let queries = completion.candidates.iter().filter(is_query).count();
    let (queries, mut others): (Vec<&Candidate>, Vec<&Candidate>) = if queries > 3 {
        completion.candidates.iter().partition(is_query)
    } else {
        (Vec::new(), completion.candidates.iter().collect())
    };
    let more = others.len().saturating_sub(SHOWN);
    others.truncate(SHOWN);
    for candidate in others {
        let kind = serde_json::to_string(&candidate.kind).unwrap();
        let _ = write!(lines, "  {} {}", kind.trim_matches('"'), candidate.display);
        if candidate.insert != candidate.display {
            let first = candidate.insert.lines().next().unwrap_or("");
            let _ = write!(lines, " [{first}]");
        }
        if let Some(count) = candidate.count {
            let _ = write!(lines, " ×{count}");
        }
        if !candidate.detail.is_empty() {
            let _ = write!(lines, " — {}", candidate.detail);
        }
        if let Some(line) = &candidate.declares {
            let _ = write!(lines, " + {line}");
        }
        lines.push('\n');
    }
    if completion.candidates.is_empty() {
        lines.push_str("  nothing\n");
    }
    if more > 0 {
        let _ = writeln!(lines, "  … {more} more");
    }
    if !queries.is_empty() {
        let _ = writeln!(lines, "  … and queries of the catalogue");
    }
    lines
}

#[test]
fn what_is_offered_at_each_place() {
    let vocabulary = vocabulary();
    let path = root().join("tests/completion/cases.txt");
    let cases = std::fs::read_to_string(&path).unwrap();
    let (mut expected, mut found) = (String::new(), String::new());
    let mut count = 0;
    for block in cases.split("\n\n") {
        let lines: Vec<&str> = block.lines().collect();
        let (offered, written): (Vec<&str>, Vec<&str>) =
            lines.iter().partition(|line| line.starts_with("  "));
        let (comments, text): (Vec<&str>, Vec<&str>) =
            written.iter().partition(|line| line.starts_with("# "));
        let text = text.join("\n");
        if text.is_empty() {
            let _ = write!(found, "{}\n\n", comments.join("\n"));
            let _ = write!(expected, "{block}\n\n");
            continue;
        }
        let cursor = text
            .find('|')
            .unwrap_or_else(|| panic!("no cursor in {text}"));
        let plain = text.replacen('|', "", 1);
        let completing = Completing {
            no_auto_prefix: comments
                .iter()
                .any(|line| line.contains("prefixes must be declared")),
            updates: comments.iter().any(|line| line.contains("updates")),
        };
        let completion = complete(&plain, cursor, &vocabulary, completing);
        let mut head = comments.join("\n");
        if !head.is_empty() {
            head.push('\n');
        }
        let _ = writeln!(
            found,
            "{head}{text}\n{}",
            shown(&completion, &plain, cursor)
        );
        let _ = writeln!(expected, "{head}{text}\n{}\n", offered.join("\n"));
        count += 1;
    }
    if std::env::var_os("PEERMAP_BLESS").is_some() {
        std::fs::write(&path, format!("{}\n", found.trim_end())).unwrap();
        return;
    }
    assert!(count >= 60, "{count} cases");
    for (expected, found) in expected.split("\n\n").zip(found.split("\n\n")) {
        assert_eq!(expected.trim_end(), found.trim_end());
    }
}

/// A term of the data is offered only if a statement has it.
#[test]
fn nothing_is_offered_that_no_statement_has() {
    let graph = graph();
    let vocabulary = Vocabulary::read(&graph).unwrap();
    for text in [
        "SELECT * { ?s ",
        "SELECT * { ?s a ",
        "SELECT * { ?s ex:role ",
        "SELECT * { ?s ex:p",
    ] {
        for candidate in complete(text, text.len(), &vocabulary, Completing::default()).candidates {
            let Ok(term) = graph.prefixes().parse(&candidate.insert) else {
                continue;
            };
            let ask = format!("ASK {{ {{ ?s {term} ?o }} UNION {{ ?s ?p {term} }} }}");
            let answer = peermap::query::run(&graph, &ask, &peermap::query::Options::default());
            assert!(
                matches!(answer.unwrap().body, peermap::output::Body::Boolean(true)),
                "{}",
                candidate.insert
            );
        }
    }
}

/// Nesting to any depth has an answer, on the small stack of a test.
#[test]
fn deep_texts_are_answered() {
    let graph = graph();
    let vocabulary = Vocabulary::read(&graph).unwrap();
    for depth in [59, 61, 299, 20_000] {
        for (open, close) in [("{ ", "}"), ("(", ")"), ("[ ?p ", "]")] {
            let start = if open == "(" {
                "SELECT * { FILTER("
            } else {
                "SELECT * { ?s ?p "
            };
            let text = format!("{start}{}{}", open.repeat(depth), close.repeat(depth));
            for cursor in [text.len(), start.len() + open.len() * depth] {
                let completion = complete(&text, cursor, &vocabulary, Completing::default());
                assert!(completion.from <= cursor, "{depth} {open}");
            }
            let options = peermap::query::Options::default();
            assert!(!peermap::query::check(&text, graph.prefixes(), &options).is_empty());
        }
    }
}

/// Pieces of queries, in any order.
pub(crate) fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(vec![
            "SELECT", "*", "WHERE", "{", "}", "(", ")", "[", "]", ".", ";", ",", "?s", "?p", "?o",
            "a", "ex:role", "role:navigation", "FILTER", "OPTIONAL", "UNION", "MINUS", "BIND", "AS",
            "VALUES", "UNDEF", "GROUP", "ORDER", "BY", "HAVING", "LIMIT", "3", "1.5", "\"text\"",
            "\"open", "@en", "^^", "<https://example.org/x>", "<", ">", "=", "!=", "&&", "||", "/",
            "^", "+", "?", "|", "COUNT", "STR", "EXISTS", "NOT", "IN", "PREFIX", "ex:", "GRAPH",
            "SERVICE", "CONSTRUCT", "ASK", "DESCRIBE", "INSERT", "DELETE", "DATA", "SEPARATOR", "é",
            "😀", "#", "\n", "<<", ">>", "{|", "|}", "~", "\\", "'", "'''", "\u{201c}", "$x", "_:b", "--",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ];
    prop::collection::vec((piece, prop::sample::select(vec!["", " "])), 0..40).prop_map(|parts| {
        parts
            .into_iter()
            .flat_map(|(piece, gap)| [piece, gap.to_owned()])
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_text_and_cursor_can_be_completed((text, at) in (pieces(), any::<prop::sample::Index>())) {
        thread_local! {
            static VOCABULARY: Vocabulary = vocabulary();
        }
        let cursor = at.index(text.len() + 1);
        VOCABULARY.with(|vocabulary| {
            let completing = Completing { updates: text.len() % 2 == 0, no_auto_prefix: text.len() % 3 == 0 };
            let completion = complete(&text, cursor, vocabulary, completing);
            prop_assert!(text.is_char_boundary(completion.from) && text.is_char_boundary(completion.to));
            prop_assert!(completion.from <= completion.to);
            prop_assert_eq!(&completion, &complete(&text, cursor, vocabulary, completing));
            Ok(())
        })?;
    }
}
