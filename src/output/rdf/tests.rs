use std::fmt::Write as _;

use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use oxrdf::{Dataset, Quad};
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfParser};

use super::*;

fn read(text: &str, format: RdfFormat) -> Vec<Quad> {
    RdfParser::from_format(format)
        .for_slice(text.as_bytes())
        .map(|quad| quad.expect(text))
        .collect()
}

fn prefixes() -> Prefixes {
    Prefixes::new([
        ("e".to_owned(), "https://e.org/".to_owned()),
        ("unused".to_owned(), "https://u.org/".to_owned()),
        (
            "skos".to_owned(),
            "http://www.w3.org/2004/02/skos/core#".to_owned(),
        ),
    ])
}

fn turtle(text: &str) -> String {
    let prefixes = prefixes();
    let layout = Layout {
        prefixes: Some(&prefixes),
        ..Layout::default()
    };
    canonical(&read(text, RdfFormat::TriG), Format::TriG, layout).expect("labels")
}

/// The dataset with labels by an implementation that is not ours.
fn standard(quads: &[Quad]) -> Dataset {
    let mut dataset: Dataset = quads.iter().cloned().collect();
    dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 {
        hash_algorithm: CanonicalizationHashAlgorithm::Sha256,
    });
    dataset
}

const SAMPLE: &str = r#"
PREFIX e: <https://e.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
e:z a e:Thing ; e:n 12, 9, "01"^^<http://www.w3.org/2001/XMLSchema#integer> ;
    skos:prefLabel "zed"@en, "zède"@fr ; e:list ( 1 ( ) [ e:a "x" ] "two\nlines" ) .
e:a e:p [ e:q "a\n\"b\""@fr ; e:r [] ] ; e:shared _:s ; a e:Thing, skos:Concept .
e:b e:shared _:s . _:s e:q true . _:free e:q 1.5e0 .
_:ring1 e:next _:ring2 . _:ring2 e:next _:ring1 ; e:p [ e:q 1.50 ] .
GRAPH e:g { e:a e:p <https://e.org/odd/name> , <mailto:a@e.org> }
"#;

#[test]
fn turtle_has_one_layout() {
    let expected =
        "@prefix e: <https://e.org/> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n";
    let text = turtle(SAMPLE);
    assert!(text.starts_with(expected), "{text}");
    assert!(!text.contains("unused"), "{text}");
    for part in [
        "e:a a e:Thing , skos:Concept ;\n    e:p [\n        e:q \"\"\"a\n\"b\\\"\"\"\"@fr ;\n        e:r []\n    ] ;\n    e:shared _:b",
        "    skos:prefLabel \"zed\"@en ,\n        \"zède\"@fr ;\n",
        "    e:n 01 ,\n        9 ,\n        12 .\n",
        "    e:list (\n        1\n        <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>\n        [ e:a \"x\" ]\n        \"\"\"two\nlines\"\"\"\n    ) ;\n",
        "[] e:q 1.5e0 .\n",
        "e:g {\n    e:a e:p <https://e.org/odd/name> ,\n            <mailto:a@e.org> .\n}\n",
    ] {
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }
}

#[test]
fn printing_what_was_printed_changes_nothing() {
    let once = turtle(SAMPLE);
    assert_eq!(turtle(&once), once);
}

#[test]
fn one_edit_is_one_line_of_a_diff() {
    let before = turtle(SAMPLE);
    let after = turtle(&SAMPLE.replace("e:n 12,", "e:n 12, 10,"));
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.lines().collect(), after.lines().collect());
    assert_eq!(after.len(), before.len() + 1);
    let kept: Vec<&&str> = after
        .iter()
        .filter(|line| **line != "        10 ,")
        .collect();
    assert_eq!(kept, before.iter().collect::<Vec<_>>());
}

#[test]
fn every_format_reads_back_as_the_same_statements() {
    let prefixes = prefixes();
    let context = Context::new([
        (
            "http://www.w3.org/2004/02/skos/core#prefLabel".to_owned(),
            Values::Languages,
        ),
        ("https://e.org/shared".to_owned(), Values::Iris),
        (
            "https://e.org/n".to_owned(),
            Values::Typed("http://www.w3.org/2001/XMLSchema#integer".to_owned()),
        ),
    ]);
    let layout = Layout {
        prefixes: Some(&prefixes),
        headings: true,
        context: Some(&context),
    };
    let json = RdfFormat::JsonLd {
        profile: JsonLdProfileSet::empty(),
    };
    for (format, parser) in [
        (Format::Turtle, RdfFormat::Turtle),
        (Format::NTriples, RdfFormat::NTriples),
        (Format::TriG, RdfFormat::TriG),
        (Format::NQuads, RdfFormat::NQuads),
        (Format::RdfXml, RdfFormat::RdfXml),
        (Format::JsonLd, json),
    ] {
        let mut quads = read(SAMPLE, RdfFormat::TriG);
        let text = canonical(&quads, format, layout).expect("labels");
        if !parser.supports_datasets() {
            for quad in &mut quads {
                quad.graph_name = oxrdf::GraphName::DefaultGraph;
            }
        }
        assert_eq!(
            standard(&read(&text, parser)),
            standard(&quads),
            "{}\n{text}",
            format.name()
        );
    }
}

#[test]
fn n_quads_are_the_canonical_form_of_the_standard() {
    let quads = read(SAMPLE, RdfFormat::TriG);
    let ours = canonical(&quads, Format::NQuads, Layout::default()).expect("labels");
    let mut theirs: Vec<String> = standard(&quads)
        .iter()
        .map(|quad| format!("{quad} .\n"))
        .collect();
    theirs.sort();
    assert_eq!(ours, theirs.concat());
}

#[test]
fn entangled_blank_nodes_are_a_limit_and_never_a_hang() {
    // Each corner of a cube of seven dimensions with its neighbours: all corners look the same.
    let mut text = String::new();
    for corner in 0..128 {
        for side in 0..7 {
            let other = corner ^ (1 << side);
            let _ = writeln!(text, "_:c{corner} <https://e.org/p> _:c{other} .");
        }
    }
    let quads = read(&text, RdfFormat::NTriples);
    for format in [Format::Turtle, Format::NQuads, Format::JsonLd] {
        let error = canonical(&quads, format, Layout::default()).expect_err("entangled");
        assert_eq!(error.kind().exit_code(), 4, "{error}");
    }
    // An answer is written all the same.
    let triples = quads.into_iter().map(Into::into).collect();
    let mut bytes = Vec::new();
    write_graph(
        &Body::Graph(triples),
        Format::Turtle,
        &prefixes(),
        &mut bytes,
    )
    .expect("written");
    assert_eq!(
        read(&String::from_utf8_lossy(&bytes), RdfFormat::Turtle).len(),
        896
    );
}

#[test]
fn what_a_format_has_no_place_for_is_said() {
    let quads = read(
        "<https://e.org/a> <https://e.org/p> <<( <https://e.org/a> <https://e.org/p> 1 )>> .",
        RdfFormat::Turtle,
    );
    for (format, said) in [(Format::JsonLd, "JSON-LD"), (Format::RdfXml, "RDF/XML")] {
        let error = canonical(&quads, format, Layout::default()).expect_err("no place");
        assert_eq!(
            error.to_string(),
            format!("{said} has no place for a triple term")
        );
    }
    let text = canonical(&quads, Format::Turtle, Layout::default()).expect("labels");
    assert_eq!(read(&text, RdfFormat::Turtle), quads);
}
