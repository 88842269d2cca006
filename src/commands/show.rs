//! `show`: the card of one programme, with what carries each statement.

use std::collections::HashMap;

use clap::Args;
use oxrdf::{NamedNode, Term};
use serde::Deserialize;
use serde_json::json;

use super::Context;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::map::Language;
use crate::output::cell::text;
use crate::output::{Block, Body, Field, Inline, Output, Report, Table};
use crate::query::{Row, Rows, named, rows};
use crate::terms::short_name;
use crate::vocab::{ABSENT, NOT_REPORTED, PRESENT};

/// The card of one programme: every question of the map, evidence and sources.
#[derive(Args, Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Show {
    /// Its IRI, short name or name, or a part that fits only one
    pub programme: String,
}

/// One coding, read for the card.
struct Coding {
    dimension: usize,
    value: Option<usize>,
    finding: NamedNode,
    basis: String,
    confidence: String,
    evidence: Option<String>,
    source: String,
    locator: String,
    cited: Vec<String>,
    coder: String,
}

impl Show {
    /// Makes the card.
    ///
    /// # Errors
    /// No programme, or several, by that name.
    pub fn run(&self, dataset: &Dataset, context: Context) -> Result<Output> {
        let profiles = dataset.profiles()?;
        let profile = profiles.find(&self.programme)?;
        let iri = profile.iri.clone();
        let codings = read_codings(dataset, &iri)?;
        let facts = rows(
            &dataset.graph,
            named("programme-facts")?,
            vec![("programme".to_owned(), iri.clone().into())],
        )?;
        let sources = Sources::read(dataset, &iri)?;
        let language = context.language;
        let mut blocks = vec![Block::Entry {
            title: Vec::new(),
            fields: fact_fields(dataset, &facts, language),
        }];
        for (facet_at, facet) in dataset.map.facets.iter().enumerate() {
            blocks.push(Block::Heading(facet.label(language).to_owned()));
            for (at, dimension) in dataset
                .map
                .dimensions
                .iter()
                .enumerate()
                .filter(|(_, d)| d.facet == facet_at)
            {
                let here: Vec<&Coding> = codings
                    .iter()
                    .filter(|coding| coding.dimension == at)
                    .collect();
                blocks.push(Block::Entry {
                    title: vec![Inline::strong(dimension.name.label(language))],
                    fields: dimension_fields(dataset, &here, language),
                });
            }
        }
        blocks.push(Block::Heading("Sources".to_owned()));
        for (iri, citation) in &sources.used_by(&codings, &facts) {
            blocks.push(Block::Paragraph(vec![
                Inline::strong(short_name(iri)),
                Inline::text(format!("  {citation}")),
            ]));
        }
        let data = card_json(dataset, &iri, &profile.name, &codings, &facts, &sources);
        Ok(Output::new(Body::Report(Report {
            title: profile.name.clone(),
            blocks,
            table: card_table(dataset, &codings),
            data,
            ..Report::default()
        })))
    }
}

fn read_codings(dataset: &Dataset, programme: &NamedNode) -> Result<Vec<Coding>> {
    let table = rows(
        &dataset.graph,
        named("codings")?,
        vec![("programme".to_owned(), programme.clone().into())],
    )?;
    let mut codings: Vec<Coding> = Vec::new();
    let mut by_iri: HashMap<String, usize> = HashMap::new();
    let tail = |row: &Row<'_>, column: &str| {
        row.iri(column)
            .map(|iri| short_name(iri.as_str()).to_lowercase())
            .unwrap_or_default()
    };
    for row in Rows::new(&table) {
        let cited = row.iri("citedReference").ok().map(NamedNode::into_string);
        let iri = row.iri("coding")?;
        if let Some(&at) = by_iri.get(iri.as_str()) {
            let list: &mut Vec<String> = &mut codings[at].cited;
            list.extend(
                cited
                    .filter(|c| !list.contains(c))
                    .into_iter()
                    .collect::<Vec<_>>(),
            );
            continue;
        }
        let Some(dimension) = dataset.map.dimension(row.iri("dimension")?.as_str()) else {
            continue;
        };
        by_iri.insert(iri.as_str().to_owned(), codings.len());
        codings.push(Coding {
            dimension,
            value: row
                .iri("value")
                .ok()
                .and_then(|value| dataset.map.value(value.as_str())),
            finding: row.iri("finding")?,
            basis: tail(&row, "basis"),
            confidence: tail(&row, "confidence"),
            evidence: row.text("evidence").ok(),
            source: row
                .iri("source")
                .map(NamedNode::into_string)
                .unwrap_or_default(),
            locator: row.text("locator").unwrap_or_default(),
            cited: cited.into_iter().collect(),
            coder: tail(&row, "coder"),
        });
    }
    codings.sort_by_key(|coding| (coding.dimension, coding.value.unwrap_or(usize::MAX)));
    Ok(codings)
}

