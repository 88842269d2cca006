//! The card of one programme: the six questions with evidence and sources, and its neighbours.

use askama::Template;
use serde_json::{Value, json};

use super::explorer::Explorer;
use super::frame::{Frame, Link, render};
use super::reading::{list, report, request, text};
use super::statements;
use crate::commands::Context;
use crate::commands::show::Show;
use crate::commands::similar::Similar;
use crate::error::Result;
use crate::map::Language;
use crate::output::{Block, Format, Inline, Output};
use crate::profile::Profile;
use crate::terms::short_name;

/// Neighbours of each kind.
const NEIGHBOURS: usize = 5;

/// A coding on the page.
struct Coding {
    value: String,
    href: Option<String>,
    denied: bool,
    evidence: Option<String>,
    how: String,
    sources: Vec<Link>,
    locator: String,
}

/// A question with its answers.
struct Question {
    key: String,
    name: String,
    asks: String,
    codings: Vec<Coding>,
    /// Why nothing is stated, where nothing is.
    open: Option<String>,
}

/// A like programme.
pub(super) struct Neighbour {
    pub(super) link: Link,
    pub(super) why: String,
    pub(super) score: String,
    pub(super) shared: String,
    pub(super) silos: String,
}

#[derive(Template)]
#[template(path = "programme.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    description: Option<String>,
    facts: Vec<(String, Vec<Link>)>,
    facets: Vec<(String, Vec<Question>)>,
    near: Vec<Neighbour>,
    far: Vec<Neighbour>,
    sources: Vec<(String, Link)>,
    stated: String,
    compare: Option<String>,
}

pub(super) fn page(explorer: &Explorer, name: &str, frame: &mut Frame<'_>) -> Result<String> {
    let profile = explorer.profiles.find(name)?;
    let context = Context {
        language: frame.language,
    };
    let request = Show {
        programme: profile.iri.as_str().to_owned(),
    };
    let card = report(request.run(&explorer.dataset, context)?)?;
    frame.title.clone_from(&profile.name);
    frame.formats = vec!["csv", "json", "ttl", "jsonld", "rdf", "nt"];
    frame.alternates = vec![
        ("ttl", "text/turtle"),
        ("jsonld", "application/ld+json"),
        ("rdf", "application/rdf+xml"),
        ("nt", "application/n-triples"),
    ];
    frame.sparql = Some(statements::query(&profile.iri));
    frame.typed = Some(format!("peermap show {}", profile.id()));
    let (description, facts) = facts(&card.blocks, frame);
    frame.json_ld = Some(statements::json_ld(
        explorer,
        &profile.iri,
        &schema_org(profile, description.as_deref(), explorer),
    )?);
    let far = neighbours(explorer, profile, true, frame)?;
    let near = neighbours(explorer, profile, false, frame)?;
    let stated = profile.stated.count_ones(..);
    let compare = near.first().filter(|_| frame.live()).map(|first| {
        let both = [profile.id(), short_name(&first.link.href)];
        let ask = super::Ask::default().with("programme", &both);
        frame.links.asking("compare", &ask)
    });
    let page = Page {
        description,
        facts,
        facets: facets(explorer, &card.data, frame),
        near,
        far,
        sources: sources(&card.data, frame),
        stated: frame.t2(
            "programme.stated",
            stated,
            explorer.dataset.map.dimensions.len(),
        ),
        compare,
        frame,
    };
    render(&page)
}

/// The card in the formats of rows, or the statements behind it.
pub(super) fn output(
    explorer: &Explorer,
    name: &str,
    language: Language,
    format: Format,
) -> Result<Output> {
    let profile = explorer.profiles.find(name)?;
    if statements::is_rdf(format) {
        return statements::output(explorer, &profile.iri);
    }
    let request = Show {
        programme: profile.iri.as_str().to_owned(),
    };
    request.run(&explorer.dataset, Context { language })
}

