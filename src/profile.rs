//! Profiles: what each programme is said to be, as sets of values.
//!
//! "Not stated" is not "no": a dimension is *stated* when at least one coding finds a value of it
//! present, or finds that none of its values holds. A value that is only denied makes the value
//! absent and leaves the dimension as it was.

mod evidence;

use std::collections::HashMap;

pub use evidence::{Evidence, Statement};

use fixedbitset::FixedBitSet;
use oxrdf::NamedNode;

use crate::error::{Error, Result};
use crate::graph::KnowledgeGraph;
use crate::map::ConceptualMap;
use crate::nearest::did_you_mean;
use crate::query::{Rows, named, rows};
use crate::terms::short_name;
use crate::vocab::{ABSENT, PRESENT};

/// One programme on the map.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The programme.
    pub iri: NamedNode,
    /// Its name.
    pub name: String,
    /// Values found present, as coded.
    pub present: FixedBitSet,
    /// Values found present, with all broader ones.
    pub closure: FixedBitSet,
    /// Values found absent.
    pub absent: FixedBitSet,
    /// Dimensions with something known.
    pub stated: FixedBitSet,
    /// Silo values as stated.
    pub silos: FixedBitSet,
    /// Silo values with all broader ones.
    pub silo_closure: FixedBitSet,
    /// Silo axes with something stated.
    pub silo_stated: FixedBitSet,
}

impl Profile {
    /// A programme of which nothing is stated.
    pub fn new(map: &ConceptualMap, iri: NamedNode, name: String) -> Self {
        Self {
            iri,
            name,
            present: FixedBitSet::with_capacity(map.values.len()),
            closure: FixedBitSet::with_capacity(map.values.len()),
            absent: FixedBitSet::with_capacity(map.values.len()),
            stated: FixedBitSet::with_capacity(map.dimensions.len()),
            silos: FixedBitSet::with_capacity(map.silo_values.len()),
            silo_closure: FixedBitSet::with_capacity(map.silo_values.len()),
            silo_stated: FixedBitSet::with_capacity(map.axes.len()),
        }
    }

    /// Finds a value present.
    pub fn add_value(&mut self, map: &ConceptualMap, value: usize) {
        self.present.insert(value);
        self.closure.union_with(map.closure(value));
        self.stated.insert(map.values[value].scheme);
    }

    /// States a silo value.
    pub fn add_silo(&mut self, map: &ConceptualMap, value: usize) {
        self.silos.insert(value);
        self.silo_closure.union_with(map.silo_closure(value));
        self.silo_stated.insert(map.silo_values[value].scheme);
    }

    /// The last part of the IRI, by which people call the programme.
    pub fn id(&self) -> &str {
        short_name(self.iri.as_str())
    }
}

/// All programmes on the map.
#[derive(Clone, Debug)]
pub struct Profiles {
    /// Those of a graph by IRI, those of a table as they stand in it.
    pub list: Vec<Profile>,
}

impl Profiles {
    /// Reads the profiles of all programmes; linear in the number of codings.
    pub fn read(graph: &KnowledgeGraph, map: &ConceptualMap) -> Result<Self> {
        let mut list = Vec::new();
        let mut by_iri: HashMap<String, usize> = HashMap::new();
        for row in Rows::new(&rows(graph, named("programmes")?, Vec::new())?) {
            let iri = row.iri("programme")?;
            if by_iri.contains_key(iri.as_str()) {
                continue;
            }
            by_iri.insert(iri.as_str().to_owned(), list.len());
            let name = row
                .text("label")
                .unwrap_or_else(|_| iri.as_str().to_owned());
            list.push(Profile::new(map, iri, name));
        }
        for row in Rows::new(&rows(graph, named("profiles")?, Vec::new())?) {
            let Some(&at) = by_iri.get(row.iri("programme")?.as_str()) else {
                continue;
            };
            let profile = &mut list[at];
            let finding = row.iri("finding")?;
            match row
                .iri("value")
                .ok()
                .and_then(|value| map.value(value.as_str()))
            {
                Some(value) if finding == PRESENT => profile.add_value(map, value),
                Some(value) if finding == ABSENT => profile.absent.insert(value),
                None if finding == ABSENT => {
                    if let Some(dimension) = map.dimension(row.iri("dimension")?.as_str()) {
                        profile.stated.insert(dimension);
                    }
                }
                _ => {}
            }
        }
        for row in Rows::new(&rows(graph, named("silo-values")?, Vec::new())?) {
            let Some(&at) = by_iri.get(row.iri("programme")?.as_str()) else {
                continue;
            };
            if let Some(value) = map.silo_value(row.iri("value")?.as_str()) {
                list[at].add_silo(map, value);
            }
        }
        list.sort_by(|a: &Profile, b: &Profile| a.iri.as_str().cmp(b.iri.as_str()));
        Ok(Self { list })
    }

    /// Finds a programme by IRI, short name, name, or a part of them that fits only one.
    ///
    /// # Errors
    /// No fit, with near names; several fits, with their short names.
    pub fn find(&self, text: &str) -> Result<&Profile> {
        Ok(&self.list[self.position(text)?])
    }

    /// The position of a programme, found as by [`Profiles::find`].
    ///
    /// # Errors
    /// As of [`Profiles::find`].
    pub fn position(&self, text: &str) -> Result<usize> {
        let wanted = text.trim().trim_start_matches('<').trim_end_matches('>');
        let short = wanted
            .strip_prefix("programme:")
            .unwrap_or(wanted)
            .to_lowercase();
        let exact = |profile: &Profile| {
            profile.iri.as_str() == wanted
                || profile.id() == short
                || profile.name.to_lowercase() == short
        };
        if let Some(at) = self.list.iter().position(exact) {
            return Ok(at);
        }
        let partly: Vec<usize> = if short.is_empty() {
            Vec::new()
        } else {
            let fits = |&at: &usize| {
                let profile = &self.list[at];
                profile.id().contains(&short) || profile.name.to_lowercase().contains(&short)
            };
            (0..self.list.len()).filter(fits).collect()
        };
        match partly.as_slice() {
            [one] => Ok(*one),
            [] => Err(Error::Unknown {
                what: "programme",
                name: text.to_owned(),
                hint: did_you_mean(
                    &short,
                    self.list.iter().flat_map(|p| [p.id(), p.name.as_str()]),
                )
                .or_else(|| Some("`peermap named run programmes` lists them all".to_owned())),
            }),
            several => {
                let shown = several
                    .iter()
                    .take(8)
                    .map(|&at| self.list[at].id().to_owned());
                let rest = several.len().saturating_sub(8);
                let more = (rest > 0).then(|| format!("and {rest} more"));
                Err(Error::Ambiguous {
                    what: "programme",
                    name: text.to_owned(),
                    candidates: shown.chain(more).collect(),
                })
            }
        }
    }

    /// How many programmes have each value, broader ones included.
    pub fn counts(&self, map: &ConceptualMap) -> Vec<usize> {
        let mut counts = vec![0; map.values.len()];
        for profile in &self.list {
            for value in profile.closure.ones() {
                counts[value] += 1;
            }
        }
        counts
    }

    /// How many programmes state each dimension.
    pub fn stated_counts(&self, map: &ConceptualMap) -> Vec<usize> {
        let mut counts = vec![0; map.dimensions.len()];
        for profile in &self.list {
            for dimension in profile.stated.ones() {
                counts[dimension] += 1;
            }
        }
        counts
    }
}
