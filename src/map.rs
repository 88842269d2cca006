//! The conceptual map, read from the graph: questions, their values, and the silo axes.
//!
//! The map is data. `queries/map.rq` and `queries/axes.rq` read it from `ontology/map.ttl` and
//! `ontology/silos.ttl`; each value gets a position, each dimension a contiguous range of them.
//! A new value or a new dimension is an edit there and changes nothing here. The one thing that
//! needs Rust is a new kind of scale.

use std::collections::HashMap;
use std::ops::Range;

use fixedbitset::FixedBitSet;
use oxrdf::{NamedNode, Term};
use petgraph::algo::toposort;
use petgraph::graph::DiGraph;

use crate::error::{Error, Result};
use crate::graph::KnowledgeGraph;
use crate::nearest::nearest;
use crate::query::{Row, Rows, named, rows};

/// A language of the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

impl Language {
    /// The language tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }
}

/// A thing of the map with its names.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its identifier.
    pub iri: NamedNode,
    /// Its short code, as in CSV headers and flags.
    pub notation: String,
    /// Preferred labels by language tag.
    labels: Vec<(String, String)>,
    /// Other labels, in any language.
    alternatives: Vec<String>,
}

impl Named {
    /// The label in a language, else in English, else in any, else the notation.
    pub fn label(&self, language: Language) -> &str {
        let find = |tag: &str| {
            self.labels
                .iter()
                .find(|(t, _)| t == tag)
                .map(|(_, label)| label.as_str())
        };
        find(language.tag())
            .or_else(|| find("en"))
            .or_else(|| self.labels.first().map(|(_, label)| label.as_str()))
            .unwrap_or(&self.notation)
    }

    /// Notation and labels in all languages.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let labels = self.labels.iter().map(|(_, label)| label.as_str());
        std::iter::once(self.notation.as_str())
            .chain(labels)
            .chain(self.alternatives.iter().map(String::as_str))
    }
}

/// A question of the map.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// Its names.
    pub name: Named,
    /// The facet it belongs to, as a position in [`ConceptualMap::facets`].
    pub facet: usize,
    /// How much it counts in similarity; positive.
    pub weight: f64,
    /// Whether its values stand in an order.
    pub ordered: bool,
    /// Positions of its values in [`ConceptualMap::values`].
    pub values: Range<usize>,
}

/// An answer to a question of the map, or a place on a silo axis.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its names.
    pub name: Named,
    /// Position of its dimension or axis.
    pub scheme: usize,
    /// Positions of the values directly broader than it.
    pub broader: Vec<usize>,
    /// Position on an ordered scale, from 1.
    pub rank: Option<u32>,
}

/// A way in which programmes are kept apart.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Its names.
    pub name: Named,
    /// The property that states its values.
    pub property: NamedNode,
    /// Positions of its values in [`ConceptualMap::silo_values`].
    pub values: Range<usize>,
    /// Dimensions made of the same stuff, so that comparing along both goes round in a circle.
    pub same_stuff_as: Vec<usize>,
}

/// The questions, their values, and the silo axes, in the order of the map.
#[derive(Clone, Debug)]
pub struct ConceptualMap {
    /// Groups of questions.
    pub facets: Vec<Named>,
    /// Questions.
    pub dimensions: Vec<Dimension>,
    /// Values of all dimensions, one after the other.
    pub values: Vec<Value>,
    /// Silo axes.
    pub axes: Vec<Axis>,
    /// Values of all axes, one after the other.
    pub silo_values: Vec<Value>,
    closures: Vec<FixedBitSet>,
    silo_closures: Vec<FixedBitSet>,
    value_by_iri: HashMap<String, usize>,
    silo_by_iri: HashMap<String, usize>,
}

