//! Words for peers: which mislead, which fit, and a page for each.

use askama::Template;
use serde_json::{Value, json};

use super::ask::Ask;
use super::explorer::Explorer;
use super::frame::{Frame, Link, render};
use super::reading::{list, report, request, sparql, text, values};
use super::statements;
use crate::commands::Context;
use crate::commands::labels::Labels;
use crate::error::Result;
use crate::map::Language;
use crate::output::{Format, Output};
use crate::query::{Options, Rows, run};
use crate::vocab::BASE;

/// A label in the list of all.
struct Used {
    link: Link,
    count: usize,
    verdict: String,
}

/// Two labels.
struct Twin {
    a: Link,
    b: Link,
    numbers: String,
    verdict: String,
}

#[derive(Template)]
#[template(path = "labels.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    explained: String,
    judged: Vec<Judged>,
    twins: Vec<Twin>,
    all: Vec<Used>,
}

/// A label with enough programmes to be judged.
struct Judged {
    link: Link,
    programmes: u64,
    numbers: String,
    verdict: String,
    marked: Vec<Link>,
}

fn command(ask: &Ask) -> Result<Labels> {
    request(json!({
        "within": ask.or("within", "issue"),
        "seed": ask.number("seed", 1u64)?,
        "measure": ask.or("measure", "gower"),
    }))
}

fn iri(notation: &str) -> String {
    format!("{BASE}label/{notation}")
}

fn label_link(explorer: &Explorer, frame: &Frame<'_>, notation: &str) -> Link {
    let iri = iri(notation);
    let name = explorer.name(frame.language, &iri).unwrap_or(notation);
    Link::new(name, frame.links.thing(&iri).unwrap_or_default())
}

fn verdict(frame: &Frame<'_>, value: &Value) -> String {
    let key = format!("verdict.{}", text(value, "verdict"));
    frame.t(&key).to_owned()
}

pub(super) fn page(explorer: &Explorer, ask: &Ask, frame: &mut Frame<'_>) -> Result<String> {
    let study = explorer.study(frame.language);
    let labels = command(ask)?;
    let data = report(labels.on(&study)?)?.data;
    frame.title = frame.t("labels.title").to_owned();
    frame.formats = vec!["csv", "json"];
    frame.typed = Some("peermap labels".to_owned());
    let facts = Labels {
        as_sparql: true,
        ..labels
    };
    frame.sparql = sparql(facts.on(&study));
    let mut all: Vec<Used> = Vec::new();
    for label in explorer.labels.iter().flatten() {
        let link = Link::new(
            explorer.name(frame.language, label).unwrap_or(label),
            frame.links.thing(label).unwrap_or_default(),
        );
        match all.iter_mut().find(|used| used.link.href == link.href) {
            Some(used) => used.count += 1,
            None => all.push(Used {
                link,
                count: 1,
                verdict: String::new(),
            }),
        }
    }
    for label in list(&data, "labels") {
        let href = frame
            .links
            .thing(&iri(text(label, "label")))
            .unwrap_or_default();
        if let Some(used) = all.iter_mut().find(|used| used.link.href == href) {
            used.verdict = verdict(frame, label);
        }
    }
    all.sort_by(|a, b| b.count.cmp(&a.count).then(a.link.text.cmp(&b.link.text)));
    let page = Page {
        explained: match data["r2"].as_f64() {
            Some(r2) => frame.t3(
                "labels.explained",
                frame.number(100.0 * r2, 0),
                frame.number(100.0 * data["r2_by_chance"].as_f64().unwrap_or(0.0), 0),
                frame.maybe(data["p"].as_f64(), 3),
            ),
            None => frame.t("labels.unexplained").to_owned(),
        },
        judged: list(&data, "labels")
            .iter()
            .map(|label| judged(explorer, frame, label))
            .collect(),
        twins: list(&data, "twins")
            .iter()
            .filter(|twin| text(twin, "verdict") == "same work")
            .map(|twin| self::twin(explorer, frame, twin))
            .collect(),
        all,
        frame,
    };
    render(&page)
}

