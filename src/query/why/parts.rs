//! The parts of a pattern that can be left out one at a time: triples, conditions, blocks.

use std::ops::Range;

use ll_sparql_parser::syntax_kind::SyntaxKind;
use ll_sparql_parser::{SyntaxNode, parse_query};

use crate::query::lex::{self, Kind, Token};

/// The grammar is read recursively; deeper texts are not taken apart.
const DEPTH: usize = 60;

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One triple: subject, predicate and object by their bytes.
    Triple,
    Filter,
    Bind,
    Values,
    Optional,
    /// UNION, GRAPH, MINUS, a group or an inner SELECT.
    Block,
}

/// A part of the outermost pattern.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) shape: Shape,
    /// As it stands alone.
    pub(super) text: String,
    /// Its bytes in the query.
    pub(super) span: Range<usize>,
    /// Subject, predicate and object of a triple by their bytes.
    pub(super) terms: Option<[Range<usize>; 3]>,
    /// Names of its variables, those of a condition as far as another part gives them a value.
    pub(super) variables: Vec<String>,
    /// Variables of a condition that no other part has.
    pub(super) strange: Vec<String>,
}

/// A query taken apart.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Everything before SELECT, ASK, CONSTRUCT or DESCRIBE.
    pub(super) prologue: String,
    /// The parts of the outermost pattern in the order of the text.
    pub(super) outer: Vec<Part>,
    /// The triples inside of blocks and OPTIONAL.
    pub(super) inner: Vec<Part>,
}

/// Takes a query apart; nothing for a query that is too deep or has no pattern.
pub(super) fn parts(text: &str, tokens: &[Token]) -> Parts {
    let form = tokens.iter().find(|token| {
        token.kind == Kind::Word
            && matches!(
                token.name.as_str(),
                "SELECT" | "ASK" | "CONSTRUCT" | "DESCRIBE"
            )
    });
    let Some(form) = form else {
        return Parts::default();
    };
    if lex::depth(text, tokens).0 > DEPTH {
        return Parts::default();
    }
    let root = parse_query(text).0;
    let mut found = Parts {
        prologue: text[..form.range.start].to_owned(),
        ..Parts::default()
    };
    let group = root
        .descendants()
        .find(|node| node.kind() == SyntaxKind::WhereClause)
        .and_then(|clause| child(&clause, SyntaxKind::GroupGraphPattern));
    let Some(group) = group else {
        return found;
    };
    for node in group.children() {
        match node.kind() {
            SyntaxKind::GroupGraphPatternSub => {
                for node in node.children() {
                    part(text, &node, &mut found);
                }
            }
            SyntaxKind::SubSelect => {
                let span = span(&node);
                let alone = format!("{{ {} }}", &text[span.clone()]);
                found.outer.push(new(Shape::Block, alone, span));
                inside(text, &node, &mut found.inner);
            }
            _ => {}
        }
    }
    let given: Vec<String> = found
        .outer
        .iter()
        .filter(|part| part.shape != Shape::Filter)
        .flat_map(|part| part.variables.clone())
        .collect();
    for part in &mut found.outer {
        let known = |name: &String| part.shape != Shape::Filter || given.contains(name);
        let (known, strange) = std::mem::take(&mut part.variables)
            .into_iter()
            .partition(known);
        (part.variables, part.strange) = (known, strange);
    }
    found
}

fn part(text: &str, node: &SyntaxNode, found: &mut Parts) {
    if node.kind() == SyntaxKind::TriplesBlock {
        for child in node.children() {
            match child.kind() {
                SyntaxKind::TriplesSameSubjectPath => triples(text, &child, &mut found.outer),
                SyntaxKind::TriplesBlock => part(text, &child, found),
                _ => found.outer.push(new(
                    Shape::Block,
                    text[span(&child)].to_owned(),
                    span(&child),
                )),
            }
        }
        return;
    }
    let Some(kind) = node.children().next() else {
        return;
    };
    let shape = match kind.kind() {
        SyntaxKind::Filter => Shape::Filter,
        SyntaxKind::Bind => Shape::Bind,
        SyntaxKind::InlineData => Shape::Values,
        SyntaxKind::OptionalGraphPattern => Shape::Optional,
        _ => Shape::Block,
    };
    let whole = span(node);
    if matches!(shape, Shape::Optional | Shape::Block) {
        inside(text, node, &mut found.inner);
    }
    found
        .outer
        .push(new(shape, text[whole.clone()].to_owned(), whole));
}

/// The triples inside of a block.
fn inside(text: &str, node: &SyntaxNode, parts: &mut Vec<Part>) {
    for node in node.descendants() {
        if node.kind() == SyntaxKind::TriplesSameSubjectPath {
            triples(text, &node, parts);
        }
    }
}

/// The triples of one subject, each as a part of its own.
fn triples(text: &str, node: &SyntaxNode, parts: &mut Vec<Part>) {
    let mut children = node.children();
    let Some(subject) = children.next() else {
        return;
    };
    let whole = span(node);
    let list = children.find(|child| {
        matches!(
            child.kind(),
            SyntaxKind::PropertyListPathNotEmpty | SyntaxKind::PropertyListPath
        )
    });
    let Some(list) = list else {
        parts.push(new(Shape::Block, text[whole.clone()].to_owned(), whole));
        return;
    };
    let mut verb: Option<SyntaxNode> = None;
    for child in list.descendants() {
        // Lists inside of brackets belong to those.
        let own = child
            .ancestors()
            .find(|ancestor| {
                matches!(
                    ancestor.kind(),
                    SyntaxKind::BlankNodePropertyListPath | SyntaxKind::CollectionPath
                ) && *ancestor != child
            })
            .is_none_or(|bracket| !within(&list, &bracket));
        if !own {
            continue;
        }
        match child.kind() {
            SyntaxKind::VerbPath | SyntaxKind::VerbSimple => verb = Some(child),
            SyntaxKind::ObjectPath | SyntaxKind::Object => {
                let Some(verb) = &verb else { continue };
                let terms = [span(&subject), span(verb), span(&child)];
                let [s, p, o] = terms.clone().map(|term| &text[term]);
                let first = parts
                    .last()
                    .is_none_or(|last| last.terms.as_ref().is_none_or(|last| last[0] != terms[0]));
                let start = if first {
                    terms[0].start
                } else {
                    terms[1].start
                };
                let mut part = new(Shape::Triple, format!("{s} {p} {o}"), start..terms[2].end);
                part.terms = Some(terms);
                parts.push(part);
            }
            _ => {}
        }
    }
}

/// Whether a node lies inside of another.
fn within(outer: &SyntaxNode, node: &SyntaxNode) -> bool {
    let (outer, node) = (span(outer), span(node));
    outer.start <= node.start && node.end <= outer.end
}

fn new(shape: Shape, text: String, span: Range<usize>) -> Part {
    let variables = lex::variables(&lex::tokens(&text));
    Part {
        shape,
        text,
        span,
        terms: None,
        variables,
        strange: Vec::new(),
    }
}

fn child(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxNode> {
    node.children().find(|child| child.kind() == kind)
}

fn span(node: &SyntaxNode) -> Range<usize> {
    let range = node.text_range();
    usize::from(range.start())..usize::from(range.end())
}
