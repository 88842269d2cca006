//! The map of likeness: a picture, and beside it a list that says the same.

use askama::Template;
use serde_json::{Value, json};

use super::ask::Ask;
use super::explorer::Explorer;
use super::frame::{Frame, Link, render};
use super::reading::{axis_choices, report, request, shares, sparql};
use crate::analysis::svg::{Caption, Group, Link as Line, Mark, NetworkPicture, network};
use crate::commands::network::Network;
use crate::error::{Error, Result};
use crate::map::Language;
use crate::output::network::Document;
use crate::output::{Output, Picture};
use crate::terms::short_name;

/// Links on one page of the list.
const ROWS: usize = 40;
/// More programmes than this are not drawn into the page: it would be slow to open.
const DRAWN: usize = 1500;
/// Colours by community instead of by silo.
const COMMUNITY: &str = "like";

/// A link as a row.
struct Row {
    a: Link,
    b: Link,
    score: String,
    chance: String,
    across: &'static str,
    why: String,
}

#[derive(Template)]
#[template(path = "map.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    axes: Vec<(String, String, bool)>,
    colour_by_likeness: bool,
    links: usize,
    min_score: f64,
    fdr: String,
    other_silo: bool,
    seed: u64,
    focus: Option<(String, Link)>,
    programmes: Vec<(String, String)>,
    picture: Option<Picture>,
    summary: String,
    chance: String,
    rows: Vec<Row>,
    total: usize,
    earlier: Option<String>,
    later: Option<String>,
    groups: Vec<(String, Vec<Link>)>,
    some_only: usize,
    script_data: String,
}

/// What is asked of the map, for the command and for the page.
struct Asked {
    axis: usize,
    network: Network,
    by_likeness: bool,
    focus: Option<usize>,
    /// Only links among these, when there are some.
    only: Vec<usize>,
}

impl Asked {
    fn read(explorer: &Explorer, ask: &Ask) -> Result<Self> {
        let map = &explorer.dataset.map;
        let axis = ask.or("axis", "issue");
        let axis = map
            .axis(axis)
            .or_else(|| (axis == "issue" && !map.axes.is_empty()).then_some(0))
            .ok_or_else(|| Error::Unknown {
                what: "silo axis",
                name: axis.to_owned(),
                hint: None,
            })?;
        let network = request::<Network>(json!({
            "links": ask.number("links", 5usize)?,
            "min-score": ask.number("min-score", 0.0)?,
            "fdr": ask.one("fdr").map(|_| ask.number("fdr", 0.05)).transpose()?,
            "other-silo": ask.ticked("other-silo"),
            "across": [map.axes[axis].name.notation],
            "seed": ask.number("seed", 1u64)?,
            "measure": ask.or("measure", "gower"),
            "min-comparable": ask.number("min-comparable", 3u32)?,
        }))?;
        Ok(Self {
            axis,
            network,
            by_likeness: ask.one("colour") == Some(COMMUNITY),
            focus: ask
                .one("focus")
                .map(|name| explorer.profiles.position(name))
                .transpose()?,
            only: ask
                .all("programme")
                .map(|name| explorer.profiles.position(name))
                .collect::<Result<_>>()?,
        })
    }

    fn run(&self, explorer: &Explorer, language: Language) -> Result<(Document, Value)> {
        let output = self.network.on(&explorer.study(language))?;
        let report = report(output)?;
        Ok((report.network.unwrap_or_default(), report.data))
    }

