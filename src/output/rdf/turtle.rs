//! Turtle and `TriG` in one fixed layout: the same statements give the same text.
//!
//! What the document is about comes first, then things by kind and name; of a thing its type,
//! names and meaning, then the rest by name. Several objects stand one a line, blank nodes that
//! hang in one place stand there in brackets, lists in parentheses, so that one edit of the data
//! is one edit of the text. Time is near-linear: sorting, and one visit to each statement.

use std::fmt::Write as _;

use oxrdf::vocab::rdf;
use oxrdf::{GraphNameRef, NamedOrBlankNodeRef, TermRef};

use super::labels::Labels;
use super::model::Model;
use super::names::Names;
use super::order::{ObjectKey, Section, predicate_rank};
use crate::terms::{Prefixes, short_name};

/// Brackets and lists that fit into this many characters stay on one line.
const WIDTH: usize = 100;
/// Spaces a step to the right.
const STEP: usize = 4;

/// Writes a document; named graphs stand in braces after the default graph.
pub(super) fn write(
    model: &Model<'_>,
    labels: &Labels<'_>,
    prefixes: &Prefixes,
    headings: bool,
) -> String {
    let mut printer = Printer {
        model,
        labels,
        names: Names::new(prefixes),
    };
    let mut body = String::new();
    let mut start = 0;
    let mut graphs = Vec::new();
    while start < model.things.len() {
        let graph = model.things[start].graph;
        let end = start
            + model.things[start..]
                .iter()
                .take_while(|thing| thing.graph == graph)
                .count();
        let (name, indent) = match graph {
            GraphNameRef::DefaultGraph => (String::new(), 0),
            GraphNameRef::NamedNode(node) => (printer.names.iri(node.as_str()), STEP),
            GraphNameRef::BlankNode(node) => (printer.label(node.as_str()), STEP),
        };
        graphs.push((name, printer.graph(start..end, indent, headings)));
        start = end;
    }
    graphs.sort();
    for (name, text) in graphs {
        if !body.is_empty() {
            body.push('\n');
        }
        if name.is_empty() {
            body.push_str(&text);
        } else {
            let _ = write!(body, "{name} {{\n{text}}}\n");
        }
    }
    let mut document = String::new();
    for (prefix, namespace) in printer.names.used() {
        let _ = writeln!(
            document,
            "@prefix {prefix}: {} .",
            super::names::whole_iri(namespace)
        );
    }
    if !document.is_empty() && !body.is_empty() {
        document.push('\n');
    }
    document.push_str(&body);
    document
}

/// A predicate with its objects, all as text.
struct Row {
    predicate: String,
    objects: Vec<String>,
}

struct Printer<'m, 'a, 'p> {
    model: &'m Model<'a>,
    labels: &'m Labels<'a>,
    names: Names<'p>,
}