fn judged(explorer: &Explorer, frame: &Frame<'_>, label: &Value) -> Judged {
    Judged {
        link: label_link(explorer, frame, text(label, "label")),
        programmes: label["programmes"].as_u64().unwrap_or(0),
        numbers: frame.t3(
            "labels.numbers",
            frame.maybe(label["dispersion"].as_f64(), 2),
            frame.maybe(label["by_chance"].as_f64(), 2),
            frame.maybe(label["effective_profiles"].as_f64(), 1),
        ),
        verdict: verdict(frame, label),
        marked: values(frame, list(label, "marked_by")),
    }
}

fn twin(explorer: &Explorer, frame: &Frame<'_>, twin: &Value) -> Twin {
    let names = list(twin, "labels");
    let link = |at: usize| {
        let notation = names.get(at).and_then(Value::as_str).unwrap_or("");
        label_link(explorer, frame, notation)
    };
    Twin {
        a: link(0),
        b: link(1),
        numbers: frame.t3(
            "labels.twin",
            frame.maybe(twin["divergence"].as_f64(), 2),
            frame.maybe(twin["noise_floor"].as_f64(), 2),
            frame.maybe(twin["overlap"].as_f64(), 2),
        ),
        verdict: verdict(frame, twin),
    }
}

/// The comparison of labels.
pub(super) fn output(explorer: &Explorer, ask: &Ask, language: Language) -> Result<Output> {
    command(ask)?.on(&explorer.study(language))
}

/// How many programmes of a label have a value.
struct Bar {
    link: Link,
    count: usize,
    percent: String,
    share: f64,
}

/// A question with the answers of a label's programmes.
struct Fingerprint {
    question: String,
    name: String,
    stated: String,
    bars: Vec<Bar>,
}

#[derive(Template)]
#[template(path = "label.html")]
struct Passport<'a> {
    frame: &'a Frame<'a>,
    names: Vec<(String, String)>,
    texts: Vec<(String, String, String)>,
    programmes: Vec<Link>,
    count: String,
    judged: Option<Judged>,
    fingerprint: Vec<Fingerprint>,
    near: Vec<Twin>,
    find: String,
}

/// The page of one label: definitions, who uses it, what its peers do, neighbours.
pub(super) fn passport(
    explorer: &Explorer,
    notation: &str,
    frame: &mut Frame<'_>,
) -> Result<String> {
    let iri = iri(notation);
    let node = oxrdf::NamedNode::new_unchecked(iri.clone());
    frame.title = frame.t1(
        "label.title",
        explorer.name(frame.language, &iri).unwrap_or(notation),
    );
    frame.formats = vec!["ttl", "jsonld", "rdf", "nt", "csv"];
    frame.alternates = vec![("ttl", "text/turtle"), ("jsonld", "application/ld+json")];
    frame.sparql = Some(statements::query(&node));
    let name = explorer.name(Language::En, &iri).unwrap_or(notation);
    let first = json!({
        "@context": "https://schema.org", "@type": "DefinedTerm", "@id": iri, "name": name,
        "inDefinedTermSet": format!("{BASE}label"),
    });
    frame.json_ld = Some(statements::json_ld(explorer, &node, &first)?);
    let using: Vec<usize> = (0..explorer.labels.len())
        .filter(|&at| explorer.labels[at].contains(&iri))
        .collect();
    let context = Context {
        language: frame.language,
    };
    let data = explorer.label_study(context)?;
    let mine = list(&data, "labels")
        .iter()
        .find(|label| text(label, "label") == notation);
    let mut near: Vec<&Value> = list(&data, "twins")
        .iter()
        .filter(|twin| list(twin, "labels").iter().any(|label| label == notation))
        .collect();
    near.sort_by(|x, y| {
        let divergence = |twin: &Value| twin["divergence"].as_f64().unwrap_or(9.0);
        divergence(x).total_cmp(&divergence(y))
    });
    let page = Passport {
        names: names(explorer, &iri, frame),
        texts: texts(explorer, &node, frame)?,
        count: frame.counted("programmes", using.len()),
        programmes: using
            .iter()
            .map(|&at| {
                let profile = &explorer.profiles.list[at];
                let href = frame.page(&format!("programme/{}", profile.id()));
                Link::new(profile.name.clone(), href)
            })
            .collect(),
        judged: mine.map(|label| judged(explorer, frame, label)),
        fingerprint: (0..explorer.dataset.map.dimensions.len())
            .map(|d| fingerprint(explorer, &using, d, frame))
            .collect(),
        near: near
            .into_iter()
            .take(8)
            .map(|twin| self::twin(explorer, frame, twin))
            .collect(),
        find: frame
            .links
            .asking("programmes", &Ask::default().with("label", &[notation])),
        frame,
    };
    render(&page)
}

