//! The profiles to compare, each once, sorted and laid out as bitmaps.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::super::bits;
use super::super::similarity::{Comparer, View};
use super::adder::{BLOCK, BLOCK_WORDS, TILE, TILE_WORDS};

/// Classes of rows by what their values in a dimension count.
const CLASSES: usize = 4;
/// Rows that the bounds of the classes are taken from.
const SAMPLE: usize = 4096;

/// Profiles that state the same dimensions and have values in the same ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Group {
    /// Dimensions stated.
    pub(super) stated: u64,
    /// Dimensions with a value.
    pub(super) filled: u64,
}

/// Rows of one block that are of one group and one size.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segment {
    /// Position of the group.
    pub(super) group: usize,
    /// Values of each row.
    pub(super) size: u32,
    /// For each dimension, the fewest values a row has in it.
    pub(super) fewest: Vec<u32>,
}

/// A position as it is kept.
#[expect(
    clippy::cast_possible_truncation,
    reason = "there are fewer than 2³² programmes, and no more rows, groups or segments"
)]
pub(super) const fn narrow(position: usize) -> u32 {
    position as u32
}

/// Programmes as they come in: one after the other, each of the same width.
#[derive(Debug, Default)]
pub(super) struct Incoming {
    pub(super) sets: Vec<u64>,
    pub(super) stated: Vec<u64>,
    /// Silo values that count, broader ones included; empty when silos do not matter.
    pub(super) silos: Vec<u64>,
    pub(super) silo_words: usize,
}

/// The distinct profiles, by group, then by number of values, then by the values.
#[derive(Debug)]
pub(super) struct Rows {
    words: usize,
    /// For each row its set, then for means over dimensions what its values count in each
    /// dimension, as bits: what is judged together lies together.
    records: Vec<u64>,
    stride: usize,
    group_of: Vec<u32>,
    pub(super) groups: Vec<Group>,
    member_starts: Vec<u32>,
    members: Vec<u32>,
    dimensions: usize,
    segments: Vec<Segment>,
    /// For each block, where its segments start; one more than blocks.
    segment_starts: Vec<u32>,
    /// For each block a number that blocks with the same one segment share, when only their group
    /// and size matter.
    kinds: Vec<u32>,
    /// Whether a block is one segment and its dimensions have as many values as those of the block
    /// before at the fewest.
    as_before: Vec<bool>,
    /// For each dimension, the least sum of each class, ascending from 0; one class on pooled sets.
    bounds: Vec<Vec<f64>>,
    /// Classes in the bitmaps, at least 1.
    classes: usize,
    pub(super) bitmaps: Bitmaps,
    /// Whether a row has values in a dimension that all count 0.
    pub(super) weightless: bool,
    silo_words: usize,
    silos: Vec<u64>,
}

impl Rows {
    pub(super) fn new(
        comparer: &Comparer,
        words: usize,
        values: usize,
        incoming: Incoming,
    ) -> Self {
        let programmes = incoming.stated.len();
        assert!(
            u32::try_from(programmes).is_ok(),
            "fewer than 2³² programmes can be laid out"
        );
        let set = |programme: usize| &incoming.sets[programme * words..(programme + 1) * words];
        let silo_words = incoming.silo_words;
        let silo = |at: usize| &incoming.silos[at * silo_words..(at + 1) * silo_words];
        let dimensions = comparer.dimensions();

        let mut known: BTreeMap<Group, u32> = BTreeMap::new();
        let mut group_at: Vec<Group> = Vec::with_capacity(programmes);
        for programme in 0..programmes {
            let stated = incoming.stated[programme];
            let has = |&dimension: &usize| comparer.has_any(dimension, set(programme));
            let filled = bits::ones(&[stated])
                .filter(has)
                .fold(0, |filled, f| filled | 1 << f);
            known.insert(Group { stated, filled }, 0);
            group_at.push(Group { stated, filled });
        }
        let groups: Vec<Group> = known.keys().copied().collect();
        for (at, number) in known.values_mut().enumerate() {
            *number = narrow(at);
        }
        let group_number: Vec<u32> = group_at.iter().map(|group| known[group]).collect();
        drop(group_at);

        let key = |at: usize| (group_number[at], bits::count(set(at)));
        let keys: Vec<(u32, u32)> = (0..programmes).map(key).collect();
        let profile_order = |a: usize, b: usize| -> Ordering {
            (keys[a].cmp(&keys[b]))
                .then_with(|| set(a).cmp(set(b)))
                .then_with(|| silo(a).cmp(silo(b)))
        };
        let mut members: Vec<u32> = (0..narrow(programmes)).collect();
        members.sort_unstable_by(|&a, &b| profile_order(a as usize, b as usize).then(a.cmp(&b)));
        let mut member_starts: Vec<u32> = Vec::new();
        for (at, &member) in members.iter().enumerate() {
            let same = |&before: &u32| profile_order(before as usize, member as usize).is_eq();
            if !at
                .checked_sub(1)
                .and_then(|before| members.get(before))
                .is_some_and(same)
            {
                member_starts.push(narrow(at));
            }
        }
        let rows = member_starts.len();
        member_starts.push(narrow(programmes));

        let firsts = || {
            member_starts[..rows]
                .iter()
                .map(|&start| members[start as usize] as usize)
        };
        let mean = comparer.comparison().measure.is_mean();
        let stride = words + if mean { dimensions } else { 0 };
        let mut records = Vec::with_capacity(rows * stride);
        let mut group_of = Vec::with_capacity(rows);
        let mut silos = Vec::with_capacity(rows * silo_words);
        for first in firsts() {
            records.extend_from_slice(set(first));
            if mean {
                let sum = |dimension| comparer.weigh(dimension, set(first)).to_bits();
                records.extend((0..dimensions).map(sum));
            }
            group_of.push(group_number[first]);
            silos.extend_from_slice(silo(first));
        }
        drop((group_number, keys));
        drop(incoming);

        let mut result = Self {
            words,
            records,
            stride,
            group_of,
            groups,
            member_starts,
            members,
            dimensions,
            segments: Vec::new(),
            segment_starts: Vec::new(),
            kinds: Vec::new(),
            as_before: Vec::new(),
            bounds: Vec::new(),
            classes: if mean { CLASSES } else { 1 },
            bitmaps: Bitmaps::default(),
            weightless: false,
            silo_words,
            silos,
        };
        if mean {
            result.classify();
        }
        result.bitmaps = result.draw(comparer, values);
        result.cut(comparer);
        result
    }

