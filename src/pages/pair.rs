//! Why two programmes are alike: in a sentence, value by value, with evidence.

use askama::Template;
use serde_json::Value;

use super::ask::Ask;
use super::explorer::Explorer;
use super::frame::{Frame, Link, render};
use super::reading::{list, report, request, shares, text, values};
use crate::commands::Context;
use crate::commands::compare::Compare;
use crate::commands::show::Show;
use crate::error::{Error, Result};
use crate::map::Language;
use crate::output::Output;
use crate::profile::Profile;
use crate::terms::short_name;

/// What a source says of one of the two.
struct Evidence {
    programme: String,
    value: String,
    text: String,
    source: Link,
    locator: String,
}

/// A value that both have.
struct Shared {
    link: Link,
    dimension: String,
    /// Its part of the score, in percent.
    percent: String,
    part: f64,
    evidence: Vec<Evidence>,
}

#[derive(Template)]
#[template(path = "pair.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    a: Link,
    b: Link,
    sentence: String,
    score: Option<String>,
    chance: String,
    shared: Vec<Shared>,
    only: Vec<(String, Vec<Link>)>,
    open: Vec<String>,
    silos: Vec<(String, String, String)>,
    compare: String,
}

fn asked<'e>(explorer: &'e Explorer, ask: &Ask) -> Result<(&'e Profile, &'e Profile)> {
    let find = |name: &str| {
        let wanted = ask.one(name).ok_or_else(|| {
            Error::usage(
                format!("the pair lacks its programme {name}"),
                "write ?a=…&b=… with two programmes",
            )
        })?;
        explorer.profiles.find(wanted)
    };
    Ok((find("a")?, find("b")?))
}

fn compare(a: &Profile, b: &Profile, ask: &Ask) -> Result<Compare> {
    request(serde_json::json!({
        "programmes": [a.iri.as_str(), b.iri.as_str()],
        "measure": ask.or("measure", "gower"),
        "min-comparable": ask.number("min-comparable", 3u32)?,
    }))
}

pub(super) fn page(explorer: &Explorer, ask: &Ask, frame: &mut Frame<'_>) -> Result<String> {
    let (a, b) = asked(explorer, ask)?;
    let context = Context {
        language: frame.language,
    };
    let data = report(compare(a, b, ask)?.on(&explorer.study(frame.language))?)?.data;
    let pair = list(&data, "pairs").first().unwrap_or(&Value::Null);
    frame.title = frame.t2("pair.title", &a.name, &b.name);
    frame.formats = vec!["csv", "json"];
    frame.typed = Some(format!("peermap compare {} {}", a.id(), b.id()));
    let cards = [card(explorer, a, context)?, card(explorer, b, context)?];
    let score = pair["score"].as_f64();
    let mut shared: Vec<&Value> = list(pair, "shared").iter().collect();
    shared.sort_by(|x, y| {
        let part = |value: &Value| value["contribution"].as_f64().unwrap_or(0.0);
        part(y).total_cmp(&part(x))
    });
    let names: Vec<&str> = shared.iter().take(5).map(|v| text(v, "label")).collect();
    frame.sparql = Some(sparql(a, b, &shared));
    let map = &explorer.dataset.map;
    let link = |profile: &Profile| {
        Link::new(
            profile.name.clone(),
            frame.page(&format!("programme/{}", profile.id())),
        )
    };
    let page = Page {
        a: link(a),
        b: link(b),
        sentence: sentence(pair, &names, a, b, frame),
        score: score.map(|score| {
            let open = frame.t2(
                "pair.interval",
                frame.maybe(pair["low"].as_f64(), 2),
                frame.maybe(pair["high"].as_f64(), 2),
            );
            let comparable = pair["comparable"].as_u64().unwrap_or(0);
            let known = frame.t2("pair.comparable", comparable, map.dimensions.len());
            format!("{} {open}, {known}", frame.number(score, 2))
        }),
        chance: match (pair["p"].as_f64(), pair["expected"].as_f64()) {
            (Some(p), Some(expected)) => {
                frame.t2("pair.chance", frame.number(expected, 1), shares(frame, p))
            }
            _ => frame.t("pair.no-chance").to_owned(),
        },
        shared: shared
            .iter()
            .map(|value| {
                let part = value["contribution"].as_f64().unwrap_or(0.0);
                let share = score.filter(|s| *s > 0.0).map_or(0.0, |s| part / s);
                let dimension = map.dimension(text(value, "dimension"));
                Shared {
                    link: Link::new(
                        text(value, "label"),
                        frame.links.thing(text(value, "iri")).unwrap_or_default(),
                    ),
                    dimension: dimension.map_or_else(String::new, |d| {
                        map.dimensions[d].name.label(frame.language).to_owned()
                    }),
                    percent: frame.number(100.0 * share, 0),
                    part: share,
                    evidence: evidence(explorer, [a, b], &cards, text(value, "iri"), frame),
                }
            })
            .collect(),
        only: [(a, "only_a"), (b, "only_b")]
            .into_iter()
            .map(|(profile, key)| (profile.name.clone(), values(frame, list(pair, key))))
            .filter(|(_, values)| !values.is_empty())
            .collect(),
        open: list(pair, "not_comparable")
            .iter()
            .filter_map(|d| map.dimension(d.as_str()?))
            .map(|d| map.dimensions[d].name.label(frame.language).to_owned())
            .collect(),
        silos: (0..map.axes.len())
            .map(|axis| {
                let name = map.axes[axis].name.label(frame.language).to_owned();
                let silos = |profile: &Profile| silos(explorer, profile, axis, frame);
                (name, silos(a), silos(b))
            })
            .collect(),
        compare: frame.links.asking(
            "compare",
            &Ask::of([a, b].map(|p| ("programme".to_owned(), p.id().to_owned()))),
        ),
        frame,
    };
    render(&page)
}

