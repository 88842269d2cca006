//! The wizard: six questions, then the programmes most like the one described.

use askama::Template;
use serde_json::json;

use super::ask::Ask;
use super::explorer::Explorer;
use super::facets::{Choice, NONE};
use super::frame::{Frame, Link, render};
use super::reading::request;
use crate::analysis::columns::Row;
use crate::analysis::nearest::{Request, nearest_to_row};
use crate::commands::comparing::Comparing;
use crate::error::Result;
use crate::map::Language;
use crate::output::cell::{decimal, text, whole};
use crate::output::{Body, Output, Table};
use crate::profile::Profile;

/// How many programmes are shown.
const SHOWN: usize = 12;

/// A programme like the one described.
struct Like {
    link: Link,
    score: String,
    shared: String,
    only_there: String,
    labels: Vec<Link>,
}

#[derive(Template)]
#[template(path = "situate.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    step: usize,
    steps: usize,
    name: String,
    question: String,
    key: String,
    choices: Vec<Choice>,
    none: bool,
    kept: Vec<(String, String)>,
    back: Option<String>,
    skip: String,
    described: Vec<(String, String, String)>,
    likes: Vec<Like>,
    answered: usize,
    programmes: String,
}

/// What is described, on the columns of the analysis.
struct Described {
    profile: Profile,
    none: Vec<usize>,
}

impl Described {
    fn read(explorer: &Explorer, ask: &Ask) -> Self {
        let map = &explorer.dataset.map;
        let iri = oxrdf::NamedNode::new_unchecked("urn:peermap:described");
        let mut profile = Profile::new(map, iri, String::new());
        let mut none = Vec::new();
        for (at, dimension) in map.dimensions.iter().enumerate() {
            for answer in ask.all(&dimension.name.notation) {
                match map.find_value(at, answer) {
                    Some(value) => profile.add_value(map, value),
                    None if answer == NONE => {
                        profile.stated.insert(at);
                        none.push(at);
                    }
                    None => {}
                }
            }
        }
        none.retain(|&at| {
            let mut values = map.dimensions[at].values.clone();
            !values.any(|v| profile.present.contains(v))
        });
        Self { profile, none }
    }

    /// The programmes most like it: position, score, comparable questions.
    fn like(
        &self,
        explorer: &Explorer,
        ask: &Ask,
        language: Language,
    ) -> Result<Vec<(usize, f64, u32)>> {
        let study = explorer.study(language);
        let answered = self.profile.stated.count_ones(..);
        let least = u32::try_from(answered.clamp(1, 3)).unwrap_or(1);
        let comparing: Comparing = request(json!({
            "measure": ask.or("measure", "gower"),
            "min-comparable": ask.number("min-comparable", least)?,
        }))?;
        let wanted = Request {
            comparison: comparing.comparison(&study.columns, &[])?,
            k: SHOWN,
            ..Request::default()
        };
        let row = Row {
            name: self.profile.iri.as_str().to_owned(),
            values: self.profile.present.ones().collect(),
            none: self.none.clone(),
            count: 1,
            ..Row::default()
        };
        let found = nearest_to_row(&study.columns, &study.ic, &wanted, row);
        Ok(found
            .into_iter()
            .map(|near| {
                (
                    near.programme,
                    near.similarity.score,
                    near.similarity.comparable,
                )
            })
            .collect())
    }
}

pub(super) fn page(explorer: &Explorer, ask: &Ask, frame: &mut Frame<'_>) -> Result<String> {
    let map = &explorer.dataset.map;
    let steps = map.dimensions.len();
    let step = ask.number("step", 1usize)?.clamp(1, steps + 1);
    let described = Described::read(explorer, ask);
    let answered = described.profile.stated.count_ones(..);
    let at = step - 1;
    let turn = |to: usize| {
        let ask = ask.with("step", &[&to.to_string()]);
        frame.links.asking("situate", &ask)
    };
    let (back, skip) = ((step > 1).then(|| turn(step - 1)), turn(step + 1));
    let mut likes = Vec::new();
    if step > steps {
        frame.title = frame.t("situate.result").to_owned();
        frame.formats = vec!["csv", "json"];
        frame.sparql = Some(sparql(explorer, &described));
        if answered > 0 {
            for (other, score, comparable) in described.like(explorer, ask, frame.language)? {
                likes.push(like(
                    explorer,
                    &described,
                    other,
                    (score, comparable),
                    frame,
                ));
            }
        }
    } else {
        frame.title = frame.t2("situate.title", step, steps);
    }
    let question = map.dimensions.get(at);
    let key = question.map_or(String::new(), |d| d.name.notation.clone());
    let given: Vec<&str> = ask.all(&key).collect();
    let page = Page {
        step,
        steps,
        name: question.map_or(String::new(), |d| d.name.label(frame.language).to_owned()),
        question: if at < steps {
            explorer.question(frame.language, at).to_owned()
        } else {
            String::new()
        },
        choices: question.map_or_else(Vec::new, |d| {
            d.values
                .clone()
                .map(|v| choice(explorer, v, &described, frame))
                .collect()
        }),
        none: given.contains(&NONE),
        kept: ask
            .pairs()
            .iter()
            .filter(|(name, _)| *name != key && name != "step" && name != "data")
            .cloned()
            .collect(),
        key,
        back,
        skip,
        described: (0..steps)
            .map(|d| {
                let dimension = &map.dimensions[d];
                let specific = map.most_specific(&described.profile.present);
                let values: Vec<&str> = specific
                    .into_iter()
                    .filter(|v| dimension.values.contains(v))
                    .map(|v| map.values[v].name.label(frame.language))
                    .collect();
                let text = if !values.is_empty() {
                    values.join(", ")
                } else if described.none.contains(&d) {
                    frame.t("facets.none").to_owned()
                } else {
                    frame.t("facets.not-stated").to_owned()
                };
                let change = ask.with("step", &[&(d + 1).to_string()]);
                let name = dimension.name.label(frame.language).to_owned();
                (name, text, frame.links.asking("situate", &change))
            })
            .collect(),
        likes,
        answered,
        programmes: frame.counted("programmes", explorer.profiles.list.len()),
        frame,
    };
    render(&page)
}