    /// Divides the rows into classes by what their values count in each dimension.
    fn classify(&mut self) {
        self.weightless = (0..self.len()).any(|row| {
            let filled = self.groups[self.group(row)].filled;
            bits::ones(&[filled]).any(|dimension| self.sum(row, dimension) <= 0.0)
        });
        let step = self.len().div_ceil(SAMPLE).max(1);
        for dimension in 0..self.dimensions {
            let sample = (0..self.len())
                .step_by(step)
                .map(|row| self.sum(row, dimension));
            let mut sample: Vec<f64> = sample.filter(|sum| *sum > 0.0).collect();
            sample.sort_by(f64::total_cmp);
            let bound = |class: usize| sample.get(class * sample.len() / CLASSES).copied();
            let mut bounds = vec![0.0];
            bounds.extend((1..CLASSES).map(|class| bound(class).unwrap_or(0.0)));
            self.bounds.push(bounds);
        }
    }

    /// Draws the bitmaps: for each value the rows that have it, or for each value and class the
    /// rows that have it and are of this class or a lower one.
    fn draw<'a>(&'a self, comparer: &'a Comparer, values: usize) -> Bitmaps {
        let classes = self.classes;
        Bitmaps::new(self.len(), values * classes, |row| {
            bits::ones(self.set(row)).flat_map(move |value| {
                let class = match self.bounds.get(comparer.dimension_of(value)) {
                    Some(bounds) => {
                        let sum = self.sum(row, comparer.dimension_of(value));
                        bounds.partition_point(|bound| *bound <= sum) - 1
                    }
                    None => 0,
                };
                (class..classes).map(move |class| value * classes + class)
            })
        })
    }

    /// The least sum of each class in a dimension.
    pub(super) fn bounds(&self, dimension: usize) -> &[f64] {
        &self.bounds[dimension]
    }

    /// The bitmap of a value for rows of a class or a lower one.
    pub(super) fn bitmap(&self, value: usize, class: usize) -> u32 {
        narrow(value * self.classes + class)
    }

    /// Finds the segments of every block.
    fn cut(&mut self, comparer: &Comparer) {
        let pooled = !comparer.comparison().measure.is_mean();
        let mut counts = Vec::new();
        for row in 0..self.len() {
            let new_block = row % BLOCK == 0;
            if new_block {
                self.segment_starts.push(narrow(self.segments.len()));
            }
            let size = if pooled {
                bits::count(self.set(row))
            } else {
                0
            };
            if pooled {
                let count = |dimension| comparer.count(dimension, self.set(row));
                counts.clear();
                counts.extend((0..self.dimensions).map(count));
            }
            let group = self.group(row);
            match self.segments.last_mut() {
                Some(last) if !new_block && last.group == group && last.size == size => {
                    for (fewest, count) in last.fewest.iter_mut().zip(&counts) {
                        *fewest = (*fewest).min(*count);
                    }
                }
                _ => self.segments.push(Segment {
                    group,
                    size,
                    fewest: counts.clone(),
                }),
            }
        }
        self.segment_starts.push(narrow(self.segments.len()));

        for block in 0..self.blocks() {
            let before = block.checked_sub(1).map(|before| self.segments_of(before));
            let alike = match (before, self.segments_of(block)) {
                (Some([before]), [one]) if before.group == one.group && before.size == one.size => {
                    Some(before.fewest == one.fewest)
                }
                _ => None,
            };
            let last = self.kinds.last().copied().unwrap_or(0);
            self.kinds
                .push(if alike.is_some() { last } else { last + 1 });
            self.as_before.push(alike == Some(true));
        }
    }

    /// Whether a block is one segment of the group and size of the one before; with `fewest`, also
    /// of the same fewest values.
    pub(super) fn repeats(&self, block: usize, fewest: bool) -> bool {
        block > 0
            && self.kinds[block] == self.kinds[block - 1]
            && (!fewest || self.as_before[block])
    }

    /// How many distinct profiles there are.
    pub(super) fn len(&self) -> usize {
        self.group_of.len()
    }

    /// How many blocks they take.
    pub(super) fn blocks(&self) -> usize {
        self.len().div_ceil(BLOCK)
    }

    pub(super) fn segments_of(&self, block: usize) -> &[Segment] {
        &self.segments[self.segment_starts[block] as usize..self.segment_starts[block + 1] as usize]
    }

    pub(super) fn set(&self, row: usize) -> &[u64] {
        &self.records[row * self.stride..row * self.stride + self.words]
    }

    pub(super) fn group(&self, row: usize) -> usize {
        self.group_of[row] as usize
    }

    pub(super) fn view(&self, row: usize) -> View<'_> {
        View {
            set: self.set(row),
            stated: self.groups[self.group(row)].stated,
        }
    }

    /// What the values of a row count in a dimension; only for means over dimensions.
    pub(super) fn sum(&self, row: usize, dimension: usize) -> f64 {
        f64::from_bits(self.records[row * self.stride + self.words + dimension])
    }

    /// A set, and as bits what its values count in each dimension.
    pub(super) fn record(&self, row: usize) -> (&[u64], &[u64]) {
        self.records[row * self.stride..(row + 1) * self.stride].split_at(self.words)
    }

    /// The programmes of a row, in order; at least one.
    pub(super) fn members(&self, row: usize) -> &[u32] {
        &self.members[self.member_starts[row] as usize..self.member_starts[row + 1] as usize]
    }

    /// The first programme of a row.
    pub(super) fn first(&self, row: usize) -> usize {
        self.members[self.member_starts[row] as usize] as usize
    }

    /// Whether each row is one programme.
    pub(super) fn all_single(&self) -> bool {
        self.members.len() == self.len()
    }

    /// Silo values of a row that count.
    pub(super) fn silos(&self, row: usize) -> &[u64] {
        &self.silos[row * self.silo_words..(row + 1) * self.silo_words]
    }
}

