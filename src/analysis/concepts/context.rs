//! Formal contexts: objects, attributes, and which object has which attribute.

use super::super::bits;
use super::super::columns::Columns;

/// Which values of a programme are its attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The most specific values: for concepts.
    Leaves,
    /// These and all broader ones: for implications, where a programme with a narrower value is no
    /// counter-example to the broader one.
    Closure,
}

/// A formal context. Objects may stand for several things each; what is known about an attribute of
/// an object may be open.
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    objects: Vec<String>,
    attributes: Vec<String>,
    weights: Vec<u32>,
    /// Whether each object stands for one thing.
    once: bool,
    rows: Vec<Vec<u64>>,
    extents: Vec<Vec<u64>>,
    /// For each attribute, its position in `stated`.
    schemes: Vec<usize>,
    /// For each dimension, the objects that state it.
    stated: Vec<Vec<u64>>,
    /// For each attribute, itself and all broader ones.
    upwards: Vec<Vec<u64>>,
    /// For each attribute, itself and all narrower ones, ascending.
    downwards: Vec<Vec<usize>>,
}

impl Context {
    /// A plain context: everything is stated, nothing is broader than anything, each object counts
    /// once. `has(object, attribute)` is the incidence. O(objects · attributes).
    pub fn new(
        objects: Vec<String>,
        attributes: Vec<String>,
        has: impl Fn(usize, usize) -> bool,
    ) -> Self {
        let words = bits::words(objects.len());
        let everyone = bits::of_range(0..objects.len(), words);
        let mut context = Self {
            weights: vec![1; objects.len()],
            once: true,
            rows: vec![vec![0; bits::words(attributes.len())]; objects.len()],
            extents: vec![vec![0; words]; attributes.len()],
            schemes: vec![0; attributes.len()],
            stated: vec![everyone],
            upwards: Vec::new(),
            downwards: Vec::new(),
            objects,
            attributes,
        };
        context.relate(|_| &[]);
        for object in 0..context.objects.len() {
            for attribute in 0..context.attributes.len() {
                if has(object, attribute) {
                    context.insert(object, attribute);
                }
            }
        }
        context
    }

    /// The programmes by their values. Attributes are all values of the schema, in its order and
    /// named `dimension:value`; those outside `dimensions` hold for nobody.
    pub fn from_columns(columns: &Columns, level: Level, dimensions: &[usize]) -> Self {
        let schema = columns.schema();
        let words = bits::words(columns.len());
        let name = |value: &super::super::columns::ValueColumn| {
            let dimension = &schema.dimensions[value.scheme].notation;
            format!("{dimension}:{}", value.notation)
        };
        let mut context = Self {
            objects: (0..columns.len())
                .map(|programme| columns.name(programme).to_owned())
                .collect(),
            attributes: schema.values.iter().map(name).collect(),
            weights: (0..columns.len()).map(|at| columns.count(at)).collect(),
            once: (0..columns.len()).all(|at| columns.count(at) == 1),
            rows: vec![vec![0; schema.value_words()]; columns.len()],
            extents: vec![vec![0; words]; schema.values.len()],
            schemes: schema.values.iter().map(|value| value.scheme).collect(),
            stated: vec![vec![0; words]; schema.dimensions.len()],
            upwards: Vec::new(),
            downwards: Vec::new(),
        };
        context.relate(|value| &schema.values[value].ancestors);
        for programme in 0..columns.len() {
            let values = match level {
                Level::Leaves => columns.leaves(programme),
                Level::Closure => columns.closure(programme),
            };
            for value in bits::ones(&values) {
                if dimensions.contains(&schema.values[value].scheme) {
                    context.insert(programme, value);
                }
            }
            for &dimension in dimensions {
                if columns.states(programme, dimension) {
                    bits::insert(&mut context.stated[dimension], programme);
                }
            }
        }
        context
    }

    fn relate<'a>(&mut self, ancestors: impl Fn(usize) -> &'a [usize]) {
        let number = self.attributes.len();
        self.upwards = vec![vec![0; bits::words(number)]; number];
        self.downwards = vec![Vec::new(); number];
        for attribute in 0..number {
            for &above in ancestors(attribute).iter().chain([&attribute]) {
                bits::insert(&mut self.upwards[attribute], above);
                self.downwards[above].push(attribute);
            }
        }
    }

    fn insert(&mut self, object: usize, attribute: usize) {
        bits::insert(&mut self.rows[object], attribute);
        bits::insert(&mut self.extents[attribute], object);
    }

    /// Names of the objects.
    pub fn objects(&self) -> &[String] {
        &self.objects
    }

    /// Names of the attributes.
    pub fn attributes(&self) -> &[String] {
        &self.attributes
    }

    /// Whether an object has an attribute.
    pub fn has(&self, object: usize, attribute: usize) -> bool {
        bits::contains(&self.rows[object], attribute)
    }

    /// The usual least support of an implication: 5, or 1 % of the programmes that state something
    /// if that is more.
    pub fn usual_support(&self) -> u64 {
        let mut any = vec![0; bits::words(self.objects.len())];
        for stated in &self.stated {
            bits::union_with(&mut any, stated);
        }
        self.weigh(&any).div_ceil(100).max(5)
    }

    /// How many things a set of objects stands for.
    pub(super) fn weigh(&self, objects: &[u64]) -> u64 {
        if self.once {
            return bits::count(objects).into();
        }
        let weight = |object: usize| u64::from(self.weights[object]);
        bits::ones(objects).map(weight).sum()
    }

    /// How many things an object stands for.
    pub(super) fn weight(&self, object: usize) -> u64 {
        u64::from(self.weights[object])
    }

    /// Objects with an attribute.
    pub(super) fn extent(&self, attribute: usize) -> &[u64] {
        &self.extents[attribute]
    }

    /// Objects that state the dimension of an attribute.
    pub(super) fn stating(&self, attribute: usize) -> &[u64] {
        &self.stated[self.schemes[attribute]]
    }

    /// An attribute with all broader ones.
    pub(super) fn upwards(&self, attribute: usize) -> &[u64] {
        &self.upwards[attribute]
    }

    /// An attribute with all narrower ones, ascending.
    pub(super) fn downwards(&self, attribute: usize) -> &[usize] {
        &self.downwards[attribute]
    }
}
