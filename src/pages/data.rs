//! What the data are: how much is stated, licence, downloads, limits.

use askama::Template;

use super::explorer::Explorer;
use super::frame::{Frame, Link, render};
use super::reading::{list, report, text};
use crate::analysis::svg::{Caption, Series, bars};
use crate::commands::Context;
use crate::commands::info::Info;
use crate::error::Result;
use crate::output::Picture;
use crate::query::{CATALOGUE, named};

#[derive(Template)]
#[template(path = "data.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    statements: u64,
    questions: Vec<(Link, Vec<u64>)>,
    axes: Vec<(Link, usize, usize, usize)>,
    picture: Picture,
    downloads: Vec<Link>,
    queries: usize,
}

pub(super) fn page(explorer: &Explorer, frame: &mut Frame<'_>) -> Result<String> {
    let context = Context {
        language: frame.language,
    };
    let data = report(Info::default().run(&explorer.dataset, context)?)?.data;
    frame.title = frame.t("data.title").to_owned();
    frame.formats = vec!["csv", "json"];
    frame.typed = Some("peermap info".to_owned());
    frame.sparql = Some(named("stated-by-question")?.text.to_owned());
    let map = &explorer.dataset.map;
    let columns = ["stated", "only_absent", "not_reported", "nobody_looked"];
    let questions: Vec<(Link, Vec<u64>)> = list(&data, "dimensions")
        .iter()
        .filter_map(|row| {
            let dimension = &map.dimensions[map.dimension(text(row, "notation"))?].name;
            let href = frame
                .links
                .thing(dimension.iri.as_str())
                .unwrap_or_default();
            let numbers = columns.map(|column| row[column].as_u64().unwrap_or(0));
            Some((
                Link::new(dimension.label(frame.language), href),
                numbers.to_vec(),
            ))
        })
        .collect();
    let rows: Vec<(String, Vec<u32>)> = questions
        .iter()
        .map(|(link, numbers)| {
            let numbers = numbers
                .iter()
                .map(|&n| u32::try_from(n).unwrap_or(u32::MAX));
            (link.text.clone(), numbers.collect())
        })
        .collect();
    let names = columns.map(|column| frame.t(&format!("data.{column}")).to_owned());
    let page = Page {
        statements: data["statements"].as_u64().unwrap_or(0),
        picture: bars(
            Caption {
                id: "missing",
                title: frame.t("data.missing"),
            },
            &names.map(|name| Series { name }),
            &rows,
        ),
        questions,
        axes: map
            .axes
            .iter()
            .enumerate()
            .map(|(at, axis)| {
                let href = frame
                    .links
                    .thing(axis.name.iri.as_str())
                    .unwrap_or_default();
                let stated = explorer
                    .profiles
                    .list
                    .iter()
                    .filter(|p| p.silo_stated.contains(at))
                    .count();
                let all = explorer.profiles.list.len();
                let name = Link::new(axis.name.label(frame.language), href);
                (name, axis.values.len(), stated, all - stated)
            })
            .collect(),
        downloads: if frame.live() {
            let construct = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }";
            let ask = super::Ask::default().with("query", &[construct]);
            ["ttl", "jsonld", "nt", "rdf"]
                .into_iter()
                .map(|ending| {
                    Link::new(
                        ending.to_uppercase(),
                        frame.links.format("query", ending, &ask),
                    )
                })
                .collect()
        } else {
            ["ttl", "nt"]
                .into_iter()
                .map(|ending| {
                    Link::new(
                        ending.to_uppercase(),
                        frame.links.asset("../peermap.").replace("assets/../", "") + ending,
                    )
                })
                .collect()
        },
        queries: CATALOGUE.len(),
        frame,
    };
    render(&page)
}
