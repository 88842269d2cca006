//! Results that are kept: an analysis as RDF in a named graph of its own, beside the data.
//!
//! The graph says what was found, by which analysis, with which parameters, on which data and by
//! which version. Its name carries a hash of all that, so that the same analysis of the same data
//! gives the same graph byte for byte, and another one never mixes with it.

use oxrdf::vocab::{rdf, rdfs, xsd};
use oxrdf::{Literal, NamedNode, NamedNodeRef, Quad, Term, Triple};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::comparing::Study;
use crate::analysis::bits::hexadecimal;
use crate::analysis::labels::Twin;
use crate::analysis::significance::Significance;
use crate::analysis::similarity::{Comparison, Similarity, explain};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::output::cell::{decimal, whole};
use crate::output::{Body, Output};
use crate::query::{Rows, named, rows};
use crate::terms::short_name;
use crate::vocab::{self, BASE, other};

/// Digits of the hash in a name.
const DIGITS: usize = 16;

/// The results of one analysis, on their way into a graph.
pub struct Results {
    /// `network-0123456789abcdef`: what the analysis and its graph are called.
    name: String,
    hash: String,
    graph: NamedNode,
    analysis: NamedNode,
    quads: Vec<Quad>,
    found: usize,
}

impl Results {
    /// An analysis by a verb with all settings that its results depend on. `at` is when it was
    /// made, as people write a time with its zone; without it no time is written.
    ///
    /// # Errors
    /// A time that cannot be read.
    pub fn new(study: &Study<'_>, verb: &str, settings: &Value, at: Option<&str>) -> Result<Self> {
        let time = at.map(time).transpose()?;
        let data = study.columns.hash();
        let version = env!("CARGO_PKG_VERSION");
        let identity =
            json!({ "verb": verb, "settings": settings, "data": data, "version": version });
        let mut hash = hexadecimal(&Sha256::digest(identity.to_string()));
        hash.truncate(DIGITS);
        let name = format!("{verb}-{hash}");
        let mut results = Self {
            graph: node(&format!("{BASE}graph/{name}")),
            analysis: node(&format!("{BASE}analysis/{name}")),
            name,
            hash,
            quads: Vec::new(),
            found: 0,
        };
        let program = node(&format!("{BASE}software/peermap-{version}"));
        let analysis = results.analysis.clone();
        results.say(&analysis, rdf::TYPE, vocab::ANALYSIS);
        let label = format!("peermap {verb} on {}", study.dataset.origin.join(", "));
        results.say(&analysis, rdfs::LABEL, tagged(&label));
        let parameters = Literal::new_simple_literal(settings.to_string());
        results.say(&analysis, vocab::PARAMETERS, parameters);
        results.say(
            &analysis,
            vocab::DATA_HASH,
            Literal::new_simple_literal(data),
        );
        results.say(&analysis, other::WAS_ASSOCIATED_WITH, program.clone());
        if let Some(time) = time {
            results.say(&analysis, other::ENDED_AT_TIME, time);
        }
        results.say(&program, rdf::TYPE, other::SOFTWARE_AGENT);
        results.say(&program, rdfs::LABEL, tagged(&format!("peermap {version}")));
        results.say(
            &program,
            OWL_VERSION_INFO,
            Literal::new_simple_literal(version),
        );
        Ok(results)
    }

    /// Adds how alike two programmes are.
    ///
    /// # Errors
    /// A programme of a table whose name is no IRI.
    pub fn resemblance(&mut self, study: &Study<'_>, found: &Found) -> Result<()> {
        let (a, b) = (programme(study, found.a)?, programme(study, found.b)?);
        let this = node(&format!(
            "{BASE}resemblance/{}.{}.{}",
            self.hash,
            tail(&a),
            tail(&b)
        ));
        self.result(&this, vocab::RESEMBLANCE);
        self.say(&this, vocab::BETWEEN, a);
        self.say(&this, vocab::BETWEEN, b);
        if let Some(similarity) = &found.similarity {
            self.figure(&this, vocab::SCORE, decimal(similarity.score, 6));
            self.figure(&this, vocab::LOW_SCORE, decimal(similarity.low, 6));
            self.figure(&this, vocab::HIGH_SCORE, decimal(similarity.high, 6));
        }
        self.figure(
            &this,
            vocab::RARITY,
            found.rarity.and_then(|rarity| decimal(rarity, 6)),
        );
        self.figure(&this, vocab::COMPARABLE, whole(found.comparable));
        if let Some((p, q)) = found.chance {
            let p = Literal::new_typed_literal(format!("{p:e}"), xsd::DOUBLE);
            self.say(&this, vocab::P_VALUE, p);
            self.figure(&this, vocab::Q_VALUE, decimal(q, 6));
        }
        self.figure(
            &this,
            vocab::LIFT,
            found.lift.and_then(|lift| decimal(lift, 6)),
        );
        for &value in &found.shared {
            let value = study.dataset.map.values[value].name.iri.clone();
            self.say(&this, vocab::SHARED_VALUE, value);
        }
        Ok(())
    }

