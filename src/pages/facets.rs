//! Choosing programmes by what they answer: values of one question are alternatives, questions add
//! up, and "not stated" is an answer like any other.

use std::fmt::Write as _;

use super::ask::Ask;
use super::explorer::Explorer;
use crate::error::{Error, Result};
use crate::map::{Language, Named, Value};
use crate::nearest::near_or_all;
use crate::profile::Profile;

/// The value of a facet that stands for nothing stated.
pub(super) const NOT_STATED: &str = "not-stated";
/// The value of a facet that stands for every value denied.
pub(super) const NONE: &str = "none";

/// What can be ticked in a facet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pick {
    Value(usize),
    NotStated,
    None,
}

/// A question or a silo axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Facet {
    Dimension(usize),
    Axis(usize),
}

/// What is chosen.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    picks: Vec<(Facet, Vec<Pick>)>,
    words: Option<String>,
    label: Option<String>,
}

/// A value of a facet on the page.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) name: String,
    pub(super) count: usize,
    pub(super) ticked: bool,
    /// How many values are broader, for the indent.
    pub(super) depth: usize,
}

/// A facet on the page.
pub(super) struct FacetView {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) question: String,
    pub(super) choices: Vec<Choice>,
    pub(super) chosen: usize,
}

impl Facet {
    /// All facets in the order of the map.
    pub(super) fn all(explorer: &Explorer) -> Vec<Self> {
        let map = &explorer.dataset.map;
        (0..map.dimensions.len())
            .map(Self::Dimension)
            .chain((0..map.axes.len()).map(Self::Axis))
            .collect()
    }

    pub(super) fn name(self, explorer: &Explorer) -> &Named {
        let map = &explorer.dataset.map;
        match self {
            Self::Dimension(at) => &map.dimensions[at].name,
            Self::Axis(at) => &map.axes[at].name,
        }
    }

    fn values(self, explorer: &Explorer) -> (std::ops::Range<usize>, &[Value]) {
        let map = &explorer.dataset.map;
        match self {
            Self::Dimension(at) => (map.dimensions[at].values.clone(), &map.values),
            Self::Axis(at) => (map.axes[at].values.clone(), &map.silo_values),
        }
    }

    fn has(self, profile: &Profile, pick: Pick) -> bool {
        match (self, pick) {
            (Self::Dimension(_), Pick::Value(value)) => profile.closure.contains(value),
            (Self::Axis(_), Pick::Value(value)) => profile.silo_closure.contains(value),
            (Self::Dimension(at), Pick::NotStated) => !profile.stated.contains(at),
            (Self::Axis(at), Pick::NotStated) => !profile.silo_stated.contains(at),
            (_, Pick::None) => false,
        }
    }

    fn fits(self, explorer: &Explorer, profile: &Profile, picks: &[Pick]) -> bool {
        picks.iter().any(|&pick| match (self, pick) {
            (Self::Dimension(at), Pick::None) => {
                let values = explorer.dataset.map.dimensions[at].values.clone();
                profile.stated.contains(at)
                    && !values.into_iter().any(|v| profile.present.contains(v))
            }
            _ => self.has(profile, pick),
        })
    }
}

impl Selection {
    /// Reads what is chosen.
    ///
    /// # Errors
    /// A value that the map does not have, with near ones.
    pub(super) fn read(explorer: &Explorer, ask: &Ask) -> Result<Self> {
        let map = &explorer.dataset.map;
        let mut picks = Vec::new();
        for facet in Facet::all(explorer) {
            let mut here = Vec::new();
            for text in ask.all(&facet.name(explorer).notation) {
                let found = match facet {
                    Facet::Dimension(at) => map.find_value(at, text),
                    Facet::Axis(at) => map.find_silo_value(at, text),
                };
                here.push(match (text, found) {
                    (_, Some(value)) => Pick::Value(value),
                    (NOT_STATED, None) => Pick::NotStated,
                    (NONE, None) => Pick::None,
                    (_, None) => {
                        let (range, values) = facet.values(explorer);
                        let known = values[range].iter().map(|v| v.name.notation.as_str());
                        return Err(Error::Unknown {
                            what: "value of this question",
                            name: text.to_owned(),
                            hint: Some(near_or_all(text, known)),
                        });
                    }
                });
            }
            if !here.is_empty() {
                picks.push((facet, here));
            }
        }
        Ok(Self {
            picks,
            words: ask.one("q").map(str::to_lowercase),
            label: ask
                .one("label")
                .map(|label| format!("{}label/{label}", crate::vocab::BASE)),
        })
    }

