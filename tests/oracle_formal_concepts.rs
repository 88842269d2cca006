//! Formal concepts against the library `concepts` and implications against plain Python:
//! `tests/oracles/formal_concepts.py`.

use peermap::analysis::columns::{Columns, DimensionColumn, Row, Schema, ValueColumn};
use peermap::analysis::concepts::{
    Concept, Context, IcebergRequest, Implication, ImplicationRequest, Implications, Title,
    concepts, read, write,
};
use serde_json::Value;

use crate::golden::{golden, list, whole, wholes};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles");

fn all(context: &Context, min_support: u64) -> Vec<Concept> {
    let request = IcebergRequest {
        min_support,
        limit: 100_000,
    };
    concepts(context, &request).unwrap()
}

/// Extents, intents and Δ, sorted.
fn triples(found: &[Concept]) -> Vec<(Vec<usize>, Vec<usize>, u64)> {
    let mut triples: Vec<_> = (found.iter())
        .map(|one| (one.extent.clone(), one.intent.clone(), one.delta))
        .collect();
    triples.sort();
    triples
}

fn expected_triples(value: &Value) -> Vec<(Vec<usize>, Vec<usize>, u64)> {
    let triple = |one: &Value| {
        let delta = one["delta"].as_u64().unwrap();
        (wholes(&one["extent"]), wholes(&one["intent"]), delta)
    };
    list(value).iter().map(triple).collect()
}

#[test]
fn published_contexts_have_the_published_lattices() {
    for file in list(&golden("formal_concepts")["files"]) {
        let name = file["file"].as_str().unwrap();
        let text = std::fs::read_to_string(format!("{FOLDER}/contexts/{name}")).unwrap();
        let title = if file["titled"].as_bool().unwrap() {
            let refused = read(&text, Title::Refused).unwrap_err();
            assert_eq!(refused.line, 2, "{name}: {refused}");
            Title::Allowed
        } else {
            Title::Refused
        };
        let context = read(&text, title).unwrap();
        assert_eq!(context.objects().len(), whole(&file["objects"]), "{name}");
        assert_eq!(
            context.attributes().len(),
            whole(&file["attributes"]),
            "{name}"
        );
        let found = all(&context, 0);
        assert_eq!(found.len(), whole(&file["number"]), "{name}");
        if !file["concepts"].is_null() {
            assert_eq!(
                triples(&found),
                expected_triples(&file["concepts"]),
                "{name}"
            );
        }
        let written = write(&context).unwrap();
        assert_eq!(read(&written, Title::Refused).unwrap(), context, "{name}");
    }
}

#[test]
fn random_contexts_have_the_concepts_of_the_library() {
    for case in list(&golden("formal_concepts")["random"]) {
        let rows: Vec<&[u8]> = (list(&case["rows"]).iter())
            .map(|row| row.as_str().unwrap().as_bytes())
            .collect();
        let context = Context::new(
            (0..rows.len()).map(|at| format!("o{at}")).collect(),
            (0..rows[0].len()).map(|at| format!("a{at}")).collect(),
            |object, attribute| rows[object][attribute] == b'X',
        );
        for (min_support, number) in (0..).zip(list(&case["by_support"])) {
            assert_eq!(all(&context, min_support).len(), whole(number));
        }
        let found = all(&context, 0);
        let deltas: u64 = found.iter().map(|one| one.delta).sum();
        assert_eq!(Some(deltas), case["deltas"].as_u64());
        if !case["concepts"].is_null() {
            assert_eq!(triples(&found), expected_triples(&case["concepts"]));
        }
    }
}

fn schema(values: &Value) -> Schema {
    let values: Vec<ValueColumn> = (list(values).iter().enumerate())
        .map(|(at, value)| ValueColumn {
            notation: format!("v{at}"),
            scheme: whole(&value["scheme"]),
            ancestors: wholes(&value["ancestors"]),
        })
        .collect();
    let dimension = |at: usize| {
        let first = values.iter().position(|value| value.scheme == at).unwrap();
        let number = values.iter().filter(|value| value.scheme == at).count();
        DimensionColumn {
            notation: format!("d{at}"),
            weight: 1.0,
            values: first..first + number,
        }
    };
    Schema {
        dimensions: (0..3).map(dimension).collect(),
        values,
        ..Schema::default()
    }
}

fn agree(found: &[Implication], expected: &Value) {
    assert_eq!(found.len(), list(expected).len());
    for (one, expected) in found.iter().zip(list(expected)) {
        assert_eq!(one.premise, wholes(&expected["premise"]));
        assert_eq!(one.conclusion, whole(&expected["conclusion"]));
        assert_eq!(one.counter_examples, wholes(&expected["counter_examples"]));
        for (got, name) in [
            (one.support, "support"),
            (one.tested, "tested"),
            (one.open, "open"),
        ] {
            assert_eq!(Some(got), expected[name].as_u64(), "{name}");
        }
        for (got, name) in [(one.confidence, "confidence"), (one.lift, "lift")] {
            assert!(
                (got - expected[name].as_f64().unwrap()).abs() < 1e-9,
                "{name}"
            );
        }
    }
}

#[test]
fn implications_are_those_that_trying_everything_finds() {
    let golden = golden("formal_concepts");
    let schema = schema(&golden["values"]);
    for data in list(&golden["programmes"]) {
        let rows = (list(&data["rows"]).iter().enumerate()).map(|(at, row)| Row {
            name: format!("{at:05}"),
            values: wholes(&row["values"]),
            none: wholes(&row["none"]),
            count: u32::try_from(whole(&row["count"])).unwrap(),
            ..Row::default()
        });
        let columns = Columns::new(schema.clone(), rows.collect());
        for asked in list(&data["asked"]) {
            let request = ImplicationRequest {
                min_support: asked["min_support"].as_u64().unwrap(),
                min_confidence: asked["min_confidence"].as_f64().unwrap(),
                max_premise: whole(&asked["max_premise"]),
                limit: 100_000,
            };
            let found = Implications::of_programmes(&columns, &[0, 1, 2], &request).unwrap();
            agree(&found.exact, &asked["exact"]);
            agree(&found.near, &asked["near"]);
        }
    }
}
