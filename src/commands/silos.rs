//! `silos`: whether programmes that do like work sit in the same silos.

use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::Context;
use super::comparing::{Comparing, Study, axes, default_axis, default_seed};
use super::facts;
use super::resemblances::{against_chance, resemblances, web};
use crate::analysis::agreement::agreement;
use crate::analysis::centrality::{articulation_points, betweenness, participation};
use crate::analysis::communities::{Settings, communities};
use crate::analysis::membership::Membership;
use crate::analysis::mixing::mixing;
use crate::analysis::significance::silo_mixing;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::output::cell::{self, text, whole};
use crate::output::{Block, Body, Field, Inline, Output, Report, Table};

/// Whether likeness follows silos: agreement, mixing, and the programmes that span silos.
#[derive(Args, Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Silos {
    /// Silo axis
    #[arg(long, default_value = "issue", value_name = "AXIS")]
    #[serde(default = "default_axis")]
    pub axis: String,
    /// Links that each programme keeps
    #[arg(short = 'k', long, default_value_t = 10, value_name = "N")]
    #[serde(default = "default_links")]
    pub links: usize,
    /// False discovery rate of pairs of silos
    #[arg(long, default_value_t = 0.05, value_name = "RATE")]
    #[serde(default = "default_rate")]
    pub fdr: f64,
    /// Permutations of every comparison with chance
    #[arg(long, default_value_t = 999, value_name = "N")]
    #[serde(default = "default_permutations")]
    pub permutations: u32,
    /// Seed
    #[arg(long, default_value_t = 1, value_name = "N")]
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// Print the SPARQL query that returns the facts this stands on, instead of the answer
    #[arg(long)]
    #[serde(default)]
    pub as_sparql: bool,
    /// How to compare
    #[command(flatten)]
    #[serde(flatten)]
    pub comparing: Comparing,
}

const fn default_links() -> usize {
    10
}
const fn default_rate() -> f64 {
    0.05
}
const fn default_permutations() -> u32 {
    999
}