    /// Proposes two labels as names of the same work, with the figures behind it. A proposal stays
    /// in the graph of its analysis and merges nothing.
    ///
    /// # Errors
    /// Labels that cannot be read.
    pub fn proposal(&mut self, study: &Study<'_>, twin: &Twin) -> Result<()> {
        let mut labels = Vec::new();
        for label in twin.labels {
            labels.push(label_iri(study.dataset, &study.columns.labels()[label])?);
        }
        let [a, b] = [&labels[0], &labels[1]];
        let this = node(&format!(
            "{BASE}match/{}.{}.{}",
            self.hash,
            tail(a),
            tail(b)
        ));
        self.result(&this, vocab::MATCH_PROPOSAL);
        self.say(&this, vocab::PROPOSES, a.clone());
        self.say(&this, vocab::PROPOSES, b.clone());
        for (property, number) in [
            (vocab::DIVERGENCE, twin.divergence),
            (vocab::NOISE_FLOOR, twin.floor),
            (vocab::NICHE_OVERLAP, twin.overlap),
        ] {
            self.figure(
                &this,
                property,
                number.and_then(|number| decimal(number, 6)),
            );
        }
        self.say(a, other::CLOSE_MATCH, b.clone());
        Ok(())
    }

    /// The graph as an answer, statements sorted; `query` is the named query that asks for them.
    pub fn finish(mut self, query: &str) -> Output {
        self.quads.sort_by_cached_key(ToString::to_string);
        self.quads.dedup();
        let note = format!(
            "{} results in graph:{}; load them beside the data with --data, and ask `peermap named run {query}`",
            self.found, self.name
        );
        Output::new(Body::Dataset(self.quads)).with_note(note)
    }

    fn result(&mut self, this: &NamedNode, class: NamedNodeRef<'_>) {
        self.found += 1;
        self.say(this, rdf::TYPE, class);
        let analysis = self.analysis.clone();
        self.say(this, other::WAS_GENERATED_BY, analysis);
    }

    fn figure(&mut self, this: &NamedNode, property: NamedNodeRef<'_>, figure: Option<Term>) {
        if let Some(figure) = figure {
            self.say(this, property, figure);
        }
    }

    fn say(&mut self, this: &NamedNode, property: NamedNodeRef<'_>, what: impl Into<Term>) {
        let triple = Triple::new(this.clone(), property.into_owned(), what);
        self.quads.push(triple.in_graph(self.graph.clone()));
    }
}

/// What was found of two programmes.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Position of a programme.
    pub a: usize,
    /// Position of the other.
    pub b: usize,
    /// How alike, where that was reckoned.
    pub similarity: Option<Similarity>,
    /// Rarity of what is shared, where that was reckoned.
    pub rarity: Option<f64>,
    /// Questions that both answer, of those compared.
    pub comparable: usize,
    /// p and false discovery rate, where chance can be judged.
    pub chance: Option<(f64, f64)>,
    /// Times as many values in common as by chance.
    pub lift: Option<f64>,
    /// The most specific values that both have.
    pub shared: Vec<usize>,
}

impl Found {
    /// What a comparison finds of two programmes, chance apart.
    pub fn explained(study: &Study<'_>, comparison: &Comparison, a: usize, b: usize) -> Self {
        let why = explain(&study.columns, &study.ic, comparison, a, b);
        let Some(why) = why else {
            return Self {
                a,
                b,
                ..Self::default()
            };
        };
        let shared = why.narrowest(study.columns.schema());
        Self {
            a,
            b,
            similarity: Some(why.similarity),
            comparable: why.similarity.comparable as usize,
            shared: shared.iter().map(|shared| shared.value).collect(),
            ..Self::default()
        }
    }

    /// The same with what chance says.
    #[must_use]
    pub fn judged(mut self, chance: Option<(Significance, f64)>) -> Self {
        self.chance = chance.map(|(chance, q)| (chance.p, q));
        self.lift = chance.and_then(|(chance, _)| chance.lift);
        self
    }
}

const OWL_VERSION_INFO: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#versionInfo");

fn node(iri: &str) -> NamedNode {
    NamedNode::new_unchecked(iri)
}

/// What stands for a thing in the names of others: its short name, which is its own among ours,
/// else a hash, since two namespaces may use the same one.
fn tail(thing: &NamedNode) -> String {
    if thing.as_str().starts_with(BASE) {
        return short_name(thing.as_str()).to_owned();
    }
    let mut hash = hexadecimal(&Sha256::digest(thing.as_str()));
    hash.truncate(DIGITS);
    hash
}

fn tagged(text: &str) -> Literal {
    Literal::new_language_tagged_literal_unchecked(text, "en")
}

fn programme(study: &Study<'_>, at: usize) -> Result<NamedNode> {
    let name = study.columns.name(at);
    NamedNode::new(name).map_err(|_| {
        Error::usage(
            format!("`{name}` is not an IRI, so nothing can be said of it in RDF"),
            "give the programmes of the table IRIs such as https://example.org/programme/a",
        )
    })
}

/// The label behind a short code: the one of the data or, in a table, one of this project's.
///
/// # Errors
/// Labels that cannot be read; a short code that no IRI can have.
pub(super) fn label_iri(dataset: &Dataset, notation: &str) -> Result<NamedNode> {
    for row in Rows::new(&rows(&dataset.graph, named("labels-used")?, Vec::new())?) {
        let label = row.iri("label")?;
        if short_name(label.as_str()) == notation {
            return Ok(label);
        }
    }
    NamedNode::new(format!("{BASE}label/{notation}")).map_err(|_| {
        Error::usage(
            format!("`{notation}` cannot be the short name of a label"),
            "use letters, digits and hyphens",
        )
    })
}

fn time(text: &str) -> Result<Literal> {
    let time: jiff::Timestamp = text.parse().map_err(|_| {
        Error::usage(
            format!("`{text}` is not a time with its zone"),
            "write it as in --at 2026-11-25T09:30:00Z",
        )
    })?;
    Ok(Literal::new_typed_literal(time.to_string(), xsd::DATE_TIME))
}