fn choice(explorer: &Explorer, value: usize, described: &Described, frame: &Frame<'_>) -> Choice {
    let map = &explorer.dataset.map;
    let mut depth = 0;
    let mut above = &map.values[value].broader;
    while let Some(&parent) = above.first() {
        depth += 1;
        above = &map.values[parent].broader;
    }
    let name = &map.values[value].name;
    let about = explorer.definition(frame.language, name.iri.as_str());
    Choice {
        value: name.notation.clone(),
        name: about.map_or_else(
            || name.label(frame.language).to_owned(),
            |about| format!("{} – {about}", name.label(frame.language)),
        ),
        count: 1,
        ticked: described.profile.present.contains(value),
        depth,
    }
}

fn like(
    explorer: &Explorer,
    described: &Described,
    other: usize,
    (score, comparable): (f64, u32),
    frame: &Frame<'_>,
) -> Like {
    let map = &explorer.dataset.map;
    let profile = &explorer.profiles.list[other];
    let names = |values: &fixedbitset::FixedBitSet| -> String {
        let specific = map.most_specific(values);
        let names: Vec<&str> = specific
            .into_iter()
            .take(8)
            .map(|v| map.values[v].name.label(frame.language))
            .collect();
        names.join(", ")
    };
    let mut shared = profile.closure.clone();
    shared.intersect_with(&described.profile.closure);
    let mut only = profile.closure.clone();
    only.difference_with(&described.profile.closure);
    for (d, dimension) in map.dimensions.iter().enumerate() {
        if !described.profile.stated.contains(d) {
            only.set_range(dimension.values.clone(), false);
        }
    }
    Like {
        link: Link::new(
            profile.name.clone(),
            frame.page(&format!("programme/{}", profile.id())),
        ),
        score: frame.t3(
            "programme.score",
            frame.number(score, 2),
            comparable,
            map.dimensions.len(),
        ),
        shared: names(&shared),
        only_there: names(&only),
        labels: explorer.labels[other]
            .iter()
            .filter_map(|label| {
                let name = explorer.name(frame.language, label)?;
                Some(Link::new(name, frame.links.thing(label)?))
            })
            .collect(),
    }
}

/// Programmes by how many of the described values they have.
fn sparql(explorer: &Explorer, described: &Described) -> String {
    let map = &explorer.dataset.map;
    let specific = map.most_specific(&described.profile.present);
    let values: Vec<String> = specific
        .into_iter()
        .map(|v| map.values[v].name.iri.to_string())
        .collect();
    format!(
        "PREFIX pm: <https://w3id.org/peermap/ns#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nSELECT ?programme ?name (COUNT(DISTINCT ?value) AS ?shared) WHERE {{\n  VALUES ?value {{ {} }}\n  ?programme pm:hasMapValue/skos:broader* ?value ; rdfs:label ?name .\n}}\nGROUP BY ?programme ?name\nORDER BY DESC(?shared) ?programme",
        values.join(" ")
    )
}

/// The programmes most like the one described.
pub(super) fn output(explorer: &Explorer, ask: &Ask, language: Language) -> Result<Output> {
    let described = Described::read(explorer, ask);
    let rows = described
        .like(explorer, ask, language)?
        .into_iter()
        .map(|(other, score, comparable)| {
            let profile = &explorer.profiles.list[other];
            vec![
                Some(profile.iri.clone().into()),
                text(&profile.name),
                decimal(score, 6),
                whole(comparable),
            ]
        })
        .collect();
    let columns = ["programme", "name", "score", "comparable"];
    Ok(Output::new(Body::Table(Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows,
    })))
}