impl ConceptualMap {
    /// Reads the map from a graph.
    ///
    /// # Errors
    /// A graph without dimensions, a value broader than itself, or a dimension whose facet is
    /// missing make an ontology error that names the thing.
    pub fn read(graph: &KnowledgeGraph) -> Result<Self> {
        let texts = Texts::read(graph)?;
        let mut facets: Vec<Named> = Vec::new();
        let mut dimensions: Vec<Dimension> = Vec::new();
        let mut scheme = Scheme::default();
        for row in Rows::new(&rows(graph, named("map")?, Vec::new())?) {
            let facet_iri = row.iri("facet")?;
            let facet = facets
                .iter()
                .position(|f| f.iri == facet_iri)
                .unwrap_or(facets.len());
            if facet == facets.len() {
                facets.push(texts.name(facet_iri, row.text("facet_notation")?));
            }
            let iri = row.iri("dimension")?;
            if dimensions.last().is_none_or(|last| last.name.iri != iri) {
                let at = scheme.values.len();
                let weight = row
                    .text("weight")
                    .ok()
                    .and_then(|w| w.parse().ok())
                    .filter(|w: &f64| w.is_finite() && *w > 0.0);
                dimensions.push(Dimension {
                    name: texts.name(iri, row.text("dimension_notation")?),
                    facet,
                    weight: weight.unwrap_or(1.0),
                    ordered: row
                        .iri("scale")
                        .is_ok_and(|scale| scale.as_str().ends_with("Ordered")),
                    values: at..at,
                });
            }
            let last = dimensions.len() - 1;
            scheme.add(&row, last, &texts)?;
            dimensions[last].values.end = scheme.values.len();
        }
        if dimensions.is_empty() {
            return Err(Error::Ontology {
                reason: "it has no dimension with values".to_owned(),
                hint: Some("an ontology folder holds core.ttl, map.ttl and silos.ttl; see ontology/map.ttl for the form".to_owned()),
            });
        }
        let (values, closures, value_by_iri) = scheme.finish()?;

        let mut axes: Vec<Axis> = Vec::new();
        let mut scheme = Scheme::default();
        for row in Rows::new(&rows(graph, named("axes")?, Vec::new())?) {
            let iri = row.iri("axis")?;
            if axes.last().is_none_or(|last| last.name.iri != iri) {
                let at = scheme.values.len();
                axes.push(Axis {
                    name: texts.name(iri, row.text("axis_notation")?),
                    property: row.iri("property")?,
                    values: at..at,
                    same_stuff_as: Vec::new(),
                });
            }
            let last = axes.len() - 1;
            scheme.add(&row, last, &texts)?;
            axes[last].values.end = scheme.values.len();
        }
        for row in Rows::new(&rows(graph, named("circular-axes")?, Vec::new())?) {
            let (axis, dimension) = (row.iri("axis")?, row.iri("dimension")?);
            let dimension = dimensions.iter().position(|d| d.name.iri == dimension);
            if let (Some(axis), Some(dimension)) =
                (axes.iter_mut().find(|a| a.name.iri == axis), dimension)
            {
                axis.same_stuff_as.push(dimension);
            }
        }
        let (silo_values, silo_closures, silo_by_iri) = scheme.finish()?;
        Ok(Self {
            facets,
            dimensions,
            values,
            axes,
            silo_values,
            closures,
            silo_closures,
            value_by_iri,
            silo_by_iri,
        })
    }

    /// The value with this IRI.
    pub fn value(&self, iri: &str) -> Option<usize> {
        self.value_by_iri.get(iri).copied()
    }

    /// The silo value with this IRI.
    pub fn silo_value(&self, iri: &str) -> Option<usize> {
        self.silo_by_iri.get(iri).copied()
    }

    /// A value together with all that are broader.
    pub fn closure(&self, value: usize) -> &FixedBitSet {
        &self.closures[value]
    }

    /// A silo value together with all that are broader.
    pub fn silo_closure(&self, value: usize) -> &FixedBitSet {
        &self.silo_closures[value]
    }

    /// The members of a set that are broader than no other member.
    pub fn most_specific(&self, set: &FixedBitSet) -> Vec<usize> {
        set.ones()
            .filter(|&value| {
                !set.ones()
                    .any(|other| other != value && self.closures[other].contains(value))
            })
            .collect()
    }

    /// The dimension with this notation, label or IRI.
    pub fn dimension(&self, text: &str) -> Option<usize> {
        find(&self.dimensions.iter().map(|d| &d.name), text)
    }

    /// The axis with this notation, label or IRI.
    pub fn axis(&self, text: &str) -> Option<usize> {
        find(&self.axes.iter().map(|a| &a.name), text)
    }

    /// The facet with this notation, label or IRI.
    pub fn facet(&self, text: &str) -> Option<usize> {
        find(&self.facets.iter(), text)
    }

    /// The value of a dimension with this notation, label in any language, or IRI.
    pub fn find_value(&self, dimension: usize, text: &str) -> Option<usize> {
        let range = self.dimensions[dimension].values.clone();
        let names = self.values[range.clone()].iter().map(|value| &value.name);
        find(&names, text).map(|at| range.start + at)
    }

    /// The value of an axis with this notation, label in any language, or IRI.
    pub fn find_silo_value(&self, axis: usize, text: &str) -> Option<usize> {
        let range = self.axes[axis].values.clone();
        let names = self.silo_values[range.clone()]
            .iter()
            .map(|value| &value.name);
        find(&names, text).map(|at| range.start + at)
    }

    /// The notations of a dimension's values nearest to a text.
    pub fn near_values(&self, dimension: usize, text: &str) -> Vec<&str> {
        near(
            &self.values[self.dimensions[dimension].values.clone()],
            text,
        )
    }

    /// The notations of an axis's values nearest to a text.
    pub fn near_silo_values(&self, axis: usize, text: &str) -> Vec<&str> {
        near(&self.silo_values[self.axes[axis].values.clone()], text)
    }

    /// Everything that can be named as a term: values, silo values, dimensions, axes, facets.
    pub fn names(&self) -> impl Iterator<Item = &Named> {
        let values = self.values.iter().chain(&self.silo_values).map(|v| &v.name);
        values
            .chain(self.dimensions.iter().map(|d| &d.name))
            .chain(self.axes.iter().map(|a| &a.name))
            .chain(&self.facets)
    }
}