    fn group(&self, explorer: &Explorer, document: &Document, node: usize) -> Group {
        if self.by_likeness {
            return document.nodes[node]
                .community
                .map_or(Group::NotStated, Group::One);
        }
        let map = &explorer.dataset.map;
        let range = map.axes[self.axis].values.clone();
        let mine: Vec<usize> = range
            .clone()
            .filter(|&v| explorer.profiles.list[node].silos.contains(v))
            .collect();
        let narrowest = |value: &usize| {
            let mut others = mine.iter().filter(|other| *other != value);
            !others.any(|&other| map.silo_closure(other).contains(*value))
        };
        let mut narrow = mine.iter().filter(|value| narrowest(value));
        match (narrow.next(), narrow.next()) {
            (None, _) => Group::NotStated,
            (Some(one), None) => Group::One(one - range.start),
            _ => Group::Several,
        }
    }

    fn group_names(
        &self,
        explorer: &Explorer,
        document: &Document,
        language: Language,
    ) -> Vec<String> {
        if self.by_likeness {
            let count = document
                .nodes
                .iter()
                .filter_map(|node| node.community)
                .max();
            return (0..count.map_or(0, |last| last + 1))
                .map(|number| Explorer::texts(language).with("map.community", &[&(number + 1)]))
                .collect();
        }
        let map = &explorer.dataset.map;
        map.axes[self.axis]
            .values
            .clone()
            .map(|v| map.silo_values[v].name.label(language).to_owned())
            .collect()
    }

    /// Whether two programmes stand in different silos on the axis.
    fn across(&self, explorer: &Explorer, a: usize, b: usize) -> Option<bool> {
        let (a, b) = (&explorer.profiles.list[a], &explorer.profiles.list[b]);
        if !(a.silo_stated.contains(self.axis) && b.silo_stated.contains(self.axis)) {
            return None;
        }
        let mut values = explorer.dataset.map.axes[self.axis].values.clone();
        Some(!values.any(|v| a.silo_closure.contains(v) && b.silo_closure.contains(v)))
    }

    /// Links that are shown: all, or those of the programme in focus and among its neighbours.
    fn shown(&self, document: &Document) -> Vec<usize> {
        let among = |edge: &usize| {
            let edge = &document.edges[*edge];
            self.only.is_empty() || (self.only.contains(&edge.a) && self.only.contains(&edge.b))
        };
        let all = (0..document.edges.len()).filter(among);
        let Some(focus) = self.focus else {
            return all.collect();
        };
        let edges = &document.edges;
        let near: std::collections::HashSet<usize> = edges
            .iter()
            .filter(|edge| edge.a == focus || edge.b == focus)
            .flat_map(|edge| [edge.a, edge.b])
            .collect();
        all.filter(|&e| near.contains(&edges[e].a) && near.contains(&edges[e].b))
            .collect()
    }

    fn picture(
        &self,
        explorer: &Explorer,
        document: &Document,
        shown: &[usize],
        frame: &Frame<'_>,
    ) -> Picture {
        let mut nodes: Vec<usize> = shown
            .iter()
            .flat_map(|&e| [document.edges[e].a, document.edges[e].b])
            .collect();
        nodes.sort_unstable();
        nodes.dedup();
        let marks: Vec<Mark> = nodes
            .iter()
            .map(|&node| Mark {
                label: document.nodes[node].label.clone(),
                x: document.nodes[node].x,
                y: document.nodes[node].y,
                group: self.group(explorer, document, node),
            })
            .collect();
        let lines: Vec<Line> = shown
            .iter()
            .map(|&e| &document.edges[e])
            .map(|edge| Line {
                a: nodes.binary_search(&edge.a).unwrap_or(usize::MAX),
                b: nodes.binary_search(&edge.b).unwrap_or(usize::MAX),
                score: edge.score,
                across: self.across(explorer, edge.a, edge.b),
            })
            .collect();
        let map = &explorer.dataset.map;
        network(&NetworkPicture {
            caption: Caption {
                id: "map",
                title: &frame.title,
            },
            grouping: if self.by_likeness {
                frame.t("map.communities")
            } else {
                map.axes[self.axis].name.label(frame.language)
            },
            groups: &self.group_names(explorer, document, frame.language),
            nodes: &marks,
            links: &lines,
        })
    }
}

