//! Labels of blank nodes that depend on what they say and on nothing else.
//!
//! A blank node that hangs in one place is written there and needs no label. The others are
//! labelled group by group, where a group is what blank nodes reach through each other: RDFC-1.0
//! numbers a group, and a hash of the group makes the label. So an edit changes the labels of one
//! group, and a large graph costs no more than the sum of its groups.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use oxrdf::{
    BlankNode, GraphName, GraphNameRef, Literal, NamedNode, NamedOrBlankNode, NamedOrBlankNodeRef,
    Quad, QuadRef, Term, TermRef,
};
use sha2::{Digest, Sha256};

use super::model::{Model, each_blank};
use super::rdfc::{self, Entangled};

/// Labels by the names that blank nodes have now.
pub(super) type Labels<'a> = HashMap<&'a str, String>;

/// Letters of a hash in a label.
const LETTERS: usize = 10;
/// Where stand-ins for parts that have been dealt with begin.
const STAND_IN: &str = "urn:x-peermap:";

/// Labels for what is not nested, by content.
pub(super) fn by_content<'a>(model: &Model<'a>) -> Result<Labels<'a>, Entangled> {
    let names: Vec<(&'a str, usize)> = model.names().collect();
    let open: Vec<&(&'a str, usize)> = names
        .iter()
        .filter(|(_, blank)| !model.blanks[*blank].pure)
        .collect();
    if open.is_empty() {
        return Ok(Labels::new());
    }
    let hashes = tree_hashes(model);
    let mut groups = Groups::new(model.blanks.len());
    for quad in &model.quads {
        let mut first = None;
        each_of(quad, &mut |name| {
            let blank = model.blank(name);
            if !model.blanks[blank].pure {
                groups.join(*first.get_or_insert(blank), blank);
            }
        });
    }
    let mut quads: HashMap<usize, Vec<QuadRef<'a>>> = HashMap::new();
    for quad in &model.quads {
        let mut group = None;
        each_of(quad, &mut |name| {
            let blank = model.blank(name);
            if !model.blanks[blank].pure {
                group = Some(groups.of(blank));
            }
        });
        if let Some(group) = group {
            quads.entry(group).or_default().push(*quad);
        }
    }
    let mut members: HashMap<usize, Vec<&'a str>> = HashMap::new();
    for (name, blank) in open {
        if model.blanks[*blank].labelled() {
            members.entry(groups.of(*blank)).or_default().push(name);
        }
    }
    // Groups by what they say, so that equal groups are numbered and different ones are not.
    let mut said: BTreeMap<String, Vec<(String, Vec<&'a str>)>> = BTreeMap::new();
    for (group, mut names) in members {
        let stood_in = StandIns::new(model, &hashes).replace(&quads[&group]);
        let numbers = rdfc::labels(&stood_in)?;
        let text = canonical_text(&stood_in, &numbers);
        names.sort_by_cached_key(|name| number_of(&numbers[*name]));
        let hash = hex(Sha256::digest(text.as_bytes()).as_slice());
        said.entry(hash[..LETTERS].to_owned())
            .or_default()
            .push((text, names));
    }
    let mut labels = Labels::new();
    for (hash, mut alike) in said {
        alike.sort_by(|a, b| a.0.cmp(&b.0));
        for (copy, (_, names)) in alike.iter().enumerate() {
            for (index, name) in names.iter().enumerate() {
                let mut label = format!("b{hash}");
                if names.len() > 1 {
                    let _ = write!(label, "n{index}");
                }
                if copy > 0 {
                    let _ = write!(label, "x{copy}");
                }
                labels.insert(*name, label);
            }
        }
    }
    Ok(labels)
}

/// The labels `c14n0`, `c14n1` … of RDFC-1.0, for every blank node.
pub(super) fn standard<'a>(model: &Model<'a>) -> Result<Labels<'a>, Entangled> {
    let mut quads = Vec::new();
    for quad in &model.quads {
        let mut open = false;
        each_of(quad, &mut |_| open = true);
        if open {
            quads.push(*quad);
        }
    }
    if quads.is_empty() {
        return Ok(Labels::new());
    }
    let numbers = rdfc::labels(&StandIns::triples_only(model).replace(&quads))?;
    let mut names: Vec<&'a str> = model.names().map(|(name, _)| name).collect();
    // Stand-ins for triple terms have numbers too: close the gaps.
    names.sort_by_cached_key(|name| number_of(&numbers[*name]));
    Ok(names
        .into_iter()
        .enumerate()
        .map(|(number, name)| (name, format!("c14n{number}")))
        .collect())
}

/// Labels in the order of appearance, where content cannot decide in time.
pub(super) fn by_appearance<'a>(model: &Model<'a>) -> Labels<'a> {
    let mut labels = Labels::new();
    for quad in &model.quads {
        each_of(quad, &mut |name| {
            let next = labels.len();
            labels.entry(name).or_insert_with(|| format!("b{next}"));
        });
    }
    labels
}

fn each_of<'a>(quad: &QuadRef<'a>, found: &mut dyn FnMut(&'a str)) {
    if let NamedOrBlankNodeRef::BlankNode(node) = quad.subject {
        found(node.as_str());
    }
    each_blank(quad.object, found);
    if let GraphNameRef::BlankNode(node) = quad.graph_name {
        found(node.as_str());
    }
}