/// Citations by IRI of the source.
struct Sources(Vec<(String, String)>);

impl Sources {
    fn read(dataset: &Dataset, programme: &NamedNode) -> Result<Self> {
        let table = rows(
            &dataset.graph,
            named("programme-sources")?,
            vec![("programme".to_owned(), programme.clone().into())],
        )?;
        let mut list = Vec::new();
        for row in Rows::new(&table) {
            list.push((row.iri("source")?.into_string(), row.text("citation")?));
        }
        list.dedup_by(|a, b| a.0 == b.0);
        Ok(Self(list))
    }

    fn used_by(&self, codings: &[Coding], facts: &Table) -> Vec<(String, String)> {
        let in_facts = |iri: &str| {
            facts
                .rows
                .iter()
                .flatten()
                .flatten()
                .any(|term| matches!(term, Term::NamedNode(node) if node.as_str() == iri))
        };
        let used = |iri: &str| {
            in_facts(iri)
                || codings
                    .iter()
                    .any(|c| c.source == iri || c.cited.iter().any(|cited| cited == iri))
        };
        self.0
            .iter()
            .filter(|(iri, _)| used(iri))
            .cloned()
            .collect()
    }
}

/// Facts about the programme by the label of their property, in the order of the query.
fn fact_fields(dataset: &Dataset, facts: &Table, language: Language) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for row in Rows::new(facts) {
        let Some(value) = row.get("value") else {
            continue;
        };
        let name = match language {
            Language::Fr => row.text("name_fr").or_else(|_| row.text("name")),
            Language::En => row.text("name"),
        };
        let name = name.unwrap_or_default();
        let shown = match value {
            Term::NamedNode(node) => {
                let label = match language {
                    Language::Fr => row.text("label_fr").or_else(|_| row.text("label")),
                    Language::En => row.text("label"),
                };
                Inline::link(
                    label.unwrap_or_else(|_| dataset.graph.prefixes().display_iri(node.as_str())),
                    node.as_str(),
                )
            }
            Term::Literal(literal) => Inline::text(literal.value()),
            other => Inline::text(other.to_string()),
        };
        match fields.iter_mut().find(|field| field.name == name) {
            Some(field) => {
                if let Some(line) = field.lines.first_mut()
                    && !line.contains(&shown)
                {
                    line.push(Inline::text(", "));
                    line.push(shown);
                }
            }
            None => fields.push(Field::line(name, vec![shown])),
        }
    }
    fields
}

