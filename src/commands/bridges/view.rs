//! Bridges in words, as a table and as JSON.

use serde_json::json;

use crate::analysis::bridges::{Bridge, Request};
use crate::analysis::significance::Significance;
use crate::dataset::Dataset;
use crate::map::{ConceptualMap, Language};
use crate::output::cell::{decimal, text, whole};
use crate::output::{Block, Field, Inline, Report, Table};
use crate::profile::{Profile, Profiles};

/// What chance has to say about a bridge, with its false discovery rate.
pub(super) type Chance<'a> = &'a dyn Fn(&Bridge) -> Option<(Significance, f64)>;

/// Bridges in words.
pub(super) struct View<'a> {
    pub(super) chance: Chance<'a>,
    pub(super) map: &'a ConceptualMap,
    pub(super) profiles: &'a Profiles,
    pub(super) request: &'a Request,
    pub(super) language: Language,
}

impl View<'_> {
    pub(super) fn report(&self, found: &[Bridge], total: usize, dataset: &Dataset) -> Report {
        let names = |positions: &[usize], name: &dyn Fn(usize) -> String| {
            positions
                .iter()
                .map(|&p| name(p))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let axes = names(&self.request.axes, &|a| {
            self.map.axes[a].name.notation.clone()
        });
        let dimensions = names(&self.request.dimensions, &|d| {
            self.map.dimensions[d].name.notation.clone()
        });
        let programmes = self.profiles.list.len();
        let shown = if found.len() < total {
            format!("first {} of {total} pairs", found.len())
        } else {
            format!("{total} pairs")
        };
        let mut blocks = vec![Block::Paragraph(vec![Inline::text(format!(
            "{programmes} programmes ({}) · across {axes} · comparing {dimensions} · {shown}, rarest shared values first",
            dataset.origin.join(", ")
        ))])];
        if found.is_empty() {
            blocks.push(Block::Paragraph(vec![Inline::text(
                "No two programmes share a value across these silos, as far as their sources state both. Unstated never counts as different, so many pairs cannot be judged.",
            )]));
        }
        for (number, bridge) in found.iter().enumerate() {
            blocks.push(self.entry(number + 1, bridge));
        }
        blocks.push(Block::Heading("How to read this".to_owned()));
        blocks.push(Block::Paragraph(vec![Inline::faint(
            "Rarity of a value is -ln((1 + programmes with it) / (1 + programmes that answer the question)); a pair's rarity is the sum over the most specific values shared. \
             A pair is a resemblance found in texts, not a contact. Programmes are a purposeful sample, and a question that a source leaves open says nothing about the programme. \
             `peermap show PROGRAMME` gives evidence and sources.",
        )]));
        Report {
            title: "Bridges: programmes in different silos that share values".to_owned(),
            blocks,
            table: self.table(found),
            data: self.json(found, total),
            ..Report::default()
        }
    }

    fn value(&self, value: usize) -> &str {
        self.map.values[value].name.label(self.language)
    }

    fn link(profile: &Profile) -> Inline {
        Inline {
            tone: crate::output::Tone::Strong,
            ..Inline::link(profile.name.clone(), profile.iri.as_str())
        }
    }

    fn entry(&self, number: usize, bridge: &Bridge) -> Block {
        let (a, b) = (&self.profiles.list[bridge.a], &self.profiles.list[bridge.b]);
        let mut shared: Vec<Vec<Inline>> = Vec::new();
        for &dimension in &bridge.comparable {
            let values: Vec<String> = bridge
                .shared
                .iter()
                .filter(|(v, _)| self.map.values[*v].scheme == dimension)
                .map(|(v, rarity)| format!("{} ({rarity:.2})", self.value(*v)))
                .collect();
            if !values.is_empty() {
                shared.push(vec![Inline::text(format!(
                    "{}: {}",
                    self.dimension(dimension),
                    values.join(", ")
                ))]);
            }
        }
        let mut fields = vec![
            Field {
                name: "share".to_owned(),
                lines: shared,
            },
            Field::text("rarity", format!("{:.2}", bridge.rarity)),
            Field::text(
                "comparable",
                format!(
                    "{} of {} questions{}",
                    bridge.comparable.len(),
                    self.request.dimensions.len(),
                    if bridge.open.is_empty() {
                        String::new()
                    } else {
                        format!("; not stated by both: {}", self.dimensions(&bridge.open))
                    }
                ),
            ),
        ];
        fields.push(Field::text("by chance", self.by_chance(bridge)));
        let differs: Vec<Vec<Inline>> = [(a, &bridge.only_a), (b, &bridge.only_b)]
            .into_iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(profile, values)| {
                let list: Vec<&str> = values.iter().map(|&v| self.value(v)).collect();
                vec![Inline::text(format!(
                    "only {}: {}",
                    profile.id(),
                    list.join(", ")
                ))]
            })
            .collect();
        if !differs.is_empty() {
            fields.push(Field {
                name: "differ".to_owned(),
                lines: differs,
            });
        }
        let silos: Vec<Vec<Inline>> = bridge
            .separated_by
            .iter()
            .map(|&axis| {
                vec![Inline::text(format!(
                    "{}: {} | {}",
                    self.axis(axis),
                    self.silos(a, axis),
                    self.silos(b, axis)
                ))]
            })
            .chain(bridge.axes_open.iter().map(|&axis| {
                vec![Inline::faint(format!(
                    "{}: {} | {}",
                    self.axis(axis),
                    self.silos(a, axis),
                    self.silos(b, axis)
                ))]
            }))
            .collect();
        fields.push(Field {
            name: "silos".to_owned(),
            lines: silos,
        });
        let title = vec![
            Inline::text(format!("{number}. ")),
            Self::link(a),
            Inline::text(" ⟷ "),
            Self::link(b),
        ];
        Block::Entry { title, fields }
    }

    /// How much of the resemblance, over all questions that both answer, chance would give.
    fn by_chance(&self, bridge: &Bridge) -> String {
        let Some((chance, q)) = (self.chance)(bridge) else {
            return "cannot be judged: nothing is left to chance in what both state".to_owned();
        };
        let lift = chance
            .lift
            .map_or_else(String::new, |lift| format!(", {lift:.1} times as many"));
        format!(
            "over all questions {} values in common where {:.1} were to be expected{lift}; p {:.4}, false discovery rate {:.2}",
            chance.shared, chance.expected, chance.p, q
        )
    }

    fn dimension(&self, dimension: usize) -> &str {
        self.map.dimensions[dimension].name.label(self.language)
    }

    fn dimensions(&self, dimensions: &[usize]) -> String {
        dimensions
            .iter()
            .map(|&d| self.dimension(d))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn axis(&self, axis: usize) -> &str {
        self.map.axes[axis].name.label(self.language)
    }

    fn silos(&self, profile: &Profile, axis: usize) -> String {
        if !profile.silo_stated.contains(axis) {
            return "not stated".to_owned();
        }
        let values = self.map.axes[axis]
            .values
            .clone()
            .filter(|&v| profile.silos.contains(v));
        values
            .map(|v| self.map.silo_values[v].name.label(self.language))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn table(&self, found: &[Bridge]) -> Table {
        let notations = |values: &mut dyn Iterator<Item = usize>| {
            values
                .map(|v| self.map.values[v].name.notation.clone())
                .collect::<Vec<_>>()
                .join("|")
        };
        let rows = found
            .iter()
            .map(|bridge| {
                vec![
                    Some(self.profiles.list[bridge.a].iri.clone().into()),
                    Some(self.profiles.list[bridge.b].iri.clone().into()),
                    decimal(bridge.rarity, 4),
                    text(notations(&mut bridge.shared.iter().map(|(v, _)| *v))),
                    whole(bridge.comparable.len()),
                    text(notations(&mut bridge.only_a.iter().copied())),
                    text(notations(&mut bridge.only_b.iter().copied())),
                    text(
                        bridge
                            .separated_by
                            .iter()
                            .map(|&a| self.map.axes[a].name.notation.clone())
                            .collect::<Vec<_>>()
                            .join("|"),
                    ),
                ]
            })
            .collect();
        let columns = [
            "a",
            "b",
            "rarity",
            "shared",
            "comparable",
            "only_a",
            "only_b",
            "separated_by",
        ];
        Table {
            columns: columns.map(str::to_owned).to_vec(),
            rows,
        }
    }

    fn json(&self, found: &[Bridge], total: usize) -> serde_json::Value {
        let value = |v: usize| json!({ "iri": self.map.values[v].name.iri.as_str(), "label": self.value(v), "dimension": self.map.dimensions[self.map.values[v].scheme].name.notation });
        let programme = |p: &Profile| json!({ "iri": p.iri.as_str(), "label": p.name });
        let notations = |list: &[usize]| {
            list.iter()
                .map(|&d| self.map.dimensions[d].name.notation.clone())
                .collect::<Vec<_>>()
        };
        let axes = |list: &[usize]| {
            list.iter()
                .map(|&a| self.map.axes[a].name.notation.clone())
                .collect::<Vec<_>>()
        };
        let bridges: Vec<serde_json::Value> = found
            .iter()
            .map(|bridge| {
                json!({
                    "a": programme(&self.profiles.list[bridge.a]),
                    "b": programme(&self.profiles.list[bridge.b]),
                    "rarity": bridge.rarity,
                    "shared": bridge.shared.iter().map(|&(v, rarity)| { let mut value = value(v); value["rarity"] = json!(rarity); value }).collect::<Vec<_>>(),
                    "comparable": notations(&bridge.comparable),
                    "not_stated": notations(&bridge.open),
                    "only_a": bridge.only_a.iter().map(|&v| value(v)).collect::<Vec<_>>(),
                    "only_b": bridge.only_b.iter().map(|&v| value(v)).collect::<Vec<_>>(),
                    "separated_by": axes(&bridge.separated_by),
                    "axes_not_stated": axes(&bridge.axes_open),
                })
            })
            .collect();
        json!({
            "programmes": self.profiles.list.len(),
            "across": axes(&self.request.axes),
            "dimensions": notations(&self.request.dimensions),
            "pairs": total,
            "bridges": bridges,
        })
    }
}
