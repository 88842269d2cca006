//! JSON-LD 1.1, compact: short names, values as plain as a context allows, nested blank nodes.
//!
//! Keys are compact IRIs such as `pm:kind`, so that no property meets a prefix of its name. The
//! context stands in the document, so that it can be read without a network.

use std::collections::{BTreeMap, BTreeSet};

use oxrdf::vocab::{rdf, xsd};
use oxrdf::{GraphNameRef, LiteralRef, NamedOrBlankNodeRef, TermRef};
use serde_json::{Map, Value, json};

use super::labels::Labels;
use super::model::Model;
use super::names::Names;
use super::order::{Section, predicate_rank};
use crate::error::{Error, Result};
use crate::terms::Prefixes;

/// What the values of a property are written as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// IRIs, as strings.
    Iris,
    /// Literals of a datatype, as strings.
    Typed(String),
    /// Texts by language.
    Languages,
}

/// Which properties have values of which kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    properties: BTreeMap<String, Values>,
}

impl Context {
    /// A context of properties, by IRI.
    pub fn new(properties: impl IntoIterator<Item = (String, Values)>) -> Self {
        Self {
            properties: properties.into_iter().collect(),
        }
    }
}

fn definition(values: &Values, names: &mut Names<'_>) -> Value {
    match values {
        Values::Iris => json!({ "@type": "@id" }),
        Values::Typed(datatype) => json!({ "@type": compact(names, datatype).0 }),
        Values::Languages => json!({ "@container": "@language" }),
    }
}

/// A compact IRI, or the whole one; and whether it is compact.
fn compact(names: &mut Names<'_>, iri: &str) -> (String, bool) {
    let written = names.iri(iri);
    if written.starts_with('<') {
        (iri.to_owned(), false)
    } else {
        (written, true)
    }
}

/// Writes a document.
///
/// # Errors
/// A triple term or a base direction: JSON-LD 1.1 has no place for them.
pub(super) fn write(
    model: &Model<'_>,
    labels: &Labels<'_>,
    prefixes: &Prefixes,
    context: Option<&Context>,
) -> Result<String> {
    let none = Context::default();
    // A prefix that is also the scheme of some IRI would take that IRI for a short name.
    let mut schemes = BTreeSet::new();
    for quad in &model.quads {
        let mut see = |iri: &str| {
            if let Some((scheme, rest)) = iri.split_once(':')
                && !rest.starts_with("//")
            {
                schemes.insert(scheme.to_owned());
            }
        };
        if let NamedOrBlankNodeRef::NamedNode(node) = quad.subject {
            see(node.as_str());
        }
        see(quad.predicate.as_str());
        match quad.object {
            TermRef::NamedNode(node) => see(node.as_str()),
            TermRef::Literal(literal) => see(literal.datatype().as_str()),
            _ => {}
        }
    }
    let safe = Prefixes::new(
        prefixes
            .iter()
            .filter(|(prefix, _)| !prefix.is_empty() && !schemes.contains(*prefix))
            .map(|(prefix, namespace)| (prefix.to_owned(), namespace.to_owned())),
    );
    let mut writer = Writer {
        model,
        labels,
        names: Names::new(&safe),
        context: context.unwrap_or(&none),
        definitions: BTreeMap::new(),
    };
    let mut graph = Vec::new();
    let mut named = BTreeMap::new();
    let mut start = 0;
    while start < model.things.len() {
        let name = model.things[start].graph;
        let end = start
            + model.things[start..]
                .iter()
                .take_while(|thing| thing.graph == name)
                .count();
        let things = writer.things(start..end)?;
        match name {
            GraphNameRef::DefaultGraph => graph.extend(things),
            GraphNameRef::NamedNode(node) => {
                let id = compact(&mut writer.names, node.as_str()).0;
                named.insert((false, id), things);
            }
            GraphNameRef::BlankNode(node) => {
                let id = writer.label(node.as_str());
                named.insert((true, id), things);
            }
        }
        start = end;
    }
    for ((_, id), things) in named {
        graph.push(json!({ "@id": id, "@graph": things }));
    }
    let mut definitions = Map::new();
    for (prefix, namespace) in writer.names.used() {
        definitions.insert(prefix.to_owned(), json!(namespace));
    }
    definitions.extend(writer.definitions);
    let document = json!({ "@context": definitions, "@graph": graph });
    let mut text = serde_json::to_string_pretty(&document)
        .map_err(|error| Error::Output(std::io::Error::other(error)))?;
    text.push('\n');
    Ok(text)
}

