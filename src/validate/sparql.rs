//! Constraints in SPARQL (`sh:sparql` with `sh:select`), by our own query engine.

use std::collections::HashSet;
use std::fmt::Write as _;

use oxrdf::vocab::{rdf, xsd};
use oxrdf::{Literal, NamedNodeRef, Term, TermRef};

use super::shapes::{Shapes, as_subject};
use super::{Path, Severity, ValidationResult, messages, terms};
use crate::error::{Error, Result};
use crate::graph::KnowledgeGraph;
use crate::output::Body;
use crate::query::{Options, Row, Rows, rows_with, run};

/// Judges data by all constraints in SPARQL.
pub(super) fn judge(graph: &KnowledgeGraph, shapes: &Shapes) -> Result<Vec<ValidationResult>> {
    let mut results = Vec::new();
    for shape in shapes.subjects_of(terms::SPARQL) {
        let nodes = focus_nodes(graph, shapes, &shape)?;
        if shapes.is_off(&shape) {
            continue;
        }
        for constraint in shapes.objects(&shape, terms::SPARQL) {
            if !shapes.is_off(&constraint) {
                let rule = Rule::read(graph, shapes, &shape, &constraint)?;
                rule.judge(graph, shapes, &nodes, &mut results)?;
            }
        }
    }
    Ok(results)
}

/// One constraint, ready to run.
struct Rule<'a> {
    shape: &'a Term,
    constraint: &'a Term,
    query: String,
    path: Option<Path>,
    messages: Vec<Literal>,
    severity: Severity,
}

impl<'a> Rule<'a> {
    fn read(
        graph: &KnowledgeGraph,
        shapes: &Shapes,
        shape: &'a Term,
        constraint: &'a Term,
    ) -> Result<Self> {
        let selects = shapes.literals(constraint, terms::SELECT);
        let [select] = selects.as_slice() else {
            return Err(Error::usage(
                format!("the constraint {constraint} of {shape} has no sh:select of its own"),
                "give it exactly one query",
            ));
        };
        let path = match shapes.objects(shape, terms::PATH).first() {
            None => None,
            Some(path) => Some(read_path(shapes, path)?),
        };
        let mut select = select.value().to_owned();
        if let Some(path) = &path {
            select = select.replace("$PATH", &path.to_string());
        }
        let mut query = String::new();
        for (prefix, namespace) in prefixes(graph, shapes, constraint)? {
            let _ = writeln!(query, "PREFIX {prefix}: <{namespace}>");
        }
        query.push_str(&select);
        let mut messages = shapes.literals(constraint, terms::MESSAGE);
        if messages.is_empty() {
            messages = shapes.literals(shape, terms::MESSAGE);
        }
        let severity = Severity::from_term(shapes.objects(shape, terms::SEVERITY).first());
        Ok(Self {
            shape,
            constraint,
            query,
            path,
            messages,
            severity,
        })
    }

    fn judge(
        &self,
        graph: &KnowledgeGraph,
        shapes: &Shapes,
        nodes: &[Term],
        results: &mut Vec<ValidationResult>,
    ) -> Result<()> {
        let name = match self.constraint {
            Term::NamedNode(node) => node.as_str().to_owned(),
            _ => format!("constraint of {}", self.shape),
        };
        let table = rows_with(graph, &self.query, &name, "this", nodes)?;
        for row in Rows::new(&table) {
            if let Some(Term::Literal(failure)) = row.get("failure")
                && failure.datatype() == xsd::BOOLEAN
                && matches!(failure.value(), "true" | "1")
            {
                return Err(Error::usage(
                    format!("the constraint {name} says that it failed"),
                    "mend its query",
                ));
            }
            if let Some(focus_node) = row.get("this") {
                results.push(self.result(shapes, &row, focus_node));
            }
        }
        Ok(())
    }

