//! `bridges`: programmes in different silos that share values, rarest first.

mod view;

use clap::{Args, ValueEnum};
use serde::Deserialize;
use serde_json::json;

use self::view::View;
use super::Context;
use super::comparing::{Study, axes, default_axes};
use super::facts;
use super::results::{Found, Results};
use crate::analysis::bridges::{Bridge, Request, bridges};
use crate::analysis::significance::{Adjustment, Pairs};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::map::ConceptualMap;
use crate::nearest::near_or_all;
use crate::output::{Body, Output};

/// Programmes in different silos that share roles or settings, rarest shared value first.
///
/// A pair is across when its values are disjoint on every chosen silo axis that both state, and
/// both state at least one. What a source does not state never counts as different.
#[derive(Args, Clone, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Bridges {
    /// Silo axes that must separate the pair, by notation (community, issue, main-role, setting)
    #[arg(long, value_delimiter = ',', default_values_t = default_axes(), value_name = "AXIS,…")]
    pub across: Vec<String>,
    /// Facets of the map that may be shared, by notation (roles, pathways, settings)
    #[arg(long, value_delimiter = ',', default_values_t = default_facets(), value_name = "FACET,…")]
    pub facet: Vec<String>,
    /// Fewest questions that both programmes answer, of those compared
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub min_comparable: usize,
    /// How many pairs to show; 0 shows all
    #[arg(short = 'k', long, default_value_t = 10, value_name = "N")]
    pub top: usize,
    /// Show only pairs with this programme
    #[arg(long, value_name = "PROGRAMME")]
    pub with: Option<String>,
    /// Order of the pairs
    #[arg(long, value_enum, default_value_t = Order::Rarity)]
    pub order: Order,
    /// Print the SPARQL query that returns the facts this stands on, instead of the answer
    #[arg(long)]
    pub as_sparql: bool,
    /// Answer with the results as RDF in a named graph of their own, to be kept and queried
    #[arg(long)]
    pub save: bool,
    /// When the results were made, to be written with --save, such as 2026-11-25T09:30:00Z
    #[arg(long, value_name = "TIME", requires = "save")]
    pub at: Option<String>,
}

/// How pairs are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// By the rarity of what is shared.
    #[default]
    Rarity,
    /// By the number of questions that can be compared, then rarity.
    Comparable,
}

impl Default for Bridges {
    fn default() -> Self {
        Self {
            across: default_axes(),
            facet: default_facets(),
            min_comparable: 1,
            top: 10,
            with: None,
            order: Order::Rarity,
            as_sparql: false,
            save: false,
            at: None,
        }
    }
}

fn default_facets() -> Vec<String> {
    vec!["roles".to_owned(), "settings".to_owned()]
}

impl Bridges {
    /// Finds the pairs.
    ///
    /// # Errors
    /// Axes, facets or a programme that the map does not have.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        self.on(&Study::new(dataset, context.language)?)
    }

    /// Finds the pairs among programmes that were read before.
    ///
    /// # Errors
    /// As of [`Self::run`].
    pub fn on(&self, study: &Study<'_>) -> Result<Output> {
        let dataset = study.dataset;
        let map = &dataset.map;
        let request = self.request(map)?;
        let (profiles, columns) = (&study.profiles, &study.columns);
        let mut found = bridges(map, profiles, &request);
        if let Some(programme) = &self.with {
            let wanted = profiles.position(programme)?;
            found.retain(|bridge| bridge.a == wanted || bridge.b == wanted);
        }
        if self.order == Order::Comparable {
            found.sort_by_key(|bridge| std::cmp::Reverse(bridge.comparable.len()));
        }
        let total = found.len();
        if self.top > 0 {
            found.truncate(self.top);
        }
        if self.as_sparql {
            let mut joined: Vec<usize> =
                found.iter().flat_map(|found| [found.a, found.b]).collect();
            joined.sort_unstable();
            joined.dedup();
            return facts::compared(study, &joined, &request.dimensions, &request.axes);
        }
        let model = study.chance()?;
        let across = |a: usize, b: usize| columns.across(a, b, &request.axes) == Some(true);
        let family = model.false_discovery(Pairs::Where(&across));
        let chance = |bridge: &Bridge| {
            let chance = model.pair(bridge.a, bridge.b)?;
            let q = family.q_value(chance.p, Adjustment::BenjaminiHochberg);
            Some((chance, q))
        };
        if self.save {
            let settings = json!({ "across": self.across, "facet": self.facet, "min_comparable": self.min_comparable,
                "top": self.top, "with": self.with, "order": format!("{:?}", self.order).to_lowercase() });
            let mut results = Results::new(study, "bridges", &settings, self.at.as_deref())?;
            for bridge in &found {
                let found = Found {
                    a: bridge.a,
                    b: bridge.b,
                    rarity: Some(bridge.rarity),
                    comparable: bridge.comparable.len(),
                    shared: bridge.shared.iter().map(|(value, _)| *value).collect(),
                    ..Found::default()
                };
                results.resemblance(study, &found.judged(chance(bridge)))?;
            }
            return Ok(results.finish("saved-resemblances"));
        }
        let view = View {
            chance: &chance,
            map,
            profiles,
            request: &request,
            language: study.language,
        };
        let mut output = Output::new(Body::Report(view.report(&found, total, dataset)));
        for note in Self::warnings(map, &request) {
            output = output.with_note(note);
        }
        Ok(output)
    }

    pub(super) fn request(&self, map: &ConceptualMap) -> Result<Request> {
        let axes = axes(map, &self.across)?;
        let mut facets = Vec::new();
        for text in &self.facet {
            facets.push(map.facet(text).ok_or_else(|| Error::Unknown {
                what: "facet",
                name: text.clone(),
                hint: Some(near_or_all(
                    text,
                    map.facets.iter().map(|f| f.notation.as_str()),
                )),
            })?);
        }
        let dimensions: Vec<usize> = (0..map.dimensions.len())
            .filter(|&d| facets.contains(&map.dimensions[d].facet))
            .collect();
        if self.min_comparable > dimensions.len() {
            return Err(Error::usage(
                format!(
                    "{} questions cannot be comparable: {} are compared",
                    self.min_comparable,
                    dimensions.len()
                ),
                "lower --min-comparable or add a --facet",
            ));
        }
        Ok(Request {
            axes,
            dimensions,
            min_comparable: self.min_comparable,
        })
    }

    fn warnings(map: &ConceptualMap, request: &Request) -> Vec<String> {
        let mut warnings = Vec::new();
        for &axis in &request.axes {
            let axis = &map.axes[axis];
            let same: Vec<&str> = axis
                .same_stuff_as
                .iter()
                .filter(|d| request.dimensions.contains(d))
                .map(|&d| map.dimensions[d].name.notation.as_str())
                .collect();
            if !same.is_empty() {
                warnings.push(format!(
                    "the axis {} is made of the same stuff as {}: sharing there across it goes round in a circle",
                    axis.name.notation,
                    same.join(" and ")
                ));
            }
        }
        warnings
    }
}