impl Silos {
    /// Compares the network with the silos.
    ///
    /// # Errors
    /// An axis or measure that is not known.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        self.on(&Study::new(dataset, context.language)?)
    }

    /// Compares the silos of programmes that were read before.
    ///
    /// # Errors
    /// As of [`Self::run`].
    pub fn on(&self, study: &Study<'_>) -> Result<Output> {
        let dataset = study.dataset;
        let axis = axes(&dataset.map, std::slice::from_ref(&self.axis))?[0];
        // Questions made of the same stuff as the axis are left out, or silos would explain themselves.
        let comparison = self.comparing.comparison(&study.columns, &[axis])?;
        if self.as_sparql {
            let all: Vec<usize> = (0..study.columns.len()).collect();
            let compared = facts::dimensions(study, &comparison);
            return facts::compared(study, &all, &compared, &[axis]);
        }
        let links = resemblances(study, &comparison, &[], self.links)?;
        let web = web(study, &links);
        let membership = Membership::new(&study.columns, axis);
        let mixed = mixing(&web, &membership, self.permutations as usize, self.seed);
        let found = communities(
            &web,
            &Settings {
                seed: self.seed,
                ..Settings::default()
            },
        );
        let groups: Vec<Option<usize>> = (0..web.len())
            .map(|node| {
                found
                    .as_ref()
                    .filter(|_| web.degree(node) > 0)
                    .map(|found| found.of[node])
            })
            .collect();
        let agreed = agreement(&groups, &membership, self.permutations as usize, self.seed);
        let ends: Vec<(usize, usize)> = links.iter().map(|link| (link.a, link.b)).collect();
        let between = silo_mixing(&study.columns, axis, &ends, self.permutations, self.seed);
        let spans = participation(&web, &membership);
        let brokers = betweenness(&web, self.seed);

        let mut blocks = vec![
            Block::Paragraph(vec![Inline::text(study.parameters_line(&comparison))]),
            Block::Paragraph(vec![Inline::text(format!(
                "{} links, the {} strongest of each programme · axis {} · {} permutations, seed {}",
                web.edges().len(),
                self.links,
                self.axis,
                self.permutations,
                self.seed
            ))]),
        ];
        blocks.push(Block::Paragraph(vec![Inline::strong(against_chance(
            &links,
        ))]));
        let number = |value: Option<f64>| {
            value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"))
        };
        let chance = |chance: Option<&crate::analysis::chance::Chance>| {
            chance.map_or_else(String::new, |chance| {
                format!(" ({:.2} to {:.2} by chance)", chance.low, chance.high)
            })
        };
        let mut fields = vec![
            Field::text(
                "links",
                format!(
                    "{} inside a silo, {} across, {} cannot be judged",
                    mixed.internal, mixed.external, mixed.unstated
                ),
            ),
            Field::text(
                "E-I index",
                format!("{}{}", number(mixed.ei), chance(mixed.ei_chance.as_ref())),
            ),
            Field::text(
                "assortativity",
                format!(
                    "{} over {} links with one silo at each end",
                    number(mixed.assortativity),
                    mixed.single
                ),
            ),
        ];
        if let Some(agreed) = &agreed {
            fields.push(Field::text(
                "agreement",
                format!(
                    "communities and silos: AMI {:.2}{}, ARI {:.2}, over {} programmes; {} have several silos, {} state none",
                    agreed.ami, chance(agreed.ami_chance.as_ref()), agreed.ari, agreed.programmes, agreed.several, agreed.unstated
                ),
            ));
        }
        blocks.push(Block::Entry {
            title: vec![Inline::strong("Does likeness follow silos?")],
            fields,
        });
        blocks.push(Block::Heading(
            "Silos that are more, or less, alike than chance".to_owned(),
        ));
        let label = |value: usize| {
            dataset.map.silo_values[value]
                .name
                .label(study.language)
                .to_owned()
        };
        let mut telling: Vec<_> = between
            .pairs
            .iter()
            .filter(|pair| pair.a != pair.b && pair.q.is_some_and(|q| q <= self.fdr))
            .collect();
        telling.sort_by(|x, y| {
            y.ratio
                .total_cmp(&x.ratio)
                .then((x.a, x.b).cmp(&(y.a, y.b)))
        });
        if telling.is_empty() {
            blocks.push(Block::Paragraph(vec![Inline::text(
                "No pair of silos at this false discovery rate.",
            )]));
        } else {
            blocks.push(Block::Grid {
                columns: ["silo", "silo", "links", "by chance", "ratio", "q"]
                    .map(str::to_owned)
                    .to_vec(),
                rows: telling
                    .iter()
                    .take(20)
                    .map(|pair| {
                        vec![
                            Inline::text(label(pair.a)),
                            Inline::text(label(pair.b)),
                            Inline::text(pair.observed.to_string()),
                            Inline::text(format!("{:.1}", pair.expected)),
                            Inline::text(format!("{:.1}", pair.ratio)),
                            Inline::text(format!("{:.3}", pair.q.unwrap_or(1.0))),
                        ]
                    })
                    .collect(),
            });
        }
        blocks.push(Block::Heading("Programmes that span silos".to_owned()));
        let mut nodes: Vec<usize> = (0..web.len())
            .filter(|&node| spans[node].coefficient.is_some() && spans[node].known >= 3)
            .collect();
        nodes.sort_by(|&x, &y| {
            let coefficient = |node: usize| spans[node].coefficient.unwrap_or(0.0);
            coefficient(y)
                .total_cmp(&coefficient(x))
                .then(brokers.values[y].total_cmp(&brokers.values[x]))
                .then(x.cmp(&y))
        });
        let cut = articulation_points(&web);
        for &node in nodes.iter().take(10) {
            let span = &spans[node];
            blocks.push(Block::Entry {
                title: vec![study.link(node)],
                fields: vec![
                    Field::text(
                        "participation",
                        format!(
                            "{} over {} neighbours; {} state no silo",
                            number(span.coefficient),
                            span.known,
                            span.unknown
                        ),
                    ),
                    Field::text(
                        "betweenness",
                        format!(
                            "{:.3}{}",
                            brokers.values[node],
                            if cut.contains(&node) {
                                "; without it the network falls apart here"
                            } else {
                                ""
                            }
                        ),
                    ),
                    Field::text("silo", study.silos(node, axis)),
                ],
            });
        }
        blocks.push(Block::Paragraph(vec![Inline::faint(
            "A link is a resemblance in texts, not a contact: those whom it joins could learn from each other. E-I is (across - inside) / (across + inside); participation is 0 when all neighbours are in one silo (Guimerà and Amaral 2005).",
        )]));
        let decimal = |value: f64| cell::decimal(value, 4);
        let notation =
            |value: usize| text(study.columns.schema().silo_values[value].notation.clone());
        let table = Table {
            columns: ["a", "b", "observed", "expected", "ratio", "z", "p", "q"]
                .map(str::to_owned)
                .to_vec(),
            rows: between
                .pairs
                .iter()
                .map(|pair| {
                    vec![
                        notation(pair.a),
                        notation(pair.b),
                        whole(pair.observed),
                        decimal(pair.expected),
                        decimal(pair.ratio),
                        pair.z.and_then(decimal),
                        pair.p.and_then(decimal),
                        pair.q.and_then(decimal),
                    ]
                })
                .collect(),
        };
        let data = json!({
            "parameters": study.parameters(&comparison), "axis": self.axis, "links": web.edges().len(), "seed": self.seed, "permutations": self.permutations,
            "single": mixed.single,
            "ei_chance": mixed.ei_chance.as_ref().map(|chance| [chance.low, chance.high]),
            "ami_chance": agreed.as_ref().and_then(|agreed| agreed.ami_chance.as_ref()).map(|chance| [chance.low, chance.high]),
            "agreement": agreed.as_ref().map(|agreed| json!({ "programmes": agreed.programmes, "several": agreed.several, "unstated": agreed.unstated })),
            "internal": mixed.internal, "external": mixed.external, "unstated": mixed.unstated, "ei": mixed.ei, "assortativity": mixed.assortativity,
            "ami": agreed.as_ref().map(|agreed| agreed.ami), "ari": agreed.as_ref().map(|agreed| agreed.ari),
            "spanning": nodes.iter().map(|&node| json!({ "programme": study.json(node), "participation": spans[node].coefficient, "betweenness": brokers.values[node] })).collect::<Vec<_>>(),
        });
        Ok(Output::new(Body::Report(Report {
            title: format!("Silos: does likeness follow {}?", self.axis),
            blocks,
            table,
            data,
            ..Report::default()
        })))
    }
}