fn schema_org(profile: &Profile, description: Option<&str>, explorer: &Explorer) -> Value {
    let map = &explorer.dataset.map;
    let about = profile.present.ones().map(|value| {
        let value = &map.values[value].name;
        json!({ "@type": "DefinedTerm", "@id": value.iri.as_str(), "name": value.label(Language::En) })
    });
    json!({
        "@context": "https://schema.org",
        "@type": "Project",
        "@id": profile.iri.as_str(),
        "name": profile.name,
        "description": description,
        "knowsAbout": about.collect::<Vec<_>>(),
    })
}

/// The description, and the other facts as they stand at the head of the card.
fn facts(blocks: &[Block], frame: &Frame<'_>) -> (Option<String>, Vec<(String, Vec<Link>)>) {
    let Some(Block::Entry { fields, .. }) = blocks.first() else {
        return (None, Vec::new());
    };
    let mut description = None;
    let mut facts = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let parts: Vec<&Inline> = field
            .lines
            .iter()
            .flatten()
            .filter(|part| part.text != ", ")
            .collect();
        // The query of the facts gives the description first.
        if at == 0 && parts.iter().all(|part| part.iri.is_none()) {
            description = parts.first().map(|part| part.text.clone());
            continue;
        }
        let links = parts.iter().map(|part| {
            let href = part.iri.as_deref().and_then(|iri| frame.thing(iri));
            Link::new(part.text.clone(), href.unwrap_or_default())
        });
        facts.push((field.name.clone(), links.collect()));
    }
    (description, facts)
}

fn facets(explorer: &Explorer, data: &Value, frame: &Frame<'_>) -> Vec<(String, Vec<Question>)> {
    let map = &explorer.dataset.map;
    let question = |at: usize| {
        let dimension = &map.dimensions[at];
        let found = list(&data["dimensions"], &dimension.name.notation);
        let told: Vec<&Value> = found
            .iter()
            .filter(|coding| text(coding, "finding") != "not-reported")
            .collect();
        let silent = found
            .iter()
            .find(|coding| text(coding, "finding") == "not-reported");
        let answered = told.iter().any(|coding| {
            text(coding, "finding") == "present" || coding["value"].as_str().is_none()
        });
        let open = (!answered).then(|| match silent {
            Some(coding) => frame.t1("programme.silent", short_name(text(coding, "source"))),
            None => frame.t("programme.nobody").to_owned(),
        });
        Question {
            key: dimension.name.notation.clone(),
            name: dimension.name.label(frame.language).to_owned(),
            asks: explorer.question(frame.language, at).to_owned(),
            codings: told
                .into_iter()
                .map(|coding| self::coding(explorer, coding, frame))
                .collect(),
            open,
        }
    };
    map.facets
        .iter()
        .enumerate()
        .map(|(facet, name)| {
            let questions = (0..map.dimensions.len())
                .filter(|&at| map.dimensions[at].facet == facet)
                .map(question);
            (name.label(frame.language).to_owned(), questions.collect())
        })
        .collect()
}

fn coding(explorer: &Explorer, coding: &Value, frame: &Frame<'_>) -> Coding {
    let map = &explorer.dataset.map;
    let value = coding["value"].as_str().and_then(|iri| map.value(iri));
    let denied = text(coding, "finding") == "absent";
    let name = value.map_or(frame.t("programme.none"), |value| {
        map.values[value].name.label(frame.language)
    });
    let cited = coding["cited"].as_array().into_iter().flatten();
    let mut sources: Vec<Link> = Vec::new();
    for iri in std::iter::once(&coding["source"])
        .chain(cited)
        .filter_map(Value::as_str)
        .filter(|iri| !iri.is_empty())
    {
        let anchor = format!("#source-{}", short_name(iri));
        sources.push(Link::new(short_name(iri), anchor));
    }
    let basis = format!("basis.{}", text(coding, "basis"));
    let confidence = format!("confidence.{}", text(coding, "confidence"));
    Coding {
        value: name.to_owned(),
        href: value.and_then(|value| frame.links.thing(map.values[value].name.iri.as_str())),
        denied: denied && value.is_some(),
        evidence: coding["evidence"].as_str().map(str::to_owned),
        how: frame.t3(
            "programme.how",
            frame.t(&basis),
            frame.t(&confidence),
            text(coding, "coder"),
        ),
        sources,
        locator: text(coding, "locator").to_owned(),
    }
}