    /// Whether a programme fits, leaving one facet out of account.
    fn fits_but(&self, explorer: &Explorer, at: usize, but: Option<Facet>) -> bool {
        let profile = &explorer.profiles.list[at];
        let words = self.words.as_ref().is_none_or(|words| {
            profile.name.to_lowercase().contains(words.as_str()) || profile.id().contains(words)
        });
        words
            && self
                .label
                .as_ref()
                .is_none_or(|label| explorer.labels[at].contains(label))
            && self
                .picks
                .iter()
                .filter(|(facet, _)| Some(*facet) != but)
                .all(|(facet, picks)| facet.fits(explorer, profile, picks))
    }

    /// Positions of the programmes that fit, in the order of the data.
    pub(super) fn fitting(&self, explorer: &Explorer) -> Vec<usize> {
        (0..explorer.profiles.list.len())
            .filter(|&at| self.fits_but(explorer, at, None))
            .collect()
    }

    /// The facets with how many programmes each further value would leave: those that fit
    /// everything else.
    pub(super) fn facets(&self, explorer: &Explorer, language: Language) -> Vec<FacetView> {
        let view = |facet: Facet| {
            let others: Vec<&Profile> = (0..explorer.profiles.list.len())
                .filter(|&at| self.fits_but(explorer, at, Some(facet)))
                .map(|at| &explorer.profiles.list[at])
                .collect();
            let picked: &[Pick] = self
                .picks
                .iter()
                .find(|(f, _)| *f == facet)
                .map_or(&[], |(_, picks)| picks);
            let count = |pick: Pick| {
                others
                    .iter()
                    .filter(|profile| facet.fits(explorer, profile, &[pick]))
                    .count()
            };
            let (range, values) = facet.values(explorer);
            let mut choices: Vec<Choice> = range
                .map(|value| Choice {
                    value: values[value].name.notation.clone(),
                    name: values[value].name.label(language).to_owned(),
                    count: count(Pick::Value(value)),
                    ticked: picked.contains(&Pick::Value(value)),
                    depth: depth(values, value),
                })
                .collect();
            let texts = Explorer::texts(language);
            for (pick, value, key) in [
                (Pick::NotStated, NOT_STATED, "facets.not-stated"),
                (Pick::None, NONE, "facets.none"),
            ] {
                let count = count(pick);
                let ticked = picked.contains(&pick);
                if count > 0 || ticked || pick == Pick::NotStated {
                    choices.push(Choice {
                        value: value.to_owned(),
                        name: texts.get(key).to_owned(),
                        count,
                        ticked,
                        depth: 0,
                    });
                }
            }
            let name = facet.name(explorer);
            FacetView {
                key: name.notation.clone(),
                name: name.label(language).to_owned(),
                question: match facet {
                    Facet::Dimension(at) => explorer.question(language, at).to_owned(),
                    Facet::Axis(_) => String::new(),
                },
                chosen: picked.len(),
                choices,
            }
        };
        Facet::all(explorer).into_iter().map(view).collect()
    }

