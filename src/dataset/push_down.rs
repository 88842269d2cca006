//! The one table that the analysis needs, counted where the data are: what is said of a programme,
//! and of how many exactly that is said. One aggregate does it on any SPARQL 1.1 endpoint.

use std::collections::BTreeMap;

use oxrdf::Term;

use super::Dataset;
use crate::analysis::columns::{Columns, Row};
use crate::analysis::profiles::{counted, schema};
use crate::error::{Error, Result};
use crate::map::ConceptualMap;
use crate::query::{Rows, named, rows};
use crate::terms::short_name;

/// How to count elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PushDown {
    /// Profiles of fewer programmes than this are left out: where rows are persons, a rare profile
    /// could tell who somebody is. 0 and 1 leave out none.
    pub min_cell: u32,
}

impl Dataset {
    /// Asks the endpoint for profiles and how many programmes have each. They have no names: each
    /// is called by its place in a stable order.
    ///
    /// # Errors
    /// An endpoint that does not answer; no programme there at all; a count that is no number.
    pub(super) fn push_down(&self, how: PushDown) -> Result<Columns> {
        let properties = self
            .map
            .axes
            .iter()
            .map(|axis| ("property".to_owned(), Term::from(axis.property.clone())));
        let table = rows(&self.graph, named("push-down")?, properties.collect())?;
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for row in Rows::new(&table) {
            let said = row.text("said")?;
            let mut parts: Vec<&str> = said.split('|').collect();
            parts.sort_unstable();
            parts.dedup();
            let count = row.text("count")?;
            let count: u32 = count.parse().map_err(|_| Error::Ontology {
                reason: format!("the endpoint counts `{count}` programmes"),
                hint: None,
            })?;
            let sum = counts.entry(parts.join("|")).or_default();
            *sum = sum.saturating_add(count);
        }
        if counts.is_empty() {
            return Err(Error::Ontology {
                reason: "the endpoint has no programmes".to_owned(),
                hint: Some("it should hold statements with pm:Programme and pm:Coding; see `peermap show` for what they look like here".to_owned()),
            });
        }
        let kept = counts
            .into_iter()
            .filter(|(_, count)| *count >= how.min_cell);
        let rows = kept.map(|(said, count)| Row {
            count,
            ..read(&self.map, &said)
        });
        Ok(counted(&Columns::new(schema(&self.map), rows.collect())))
    }
}

/// A profile from its parts; what the map does not know is left out.
fn read(map: &ConceptualMap, said: &str) -> Row {
    let mut row = Row::default();
    for part in said.split('|') {
        let Some((kind, iri)) = part.split_once(' ') else {
            continue;
        };
        match kind {
            "present" => row.values.extend(map.value(iri)),
            "absent" => row.none.extend(map.dimension(iri)),
            "silo" => row.silo_values.extend(map.silo_value(iri)),
            "label" => row.labels.push(short_name(iri).to_owned()),
            _ => {}
        }
    }
    row
}
