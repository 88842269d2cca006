//! Statements laid out for printing: grouped by subject, and what each blank node is like.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use oxrdf::vocab::rdf;
use oxrdf::{GraphNameRef, NamedOrBlankNodeRef, QuadRef, TermRef};

/// How deep brackets nest before a blank node gets a label instead.
const DEEPEST: u32 = 24;

/// All statements about one subject in one graph.
pub(super) struct Thing<'a> {
    pub(super) graph: GraphNameRef<'a>,
    pub(super) subject: NamedOrBlankNodeRef<'a>,
    /// Its statements, by predicate.
    pub(super) quads: Range<usize>,
}

/// A blank node and how it can be written.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent marks, not the states of one machine"
)]
pub(super) struct Blank {
    /// Where its statements are, if it has any.
    pub(super) thing: Option<usize>,
    /// How often it is an object.
    uses: u32,
    /// The statement that it is the object of.
    parent: Option<usize>,
    /// In a triple term, a graph name, or a subject in several graphs.
    shared: bool,
    /// Written inside its one statement, without a label.
    pub(super) nested: bool,
    /// Begins a list that ends well: first and rest and nothing else, down to nil.
    pub(super) list: bool,
    /// Everything inside it is ground or pure too.
    pub(super) pure: bool,
    seen: bool,
}

impl Blank {
    /// Whether it needs a label to be written.
    pub(super) const fn labelled(&self) -> bool {
        !self.nested && (self.uses > 0 || self.shared)
    }
}

/// Statements, each once, grouped by graph and subject.
pub(super) struct Model<'a> {
    /// Sorted by graph, subject, predicate and object.
    pub(super) quads: Vec<QuadRef<'a>>,
    /// Sorted by graph and subject.
    pub(super) things: Vec<Thing<'a>>,
    pub(super) blanks: Vec<Blank>,
    names: HashMap<&'a str, usize>,
    /// Blank nodes that hang on others, each after the one it hangs on.
    pub(super) downwards: Vec<usize>,
}

impl<'a> Model<'a> {
    /// O(n log n) in the number of statements.
    pub(super) fn new(mut quads: Vec<QuadRef<'a>>) -> Self {
        quads.sort_unstable_by(by_graph_and_subject);
        quads.dedup();
        let mut model = Self {
            things: things(&quads),
            quads,
            blanks: Vec::new(),
            names: HashMap::new(),
            downwards: Vec::new(),
        };
        model.count_uses();
        model.find_lists();
        model.nest();
        model.find_pure();
        model
    }

    /// The number of a blank node.
    pub(super) fn blank(&self, name: &str) -> usize {
        self.names[name]
    }