pub(super) fn page(explorer: &Explorer, ask: &Ask, frame: &mut Frame<'_>) -> Result<String> {
    let asked = Asked::read(explorer, ask)?;
    let (document, data) = asked.run(explorer, frame.language)?;
    let shown = asked.shown(&document);
    let map = &explorer.dataset.map;
    let axis = &map.axes[asked.axis];
    frame.title = frame.t("map.title").to_owned();
    frame.formats = vec!["svg", "edges", "nodes", "graphml", "gexf", "dot", "json"];
    frame.script = Some("map.js");
    frame.typed = Some(typed(&asked));
    let facts = Network {
        as_sparql: true,
        ..asked.network.clone()
    };
    frame.sparql = sparql(facts.on(&explorer.study(frame.language)));
    let mut order = shown.clone();
    order.sort_by(|&x, &y| {
        let (x_edge, y_edge) = (&document.edges[x], &document.edges[y]);
        y_edge.score.total_cmp(&x_edge.score).then(x.cmp(&y))
    });
    let pages = order.len().div_ceil(ROWS).max(1);
    let number = ask.number("page", 1usize)?.clamp(1, pages);
    let turn = |to: usize| {
        frame
            .links
            .asking(frame.path, &ask.with("page", &[&to.to_string()]))
    };
    let rows = order
        .iter()
        .skip((number - 1) * ROWS)
        .take(ROWS)
        .map(|&e| row(explorer, &asked, &document, e, frame))
        .collect();
    let across = shown
        .iter()
        .filter(|&&e| {
            asked.across(explorer, document.edges[e].a, document.edges[e].b) == Some(true)
        })
        .count();
    let connected: std::collections::HashSet<usize> = shown
        .iter()
        .flat_map(|&e| [document.edges[e].a, document.edges[e].b])
        .collect();
    let beat = document
        .edges
        .iter()
        .filter(|edge| edge.q.is_some_and(|q| q <= 0.05))
        .count();
    let page = Page {
        axes: axis_choices(explorer, frame.language, asked.axis),
        colour_by_likeness: asked.by_likeness,
        links: asked.network.links,
        min_score: asked.network.min_score,
        fdr: ask.or("fdr", "").to_owned(),
        other_silo: asked.network.other_silo,
        seed: asked.network.seed,
        focus: asked.focus.map(|at| {
            let profile = &explorer.profiles.list[at];
            let href = frame.page(&format!("programme/{}", profile.id()));
            (
                profile.id().to_owned(),
                Link::new(profile.name.clone(), href),
            )
        }),
        programmes: explorer.names(),
        picture: (connected.len() <= DRAWN)
            .then(|| asked.picture(explorer, &document, &shown, frame)),
        summary: frame.t3(
            "map.summary",
            frame.counted("links", shown.len()),
            frame.counted("programmes", connected.len()),
            frame.t2("map.across", across, axis.name.label(frame.language)),
        ),
        chance: frame.t2("map.chance", beat, document.edges.len()),
        rows,
        total: shown.len(),
        earlier: (number > 1).then(|| turn(number - 1)),
        later: (number < pages).then(|| turn(number + 1)),
        groups: communities(explorer, &data, frame),
        some_only: asked.only.len(),
        script_data: script_data(frame, ask),
        frame,
    };
    render(&page)
}

fn typed(asked: &Asked) -> String {
    use std::fmt::Write as _;
    let network = &asked.network;
    let mut text = format!(
        "peermap network -k {} --across {} --seed {}",
        network.links,
        network.across.join(","),
        network.seed
    );
    if network.min_score > 0.0 {
        let _ = write!(text, " --min-score {}", network.min_score);
    }
    if let Some(rate) = network.fdr {
        let _ = write!(text, " --fdr {rate}");
    }
    if network.other_silo {
        text.push_str(" --other-silo");
    }
    text
}