fn near<'a>(values: &'a [Value], text: &str) -> Vec<&'a str> {
    let hits = nearest(text, values.iter().flat_map(|v| v.name.texts()));
    let mut notations = Vec::new();
    for hit in hits {
        if let Some(value) = values.iter().find(|v| v.name.texts().any(|t| t == hit))
            && !notations.contains(&value.name.notation.as_str())
        {
            notations.push(value.name.notation.as_str());
        }
    }
    notations
}

/// Whether a text names a thing: by IRI, notation or label in any language, whatever its case.
pub fn matches(name: &Named, text: &str) -> bool {
    let text = text.trim();
    is_exactly(name, text)
        || name
            .texts()
            .any(|t| t.to_lowercase() == text.to_lowercase())
}

fn is_exactly(name: &Named, text: &str) -> bool {
    name.notation == text || name.iri.as_str() == text
}

/// The first thing that a text names; exact matches are tried before the slower ones.
fn find<'a>(names: &(impl Iterator<Item = &'a Named> + Clone), text: &str) -> Option<usize> {
    names
        .clone()
        .position(|name| is_exactly(name, text))
        .or_else(|| names.clone().position(|name| matches(name, text)))
}

type Finished = (Vec<Value>, Vec<FixedBitSet>, HashMap<String, usize>);

/// Collects the values of several schemes and closes them upwards.
#[derive(Default)]
struct Scheme {
    values: Vec<Value>,
    by_iri: HashMap<String, usize>,
    /// Pairs of a value and the IRI of a broader one.
    broader: Vec<(usize, NamedNode)>,
}

impl Scheme {
    /// Takes the value of a row; rows of one value with several broader ones follow each other.
    fn add(&mut self, row: &Row<'_>, scheme: usize, texts: &Texts) -> Result<()> {
        let iri = row.iri("value")?;
        let at = if let Some(&at) = self.by_iri.get(iri.as_str()) {
            at
        } else {
            let at = self.values.len();
            self.by_iri.insert(iri.as_str().to_owned(), at);
            let rank = row.text("rank").ok().and_then(|rank| rank.parse().ok());
            self.values.push(Value {
                name: texts.name(iri, row.text("value_notation")?),
                scheme,
                broader: Vec::new(),
                rank,
            });
            at
        };
        if let Ok(broader) = row.iri("broader") {
            self.broader.push((at, broader));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Finished> {
        let mut hierarchy: DiGraph<usize, ()> = DiGraph::new();
        let nodes: Vec<_> = (0..self.values.len())
            .map(|value| hierarchy.add_node(value))
            .collect();
        for (value, broader) in self.broader {
            let Some(&parent) = self.by_iri.get(broader.as_str()) else {
                return Err(Error::Ontology {
                    reason: format!(
                        "{} is said to be narrower than {}, which is no value of the map",
                        self.values[value].name.iri, broader
                    ),
                    hint: Some(
                        "give the broader value a skos:inScheme and a skos:notation".to_owned(),
                    ),
                });
            };
            hierarchy.add_edge(nodes[parent], nodes[value], ());
            self.values[value].broader.push(parent);
        }
        let broad_first = toposort(&hierarchy, None).map_err(|cycle| Error::Ontology {
            reason: format!(
                "{} is broader than itself",
                self.values[hierarchy[cycle.node_id()]].name.iri
            ),
            hint: Some("take out one skos:broader of the circle".to_owned()),
        })?;
        let mut closures = vec![FixedBitSet::with_capacity(self.values.len()); self.values.len()];
        for node in broad_first {
            let value = hierarchy[node];
            let mut closure = FixedBitSet::with_capacity(self.values.len());
            closure.insert(value);
            for &parent in &self.values[value].broader {
                closure.union_with(&closures[parent]);
            }
            closures[value] = closure;
        }
        Ok((self.values, closures, self.by_iri))
    }
}

/// Labels of things, by IRI.
struct Texts {
    preferred: HashMap<String, Vec<(String, String)>>,
    alternative: HashMap<String, Vec<String>>,
}

impl Texts {
    fn read(graph: &KnowledgeGraph) -> Result<Self> {
        let mut texts = Self {
            preferred: HashMap::new(),
            alternative: HashMap::new(),
        };
        for row in Rows::new(&rows(graph, named("texts")?, Vec::new())?) {
            let thing = row.iri("thing")?.into_string();
            let Some(Term::Literal(text)) = row.get("text") else {
                continue;
            };
            if row.iri("property")?.as_str().ends_with("altLabel") {
                texts
                    .alternative
                    .entry(thing)
                    .or_default()
                    .push(text.value().to_owned());
            } else {
                let language = text.language().unwrap_or("").to_owned();
                texts
                    .preferred
                    .entry(thing)
                    .or_default()
                    .push((language, text.value().to_owned()));
            }
        }
        Ok(texts)
    }

    fn name(&self, iri: NamedNode, notation: String) -> Named {
        let labels = self
            .preferred
            .get(iri.as_str())
            .cloned()
            .unwrap_or_default();
        let alternatives = self
            .alternative
            .get(iri.as_str())
            .cloned()
            .unwrap_or_default();
        Named {
            iri,
            notation,
            labels,
            alternatives,
        }
    }
}