    /// The query that gives the same programmes.
    pub(super) fn sparql(&self, explorer: &Explorer) -> String {
        let prefixes = explorer.dataset.graph.prefixes();
        let map = &explorer.dataset.map;
        let mut patterns = String::new();
        for (facet, picks) in &self.picks {
            let branches: Vec<String> = picks
                .iter()
                .map(|pick| match (facet, pick) {
                    (Facet::Dimension(_), Pick::Value(value)) => format!(
                        "{{ ?programme pm:hasMapValue/skos:broader* {} }}",
                        prefixes.display_iri(map.values[*value].name.iri.as_str())
                    ),
                    (Facet::Axis(at), Pick::Value(value)) => format!(
                        "{{ ?programme {}/skos:broader* {} }}",
                        prefixes.display_iri(map.axes[*at].property.as_str()),
                        prefixes.display_iri(map.silo_values[*value].name.iri.as_str())
                    ),
                    (Facet::Axis(at), Pick::NotStated | Pick::None) => format!(
                        "{{ ?programme a pm:Programme MINUS {{ ?programme {} ?stated }} }}",
                        prefixes.display_iri(map.axes[*at].property.as_str())
                    ),
                    (Facet::Dimension(at), Pick::NotStated) => {
                        let d = prefixes.display_iri(map.dimensions[*at].name.iri.as_str());
                        format!("{{ ?programme a pm:Programme\n      MINUS {{ ?c pm:codingOf ?programme ; pm:onDimension {d} ; pm:finding pm:Present }}\n      MINUS {{ ?c pm:codingOf ?programme ; pm:onDimension {d} ; pm:finding pm:Absent . FILTER NOT EXISTS {{ ?c pm:codedValue ?v }} }} }}")
                    }
                    (Facet::Dimension(at), Pick::None) => {
                        let d = prefixes.display_iri(map.dimensions[*at].name.iri.as_str());
                        format!("{{ ?c pm:codingOf ?programme ; pm:onDimension {d} ; pm:finding pm:Absent . FILTER NOT EXISTS {{ ?c pm:codedValue ?v }}\n      MINUS {{ ?other pm:codingOf ?programme ; pm:onDimension {d} ; pm:finding pm:Present }} }}")
                    }
                })
                .collect();
            let _ = writeln!(patterns, "  {}", branches.join("\n  UNION "));
        }
        if let Some(label) = &self.label {
            let _ = writeln!(
                patterns,
                "  ?programme pm:usesLabel {} .",
                prefixes.display_iri(label)
            );
        }
        if let Some(words) = &self.words {
            let words = oxrdf::Literal::new_simple_literal(words);
            let _ = writeln!(
                patterns,
                "  FILTER (CONTAINS(LCASE(?name), {words}) || CONTAINS(STRAFTER(STR(?programme), \"/programme/\"), {words}))"
            );
        }
        format!(
            "PREFIX pm: <https://w3id.org/peermap/ns#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n{}SELECT DISTINCT ?programme ?name WHERE {{\n  ?programme a pm:Programme ; rdfs:label ?name .\n{patterns}}}\nORDER BY ?programme",
            self.prefix_lines(explorer)
        )
    }

    /// Prefixes of the values that the query names.
    fn prefix_lines(&self, explorer: &Explorer) -> String {
        let map = &explorer.dataset.map;
        let mut used: Vec<&str> = Vec::new();
        for (facet, picks) in &self.picks {
            for pick in picks {
                match (facet, pick) {
                    (Facet::Dimension(_), Pick::Value(v)) => {
                        used.push(map.values[*v].name.iri.as_str());
                    }
                    (Facet::Axis(_), Pick::Value(v)) => {
                        used.push(map.silo_values[*v].name.iri.as_str());
                    }
                    (Facet::Dimension(at), _) => used.push(map.dimensions[*at].name.iri.as_str()),
                    (Facet::Axis(_), _) => {}
                }
            }
        }
        used.extend(self.label.as_deref());
        let mut lines: Vec<String> = explorer
            .dataset
            .graph
            .prefixes()
            .iter()
            .filter(|(prefix, _)| {
                used.iter().any(|iri| {
                    let short = explorer.dataset.graph.prefixes().shorten(iri);
                    short.is_some_and(|short| {
                        short.split_once(':').is_some_and(|(p, _)| p == *prefix)
                    })
                })
            })
            .map(|(prefix, namespace)| format!("PREFIX {prefix}: <{namespace}>\n"))
            .collect();
        lines.sort();
        lines.concat()
    }
}

/// How many steps a value is below a top one.
fn depth(values: &[Value], value: usize) -> usize {
    values[value]
        .broader
        .iter()
        .map(|&broader| 1 + depth(values, broader))
        .max()
        .unwrap_or(0)
}