struct Writer<'m, 'a, 'p> {
    model: &'m Model<'a>,
    labels: &'m Labels<'a>,
    names: Names<'p>,
    context: &'p Context,
    /// Definitions of the properties that were met.
    definitions: BTreeMap<String, Value>,
}

impl<'a> Writer<'_, 'a, '_> {
    fn label(&self, name: &str) -> String {
        format!("_:{}", self.labels.get(name).map_or(name, String::as_str))
    }

    fn things(&mut self, range: std::ops::Range<usize>) -> Result<Vec<Value>> {
        let model = self.model;
        let mut things = Vec::new();
        for number in range {
            let (rank, id) = match model.things[number].subject {
                NamedOrBlankNodeRef::NamedNode(node) => {
                    (0, Some(compact(&mut self.names, node.as_str()).0))
                }
                NamedOrBlankNodeRef::BlankNode(node) => {
                    let blank = &model.blanks[model.blank(node.as_str())];
                    if blank.nested {
                        continue;
                    }
                    if blank.labelled() {
                        (1, Some(self.label(node.as_str())))
                    } else {
                        (2, None)
                    }
                }
            };
            let mut object = Map::new();
            if let Some(id) = &id {
                object.insert("@id".to_owned(), json!(id));
            }
            object.extend(self.properties(number)?);
            let value = Value::Object(object);
            let name = id.unwrap_or_else(|| value.to_string());
            things.push((Section::of(&model.types(number)), rank, name, value));
        }
        things.sort_by(|a, b| (&a.0, a.1, &a.2).cmp(&(&b.0, b.1, &b.2)));
        Ok(things.into_iter().map(|(_, _, _, value)| value).collect())
    }

    fn properties(&mut self, thing: usize) -> Result<Map<String, Value>> {
        let model = self.model;
        let mut found: Vec<(usize, String, Value)> = Vec::new();
        for quads in model.of(thing).chunk_by(|a, b| a.predicate == b.predicate) {
            let iri = quads[0].predicate.as_str();
            let rank = predicate_rank(iri);
            let mut objects: Vec<TermRef<'a>> = quads.iter().map(|quad| quad.object).collect();
            if quads[0].predicate == rdf::TYPE {
                let (types, others): (Vec<_>, Vec<_>) = objects
                    .into_iter()
                    .partition(|object| matches!(object, TermRef::NamedNode(_)));
                objects = others;
                let mut types: Vec<Value> = types
                    .into_iter()
                    .filter_map(|object| match object {
                        TermRef::NamedNode(node) => {
                            Some(json!(compact(&mut self.names, node.as_str()).0))
                        }
                        _ => None,
                    })
                    .collect();
                types.sort_by_key(ToString::to_string);
                if !types.is_empty() {
                    found.push((rank, "@type".to_owned(), one_or_many(types)));
                }
            }
            if objects.is_empty() {
                continue;
            }
            let (key, short) = compact(&mut self.names, iri);
            let values = self.context.properties.get(iri).filter(|_| short).cloned();
            if let Some(values) = &values {
                let definition = definition(values, &mut self.names);
                self.definitions.insert(key.clone(), definition);
            }
            if values == Some(Values::Languages) {
                let (texts, others): (Vec<_>, Vec<_>) =
                    objects.into_iter().partition(|object| is_text(*object));
                objects = others;
                if !texts.is_empty() {
                    found.push((rank, key.clone(), by_language(&texts)));
                }
            }
            if objects.is_empty() {
                continue;
            }
            // What is no text has no place under a key whose values are texts by language.
            let key = if values == Some(Values::Languages) {
                iri.to_owned()
            } else {
                key
            };
            let mut written = objects
                .into_iter()
                .map(|object| self.value(object, values.as_ref()))
                .collect::<Result<Vec<Value>>>()?;
            written.sort_by_cached_key(ToString::to_string);
            found.push((rank, key, one_or_many(written)));
        }
        found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        Ok(found
            .into_iter()
            .map(|(_, key, value)| (key, value))
            .collect())
    }

