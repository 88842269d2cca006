//! `report`: everything on one page, to read offline and to print.

use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::bridges::Bridges;
use super::comparing::{Comparing, Study};
use super::concepts::Concepts;
use super::gaps::Gaps;
use super::info::Info;
use super::labels::Labels;
use super::network::Network;
use super::robustness::Robustness;
use super::silos::Silos;
use super::{Command, Context};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::output::cell::text;
use crate::output::{Block, Body, Inline, Output, Report as Page, Table};

/// Everything on one page: what is known, bridges, network, silos, labels, gaps, methods, limits.
///
/// The page is HTML without scripts, unless `-f` or the ending of `-o` says otherwise.
#[derive(Args, Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Report {
    /// How many bridges, combinations and rules to show
    #[arg(short = 'k', long, default_value_t = 10, value_name = "N")]
    pub top: usize,
    /// Silo axis: colours the network, and is what labels and likeness are held against
    #[arg(long, default_value = "issue", value_name = "AXIS")]
    pub axis: String,
    /// Seed of all random draws
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// How to compare
    #[command(flatten)]
    #[serde(flatten)]
    pub comparing: Comparing,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            top: 10,
            axis: "issue".to_owned(),
            seed: 1,
            comparing: Comparing::default(),
        }
    }
}

/// A part of the page: its name, its heading and what makes it.
struct Part {
    id: &'static str,
    title: &'static str,
    command: Command,
    /// The same as a person would type it.
    typed: String,
}

/// A request with every setting that is not given at its default.
fn request<T: for<'de> Deserialize<'de>>(settings: Value) -> Result<T> {
    serde_json::from_value(settings)
        .map_err(|error| Error::usage(error.to_string(), "see peermap report --help"))
}

impl Report {
    /// Makes the page.
    ///
    /// # Errors
    /// An axis or measure that is not known.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        let study = Study::new(dataset, context.language)?;
        let comparison = self.comparing.comparison(&study.columns, &[])?;
        let mut blocks = vec![
            Block::Paragraph(vec![Inline::text(study.parameters_line(&comparison))]),
            Block::Paragraph(vec![Inline::text(
                "Programmes of peer support are compared by what their peers do, on what basis and where, never by what they are called. A likeness is one between texts: a lead to read up on, not a contact and not a judgement. What a source leaves open is not stated, and not stated is never no.",
            )]),
        ];
        let (mut data, mut notes, mut rows) = (Map::new(), Vec::new(), Vec::new());
        for part in self.parts()? {
            let answer = part.command.on(&study, context)?;
            blocks.push(Block::Section {
                id: part.id.to_owned(),
                title: part.title.to_owned(),
            });
            if let Body::Report(report) = answer.body {
                blocks.extend(report.picture.map(Block::Picture));
                blocks.extend(report.blocks);
                data.insert(part.id.to_owned(), report.data);
            }
            blocks.push(Block::Paragraph(vec![Inline::faint(format!(
                "The same alone: peermap {}",
                part.typed
            ))]));
            rows.push(vec![
                text(part.id),
                text(part.title),
                text(format!("peermap {}", part.typed)),
            ]);
            notes.extend(answer.notes);
        }
        blocks.extend(methods(&study, self));
        data.insert("parameters".to_owned(), study.parameters(&comparison));
        data.insert("seed".to_owned(), json!(self.seed));
        let page = Page {
            title: format!(
                "Peer support across silos: {} programmes",
                study.columns.programmes()
            ),
            blocks,
            table: Table {
                columns: ["part", "title", "command"].map(str::to_owned).to_vec(),
                rows,
            },
            data: Value::Object(data),
            ..Page::default()
        };
        let mut output = Output::new(Body::Report(page));
        output.notes = notes;
        Ok(output)
    }

    fn parts(&self) -> Result<Vec<Part>> {
        let (top, axis, seed) = (self.top, &self.axis, self.seed);
        let (measure, least) = (&self.comparing.measure, self.comparing.min_comparable);
        let compared = format!("--measure {measure} --min-comparable {least} --seed {seed}");
        let settings = |more: Value| {
            let mut settings = json!({ "measure": measure, "min-comparable": least, "seed": seed });
            if let (Some(all), Value::Object(more)) = (settings.as_object_mut(), more) {
                all.extend(more);
            }
            settings
        };
        Ok(vec![
            Part {
                id: "known",
                title: "What is known and what is not",
                command: Command::Info(Info::default()),
                typed: "info".to_owned(),
            },
            Part {
                id: "bridges",
                title: "Bridges between silos",
                command: Command::Bridges(Bridges {
                    top,
                    ..Bridges::default()
                }),
                typed: format!("bridges -k {top}"),
            },
            Part {
                id: "network",
                title: "The network",
                command: Command::Network(request::<Network>(settings(
                    json!({ "across": [axis] }),
                ))?),
                typed: format!("network --across {axis} {compared}"),
            },
            Part {
                id: "silos",
                title: "Whether likeness follows silos",
                command: Command::Silos(request::<Silos>(settings(json!({ "axis": axis })))?),
                typed: format!("silos --axis {axis} {compared}"),
            },
            Part {
                id: "labels",
                title: "Names that mislead and names that fit",
                command: Command::Labels(request::<Labels>(settings(json!({ "within": axis })))?),
                typed: format!("labels --within {axis} {compared}"),
            },
            Part {
                id: "gaps",
                title: "Where nothing is known",
                command: Command::Gaps(request::<Gaps>(json!({}))?),
                typed: "gaps".to_owned(),
            },
            Part {
                id: "concepts",
                title: "What comes with what",
                command: Command::Concepts(request::<Concepts>(json!({ "top": top }))?),
                typed: format!("concepts -k {top}"),
            },
            Part {
                id: "robustness",
                title: "What survives, and what is fragile",
                command: Command::Robustness(request::<Robustness>(settings(
                    json!({ "axis": axis, "top": top }),
                ))?),
                typed: format!("robustness --axis {axis} -k {top} {compared}"),
            },
        ])
    }
}

