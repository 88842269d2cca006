//! The first page: how much there is, three questions, a search.

use askama::Template;
use serde_json::json;

use super::explorer::Explorer;
use super::frame::{Frame, Link, render};
use crate::error::Result;
use crate::query::{Rows, named, rows};
use crate::terms::short_name;

/// How many labels stand on the page.
const LABELS: usize = 16;

#[derive(Template)]
#[template(path = "home.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    counts: Vec<(String, String)>,
    questions: Vec<(String, Link)>,
    labels: Vec<Link>,
    browse: Vec<(String, Vec<Link>)>,
}

pub(super) fn page(explorer: &Explorer, frame: &mut Frame<'_>) -> Result<String> {
    frame.title = frame.t("home.title").to_owned();
    frame.formats = vec!["csv", "json"];
    frame.sparql = Some(named("counts")?.text.to_owned());
    frame.typed = Some("peermap info".to_owned());
    frame.json_ld = Some(
        json!({
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": frame.title,
            "description": frame.t("home.lead"),
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "isBasedOn": "https://doi.org/10.1111/hex.14034",
            "identifier": crate::vocab::BASE,
            "version": explorer.version(),
            "inLanguage": ["en", "fr"],
        })
        .to_string(),
    );
    let table = rows(&explorer.dataset.graph, named("counts")?, Vec::new())?;
    let mut counts = Vec::new();
    for row in Rows::new(&table) {
        let class = row.iri("class")?;
        let key = format!("home.count.{}", short_name(class.as_str()));
        counts.push((row.text("count")?, frame.t(&key).to_owned()));
    }
    let map = &explorer.dataset.map;
    let browse = (map.dimensions.iter().enumerate())
        .map(|(at, dimension)| {
            let links = dimension.values.clone().filter_map(|value| {
                let value = &map.values[value];
                let href = frame.links.thing(value.name.iri.as_str())?;
                value
                    .broader
                    .is_empty()
                    .then(|| Link::new(value.name.label(frame.language), href))
            });
            let question = explorer.question(frame.language, at).to_owned();
            (question, links.collect())
        })
        .collect();
    let page = Page {
        counts,
        questions: ["like", "meet", "unknown"]
            .into_iter()
            .zip(["situate", "silos", "gaps"])
            .map(|(key, path)| {
                let path = if frame.live() || path != "situate" {
                    path
                } else {
                    "programmes"
                };
                let about = frame.t(&format!("home.{key}.about")).to_owned();
                let name = frame.t(&format!("home.{key}")).to_owned();
                (about, Link::new(name, frame.page(path)))
            })
            .collect(),
        labels: most_used_labels(explorer, frame),
        browse,
        frame,
    };
    render(&page)
}

fn most_used_labels(explorer: &Explorer, frame: &Frame<'_>) -> Vec<Link> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for label in explorer.labels.iter().flatten() {
        match counts.iter_mut().find(|(iri, _)| iri == label) {
            Some((_, count)) => *count += 1,
            None => counts.push((label, 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let link = |(iri, _): &(&str, usize)| {
        let name = explorer.name(frame.language, iri)?;
        Some(Link::new(name, frame.links.thing(iri)?))
    };
    counts.iter().take(LABELS).filter_map(link).collect()
}
