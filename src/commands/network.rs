//! `network`: programmes linked by likeness, for the eye, for other tools, or pair by pair.

use clap::Args;
use oxrdf::vocab::xsd;
use oxrdf::{Literal, NamedNode, Term};
use serde::Deserialize;
use serde_json::json;

use super::Context;
use super::comparing::{Comparing, Study, axes, default_axes, default_seed};
use super::facts;
use super::resemblances::{Resemblance, against_chance, resemblances, web};
use super::results::{Found, Results};
use crate::analysis::bits;
use crate::analysis::communities::{Communities, Settings, communities};
use crate::analysis::layout::layout;
use crate::analysis::membership::Membership;
use crate::analysis::network::Network as Web;
use crate::analysis::pairs::{AllPairs, Work};
use crate::analysis::similarity::Comparison;
use crate::analysis::svg::{Caption, Group, Link, Mark, NetworkPicture, network as draw};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::output::cell::{self, whole};
use crate::output::network::{Document, EdgeRecord, NodeRecord};
use crate::output::{Block, Body, Field, Inline, Output, Report, RowStream, Table};

/// Programmes linked by likeness: the strongest links of each that are more than chance.
///
/// A link is a resemblance found in texts, not a contact. With --all every pair above --min-score
/// is given, significant or not.
#[derive(Args, Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub struct Network {
    /// Links that each programme keeps
    #[arg(short = 'k', long, default_value_t = default_links(), value_name = "N")]
    #[serde(default = "default_links")]
    pub links: usize,
    /// Lowest score of a link, from 0 to 1
    #[arg(long, default_value_t = 0.0, value_name = "SCORE")]
    #[serde(default)]
    pub min_score: f64,
    /// Every pair above --min-score, whatever its significance
    #[arg(long)]
    #[serde(default)]
    pub all: bool,
    /// Only pairs in different silos, on the axes of --across
    #[arg(long)]
    #[serde(default)]
    pub other_silo: bool,
    /// Silo axes for --other-silo; the first one colours the picture
    #[arg(long, value_delimiter = ',', default_values_t = default_axes(), value_name = "AXIS,…")]
    #[serde(default = "default_axes")]
    pub across: Vec<String>,
    /// Only links that beat chance at this false discovery rate
    #[arg(long, value_name = "RATE")]
    #[serde(default)]
    pub fdr: Option<f64>,
    /// Most pairs that --all writes
    #[arg(long, default_value_t = default_edges(), value_name = "N")]
    #[serde(default = "default_edges")]
    pub max_edges: u64,
    /// Seed of layout and communities
    #[arg(long, default_value_t = 1, value_name = "N")]
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// Answer with the results as RDF in a named graph of their own, to be kept and queried
    #[arg(long)]
    #[serde(default)]
    pub save: bool,
    /// When the results were made, to be written with --save, such as 2026-11-25T09:30:00Z
    #[arg(long, value_name = "TIME", requires = "save")]
    #[serde(default)]
    pub at: Option<String>,
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
    5
}
const fn default_edges() -> u64 {
    5_000_000
}

