//! One set of statements a class.

use std::collections::{BTreeMap, HashMap};

use oxrdf::vocab::rdf;
use oxrdf::{NamedOrBlankNode, Quad, Term};

use crate::terms::short_name;

/// Where things without a class go.
const OTHER: &str = "other";

/// Statements by the class of their subject, as a file name: `programme` for a programme. Of
/// several classes the first by IRI counts, but for general ones such as `skos:Concept`. A blank
/// node goes with what it hangs on, so that no file refers to a blank node of another.
pub fn by_class(quads: Vec<Quad>) -> BTreeMap<String, Vec<Quad>> {
    let mut classes: HashMap<&NamedOrBlankNode, &str> = HashMap::new();
    for quad in &quads {
        if let Term::NamedNode(class) = &quad.object
            && quad.predicate == rdf::TYPE
        {
            let class = class.as_str();
            let held = classes.entry(&quad.subject).or_insert(class);
            if (is_general(class), class) < (is_general(held), held) {
                *held = class;
            }
        }
    }
    let mut groups = Groups::default();
    for quad in &quads {
        let subject = groups.number(&quad.subject);
        let mut join = |blank: NamedOrBlankNode| {
            let blank = groups.number(&blank);
            groups.join(subject, blank);
        };
        each_blank(&quad.object, &mut join);
    }
    // A group is where the first named thing in it is, by name.
    let mut first: HashMap<usize, &NamedOrBlankNode> = HashMap::new();
    for quad in &quads {
        let group = groups.number(&quad.subject);
        let group = groups.of(group);
        let held = first.entry(group).or_insert(&quad.subject);
        if key(&quad.subject) < key(held) {
            *held = &quad.subject;
        }
    }
    let files: HashMap<usize, String> = first
        .iter()
        .map(|(group, thing)| {
            let class = classes.get(*thing).map_or(OTHER, |class| short_name(class));
            (*group, file_name(class))
        })
        .collect();
    let mut parts: BTreeMap<String, Vec<Quad>> = BTreeMap::new();
    for quad in quads {
        let group = groups.number(&quad.subject);
        let file = files[&groups.of(group)].clone();
        parts.entry(file).or_default().push(quad);
    }
    parts
}

fn is_general(class: &str) -> bool {
    matches!(
        short_name(class),
        "Concept" | "ConceptScheme" | "NamedIndividual" | "Entity" | "Thing"
    )
}

/// Named things come before blank nodes.
fn key(node: &NamedOrBlankNode) -> (bool, &str) {
    match node {
        NamedOrBlankNode::NamedNode(node) => (false, node.as_str()),
        NamedOrBlankNode::BlankNode(node) => (true, node.as_str()),
    }
}

/// `peer-label` for `PeerLabel`.
fn file_name(class: &str) -> String {
    let mut name = String::new();
    for c in class.chars() {
        if c.is_uppercase() && !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        if c.is_alphanumeric() {
            name.extend(c.to_lowercase());
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    if name.is_empty() {
        OTHER.to_owned()
    } else {
        name
    }
}

fn each_blank(term: &Term, found: &mut dyn FnMut(NamedOrBlankNode)) {
    match term {
        Term::BlankNode(node) => found(node.clone().into()),
        Term::Triple(triple) => {
            if let NamedOrBlankNode::BlankNode(node) = &triple.subject {
                found(node.clone().into());
            }
            each_blank(&triple.object, found);
        }
        _ => {}
    }
}

/// Sets of things that were joined.
#[derive(Default)]
struct Groups {
    numbers: HashMap<NamedOrBlankNode, usize>,
    above: Vec<usize>,
}

impl Groups {
    fn number(&mut self, node: &NamedOrBlankNode) -> usize {
        if let Some(number) = self.numbers.get(node) {
            return *number;
        }
        let number = self.above.len();
        self.above.push(number);
        self.numbers.insert(node.clone(), number);
        number
    }

    fn of(&mut self, mut member: usize) -> usize {
        while self.above[member] != member {
            self.above[member] = self.above[self.above[member]];
            member = self.above[member];
        }
        member
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.above[a.max(b)] = a.min(b);
    }
}
