//! The programmes as columns of bits: what every computation of this folder works on.
//!
//! A [`Schema`] says which values there are, by dimension and by silo axis, and what is broader
//! than what. [`Columns`] holds, for each programme, the values found present, the dimensions
//! stated, the silo values and the labels of its peers. "Not stated" is not "no": a dimension that
//! is not stated says nothing, and a dimension that is stated with no value says that none holds.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::bits;

/// A dimension: a question of the map.
#[derive(Clone, Debug, PartialEq)]
pub struct DimensionColumn {
    /// Its short code.
    pub notation: String,
    /// How much it counts in similarity; positive.
    pub weight: f64,
    /// Positions of its values in [`Schema::values`].
    pub values: Range<usize>,
}

/// A silo axis.
#[derive(Clone, Debug, PartialEq)]
pub struct AxisColumn {
    /// Its short code.
    pub notation: String,
    /// Positions of its values in [`Schema::silo_values`].
    pub values: Range<usize>,
    /// Dimensions made of the same stuff: comparing along one across the other is circular.
    pub same_stuff_as: Vec<usize>,
}

/// A value of a dimension or of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueColumn {
    /// Its short code.
    pub notation: String,
    /// Position of its dimension or axis.
    pub scheme: usize,
    /// Positions of all broader values, however far; empty for a top value.
    pub ancestors: Vec<usize>,
}

/// Which values there are, in the order of the map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Dimensions; at most 64.
    pub dimensions: Vec<DimensionColumn>,
    /// Values of all dimensions, one dimension after the other.
    pub values: Vec<ValueColumn>,
    /// Silo axes; at most 64.
    pub axes: Vec<AxisColumn>,
    /// Values of all axes, one axis after the other.
    pub silo_values: Vec<ValueColumn>,
}

impl Schema {
    /// Words of bits that hold a set of values.
    pub fn value_words(&self) -> usize {
        bits::words(self.values.len())
    }

    /// Words of bits that hold a set of silo values.
    pub fn silo_words(&self) -> usize {
        bits::words(self.silo_values.len())
    }
}

/// One programme, on its way into or out of the columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// IRI or other name; rows are sorted by it.
    pub name: String,
    /// Labels of its peers, by their short codes.
    pub labels: Vec<String>,
    /// Positions of the values found present.
    pub values: Vec<usize>,
    /// Positions of dimensions that are stated though no value is present: none holds.
    pub none: Vec<usize>,
    /// Positions of its silo values.
    pub silo_values: Vec<usize>,
    /// How many programmes this row stands for, at least 1.
    pub count: u32,
}

/// The programmes. Beside its name and labels, a programme takes 8 bytes a word of values, 8 bytes
/// a word of silo values and 12 bytes more: 52 for up to 128 values and 192 silo values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    schema: Schema,
    /// Names of the programmes, sorted.
    names: Vec<String>,
    /// Labels in use, sorted.
    labels: Vec<String>,
    /// For each programme, positions in `labels`.
    used_labels: Vec<Vec<u32>>,
    present: Vec<u64>,
    silos: Vec<u64>,
    stated: Vec<u64>,
    counts: Vec<u32>,
}

impl Columns {
    /// Columns from rows, which are sorted by name first.
    ///
    /// # Panics
    /// When a row names a position that the schema does not have.
    pub fn new(schema: Schema, mut rows: Vec<Row>) -> Self {
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        let mut labels: Vec<String> = rows
            .iter()
            .flat_map(|row| row.labels.iter().cloned())
            .collect();
        labels.sort();
        labels.dedup();
        let (words, silo_words) = (schema.value_words(), schema.silo_words());
        let mut columns = Self {
            labels,
            ..Self::default()
        };
        for row in rows {
            let mut present = vec![0; words];
            let mut stated = 0u64;
            for &value in &row.values {
                bits::insert(&mut present, value);
                stated |= 1 << schema.values[value].scheme;
            }
            for &dimension in &row.none {
                stated |= 1 << dimension;
            }
            let mut silos = vec![0; silo_words];
            for &value in &row.silo_values {
                bits::insert(&mut silos, value);
            }
            let found = row
                .labels
                .iter()
                .filter_map(|label| columns.labels.binary_search(label).ok());
            let mut used: Vec<u32> = found.filter_map(|at| u32::try_from(at).ok()).collect();
            used.sort_unstable();
            used.dedup();
            columns.used_labels.push(used);
            columns.names.push(row.name);
            columns.present.extend(present);
            columns.silos.extend(silos);
            columns.stated.push(stated);
            columns.counts.push(row.count.max(1));
        }
        columns.schema = schema;
        columns
    }

    /// A programme as a row again.
    pub fn row(&self, programme: usize) -> Row {
        let labels = self.labels_of(programme).iter();
        let without_value = |&d: &usize| {
            let values = self.schema.dimensions[d].values.clone();
            self.states(programme, d)
                && !values
                    .into_iter()
                    .any(|v| bits::contains(self.present(programme), v))
        };
        Row {
            name: self.name(programme).to_owned(),
            labels: labels
                .map(|&label| self.labels[label as usize].clone())
                .collect(),
            values: bits::ones(self.present(programme)).collect(),
            none: (0..self.schema.dimensions.len())
                .filter(without_value)
                .collect(),
            silo_values: bits::ones(self.silos(programme)).collect(),
            count: self.count(programme),
        }
    }