    fn result(&self, shapes: &Shapes, row: &Row<'_>, focus_node: &Term) -> ValidationResult {
        let path = match row.get("path") {
            Some(Term::NamedNode(property)) => Some(Path::Property(property.clone())),
            _ => self.path.clone(),
        };
        let on_node = shapes.objects(self.shape, terms::PATH).is_empty();
        let value = row.get("value").cloned();
        let value = value.or_else(|| on_node.then(|| focus_node.clone()));
        let messages = if let Some(Term::Literal(message)) = row.get("message") {
            vec![message.clone()]
        } else {
            let known = |name: &str| row.get(name).cloned();
            let filled = self.messages.iter().map(|m| messages::filled(m, &known));
            filled.collect()
        };
        ValidationResult {
            focus_node: focus_node.clone(),
            path,
            value,
            source_shape: self.shape.clone(),
            source_constraint: Some(self.constraint.clone()),
            component: terms::SPARQL_CONSTRAINT_COMPONENT.into_owned(),
            severity: self.severity.clone(),
            messages,
        }
    }
}

/// The nodes that a shape with a constraint in SPARQL looks at: its own targets, and for a
/// property shape those of the node shapes that have it.
///
/// # Errors
/// A shape that is only reached in another way, since its results would be lost.
fn focus_nodes(graph: &KnowledgeGraph, shapes: &Shapes, shape: &Term) -> Result<Vec<Term>> {
    let mut nodes = Vec::new();
    let mut reached = targets(graph, shapes, shape, &mut nodes)?;
    for triple in shapes.graph() {
        if triple.object != shape.as_ref() || triple.predicate == terms::SPARQL {
            continue;
        }
        let owner: Term = triple.subject.into_owned().into();
        if triple.predicate == terms::PROPERTY && shapes.objects(&owner, terms::PATH).is_empty() {
            if shapes.is_off(&owner) {
                reached = true;
            } else {
                reached |= targets(graph, shapes, &owner, &mut nodes)?;
            }
        } else if is_used(triple.predicate) {
            return Err(Error::usage(
                format!(
                    "the shape {shape} has sh:sparql and is used by {owner} through {}",
                    triple.predicate
                ),
                "sh:sparql is judged on shapes with targets and on their property shapes only; give the shape targets of its own",
            ));
        }
    }
    if !reached {
        return Err(Error::usage(
            format!("the shape {shape} has sh:sparql and no target"),
            "give it sh:targetClass or another target",
        ));
    }
    let mut seen = HashSet::new();
    nodes.retain(|node| seen.insert(node.clone()));
    Ok(nodes)
}

/// Whether a property of a shape hands its value nodes on to another shape.
fn is_used(property: NamedNodeRef<'_>) -> bool {
    let local = property.as_str().strip_prefix(terms::SHACL);
    property == rdf::FIRST || local.is_some_and(|local| terms::SHAPE_EXPECTING.contains(&local))
}

/// Adds the targets of a shape, and says whether it has any declaration of some.
fn targets(
    graph: &KnowledgeGraph,
    shapes: &Shapes,
    shape: &Term,
    nodes: &mut Vec<Term>,
) -> Result<bool> {
    let mut declared = false;
    let mut classes = shapes.objects(shape, terms::TARGET_CLASS);
    if shapes.is_class(shape) {
        classes.push(shape.clone());
    }
    let mut ask = |pattern: String| -> Result<()> {
        declared = true;
        let text = format!("SELECT DISTINCT ?this WHERE {{ {pattern} }}");
        let options = Options {
            no_auto_prefix: true,
            ..Options::default()
        };
        if let Body::Table(table) = run(graph, &text, &options)?.body {
            nodes.extend(table.rows.into_iter().flatten().flatten());
        }
        Ok(())
    };
    for class in classes.iter().filter(|class| as_subject(class).is_some()) {
        ask(format!(
            "?this {}/<http://www.w3.org/2000/01/rdf-schema#subClassOf>* {class}",
            rdf::TYPE
        ))?;
    }
    for property in shapes.objects(shape, terms::TARGET_SUBJECTS_OF) {
        ask(format!("?this {property} ?value"))?;
    }
    for property in shapes.objects(shape, terms::TARGET_OBJECTS_OF) {
        ask(format!("?value {property} ?this"))?;
    }
    let named = shapes.objects(shape, terms::TARGET_NODE);
    declared |= !named.is_empty();
    nodes.extend(named);
    Ok(declared)
}

