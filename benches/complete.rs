//! How long completion takes on a large graph: generated programmes, 100,000 unless a number is
//! given. `cargo bench --bench complete [-- NUMBER]`
//!
//! For each place it prints the median and the 95th percentile of a hundred calls, and at the end
//! the 95th percentile of all; it fails when that is not under 10 ms.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark")]

use std::time::{Duration, Instant};

use oxigraph::model::{GraphName, Literal, NamedNode, Quad, Term};
use peermap::dataset::{Choice, Dataset};
use peermap::query::{Completing, Vocabulary, complete};

const CALLS: usize = 100;
const LIMIT: Duration = Duration::from_millis(10);

/// Texts with `|` for the cursor, with little and with much that fits.
const PLACES: &[&str] = &[
    "|",
    "SELECT * { |",
    "SELECT * { p|",
    "SELECT * { programme 12|",
    "SELECT * { nowhere|",
    "SELECT * { ?p |",
    "SELECT * { ?p a |",
    "SELECT * { ?p a pm:Programme ; |",
    "SELECT * { ?p a pm:Programme ; pm:fun|",
    "SELECT * { ?p pm:function |",
    "SELECT * { ?p pm:function navig|",
    "SELECT * { ?p pm:function navgation|",
    "SELECT * { ?p pm:function function:|",
    "SELECT * { ?c pm:codingOf |",
    "SELECT * { ?c pm:codingOf p|",
    "SELECT * { ?c pm:codingOf programme:|",
    "SELECT * { ?c pm:codingOf programme:p9|",
    "SELECT * { ?c pm:codingOf <https://w3id.org/peermap/programme/p9|",
    "SELECT * { ?p a pm:Programme FILTER(|",
    "SELECT * { ?p a pm:Programme } ORDER BY |",
];

fn main() {
    let number = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(100_000);
    let dataset = generated(number);
    let started = Instant::now();
    let vocabulary = Vocabulary::read(&dataset.graph).unwrap();
    println!(
        "{number} programmes, {} statements, {} things; words read in {:.1?}",
        dataset.graph.len().unwrap(),
        vocabulary.len(),
        started.elapsed()
    );
    let mut all = Vec::new();
    for place in PLACES {
        let cursor = place.find('|').unwrap();
        let text = place.replace('|', "");
        let mut times: Vec<Duration> = (0..CALLS)
            .map(|_| {
                let started = Instant::now();
                let completion = complete(&text, cursor, &vocabulary, Completing::default());
                assert!(completion.candidates.len() <= peermap::query::MAX_CANDIDATES);
                started.elapsed()
            })
            .collect();
        times.sort_unstable();
        println!(
            "{:>9.2?} {:>9.2?}  {place}",
            times[CALLS / 2],
            times[CALLS * 95 / 100]
        );
        all.extend(times);
    }
    all.sort_unstable();
    let p95 = all[all.len() * 95 / 100];
    println!("95th percentile of all: {p95:.2?}, limit {LIMIT:?}");
    assert!(p95 < LIMIT, "completion is too slow");
}

/// The map with programmes that are named, placed and coded at random, always the same.
fn generated(number: usize) -> Dataset {
    let mut dataset = Dataset::open(&Choice::default()).unwrap();
    let mut random = fastrand::Rng::with_seed(11);
    let iri = |text: String| NamedNode::new_unchecked(format!("https://w3id.org/peermap/{text}"));
    let values: Vec<NamedNode> = dataset
        .map
        .values
        .iter()
        .map(|value| value.name.iri.clone())
        .collect();
    let class = NamedNode::new_unchecked("http://www.w3.org/1999/02/22-rdf-syntax-ns#type");
    let label = NamedNode::new_unchecked("http://www.w3.org/2000/01/rdf-schema#label");
    let graph = GraphName::NamedNode(iri("graph/generated".to_owned()));
    let mut quads = Vec::new();
    for n in 0..number {
        let programme = iri(format!("programme/p{n}"));
        let coding = iri(format!("coding/p{n}.1"));
        let mut add = |s: &NamedNode, p: &NamedNode, o: Term| {
            quads.push(Quad::new(s.clone(), p.clone(), o, graph.clone()));
        };
        add(&programme, &class, iri("ns#Programme".to_owned()).into());
        let word = random.u32(0..20_000);
        let name = format!("Programme {n} of place{word}");
        add(
            &programme,
            &label,
            Literal::new_language_tagged_literal_unchecked(name, "en").into(),
        );
        for _ in 0..3 {
            let value = random.choice(&values).unwrap().clone();
            add(&programme, &iri("ns#function".to_owned()), value.into());
        }
        add(&coding, &class, iri("ns#Coding".to_owned()).into());
        add(
            &coding,
            &iri("ns#codingOf".to_owned()),
            programme.clone().into(),
        );
    }
    dataset.graph.insert(quads).unwrap();
    dataset
}
