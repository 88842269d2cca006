//! Network analyses against networkx, igraph, leidenalg and scikit-learn: `oracles/network.py` makes
//! the numbers.

use std::path::{Path, PathBuf};

use peermap::analysis::agreement::{adjusted_mutual_information, adjusted_rand_index};
use peermap::analysis::membership::Membership;
use peermap::analysis::network::{Edge, Network};
use peermap::analysis::{centrality, communities, mixing};
use peermap::output::network::{self as formats, Document, EdgeRecord, NodeRecord};
use serde_json::Value;

use crate::golden::{golden, list, whole, wholes};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/golden")
}

fn edge(value: &Value) -> Edge {
    Edge {
        a: whole(&value[0]),
        b: whole(&value[1]),
        score: value[2].as_f64().unwrap(),
        p: None,
        q: None,
    }
}

/// The networks with their expected numbers.
fn cases() -> Vec<(Network, Membership, Value)> {
    list(&golden("network")["networks"])
        .iter()
        .map(|case| {
            let edges = list(&case["edges"]).iter().map(edge).collect();
            let silos = list(&case["silos"]).iter().map(wholes).collect();
            (
                Network::new(whole(&case["nodes"]), edges),
                Membership::flat(silos),
                case.clone(),
            )
        })
        .collect()
}

/// Compares with an expected number, or with the expectation that there is none.
fn close(what: &str, case: &Value, got: Option<f64>, expected: &Value) {
    let agree = match (got, expected.as_f64()) {
        (Some(got), Some(expected)) => (got - expected).abs() <= 1e-9,
        (None, None) => expected.is_null(),
        _ => false,
    };
    assert!(agree, "{what} of {}: {got:?}, not {expected}", case["name"]);
}

#[test]
fn betweenness_is_that_of_networkx() {
    for (network, _, case) in cases() {
        let exact = centrality::betweenness(&network, 0);
        assert_eq!(exact.sources, None);
        let sampled = centrality::betweenness_from(&network, &wholes(&case["sources"]));
        for node in 0..network.len() {
            let (exact, sampled) = (Some(exact.values[node]), Some(sampled[node]));
            close("betweenness", &case, exact, &case["betweenness"][node]);
            close(
                "sampled betweenness",
                &case,
                sampled,
                &case["sampled"][node],
            );
        }
    }
}

#[test]
fn betweenness_is_that_of_rustworkx() {
    for (network, _, case) in cases() {
        let graph = network.graph();
        let expected =
            rustworkx_core::centrality::betweenness_centrality(graph, false, true, usize::MAX);
        for (got, expected) in centrality::betweenness(&network, 0)
            .values
            .iter()
            .zip(expected)
        {
            close(
                "betweenness",
                &case,
                Some(*got),
                &Value::from(expected.unwrap()),
            );
        }
    }
}

#[test]
fn cuts_components_and_ego_networks_are_those_of_networkx() {
    for (network, _, case) in cases() {
        let points = centrality::articulation_points(&network);
        assert_eq!(points, wholes(&case["articulation_points"]));
        let links: Vec<Vec<usize>> = centrality::single_links(&network)
            .into_iter()
            .map(|(a, b)| vec![a, b])
            .collect();
        let expected: Vec<Vec<usize>> = list(&case["single_links"]).iter().map(wholes).collect();
        assert_eq!(links, expected);
        let components: Vec<Vec<usize>> = list(&case["components"]).iter().map(wholes).collect();
        assert_eq!(network.components(), components);
        let ego: Vec<Vec<usize>> = network.ego(0, 2).iter().map(|&(n, d)| vec![n, d]).collect();
        let expected: Vec<Vec<usize>> = list(&case["ego"]).iter().map(wholes).collect();
        assert_eq!(ego, expected);
    }
}

#[test]
fn constraint_and_participation_are_as_expected() {
    for (network, silos, case) in cases() {
        let constraint = centrality::constraint(&network);
        let participation = centrality::participation(&network, &silos);
        for node in 0..network.len() {
            close(
                "constraint",
                &case,
                constraint[node],
                &case["constraint"][node],
            );
            let got = participation[node].coefficient;
            close("participation", &case, got, &case["participation"][node]);
        }
    }
}