impl Network {
    /// Makes the network.
    ///
    /// # Errors
    /// An axis or measure that is not known, a number out of its range, more pairs than allowed.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        self.on(&Study::new(dataset, context.language)?)
    }

    /// Makes the network of programmes that were read before.
    ///
    /// # Errors
    /// As of [`Self::run`].
    pub fn on(&self, study: &Study<'_>) -> Result<Output> {
        for (name, value) in [
            ("--min-score", self.min_score),
            ("--fdr", self.fdr.unwrap_or(0.0)),
        ] {
            if !(0.0..=1.0).contains(&value) {
                return Err(Error::usage(
                    format!("{name} {value} is not between 0 and 1"),
                    "give a share such as 0.5",
                ));
            }
        }
        let axes = axes(&study.dataset.map, &self.across)?;
        let chosen: &[usize] = if self.other_silo { &axes } else { &[] };
        let comparison = self.comparing.comparison(&study.columns, chosen)?;
        if self.all {
            return self.every_pair(study, &comparison, chosen);
        }
        let mut links = resemblances(study, &comparison, chosen, self.links)?;
        links.retain(|link| link.similarity.score >= self.min_score);
        if let Some(rate) = self.fdr {
            links.retain(|link| link.q.is_some_and(|q| q <= rate));
        }
        if self.as_sparql {
            let mut linked: Vec<usize> = links.iter().flat_map(|link| [link.a, link.b]).collect();
            linked.sort_unstable();
            linked.dedup();
            let compared = facts::dimensions(study, &comparison);
            return facts::compared(study, &linked, &compared, &axes);
        }
        if self.save {
            return self.saved(study, &comparison, &links);
        }
        Ok(Output::new(Body::Report(self.report(
            study,
            &comparison,
            &links,
            &axes,
        ))))
    }

    fn saved(
        &self,
        study: &Study<'_>,
        comparison: &Comparison,
        links: &[Resemblance],
    ) -> Result<Output> {
        let settings = study.settings(
            comparison,
            json!({ "links": self.links, "min_score": self.min_score, "fdr": self.fdr,
                "other_silo": self.other_silo.then(|| self.across.clone()) }),
        );
        let mut results = Results::new(study, "network", &settings, self.at.as_deref())?;
        for link in links {
            let found = Found {
                chance: link.p.zip(link.q),
                lift: link.lift,
                ..Found::explained(study, comparison, link.a, link.b)
            };
            results.resemblance(study, &found)?;
        }
        Ok(results.finish("saved-resemblances"))
    }

    fn every_pair(
        &self,
        study: &Study<'_>,
        comparison: &Comparison,
        axes: &[usize],
    ) -> Result<Output> {
        let pairs = AllPairs::new(&study.columns, &study.ic, comparison, axes);
        let expected = pairs.predict(self.min_score, &Work::default());
        if expected > self.max_edges {
            return Err(Error::Limit {
                reason: format!(
                    "{expected} pairs reach a score of {}; the limit is {}",
                    self.min_score, self.max_edges
                ),
                hint: Some("raise --min-score or --max-edges".to_owned()),
            });
        }
        drop(pairs);
        let names = ["a", "b", "score", "low", "high", "comparable"];
        let (columns, ic) = (study.columns.clone(), study.ic.clone());
        let (comparison, axes, least) = (*comparison, axes.to_vec(), self.min_score);
        let note = study.parameters_line(&comparison);
        let rows = RowStream::new(names.map(str::to_owned).to_vec(), move |sink| {
            let node = |at: usize| Some(NamedNode::new_unchecked(columns.name(at)).into());
            let decimal = |value: f64| cell::decimal(value, 6);
            AllPairs::new(&columns, &ic, &comparison, &axes).threshold(
                least,
                &Work::default(),
                |edge| {
                    let similarity = edge.similarity;
                    sink(&[
                        node(edge.a),
                        node(edge.b),
                        decimal(similarity.score),
                        decimal(similarity.low),
                        decimal(similarity.high),
                        whole(similarity.comparable),
                    ])
                },
            )
        });
        Ok(Output::new(Body::Rows(rows)).with_note(note))
    }

    fn report(
        &self,
        study: &Study<'_>,
        comparison: &Comparison,
        links: &[Resemblance],
        axes: &[usize],
    ) -> Report {
        let web = web(study, links);
        let groups = communities(
            &web,
            &Settings {
                seed: self.seed,
                ..Settings::default()
            },
        );
        let places = layout(&web, self.seed);
        let document = document(study, &web, links, groups.as_ref(), &places);
        let picture = axes
            .first()
            .map(|&axis| picture(study, &web, &places, axis));
        let mut blocks = vec![
            Block::Paragraph(vec![Inline::text(study.parameters_line(comparison))]),
            Block::Paragraph(vec![Inline::text(format!(
                "{} links: the {} strongest of each programme{}{} · seed {}",
                web.edges().len(),
                self.links,
                self.fdr.map_or_else(String::new, |rate| format!(
                    " at a false discovery rate of {rate}"
                )),
                if self.other_silo {
                    format!(", across {}", self.across.join(", "))
                } else {
                    String::new()
                },
                self.seed
            ))]),
            Block::Paragraph(vec![Inline::strong(against_chance(links))]),
        ];
        if let Some(groups) = &groups {
            let spread = groups.spread().map_or_else(String::new, |(low, high)| {
                format!(", modularity {low:.2} to {high:.2} over 20 seeds")
            });
            blocks.push(Block::Heading(format!(
                "Communities of like programmes{spread}"
            )));
            for (number, members) in groups
                .members
                .iter()
                .enumerate()
                .filter(|(_, members)| members.len() > 1)
            {
                let stable = groups
                    .stable_groups
                    .iter()
                    .filter(|group| group.iter().all(|node| members.contains(node)));
                let most = stable.map(Vec::len).max().unwrap_or(0);
                let names: Vec<&str> = members.iter().take(8).map(|&node| study.id(node)).collect();
                let more = members.len().saturating_sub(8);
                let rest = if more > 0 {
                    format!(" and {more} more")
                } else {
                    String::new()
                };
                blocks.push(Block::Entry {
                    title: vec![Inline::strong(format!(
                        "{}. {} programmes",
                        number + 1,
                        members.len()
                    ))],
                    fields: vec![
                        Field::text("such as", format!("{}{rest}", names.join(", "))),
                        Field::text(
                            "stable",
                            format!("largest group that stays together over the seeds: {most}"),
                        ),
                    ],
                });
            }
        }
        let decimal = |value: f64| cell::decimal(value, 6);
        let rows = links.iter().map(|link| {
            let similarity = link.similarity;
            vec![
                Some(NamedNode::new_unchecked(study.columns.name(link.a)).into()),
                Some(NamedNode::new_unchecked(study.columns.name(link.b)).into()),
                decimal(similarity.score),
                decimal(similarity.low),
                decimal(similarity.high),
                whole(similarity.comparable),
                link.p
                    .map(|p| Term::from(Literal::new_typed_literal(format!("{p:e}"), xsd::DOUBLE))),
                link.q.and_then(decimal),
                link.lift.and_then(decimal),
            ]
        });
        let columns = [
            "a",
            "b",
            "score",
            "low",
            "high",
            "comparable",
            "p",
            "q",
            "lift",
        ];
        let data = json!({
            "parameters": study.parameters(comparison), "seed": self.seed, "links": self.links, "fdr": self.fdr,
            "edges": links.iter().map(|link| json!({
                "a": study.columns.name(link.a), "b": study.columns.name(link.b), "score": link.similarity.score, "low": link.similarity.low,
                "high": link.similarity.high, "comparable": link.similarity.comparable, "p": link.p, "q": link.q, "lift": link.lift,
            })).collect::<Vec<_>>(),
            "communities": groups.as_ref().map(|groups| groups.members.iter().map(|members| members.iter().map(|&node| study.columns.name(node)).collect::<Vec<_>>()).collect::<Vec<_>>()),
        });
        Report {
            title: "Network of programmes by likeness".to_owned(),
            blocks,
            table: Table {
                columns: columns.map(str::to_owned).to_vec(),
                rows: rows.collect(),
            },
            data,
            network: Some(document),
            picture,
            ..Report::default()
        }
    }
}