    /// What the columns mean.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// How many programmes there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// How many programmes they stand for, identical ones counted.
    pub fn programmes(&self) -> u64 {
        self.counts.iter().map(|&count| u64::from(count)).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The name of a programme.
    pub fn name(&self, programme: usize) -> &str {
        &self.names[programme]
    }

    /// The labels in use, sorted.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Labels of a programme, as positions in [`Self::labels`].
    pub fn labels_of(&self, programme: usize) -> &[u32] {
        &self.used_labels[programme]
    }

    /// Values found present, as coded.
    pub fn present(&self, programme: usize) -> &[u64] {
        let words = self.schema.value_words();
        &self.present[programme * words..(programme + 1) * words]
    }

    /// Values found present with all broader ones.
    pub fn closure(&self, programme: usize) -> Vec<u64> {
        let mut closure = self.present(programme).to_vec();
        for value in bits::ones(self.present(programme)) {
            for &ancestor in &self.schema.values[value].ancestors {
                bits::insert(&mut closure, ancestor);
            }
        }
        closure
    }

    /// Values found present that are broader than no other value present: the leaves.
    pub fn leaves(&self, programme: usize) -> Vec<u64> {
        let mut leaves = self.present(programme).to_vec();
        for value in bits::ones(self.present(programme)) {
            for &ancestor in &self.schema.values[value].ancestors {
                leaves[ancestor / bits::WORD] &= !(1 << (ancestor % bits::WORD));
            }
        }
        leaves
    }

    /// Silo values as stated.
    pub fn silos(&self, programme: usize) -> &[u64] {
        let words = self.schema.silo_words();
        &self.silos[programme * words..(programme + 1) * words]
    }

    /// Silo values with all broader ones.
    pub fn silo_closure(&self, programme: usize) -> Vec<u64> {
        let mut closure = self.silos(programme).to_vec();
        for value in bits::ones(self.silos(programme)) {
            for &ancestor in &self.schema.silo_values[value].ancestors {
                bits::insert(&mut closure, ancestor);
            }
        }
        closure
    }

    /// Dimensions with something known, one bit a dimension.
    pub fn stated(&self, programme: usize) -> u64 {
        self.stated[programme]
    }

    /// Whether a programme states a dimension.
    pub fn states(&self, programme: usize, dimension: usize) -> bool {
        self.stated[programme] >> dimension & 1 == 1
    }

    /// Whether a programme states an axis.
    pub fn states_axis(&self, programme: usize, axis: usize) -> bool {
        let range = self.schema.axes[axis].values.clone();
        bits::ones(self.silos(programme)).any(|value| range.contains(&value))
    }

    /// How many programmes a row stands for.
    pub fn count(&self, programme: usize) -> u32 {
        self.counts[programme]
    }

    /// SHA-256 over everything that the columns say, by the short codes of the map, as 64
    /// hexadecimal digits. Linear in the values.
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |part: &str| {
            // The length before each part, so that no two lists run together into the same text.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        };
        for programme in 0..self.len() {
            add(self.name(programme));
            add(&self.count(programme).to_string());
            add("labels");
            for &label in self.labels_of(programme) {
                add(&self.labels[label as usize]);
            }
            add("stated");
            for dimension in bits::ones(&[self.stated(programme)]) {
                add(&self.schema.dimensions[dimension].notation);
            }
            add("values");
            for value in bits::ones(self.present(programme)) {
                let value = &self.schema.values[value];
                add(&self.schema.dimensions[value.scheme].notation);
                add(&value.notation);
            }
            add("silos");
            for value in bits::ones(self.silos(programme)) {
                let value = &self.schema.silo_values[value];
                add(&self.schema.axes[value.scheme].notation);
                add(&value.notation);
            }
        }
        bits::hexadecimal(&hash.finalize())
    }

    /// Whether two programmes are in different silos: on every one of `axes` that both state
    /// nothing in common, broader values included, and at least one that both state. `None` when
    /// that cannot be said, because no axis is stated by both.
    pub fn across(&self, a: usize, b: usize, axes: &[usize]) -> Option<bool> {
        let (x, y) = (self.silo_closure(a), self.silo_closure(b));
        let mut judged = false;
        for &axis in axes {
            if !(self.states_axis(a, axis) && self.states_axis(b, axis)) {
                continue;
            }
            judged = true;
            let mask = bits::of_range(
                self.schema.axes[axis].values.clone(),
                self.schema.silo_words(),
            );
            if x.iter()
                .zip(&y)
                .zip(&mask)
                .any(|((x, y), mask)| x & y & mask != 0)
            {
                return Some(false);
            }
        }
        judged.then_some(true)
    }
}