    fn value(&mut self, object: TermRef<'a>, values: Option<&Values>) -> Result<Value> {
        match object {
            TermRef::NamedNode(node) => {
                let id = compact(&mut self.names, node.as_str()).0;
                Ok(if values == Some(&Values::Iris) {
                    json!(id)
                } else {
                    json!({ "@id": id })
                })
            }
            TermRef::Literal(literal) => self.literal(literal, values),
            TermRef::BlankNode(node) => {
                let number = self.model.blank(node.as_str());
                let blank = &self.model.blanks[number];
                if !blank.nested {
                    Ok(json!({ "@id": self.label(node.as_str()) }))
                } else if blank.list {
                    self.list(number)
                } else {
                    match blank.thing {
                        Some(thing) => self.properties(thing).map(Value::Object),
                        None => Ok(json!({})),
                    }
                }
            }
            TermRef::Triple(_) => Err(no_place("a triple term")),
        }
    }

    fn literal(&mut self, literal: LiteralRef<'_>, values: Option<&Values>) -> Result<Value> {
        let value = literal.value();
        if literal.direction().is_some() {
            return Err(no_place("a base direction"));
        }
        if let Some(language) = literal.language() {
            return Ok(json!({ "@value": value, "@language": language }));
        }
        let datatype = literal.datatype();
        Ok(match values {
            Some(Values::Typed(known)) if known == datatype.as_str() => json!(value),
            None if datatype == xsd::STRING => json!(value),
            _ if datatype == xsd::STRING => json!({ "@value": value }),
            _ => {
                let datatype = compact(&mut self.names, datatype.as_str()).0;
                json!({ "@value": value, "@type": datatype })
            }
        })
    }

    fn list(&mut self, first: usize) -> Result<Value> {
        let model = self.model;
        let mut items = Vec::new();
        let mut cell = first;
        while let [item, rest] = model.inside(cell) {
            items.push(self.value(item.object, None)?);
            match rest.object {
                TermRef::BlankNode(node) => cell = model.blank(node.as_str()),
                _ => break,
            }
        }
        Ok(json!({ "@list": items }))
    }
}

fn is_text(object: TermRef<'_>) -> bool {
    matches!(object, TermRef::Literal(literal)
        if literal.direction().is_none()
            && (literal.language().is_some() || literal.datatype() == xsd::STRING))
}

fn by_language(texts: &[TermRef<'_>]) -> Value {
    let mut languages: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for text in texts {
        if let TermRef::Literal(literal) = text {
            let language = literal.language().unwrap_or("@none");
            languages.entry(language).or_default().push(literal.value());
        }
    }
    let mut object = Map::new();
    for (language, mut texts) in languages {
        texts.sort_unstable();
        let texts = texts.into_iter().map(|text| json!(text)).collect();
        object.insert(language.to_owned(), one_or_many(texts));
    }
    Value::Object(object)
}

fn one_or_many(mut values: Vec<Value>) -> Value {
    if values.len() == 1 {
        values.remove(0)
    } else {
        Value::Array(values)
    }
}

fn no_place(what: &str) -> Error {
    Error::usage(
        format!("JSON-LD has no place for {what}"),
        "use another format, such as ttl",
    )
}
