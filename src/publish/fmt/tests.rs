use std::fmt::Write as _;

use oxrdf::Quad;
use oxrdfio::{RdfFormat, RdfParser};
use proptest::prelude::*;

use super::*;

const UNTIDY: &str = "# About\n\n\n@prefix e: <https://e.org/#> .  # the prefix\nPREFIX f: <https://f.org/>\n e:a   a e:B;e:p 1.5,2 ,\n  \"x;y\"@en ; ; # two\n   e:q [ e:r 1 ; ], [\n e:r 2;e:s e:t.u ] ;\n\n # on its own\n  e:list (1 2), (\n 3 [ e:r 4 ] ), [] , () ; .\n\n\n\n<s>f:p\"\"\"long\n;text\"\"\"^^e:t .e:z e:p -.5e3.\n";

const TIDY: &str = "# About\n\n@prefix e: <https://e.org/#> . # the prefix\nPREFIX f: <https://f.org/>\ne:a a e:B ;\n    e:p 1.5 , 2 ,\n        \"x;y\"@en ; # two\n    e:q [ e:r 1 ] , [\n        e:r 2 ;\n        e:s e:t.u\n    ] ;\n\n    # on its own\n    e:list ( 1 2 ) , (\n        3 [ e:r 4 ]\n    ) , [] , () .\n\n<s> f:p \"\"\"long\n;text\"\"\"^^e:t .\ne:z e:p -.5e3 .\n";

fn read(text: &str) -> Vec<String> {
    let parser = RdfParser::from_format(RdfFormat::TriG)
        .with_base_iri("https://e.org/")
        .expect("an IRI");
    // Labels of blank nodes are taken out: their number and place are compared, not their names.
    let mut lines: Vec<String> = parser
        .for_slice(text.as_bytes())
        .map(|quad: Result<Quad, _>| {
            let line = quad.expect(text).to_string();
            line.split(' ')
                .map(|part| if part.starts_with("_:") { "_:" } else { part })
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn layout_is_made_tidy_and_comments_stay() {
    assert_eq!(format(UNTIDY), TIDY);
    assert_eq!(format(TIDY), TIDY);
    assert_eq!(read(UNTIDY), read(TIDY));
}

#[test]
fn graphs_and_triple_terms_are_laid_out() {
    let text = "GRAPH <g> {<a> <b> <<( <a> <b> 1 )>>.<c><d>true}\n<x><y>'z'~<r>{|<p> 1;<q> 2|} .";
    let tidy = "GRAPH <g> {\n    <a> <b> <<( <a> <b> 1 )>> .\n    <c> <d> true\n}\n<x> <y> 'z' ~ <r> {| <p> 1 ; <q> 2 |} .\n";
    assert_eq!(format(text), tidy);
    assert_eq!(format(tidy), tidy);
}

#[test]
fn an_empty_text_stays_empty() {
    assert_eq!(format(""), "");
    assert_eq!(format(" \n\n"), "");
    assert_eq!(format("# only this"), "# only this\n");
}

/// Some space between tokens, with or without a comment.
fn gap() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(" ".to_owned()),
        1 => Just("\n".to_owned()),
        1 => Just("\n\n\n  ".to_owned()),
        1 => Just(" # a ; comment\n".to_owned()),
        1 => Just("\n\n# one\n# two\n\n".to_owned()),
    ]
}

fn object() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("e:o".to_owned()),
        Just("<https://e.org/#x>".to_owned()),
        Just("_:b.1".to_owned()),
        Just("1".to_owned()),
        Just("-1.5".to_owned()),
        Just("2e3".to_owned()),
        Just("true".to_owned()),
        Just("[]".to_owned()),
        Just("()".to_owned()),
        Just("e:a\\,b.c".to_owned()),
        Just("\"a # ; . \\\" b\"@en-GB".to_owned()),
        Just("'''a\n''b'''^^e:t".to_owned()),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            (gap(), inner.clone(), gap(), inner.clone(), gap())
                .prop_map(|(a, x, b, y, c)| format!("[{a}e:p {x};{b}e:q {y}{c}]")),
            (gap(), inner.clone(), gap(), inner, gap())
                .prop_map(|(a, x, b, y, c)| format!("({a}{x}{b}{y}{c})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_second_run_changes_nothing_and_no_statement_or_comment_is_lost(
        parts in proptest::collection::vec((gap(), object(), gap(), object(), gap()), 1..5)
    ) {
        let mut text = "@prefix e: <https://e.org/> .".to_owned();
        for (a, x, b, y, c) in parts {
            let _ = write!(text, "{a}e:s e:p {x},{b}{y};{c}e:q 1 ;{b}.{c}");
        }
        let once = format(&text);
        prop_assert_eq!(&format(&once), &once, "{}", &text);
        prop_assert_eq!(read(&text), read(&once), "{}\n{}", &text, &once);
        let comments = |text: &str| text.matches("# a ; comment").count() + text.matches("# one\n").count();
        prop_assert_eq!(comments(&text), comments(&once));
    }
}