fn sources(data: &Value, frame: &Frame<'_>) -> Vec<(String, Link)> {
    let sources = list(data, "sources").iter();
    sources
        .map(|source| {
            let iri = text(source, "iri");
            let href = frame.links.thing(iri).unwrap_or_default();
            (
                short_name(iri).to_owned(),
                Link::new(text(source, "citation"), href),
            )
        })
        .collect()
}

/// The programmes most like this one: in other silos, or whatever their silo but not across.
fn neighbours(
    explorer: &Explorer,
    profile: &Profile,
    other_silo: bool,
    frame: &Frame<'_>,
) -> Result<Vec<Neighbour>> {
    let settings = json!({
        "programme": profile.iri.as_str(),
        "top": if other_silo { NEIGHBOURS } else { 4 * NEIGHBOURS },
        "other-silo": other_silo,
    });
    let request: Similar = request(settings)?;
    let found = report(request.on(&explorer.study(frame.language))?)?;
    Ok(list(&found.data, "similar")
        .iter()
        .filter(|other| other_silo || !apart(explorer, profile, text(&other["programme"], "iri")))
        .take(NEIGHBOURS)
        .map(|other| neighbour(explorer, profile, other, frame))
        .collect())
}

/// Whether two programmes stand in different silos on every axis of the usual two that both state.
fn apart(explorer: &Explorer, profile: &Profile, other: &str) -> bool {
    let map = &explorer.dataset.map;
    let Ok(other) = explorer.profiles.find(other) else {
        return false;
    };
    let mut compared = false;
    for axis in map
        .axes
        .iter()
        .enumerate()
        .filter(|(_, axis)| {
            crate::commands::comparing::default_axes().contains(&axis.name.notation)
        })
        .map(|(at, _)| at)
    {
        if !(profile.silo_stated.contains(axis) && other.silo_stated.contains(axis)) {
            continue;
        }
        compared = true;
        let mut values = map.axes[axis].values.clone();
        if values.any(|v| profile.silo_closure.contains(v) && other.silo_closure.contains(v)) {
            return false;
        }
    }
    compared
}

fn neighbour(
    explorer: &Explorer,
    profile: &Profile,
    other: &Value,
    frame: &Frame<'_>,
) -> Neighbour {
    let iri = text(&other["programme"], "iri");
    let shared: Vec<&str> = list(other, "shared")
        .iter()
        .map(|value| text(value, "label"))
        .take(8)
        .collect();
    let silos = explorer.profiles.find(iri).map_or_else(
        |_| String::new(),
        |other| {
            let map = &explorer.dataset.map;
            let names = other
                .silos
                .ones()
                .map(|v| map.silo_values[v].name.label(frame.language));
            names.take(4).collect::<Vec<_>>().join(", ")
        },
    );
    Neighbour {
        link: Link::new(
            text(&other["programme"], "label"),
            frame.thing(iri).unwrap_or_default(),
        ),
        why: frame.links.asking(
            "pair",
            &super::Ask::of([
                ("a".to_owned(), profile.id().to_owned()),
                ("b".to_owned(), short_name(iri).to_owned()),
            ]),
        ),
        score: frame.t3(
            "programme.score",
            frame.maybe(other["score"].as_f64(), 2),
            other["comparable"].as_u64().unwrap_or(0),
            explorer.dataset.map.dimensions.len(),
        ),
        shared: shared.join(", "),
        silos,
    }
}