fn sentence(pair: &Value, names: &[&str], a: &Profile, b: &Profile, frame: &Frame<'_>) -> String {
    if pair["score"].as_f64().is_none() {
        frame.t2("pair.incomparable", &a.name, &b.name)
    } else if names.is_empty() {
        frame.t2("pair.nothing", &a.name, &b.name)
    } else {
        frame.t3("pair.sentence", &a.name, &b.name, names.join(", "))
    }
}

/// The silo values of a programme on an axis, or that they are not stated.
pub(super) fn silos(
    explorer: &Explorer,
    profile: &Profile,
    axis: usize,
    frame: &Frame<'_>,
) -> String {
    let map = &explorer.dataset.map;
    let values = map.axes[axis].values.clone();
    let names: Vec<&str> = values
        .filter(|&v| profile.silos.contains(v))
        .map(|v| map.silo_values[v].name.label(frame.language))
        .collect();
    if names.is_empty() {
        frame.t("facets.not-stated").to_owned()
    } else {
        names.join(", ")
    }
}

fn card(explorer: &Explorer, profile: &Profile, context: Context) -> Result<Value> {
    let request = Show {
        programme: profile.iri.as_str().to_owned(),
    };
    Ok(report(request.run(&explorer.dataset, context)?)?.data)
}

/// What the cards of both say for a value or one narrower than it.
fn evidence(
    explorer: &Explorer,
    pair: [&Profile; 2],
    cards: &[Value; 2],
    value: &str,
    frame: &Frame<'_>,
) -> Vec<Evidence> {
    let map = &explorer.dataset.map;
    let Some(wanted) = map.value(value) else {
        return Vec::new();
    };
    let dimension = &map.dimensions[map.values[wanted].scheme].name.notation;
    let mut found = Vec::new();
    for (profile, card) in pair.iter().zip(cards) {
        for coding in list(&card["dimensions"], dimension) {
            let held = coding["value"].as_str().and_then(|iri| map.value(iri));
            let Some(held) = held.filter(|&held| map.closure(held).contains(wanted)) else {
                continue;
            };
            if text(coding, "finding") != "present" {
                continue;
            }
            let source = text(coding, "source");
            found.push(Evidence {
                programme: profile.name.clone(),
                value: map.values[held].name.label(frame.language).to_owned(),
                text: text(coding, "evidence").to_owned(),
                source: Link::new(
                    short_name(source),
                    frame.links.thing(source).unwrap_or_default(),
                ),
                locator: text(coding, "locator").to_owned(),
            });
        }
    }
    found
}

/// The query for exactly these facts: the codings of both that carry a shared value.
fn sparql(a: &Profile, b: &Profile, shared: &[&Value]) -> String {
    let values: Vec<String> = shared
        .iter()
        .map(|value| format!("<{}>", text(value, "iri")))
        .collect();
    format!(
        "PREFIX dcterms: <http://purl.org/dc/terms/>\nPREFIX pm: <https://w3id.org/peermap/ns#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nSELECT ?shared ?programme ?held ?evidence ?source ?locator WHERE {{\n  VALUES ?programme {{ {} {} }}\n  VALUES ?shared {{ {} }}\n  ?held skos:broader* ?shared .\n  ?coding pm:codingOf ?programme ; pm:codedValue ?held ; pm:finding pm:Present .\n  OPTIONAL {{ ?coding pm:evidence ?evidence }}\n  OPTIONAL {{ ?coding dcterms:source ?source }}\n  OPTIONAL {{ ?coding pm:locator ?locator }}\n}}\nORDER BY ?shared ?programme ?held ?coding",
        a.iri,
        b.iri,
        values.join(" ")
    )
}

/// The comparison of the two.
pub(super) fn output(explorer: &Explorer, ask: &Ask, language: Language) -> Result<Output> {
    let (a, b) = asked(explorer, ask)?;
    compare(a, b, ask)?.on(&explorer.study(language))
}