fn row(
    explorer: &Explorer,
    asked: &Asked,
    document: &Document,
    edge: usize,
    frame: &Frame<'_>,
) -> Row {
    let edge = &document.edges[edge];
    let link = |node: usize| {
        let profile = &explorer.profiles.list[node];
        let href = frame.page(&format!("programme/{}", profile.id()));
        Link::new(profile.name.clone(), href)
    };
    let id = |node: usize| explorer.profiles.list[node].id().to_owned();
    Row {
        a: link(edge.a),
        b: link(edge.b),
        score: frame.number(edge.score, 2),
        chance: edge.p.map_or_else(|| "–".to_owned(), |p| shares(frame, p)),
        across: match asked.across(explorer, edge.a, edge.b) {
            Some(true) => "map.is-across",
            Some(false) => "map.is-inside",
            None => "facets.not-stated",
        },
        why: frame.links.asking(
            "pair",
            &Ask::of([("a".to_owned(), id(edge.a)), ("b".to_owned(), id(edge.b))]),
        ),
    }
}

/// Communities of like programmes with more than one member.
fn communities(explorer: &Explorer, data: &Value, frame: &Frame<'_>) -> Vec<(String, Vec<Link>)> {
    let list = data["communities"].as_array().into_iter().flatten();
    list.enumerate()
        .map(|(number, members)| {
            let members = members.as_array().into_iter().flatten();
            let links: Vec<Link> = members
                .filter_map(Value::as_str)
                .filter_map(|iri| {
                    let name = explorer.profiles.find(iri).ok()?.name.clone();
                    Some(Link::new(name, frame.links.thing(iri)?))
                })
                .collect();
            (frame.t1("map.community", number + 1), links)
        })
        .filter(|(_, links)| links.len() > 1)
        .collect()
}

/// Addresses and texts for the script.
fn script_data(frame: &Frame<'_>, ask: &Ask) -> String {
    let texts: serde_json::Map<String, Value> = Explorer::texts(frame.language)
        .beginning("script.")
        .into_iter()
        .map(|(key, text)| (key.to_owned(), json!(text)))
        .collect();
    json!({
        "graph": frame.links.asking("map/graph", ask),
        "map": frame.page("map"),
        "pair": frame.page("pair"),
        "programme": frame.page("programme/"),
        "compare": frame.page("compare"),
        "texts": texts,
    })
    .to_string()
    .replace('<', "\\u003c")
}

/// The network for the script: positions, groups and links, as short as it can be.
pub(super) fn graph(explorer: &Explorer, ask: &Ask, language: Language) -> Result<String> {
    let asked = Asked::read(explorer, ask)?;
    let (document, _) = asked.run(explorer, language)?;
    let group = |node: usize| match asked.group(explorer, &document, node) {
        Group::One(number) => json!(number),
        Group::Several => json!("several"),
        Group::NotStated => Value::Null,
    };
    let nodes: Vec<Value> = document
        .nodes
        .iter()
        .enumerate()
        .map(|(at, node)| {
            json!([
                short_name(&node.name),
                node.label,
                node.x,
                node.y,
                group(at),
                node.community
            ])
        })
        .collect();
    let edges: Vec<Value> = asked
        .shown(&document)
        .into_iter()
        .map(|edge| &document.edges[edge])
        .map(|edge| {
            json!([
                edge.a,
                edge.b,
                edge.score,
                asked.across(explorer, edge.a, edge.b)
            ])
        })
        .collect();
    Ok(json!({
        "version": explorer.version(),
        "groups": asked.group_names(explorer, &document, language),
        "nodes": nodes,
        "edges": edges,
        "focus": asked.focus,
    })
    .to_string())
}

/// The network for other tools.
pub(super) fn output(explorer: &Explorer, ask: &Ask, language: Language) -> Result<Output> {
    let asked = Asked::read(explorer, ask)?;
    asked.network.on(&explorer.study(language))
}