fn dimension_fields(dataset: &Dataset, codings: &[&Coding], language: Language) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for coding in codings
        .iter()
        .filter(|coding| coding.finding != NOT_REPORTED)
    {
        let mut name = match coding.value {
            Some(value) => dataset.map.values[value].name.label(language).to_owned(),
            None => "none of the values".to_owned(),
        };
        if coding.finding == ABSENT && coding.value.is_some() {
            name = format!("not {name}");
        }
        let cited: Vec<&str> = coding.cited.iter().map(|iri| short_name(iri)).collect();
        let citing = if cited.is_empty() {
            String::new()
        } else {
            format!(" citing {}", cited.join(", "))
        };
        let mut lines = Vec::new();
        if let Some(evidence) = &coding.evidence {
            lines.push(vec![Inline::text(evidence.clone())]);
        }
        lines.push(vec![Inline::faint(format!(
            "{}, confidence {} · {} {}{citing} · coder {}",
            basis(&coding.basis),
            coding.confidence,
            short_name(&coding.source),
            coding.locator,
            coding.coder
        ))]);
        match fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.lines.extend(lines),
            None => fields.push(Field { name, lines }),
        }
    }
    let present = codings.iter().any(|coding| {
        coding.finding == PRESENT || (coding.finding == ABSENT && coding.value.is_none())
    });
    if !present {
        let why = if let Some(silent) = codings.iter().find(|coding| coding.finding == NOT_REPORTED)
        {
            format!(
                "the source was read for it and is silent ({})",
                short_name(&silent.source)
            )
        } else {
            "nobody has looked".to_owned()
        };
        fields.push(Field::line("not stated", vec![Inline::faint(why)]));
    }
    fields
}

fn basis(word: &str) -> &str {
    if word == "titleonly" {
        "from a title only"
    } else {
        word
    }
}

fn card_table(dataset: &Dataset, codings: &[Coding]) -> Table {
    let columns = [
        "dimension",
        "value",
        "finding",
        "basis",
        "confidence",
        "evidence",
        "source",
        "locator",
        "coder",
    ];
    let rows = codings
        .iter()
        .map(|coding| {
            vec![
                text(&dataset.map.dimensions[coding.dimension].name.notation),
                coding
                    .value
                    .and_then(|value| text(&dataset.map.values[value].name.notation)),
                text(finding(coding)),
                text(&coding.basis),
                text(&coding.confidence),
                coding.evidence.as_deref().and_then(text),
                NamedNode::new(&coding.source).ok().map(Term::from),
                text(&coding.locator),
                text(&coding.coder),
            ]
        })
        .collect();
    Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows,
    }
}

fn finding(coding: &Coding) -> &'static str {
    if coding.finding == PRESENT {
        "present"
    } else if coding.finding == ABSENT {
        "absent"
    } else {
        "not-reported"
    }
}

fn card_json(
    dataset: &Dataset,
    iri: &NamedNode,
    name: &str,
    codings: &[Coding],
    facts: &Table,
    sources: &Sources,
) -> serde_json::Value {
    let mut properties = serde_json::Map::new();
    for row in Rows::new(facts) {
        let (Ok(property), Some(value)) = (row.iri("property"), row.get("value")) else {
            continue;
        };
        let value = match value {
            Term::NamedNode(node) => {
                json!({ "iri": node.as_str(), "label": row.text("label").ok() })
            }
            Term::Literal(literal) => json!(literal.value()),
            other => json!(other.to_string()),
        };
        let entry = properties
            .entry(short_name(property.as_str()).to_owned())
            .or_insert_with(|| json!([]));
        if let Some(list) = entry.as_array_mut()
            && !list.contains(&value)
        {
            list.push(value);
        }
    }
    let dimensions: serde_json::Map<String, serde_json::Value> = dataset
        .map
        .dimensions
        .iter()
        .enumerate()
        .map(|(at, dimension)| {
            let list: Vec<serde_json::Value> = codings
                .iter()
                .filter(|coding| coding.dimension == at)
                .map(|coding| {
                    json!({
                        "value": coding.value.map(|value| dataset.map.values[value].name.iri.as_str()),
                        "finding": finding(coding),
                        "basis": coding.basis,
                        "confidence": coding.confidence,
                        "evidence": coding.evidence,
                        "source": coding.source,
                        "locator": coding.locator,
                        "cited": coding.cited,
                        "coder": coding.coder,
                    })
                })
                .collect();
            (dimension.name.notation.clone(), json!(list))
        })
        .collect();
    let cited: Vec<serde_json::Value> = sources
        .used_by(codings, facts)
        .iter()
        .map(|(iri, citation)| json!({ "iri": iri, "citation": citation }))
        .collect();
    json!({ "programme": iri.as_str(), "label": name, "facts": properties, "dimensions": dimensions, "sources": cited })
}