/// How it was made and what it cannot say.
fn methods(study: &Study<'_>, report: &Report) -> Vec<Block> {
    let paragraph = |text: String| Block::Paragraph(vec![Inline::text(text)]);
    vec![
        Block::Section {
            id: "methods".to_owned(),
            title: "Methods".to_owned(),
        },
        paragraph(format!(
            "Made by peermap {} from {}, with measure {}, at least {} comparable questions and seed {}; the same data, parameters and version give the same page, byte for byte.",
            env!("CARGO_PKG_VERSION"),
            study.dataset.origin.join(", "),
            report.comparing.measure,
            report.comparing.min_comparable,
            report.seed
        )),
        paragraph(
            "Similarity is the mean over the questions that both programmes answer (Gower 1971) of the simGIC of their values with all broader ones (Pesquita et al. 2008), in which rare values count more; a question that one leaves open drops out and widens the interval around the score. Chance is a bipartite configuration model for each question, which keeps on average how much each programme states and how common each value is (Neal 2014; Saracco et al. 2017), with exact Poisson-binomial tails and the false discovery rate over all pairs (Benjamini and Hochberg 1995).".to_owned(),
        ),
        paragraph(
            "Communities are found by the Leiden method (Traag et al. 2019) and held against silos by adjusted mutual information (Vinh et al. 2010), the E-I index (Krackhardt and Stern 1988), assortativity (Newman 2003) and the participation coefficient (Guimerà and Amaral 2005), each against permuted silos. Labels are tested by dispersion and PERMANOVA (Anderson 2001), drawn within silos, with indicator values (Dufrêne and Legendre 1997). Expected counts of the gap map follow Chung and Lu (2002). Combinations are formal concepts above a support (Stumme et al. 2002).".to_owned(),
        ),
        Block::Section {
            id: "limits".to_owned(),
            title: "Limits".to_owned(),
        },
        paragraph(
            "The map is introductory and its categories overlap. The programmes are a purposeful sample of what was published, so a gap is one of the literature and a count is not a prevalence. Values were read from texts by few coders, and formality most often inferred. Silo values were set more loosely than codings. Programmes are never ranked by worth, and no person is described.".to_owned(),
        ),
    ]
}