fn document(
    study: &Study<'_>,
    web: &Web,
    links: &[Resemblance],
    groups: Option<&Communities>,
    places: &[[f64; 2]],
) -> Document {
    let schema = study.columns.schema();
    let nodes = (0..web.len()).map(|node| NodeRecord {
        name: study.columns.name(node).to_owned(),
        label: study.name(node).to_owned(),
        silos: schema
            .axes
            .iter()
            .map(|axis| {
                let mine = bits::ones(study.columns.silos(node))
                    .filter(|value| axis.values.contains(value));
                mine.map(|value| schema.silo_values[value].notation.clone())
                    .collect()
            })
            .collect(),
        community: groups.map(|groups| groups.of[node]),
        x: places[node][0],
        y: places[node][1],
    });
    let edges = links.iter().map(|link| EdgeRecord {
        a: link.a,
        b: link.b,
        score: link.similarity.score,
        low: Some(link.similarity.low),
        high: Some(link.similarity.high),
        comparable: Some(link.similarity.comparable as usize),
        p: link.p,
        q: link.q,
    });
    Document {
        title: "Programmes by likeness".to_owned(),
        axes: schema
            .axes
            .iter()
            .map(|axis| axis.notation.clone())
            .collect(),
        nodes: nodes.collect(),
        edges: edges.collect(),
    }
}

/// The network coloured by silo; programmes without links are left out.
fn picture(
    study: &Study<'_>,
    web: &Web,
    places: &[[f64; 2]],
    axis: usize,
) -> crate::output::Picture {
    let map = &study.dataset.map;
    let membership = Membership::new(&study.columns, axis);
    let shown: Vec<usize> = (0..web.len())
        .filter(|&node| web.degree(node) > 0)
        .collect();
    let range = map.axes[axis].values.clone();
    let groups: Vec<String> = range
        .clone()
        .map(|v| map.silo_values[v].name.label(study.language).to_owned())
        .collect();
    let group = |node: usize| match membership.values(node) {
        [] => Group::NotStated,
        [one] if range.contains(one) => Group::One(one - range.start),
        [one] => Group::One(*one),
        _ => Group::Several,
    };
    let nodes: Vec<Mark> = shown
        .iter()
        .map(|&node| Mark {
            label: study.name(node).to_owned(),
            x: places[node][0],
            y: places[node][1],
            group: group(node),
        })
        .collect();
    let at = |node: usize| shown.binary_search(&node).unwrap_or(usize::MAX);
    let links: Vec<Link> = web
        .edges()
        .iter()
        .map(|edge| Link {
            a: at(edge.a),
            b: at(edge.b),
            score: edge.score,
            across: membership.across(edge.a, edge.b),
        })
        .collect();
    draw(&NetworkPicture {
        caption: Caption {
            id: "network",
            title: "Programmes by likeness",
        },
        grouping: map.axes[axis].name.label(study.language),
        groups: &groups,
        nodes: &nodes,
        links: &links,
    })
}