impl<'a> Printer<'_, 'a, '_> {
    /// The statements of one graph, section by section.
    fn graph(&mut self, things: std::ops::Range<usize>, indent: usize, headings: bool) -> String {
        let mut blocks: Vec<(Section, u8, String, String)> = Vec::new();
        for number in things {
            let thing = &self.model.things[number];
            let (rank, name) = match thing.subject {
                NamedOrBlankNodeRef::NamedNode(node) => (0, self.names.iri(node.as_str())),
                NamedOrBlankNodeRef::BlankNode(node) => {
                    let blank = &self.model.blanks[self.model.blank(node.as_str())];
                    if blank.nested {
                        continue;
                    }
                    if blank.labelled() {
                        (1, self.label(node.as_str()))
                    } else {
                        (2, "[]".to_owned())
                    }
                }
            };
            let types = self.model.types(number);
            let mut text = " ".repeat(indent);
            text.push_str(&name);
            text.push(' ');
            self.rows(number, indent + STEP, &mut text);
            text.push_str(" .\n");
            blocks.push((Section::of(&types), rank, name, text));
        }
        blocks.sort_unstable();
        let mut text = String::new();
        let several = blocks
            .windows(2)
            .any(|pair| pair[0].0 != pair[1].0 && !pair[0].0.is_header());
        for (at, (section, _, _, block)) in blocks.iter().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            if headings
                && several
                && !section.is_header()
                && (at == 0 || blocks[at - 1].0 != *section)
            {
                let heading = match section.heading() {
                    Some(heading) => heading.to_owned(),
                    None if section.kind.is_empty() => "Without a type".to_owned(),
                    None => short_name(&section.kind).to_owned(),
                };
                let _ = write!(text, "{}# {heading}\n\n", " ".repeat(indent));
            }
            text.push_str(block);
        }
        text
    }

    fn label(&self, name: &str) -> String {
        format!("_:{}", self.labels.get(name).map_or(name, String::as_str))
    }

    /// Predicates and objects of a thing, the first on the line that is open.
    fn rows(&mut self, thing: usize, indent: usize, text: &mut String) {
        for (at, row) in self.sorted(thing, indent + STEP).into_iter().enumerate() {
            if at > 0 {
                text.push_str(" ;\n");
                text.extend(std::iter::repeat_n(' ', indent));
            }
            text.push_str(&row.predicate);
            text.push(' ');
            let between = if row.predicate == "a" {
                " , ".to_owned()
            } else {
                format!(" ,\n{}", " ".repeat(indent + STEP))
            };
            text.push_str(&row.objects.join(&between));
        }
    }

    fn sorted(&mut self, thing: usize, indent: usize) -> Vec<Row> {
        let model = self.model;
        let mut rows: Vec<(usize, Row)> = Vec::new();
        for quads in model.of(thing).chunk_by(|a, b| a.predicate == b.predicate) {
            let iri = quads[0].predicate.as_str();
            let predicate = if quads[0].predicate == rdf::TYPE {
                "a".to_owned()
            } else {
                self.names.iri(iri)
            };
            // Objects sit under their predicate only when there are several.
            let indent = if quads.len() > 1 {
                indent
            } else {
                indent - STEP
            };
            let mut objects: Vec<(ObjectKey, String)> = quads
                .iter()
                .map(|quad| self.object(quad.object, indent))
                .collect();
            objects.sort_by(|a, b| a.0.compare(&b.0));
            let objects = objects.into_iter().map(|(_, text)| text).collect();
            rows.push((predicate_rank(iri), Row { predicate, objects }));
        }
        rows.sort_by(|a, b| (a.0, &a.1.predicate).cmp(&(b.0, &b.1.predicate)));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn object(&mut self, object: TermRef<'a>, indent: usize) -> (ObjectKey, String) {
        let text = self.term(object, indent);
        let key = match object {
            TermRef::Literal(literal) => ObjectKey::literal(literal, &text),
            TermRef::NamedNode(_) => ObjectKey::written(0, &text),
            TermRef::BlankNode(_) => ObjectKey::written(2, &text),
            TermRef::Triple(_) => ObjectKey::written(3, &text),
        };
        (key, text)
    }

    fn term(&mut self, term: TermRef<'a>, indent: usize) -> String {
        match term {
            TermRef::NamedNode(node) => self.names.iri(node.as_str()),
            TermRef::Literal(literal) => self.names.literal(literal, false),
            TermRef::BlankNode(node) => {
                let number = self.model.blank(node.as_str());
                let blank = &self.model.blanks[number];
                if !blank.nested {
                    self.label(node.as_str())
                } else if blank.list {
                    self.list(number, indent)
                } else {
                    match blank.thing {
                        Some(thing) => self.brackets(thing, indent),
                        None => "[]".to_owned(),
                    }
                }
            }
            TermRef::Triple(triple) => {
                let subject = match triple.subject.as_ref() {
                    NamedOrBlankNodeRef::NamedNode(node) => self.names.iri(node.as_str()),
                    NamedOrBlankNodeRef::BlankNode(node) => self.label(node.as_str()),
                };
                let predicate = self.names.iri(triple.predicate.as_str());
                let object = match triple.object.as_ref() {
                    TermRef::Literal(literal) => self.names.literal(literal, true),
                    other => self.term(other, indent),
                };
                format!("<<( {subject} {predicate} {object} )>>")
            }
        }
    }

    fn brackets(&mut self, thing: usize, indent: usize) -> String {
        let rows = self.sorted(thing, indent + 2 * STEP);
        let flat: Vec<String> = rows
            .iter()
            .map(|row| format!("{} {}", row.predicate, row.objects.join(" , ")))
            .collect();
        let flat = format!("[ {} ]", flat.join(" ; "));
        if fits(&flat) {
            return flat;
        }
        let mut text = format!("[\n{}", " ".repeat(indent + STEP));
        self.rows(thing, indent + STEP, &mut text);
        let _ = write!(text, "\n{}]", " ".repeat(indent));
        text
    }

    fn list(&mut self, first: usize, indent: usize) -> String {
        let mut items = Vec::new();
        let mut cell = first;
        while let [item, rest] = self.model.inside(cell) {
            let (item, rest) = (item.object, rest.object);
            items.push(self.term(item, indent + STEP));
            match rest {
                TermRef::BlankNode(node) => cell = self.model.blank(node.as_str()),
                _ => break,
            }
        }
        let flat = format!("( {} )", items.join(" "));
        if fits(&flat) {
            return flat;
        }
        let before = format!("\n{}", " ".repeat(indent + STEP));
        let mut text = "(".to_owned();
        for item in items {
            text.push_str(&before);
            text.push_str(&item);
        }
        let _ = write!(text, "\n{})", " ".repeat(indent));
        text
    }
}

fn fits(text: &str) -> bool {
    !text.contains('\n') && text.chars().count() <= WIDTH
}