fn names(explorer: &Explorer, iri: &str, frame: &Frame<'_>) -> Vec<(String, String)> {
    let all = explorer.named_things().find(|(thing, _)| *thing == iri);
    let labels = all.map_or(&[][..], |(_, labels)| labels);
    let others = labels
        .iter()
        .filter(|(_, text)| !frame.title.contains(text.as_str()));
    others.cloned().collect()
}

/// Definitions and notes on how the word is used: heading key, language, text.
fn texts(
    explorer: &Explorer,
    node: &oxrdf::NamedNode,
    frame: &Frame<'_>,
) -> Result<Vec<(String, String, String)>> {
    let query = format!(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nSELECT ?kind ?text WHERE {{ VALUES (?property ?kind) {{ (skos:definition \"definition\") (skos:scopeNote \"scope\") (skos:altLabel \"other\") }} {node} ?property ?text FILTER (LANG(?text) = \"{}\" || ?kind = \"other\") }} ORDER BY ?kind ?text",
        frame.tag()
    );
    let output = run(&explorer.dataset.graph, &query, &Options::default())?;
    let crate::output::Body::Table(table) = output.body else {
        return Ok(Vec::new());
    };
    let mut texts = Vec::new();
    for row in Rows::new(&table) {
        let language = match row.get("text") {
            Some(oxrdf::Term::Literal(literal)) => literal.language().unwrap_or("").to_owned(),
            _ => String::new(),
        };
        let key = format!("label.{}", row.text("kind")?);
        texts.push((frame.t(&key).to_owned(), language, row.text("text")?));
    }
    Ok(texts)
}

fn fingerprint(explorer: &Explorer, using: &[usize], d: usize, frame: &Frame<'_>) -> Fingerprint {
    let map = &explorer.dataset.map;
    let dimension = &map.dimensions[d];
    let stated = using
        .iter()
        .filter(|&&at| explorer.profiles.list[at].stated.contains(d))
        .count();
    let mut bars: Vec<Bar> = dimension
        .values
        .clone()
        .filter(|&value| map.values[value].broader.is_empty())
        .map(|value| {
            let having = |&&at: &&usize| explorer.profiles.list[at].closure.contains(value);
            let count = using.iter().filter(having).count();
            let share = if stated == 0 {
                0.0
            } else {
                count as f64 / stated as f64
            };
            let name = &map.values[value].name;
            let href = frame.links.thing(name.iri.as_str()).unwrap_or_default();
            Bar {
                link: Link::new(name.label(frame.language), href),
                count,
                percent: frame.number(100.0 * share, 0),
                share,
            }
        })
        .filter(|bar| bar.count > 0)
        .collect();
    bars.sort_by_key(|bar| std::cmp::Reverse(bar.count));
    Fingerprint {
        question: explorer.question(frame.language, d).to_owned(),
        name: dimension.name.label(frame.language).to_owned(),
        stated: frame.t2("label.stated", stated, using.len()),
        bars,
    }
}

/// The statements about a label, or the programmes that use it.
pub(super) fn passport_output(
    explorer: &Explorer,
    notation: &str,
    format: Format,
) -> Result<Output> {
    if statements::is_rdf(format) {
        let node = oxrdf::NamedNode::new_unchecked(iri(notation));
        return statements::output(explorer, &node);
    }
    super::programmes::output(explorer, &Ask::default().with("label", &[notation]))
}