    /// The names of the blank nodes with their numbers.
    pub(super) fn names(&self) -> impl Iterator<Item = (&'a str, usize)> + '_ {
        self.names.iter().map(|(name, number)| (*name, *number))
    }

    /// The statements of a thing.
    pub(super) fn of(&self, thing: usize) -> &[QuadRef<'a>] {
        &self.quads[self.things[thing].quads.clone()]
    }

    /// The types of a thing that are IRIs.
    pub(super) fn types(&self, thing: usize) -> Vec<&'a str> {
        self.of(thing)
            .iter()
            .filter(|quad| quad.predicate == rdf::TYPE)
            .filter_map(|quad| match quad.object {
                TermRef::NamedNode(node) => Some(node.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The statements of a blank node.
    pub(super) fn inside(&self, blank: usize) -> &[QuadRef<'a>] {
        self.blanks[blank].thing.map_or(&[], |thing| self.of(thing))
    }

    fn number(&mut self, name: &'a str) -> usize {
        *self.names.entry(name).or_insert_with(|| {
            self.blanks.push(Blank::default());
            self.blanks.len() - 1
        })
    }

    fn count_uses(&mut self) {
        for thing in 0..self.things.len() {
            if let NamedOrBlankNodeRef::BlankNode(node) = self.things[thing].subject {
                let blank = self.number(node.as_str());
                let before = self.blanks[blank].thing.replace(thing);
                self.blanks[blank].shared |= before.is_some();
            }
        }
        for index in 0..self.quads.len() {
            let quad = self.quads[index];
            if let GraphNameRef::BlankNode(node) = quad.graph_name {
                let blank = self.number(node.as_str());
                self.blanks[blank].shared = true;
            }
            match quad.object {
                TermRef::BlankNode(node) => {
                    let number = self.number(node.as_str());
                    let blank = &mut self.blanks[number];
                    blank.uses += 1;
                    blank.parent = Some(index);
                    let elsewhere = blank
                        .thing
                        .is_some_and(|thing| self.things[thing].graph != quad.graph_name);
                    blank.shared |= elsewhere;
                }
                TermRef::Triple(_) => each_blank(quad.object, &mut |name| {
                    let blank = self.number(name);
                    self.blanks[blank].shared = true;
                }),
                _ => {}
            }
        }
        for blank in &mut self.blanks {
            blank.nested = blank.uses == 1 && !blank.shared;
        }
    }

    /// The blank node that the statement with this blank node as its object is about.
    fn above(&self, blank: usize) -> Option<usize> {
        let quad = self.quads[self.blanks[blank].parent?];
        match quad.subject {
            NamedOrBlankNodeRef::BlankNode(node) => Some(self.blank(node.as_str())),
            NamedOrBlankNodeRef::NamedNode(_) => None,
        }
    }

    fn find_lists(&mut self) {
        let nil = TermRef::NamedNode(rdf::NIL);
        let is_cell = |quads: &[QuadRef<'_>]| matches!(quads, [first, rest] if first.predicate == rdf::FIRST && rest.predicate == rdf::REST);
        let ends: Vec<usize> = (0..self.blanks.len())
            .filter(|&blank| {
                let quads = self.inside(blank);
                is_cell(quads) && quads[1].object == nil
            })
            .collect();
        for mut cell in ends {
            self.blanks[cell].list = true;
            while self.blanks[cell].nested {
                let through_rest = self.blanks[cell]
                    .parent
                    .is_some_and(|parent| self.quads[parent].predicate == rdf::REST);
                let Some(above) = self.above(cell).filter(|_| through_rest) else {
                    break;
                };
                if !is_cell(self.inside(above)) || self.blanks[above].list {
                    break;
                }
                self.blanks[above].list = true;
                cell = above;
            }
        }
    }

    /// Keeps as nested what hangs on something that is written by itself, and is not too deep.
    fn nest(&mut self) {
        for thing in 0..self.things.len() {
            let starts = match self.things[thing].subject {
                NamedOrBlankNodeRef::NamedNode(_) => true,
                NamedOrBlankNodeRef::BlankNode(node) => {
                    !self.blanks[self.blank(node.as_str())].nested
                }
            };
            if starts {
                self.descend(thing);
            }
        }
        // What was not reached hangs on a ring of blank nodes: the ring is opened everywhere.
        for start in 0..self.blanks.len() {
            if !self.blanks[start].nested || self.blanks[start].seen {
                continue;
            }
            let mut on_the_way = std::collections::HashSet::new();
            let mut blank = start;
            while on_the_way.insert(blank) {
                match self.above(blank) {
                    Some(above) if self.blanks[above].nested && !self.blanks[above].seen => {
                        blank = above;
                    }
                    _ => break,
                }
            }
            let mut ring = vec![blank];
            while let Some(above) = self.above(ring[ring.len() - 1]).filter(|a| *a != blank) {
                ring.push(above);
            }
            for &blank in &ring {
                self.blanks[blank].nested = false;
            }
            for blank in ring {
                if let Some(thing) = self.blanks[blank].thing {
                    self.descend(thing);
                }
            }
        }
    }

    fn descend(&mut self, top: usize) {
        let mut waiting = vec![(top, 0)];
        while let Some((thing, depth)) = waiting.pop() {
            for index in self.things[thing].quads.clone() {
                let quad = self.quads[index];
                let TermRef::BlankNode(node) = quad.object else {
                    continue;
                };
                let number = self.blank(node.as_str());
                let blank = &mut self.blanks[number];
                if !blank.nested || blank.seen {
                    continue;
                }
                blank.seen = true;
                let mut deeper = depth + u32::from(!(blank.list && quad.predicate == rdf::REST));
                if deeper > DEEPEST {
                    blank.nested = false;
                    deeper = 0;
                }
                self.downwards.push(number);
                if let Some(thing) = blank.thing {
                    waiting.push((thing, deeper));
                }
            }
        }
    }

    fn find_pure(&mut self) {
        let tops: Vec<usize> = (0..self.blanks.len())
            .filter(|blank| !self.blanks[*blank].seen)
            .collect();
        for number in self.downwards.clone().into_iter().rev().chain(tops) {
            let mut pure = !self.blanks[number].labelled();
            for quad in self.inside(number) {
                each_blank(quad.object, &mut |name| {
                    let object = &self.blanks[self.names[name]];
                    pure &= object.nested && object.pure;
                });
            }
            self.blanks[number].pure = pure;
        }
    }
}

/// Calls with each blank node in a term.
pub(super) fn each_blank<'a>(term: TermRef<'a>, found: &mut dyn FnMut(&'a str)) {
    match term {
        TermRef::BlankNode(node) => found(node.as_str()),
        TermRef::Triple(triple) => {
            if let NamedOrBlankNodeRef::BlankNode(node) = triple.subject.as_ref() {
                found(node.as_str());
            }
            each_blank(triple.object.as_ref(), found);
        }
        _ => {}
    }
}

fn things<'a>(quads: &[QuadRef<'a>]) -> Vec<Thing<'a>> {
    let mut things: Vec<Thing<'a>> = Vec::new();
    for (index, quad) in quads.iter().enumerate() {
        match things.last_mut() {
            Some(last) if last.graph == quad.graph_name && last.subject == quad.subject => {
                last.quads.end = index + 1;
            }
            _ => things.push(Thing {
                graph: quad.graph_name,
                subject: quad.subject,
                quads: index..index + 1,
            }),
        }
    }
    things
}

fn by_graph_and_subject(a: &QuadRef<'_>, b: &QuadRef<'_>) -> Ordering {
    graph_key(a.graph_name)
        .cmp(&graph_key(b.graph_name))
        .then_with(|| subject_key(a.subject).cmp(&subject_key(b.subject)))
        .then_with(|| a.predicate.cmp(&b.predicate))
        .then_with(|| by_term(a.object, b.object))
}

fn graph_key(graph: GraphNameRef<'_>) -> (u8, &str) {
    match graph {
        GraphNameRef::DefaultGraph => (0, ""),
        GraphNameRef::NamedNode(node) => (1, node.as_str()),
        GraphNameRef::BlankNode(node) => (2, node.as_str()),
    }
}

fn subject_key(subject: NamedOrBlankNodeRef<'_>) -> (u8, &str) {
    match subject {
        NamedOrBlankNodeRef::NamedNode(node) => (0, node.as_str()),
        NamedOrBlankNodeRef::BlankNode(node) => (1, node.as_str()),
    }
}

/// Any total order in which equal terms meet.
fn by_term(a: TermRef<'_>, b: TermRef<'_>) -> Ordering {
    match (a, b) {
        (TermRef::Triple(a), TermRef::Triple(b)) => subject_key(a.subject.as_ref())
            .cmp(&subject_key(b.subject.as_ref()))
            .then_with(|| a.predicate.cmp(&b.predicate))
            .then_with(|| by_term(a.object.as_ref(), b.object.as_ref())),
        _ => term_key(a).cmp(&term_key(b)),
    }
}

type TermKey<'a> = (u8, &'a str, &'a str, &'a str, u8);

fn term_key(term: TermRef<'_>) -> TermKey<'_> {
    match term {
        TermRef::NamedNode(node) => (0, node.as_str(), "", "", 0),
        TermRef::BlankNode(node) => (1, node.as_str(), "", "", 0),
        TermRef::Literal(literal) => (
            2,
            literal.value(),
            literal.language().unwrap_or(""),
            literal.datatype().as_str(),
            literal.direction().map_or(0, |direction| match direction {
                oxrdf::BaseDirection::Ltr => 1,
                oxrdf::BaseDirection::Rtl => 2,
            }),
        ),
        TermRef::Triple(_) => (3, "", "", "", 0),
    }
}