/// One bitmap a value over the rows, a tile at a time.
#[derive(Debug, Default)]
pub(super) struct Bitmaps {
    values: usize,
    /// Tile after tile, value after value, in each tile an empty bitmap last; some words before, so
    /// that blocks lie on cache lines.
    data: Vec<u64>,
    offset: usize,
}

impl Bitmaps {
    pub(super) fn new<I: Iterator<Item = usize>>(
        rows: usize,
        values: usize,
        members: impl Fn(usize) -> I,
    ) -> Self {
        let tiles = rows.div_ceil(TILE * BLOCK);
        let data = vec![0; tiles * (values + 1) * TILE_WORDS + BLOCK_WORDS];
        let offset = data.as_ptr().align_offset(BLOCK_WORDS * 8).min(BLOCK_WORDS);
        let mut bitmaps = Self {
            values,
            data,
            offset,
        };
        for row in 0..rows {
            for value in members(row) {
                let at = bitmaps.start(row / (TILE * BLOCK), value) + row / 64 % TILE_WORDS;
                bitmaps.data[at] |= 1 << (row % 64);
            }
        }
        bitmaps
    }

    fn start(&self, tile: usize, value: usize) -> usize {
        self.offset + (tile * (self.values + 1) + value) * TILE_WORDS
    }

    /// All bitmaps of a tile, one after the other.
    pub(super) fn tile(&self, tile: usize) -> &[u64] {
        &self.data[self.start(tile, 0)..self.start(tile + 1, 0)]
    }

    /// The number of the empty bitmap.
    pub(super) fn empty(&self) -> u32 {
        narrow(self.values)
    }

    /// The words of a value in a block.
    pub(super) fn block(&self, block: usize, value: usize) -> &[u64] {
        let start = self.start(block / TILE, value) + block % TILE * BLOCK_WORDS;
        &self.data[start..start + BLOCK_WORDS]
    }
}