#[test]
fn mixing_is_that_of_networkx() {
    for (network, silos, case) in cases() {
        let found = mixing::mixing(&network, &silos, 0, 0);
        close("E-I index", &case, found.ei, &case["ei"]);
        close(
            "assortativity",
            &case,
            found.assortativity,
            &case["assortativity"],
        );
        close(
            "modularity of silos",
            &case,
            found.modularity,
            &case["silo_modularity"],
        );
        let of = wholes(&case["partition"]);
        for (resolution, expected) in case["modularity"].as_object().unwrap() {
            let got = communities::modularity(&network, &of, resolution.parse().unwrap());
            close("modularity", &case, got, expected);
        }
    }
}

/// The best of twenty runs is within half a per cent of the best of twenty runs of leidenalg, or
/// above it, and is the optimum where that is known.
#[test]
fn communities_are_as_good_as_those_of_leidenalg() {
    for (network, _, case) in cases() {
        for (resolution, expected) in case["leiden"].as_object().unwrap() {
            let settings = communities::Settings {
                resolution: resolution.parse().unwrap(),
                ..communities::Settings::default()
            };
            let found = communities::communities(&network, &settings).unwrap();
            if let Some(expected) = expected.as_f64() {
                let quality = found.quality.unwrap();
                assert!(
                    quality >= 0.995 * expected,
                    "{} at {resolution}: {quality}, leidenalg {expected}",
                    case["name"]
                );
            }
        }
        if !case["optimal"].is_null() {
            let found = communities::communities(&network, &communities::Settings::default());
            close("quality", &case, found.unwrap().quality, &case["optimal"]);
        }
    }
}

#[test]
fn the_karate_club_has_its_known_numbers() {
    let (network, _, _) = cases().swap_remove(0);
    let found = communities::communities(&network, &communities::Settings::default()).unwrap();
    assert!((found.quality.unwrap() - 0.419_790).abs() < 1e-6);
    assert_eq!(found.members.len(), 4);
    let between = centrality::betweenness(&network, 0).values;
    assert!((between[0] - 0.437_635).abs() < 1e-6 && (between[33] - 0.304_075).abs() < 1e-6);
}

#[test]
fn agreement_is_that_of_scikit_learn() {
    for case in list(&golden("network")["labellings"]) {
        let (a, b) = (wholes(&case["a"]), wholes(&case["b"]));
        let ami = adjusted_mutual_information(&a, &b);
        close("AMI", case, Some(ami), &case["ami"]);
        close("ARI", case, Some(adjusted_rand_index(&a, &b)), &case["ari"]);
    }
}

fn document() -> Document {
    let all = golden("network");
    let document = &all["document"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let texts = |value: &Value| list(value).iter().map(text).collect::<Vec<String>>();
    Document {
        title: text(&document["title"]),
        axes: texts(&document["axes"]),
        nodes: list(&document["nodes"])
            .iter()
            .map(|node| NodeRecord {
                name: text(&node["name"]),
                label: text(&node["label"]),
                silos: list(&node["silos"]).iter().map(texts).collect(),
                community: node["community"]
                    .as_u64()
                    .map(|_| whole(&node["community"])),
                x: node["x"].as_f64().unwrap(),
                y: node["y"].as_f64().unwrap(),
            })
            .collect(),
        edges: list(&document["edges"])
            .iter()
            .map(|edge| EdgeRecord {
                a: whole(&edge["a"]),
                b: whole(&edge["b"]),
                score: edge["score"].as_f64().unwrap(),
                low: edge["low"].as_f64(),
                high: edge["high"].as_f64(),
                comparable: edge["comparable"]
                    .as_u64()
                    .map(|_| whole(&edge["comparable"])),
                p: edge["p"].as_f64(),
                q: edge["q"].as_f64(),
            })
            .collect(),
    }
}

/// The files that `oracles/network.py --check` reads with networkx, igraph and others are what we
/// write. `PEERMAP_BLESS=1` writes them anew.
#[test]
fn the_files_that_other_tools_read_are_what_is_written() {
    let document = document();
    let files = [
        ("network.graphml", formats::graphml(&document)),
        ("network.gexf", formats::gexf(&document)),
        ("network.dot", formats::dot(&document)),
        ("network.cyjs", formats::cytoscape(&document)),
        ("nodes.csv", formats::node_csv(&document)),
        ("edges.csv", formats::edge_csv(&document)),
    ];
    for (name, text) in files {
        let path = folder().join("network").join(name);
        if std::env::var_os("PEERMAP_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let stored = std::fs::read_to_string(&path).unwrap();
        assert!(stored == text, "{name} is not what is written now");
    }
}