fn number_of(label: &str) -> usize {
    label.trim_start_matches("c14n").parse().unwrap_or(0)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// For each pure blank node a hash of all that hangs on it.
fn tree_hashes(model: &Model<'_>) -> Vec<String> {
    let mut hashes = vec![String::new(); model.blanks.len()];
    for &blank in model.downwards.iter().rev() {
        if !model.blanks[blank].pure {
            continue;
        }
        let mut lines: Vec<String> = model
            .inside(blank)
            .iter()
            .map(|quad| match quad.object {
                TermRef::BlankNode(node) => {
                    format!("{} {}", quad.predicate, hashes[model.blank(node.as_str())])
                }
                object => format!("{} {object}", quad.predicate),
            })
            .collect();
        lines.sort_unstable();
        hashes[blank] = hex(Sha256::digest(lines.join("\n").as_bytes()).as_slice());
    }
    hashes
}

/// Replaces what RDFC-1.0 need not see (trees) or does not know (triple terms).
struct StandIns<'m, 'a> {
    model: &'m Model<'a>,
    hashes: Option<&'m [String]>,
    /// How often a tree hangs at the same place.
    copies: HashMap<String, usize>,
    /// Blank nodes that stand for triple terms, by their text.
    triples: HashMap<String, BlankNode>,
    extra: Vec<Quad>,
}

impl<'m, 'a> StandIns<'m, 'a> {
    fn new(model: &'m Model<'a>, hashes: &'m [String]) -> Self {
        Self {
            hashes: Some(hashes),
            ..Self::triples_only(model)
        }
    }

    fn triples_only(model: &'m Model<'a>) -> Self {
        Self {
            model,
            hashes: None,
            copies: HashMap::new(),
            triples: HashMap::new(),
            extra: Vec::new(),
        }
    }

    fn replace(mut self, quads: &[QuadRef<'a>]) -> Vec<Quad> {
        let mut replaced: Vec<Quad> = quads
            .iter()
            .map(|quad| {
                let object = match quad.object {
                    TermRef::BlankNode(node) => self.tree(quad, node.as_str()),
                    object => self.term(object),
                };
                Quad::new(
                    quad.subject.into_owned(),
                    quad.predicate.into_owned(),
                    object,
                    quad.graph_name.into_owned(),
                )
            })
            .collect();
        replaced.append(&mut self.extra);
        replaced
    }

    fn tree(&mut self, quad: &QuadRef<'a>, name: &str) -> Term {
        let blank = self.model.blank(name);
        let Some(hashes) = self.hashes.filter(|_| self.model.blanks[blank].pure) else {
            return BlankNode::new_unchecked(name).into();
        };
        let place = format!("{} {} {}", quad.subject, quad.predicate, hashes[blank]);
        let copy = self.copies.entry(place).or_default();
        *copy += 1;
        NamedNode::new_unchecked(format!("{STAND_IN}tree:{}:{copy}", hashes[blank])).into()
    }

    fn term(&mut self, term: TermRef<'a>) -> Term {
        let TermRef::Triple(triple) = term else {
            return term.into_owned();
        };
        let text = triple.to_string();
        let mut open = false;
        each_blank(term, &mut |_| open = true);
        if !open {
            let datatype = NamedNode::new_unchecked(format!("{STAND_IN}triple"));
            return Literal::new_typed_literal(text, datatype).into();
        }
        if let Some(node) = self.triples.get(&text) {
            return node.clone().into();
        }
        let node = BlankNode::new_unchecked(format!("triple{}of{STAND_INS}", self.triples.len()));
        self.triples.insert(text, node.clone());
        let subject: Term = match triple.subject.as_ref() {
            NamedOrBlankNodeRef::NamedNode(node) => node.into_owned().into(),
            NamedOrBlankNodeRef::BlankNode(node) => node.into_owned().into(),
        };
        let object = self.term(triple.object.as_ref());
        for (part, value) in [
            ("subject", subject),
            ("predicate", triple.predicate.clone().into()),
            ("object", object),
        ] {
            self.extra.push(Quad::new(
                NamedOrBlankNode::BlankNode(node.clone()),
                NamedNode::new_unchecked(format!("{STAND_IN}{part}")),
                value,
                GraphName::DefaultGraph,
            ));
        }
        node.into()
    }
}

/// Ends the names of stand-ins, so that they meet no name of a parser.
const STAND_INS: &str = "StandIn0c14n";

/// The statements in N-Quads with the labels put in, sorted.
fn canonical_text(quads: &[Quad], numbers: &HashMap<String, String>) -> String {
    let label = |name: &str| format!("_:{}", numbers[name]);
    let mut lines: Vec<String> = quads
        .iter()
        .map(|quad| {
            let subject = match &quad.subject {
                NamedOrBlankNode::BlankNode(node) => label(node.as_str()),
                NamedOrBlankNode::NamedNode(node) => node.to_string(),
            };
            let object = match &quad.object {
                Term::BlankNode(node) => label(node.as_str()),
                other => other.to_string(),
            };
            let graph = match &quad.graph_name {
                GraphName::BlankNode(node) => label(node.as_str()),
                other => other.to_string(),
            };
            format!("{subject} {} {object} {graph}", quad.predicate)
        })
        .collect();
    lines.sort_unstable();
    lines.join("\n")
}

/// Sets of numbers that were joined.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn of(&mut self, mut member: usize) -> usize {
        while self.0[member] != member {
            self.0[member] = self.0[self.0[member]];
            member = self.0[member];
        }
        member
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.0[a.max(b)] = a.min(b);
    }
}