/// Prefixes that a constraint names, as declared in the shapes or in the graph.
fn prefixes(
    graph: &KnowledgeGraph,
    shapes: &Shapes,
    constraint: &Term,
) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for holder in shapes.objects(constraint, terms::PREFIXES) {
        let mut here = Vec::new();
        for declaration in shapes.objects(&holder, terms::DECLARE) {
            let text = |property| {
                let texts = shapes.literals(&declaration, property);
                texts.first().map(|text| text.value().to_owned())
            };
            here.extend(text(terms::PREFIX).zip(text(terms::NAMESPACE)));
        }
        if here.is_empty() && as_subject(&holder).is_some() {
            let text = format!(
                "SELECT ?prefix ?namespace WHERE {{ {holder} {} ?d . ?d {} ?prefix ; {} ?namespace }}",
                terms::DECLARE,
                terms::PREFIX,
                terms::NAMESPACE
            );
            let options = Options {
                no_auto_prefix: true,
                ..Options::default()
            };
            if let Body::Table(table) = run(graph, &text, &options)?.body {
                for row in Rows::new(&table) {
                    here.push((row.text("prefix")?, row.text("namespace")?));
                }
            }
        }
        if here.is_empty() {
            return Err(Error::usage(
                format!("{holder} declares none of the prefixes that {constraint} needs"),
                "load the file with its sh:declare too, such as core.ttl",
            ));
        }
        found.extend(here);
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// A path from the statements of a shape.
fn read_path(shapes: &Shapes, term: &Term) -> Result<Path> {
    if let Term::NamedNode(property) = term {
        return Ok(Path::Property(property.clone()));
    }
    let one = |property: NamedNodeRef<'_>| shapes.objects(term, property).into_iter().next();
    if let Some(part) = one(terms::INVERSE_PATH) {
        return Ok(Path::Inverse(Box::new(read_path(shapes, &part)?)));
    }
    if let Some(part) = one(terms::ZERO_OR_MORE_PATH) {
        return Ok(Path::ZeroOrMore(Box::new(read_path(shapes, &part)?)));
    }
    if let Some(part) = one(terms::ONE_OR_MORE_PATH) {
        return Ok(Path::OneOrMore(Box::new(read_path(shapes, &part)?)));
    }
    if let Some(part) = one(terms::ZERO_OR_ONE_PATH) {
        return Ok(Path::ZeroOrOne(Box::new(read_path(shapes, &part)?)));
    }
    if let Some(parts) = one(terms::ALTERNATIVE_PATH) {
        return Ok(Path::Alternative(read_list(shapes, &parts)?));
    }
    Ok(Path::Sequence(read_list(shapes, term)?))
}

fn read_list(shapes: &Shapes, list: &Term) -> Result<Vec<Path>> {
    let mut parts = Vec::new();
    let mut rest = list.clone();
    let mut seen = HashSet::new();
    while rest.as_ref() != TermRef::from(rdf::NIL) {
        let first = shapes.objects(&rest, rdf::FIRST);
        let next = shapes.objects(&rest, rdf::REST);
        let ([first], [next]) = (first.as_slice(), next.as_slice()) else {
            return Err(Error::usage(
                format!("a path of the shapes is broken at {rest}"),
                "a path is a property, or a list or a blank node as SHACL has it",
            ));
        };
        if !seen.insert(rest.clone()) {
            return Err(Error::usage(
                format!("a path of the shapes goes round in a circle at {rest}"),
                "end its list with rdf:nil",
            ));
        }
        parts.push(read_path(shapes, first)?);
        rest = next.clone();
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxrdf::NamedNode;

    #[test]
    fn only_what_hands_nodes_on_counts_as_use() {
        let shacl = |local: &str| NamedNode::new_unchecked(format!("{}{local}", terms::SHACL));
        assert!(is_used(shacl("not").as_ref()));
        assert!(!is_used(shacl("sourceShape").as_ref()));
    }
}
