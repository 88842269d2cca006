//! Codings with their circumstances, so that profiles can be read again without some of them.

use std::collections::HashMap;

use super::{Profile, Profiles};
use crate::error::Result;
use crate::graph::KnowledgeGraph;
use crate::map::ConceptualMap;
use crate::query::{Rows, named, rows};
use crate::terms::short_name;
use crate::vocab::{ABSENT, PRESENT};

/// What a coding finds, and under which circumstances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Position of the programme.
    pub programme: usize,
    /// Position of the dimension.
    pub dimension: usize,
    /// Position of the value; without one a denial is of all values of the dimension.
    pub value: Option<usize>,
    /// Whether it is found present; else it is denied.
    pub present: bool,
    /// Short name of who found it; empty when not said.
    pub coder: String,
    /// Notation of the basis; empty when not said.
    pub basis: String,
    /// Type of the source; empty when not said.
    pub source_type: String,
}

/// All statements about the programmes of some profiles; silent sources make none.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// In the order of the query.
    pub statements: Vec<Statement>,
}

impl Evidence {
    /// Reads what the codings of a graph find; linear in the codings.
    ///
    /// # Errors
    /// Codings whose programme, dimension or finding is no IRI.
    pub fn read(graph: &KnowledgeGraph, map: &ConceptualMap, profiles: &Profiles) -> Result<Self> {
        let programmes: HashMap<&str, usize> = profiles
            .list
            .iter()
            .enumerate()
            .map(|(at, profile)| (profile.iri.as_str(), at))
            .collect();
        let mut statements = Vec::new();
        for row in Rows::new(&rows(graph, named("circumstances")?, Vec::new())?) {
            let finding = row.iri("finding")?;
            let known = (
                programmes.get(row.iri("programme")?.as_str()),
                map.dimension(row.iri("dimension")?.as_str()),
            );
            let (Some(&programme), Some(dimension)) = known else {
                continue;
            };
            if finding != PRESENT && finding != ABSENT {
                continue;
            }
            let short = |column: &str| match row.get(column) {
                Some(oxrdf::Term::NamedNode(node)) => short_name(node.as_str()).to_owned(),
                Some(oxrdf::Term::Literal(literal)) => literal.value().to_owned(),
                _ => String::new(),
            };
            let value = row.iri("value").ok();
            let value = value.and_then(|value| map.value(value.as_str()));
            statements.push(Statement {
                programme,
                dimension,
                value,
                present: finding == PRESENT,
                coder: short("coder"),
                basis: short("basis_notation"),
                source_type: short("source_type"),
            });
        }
        Ok(Self { statements })
    }

    /// What profiles say, where nothing else is known of it: a table tells no circumstances.
    pub fn of(map: &ConceptualMap, profiles: &Profiles) -> Self {
        let mut statements = Vec::new();
        for (programme, profile) in profiles.list.iter().enumerate() {
            let mut say = |dimension, value, present| {
                statements.push(Statement {
                    programme,
                    dimension,
                    value,
                    present,
                    coder: String::new(),
                    basis: String::new(),
                    source_type: String::new(),
                });
            };
            for value in profile.present.ones() {
                say(map.values[value].scheme, Some(value), true);
            }
            for value in profile.absent.ones() {
                say(map.values[value].scheme, Some(value), false);
            }
            for dimension in profile.stated.ones() {
                let mut values = map.dimensions[dimension].values.clone();
                if !values.any(|value| profile.present.contains(value)) {
                    say(dimension, None, false);
                }
            }
        }
        Self { statements }
    }

    /// The same programmes, position by position, as the statements that `keep` keeps tell of them.
    /// Names and silos stay.
    pub fn profiles(
        &self,
        map: &ConceptualMap,
        known: &Profiles,
        keep: &dyn Fn(&Statement) -> bool,
    ) -> Profiles {
        let empty = |profile: &Profile| Profile {
            silos: profile.silos.clone(),
            silo_closure: profile.silo_closure.clone(),
            silo_stated: profile.silo_stated.clone(),
            ..Profile::new(map, profile.iri.clone(), profile.name.clone())
        };
        let mut list: Vec<Profile> = known.list.iter().map(empty).collect();
        for statement in self.statements.iter().filter(|statement| keep(statement)) {
            let profile = &mut list[statement.programme];
            match statement.value {
                Some(value) if statement.present => profile.add_value(map, value),
                Some(value) => profile.absent.insert(value),
                None if !statement.present => profile.stated.insert(statement.dimension),
                None => {}
            }
        }
        Profiles { list }
    }
}
