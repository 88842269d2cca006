//! The profiles to compare, each once, sorted and laid out as bitmaps.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::super::bits;
use super::super::similarity::{Comparer, View};
use super::adder::{BLOCK, BLOCK_WORDS, TILE, TILE_WORDS};

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
    sets: Vec<u64>,
    group_of: Vec<u32>,
    pub(super) groups: Vec<Group>,
    member_starts: Vec<u32>,
    members: Vec<u32>,
    /// For each row, what its values count in each dimension; only for means over dimensions.
    sums: Vec<f64>,
    dimensions: usize,
    pub(super) segments: Vec<Segment>,
    /// For each block, where its segments start; one more than blocks.
    pub(super) segment_starts: Vec<u32>,
    pub(super) bitmaps: Bitmaps,
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
            *number = at as u32;
        }
        let group_number: Vec<u32> = group_at.iter().map(|group| known[group]).collect();
        drop(group_at);

        let profile_order = |a: usize, b: usize| -> Ordering {
            (group_number[a].cmp(&group_number[b]))
                .then_with(|| bits::count(set(a)).cmp(&bits::count(set(b))))
                .then_with(|| set(a).cmp(set(b)))
                .then_with(|| silo(a).cmp(silo(b)))
        };
        let mut members: Vec<u32> = (0..programmes as u32).collect();
        members.sort_unstable_by(|&a, &b| profile_order(a as usize, b as usize).then(a.cmp(&b)));
        let mut member_starts: Vec<u32> = Vec::new();
        for (at, &member) in members.iter().enumerate() {
            let same = |&before: &u32| profile_order(before as usize, member as usize).is_eq();
            if !at
                .checked_sub(1)
                .and_then(|before| members.get(before))
                .is_some_and(same)
            {
                member_starts.push(at as u32);
            }
        }
        let rows = member_starts.len();
        member_starts.push(programmes as u32);

        let firsts = || {
            member_starts[..rows]
                .iter()
                .map(|&start| members[start as usize] as usize)
        };
        let mut sets = Vec::with_capacity(rows * words);
        let mut group_of = Vec::with_capacity(rows);
        let mut silos = Vec::with_capacity(rows * silo_words);
        for first in firsts() {
            sets.extend_from_slice(set(first));
            group_of.push(group_number[first]);
            silos.extend_from_slice(silo(first));
        }
        drop(group_number);
        drop(incoming);

        let mut sums = Vec::new();
        if comparer.comparison().measure.is_mean() {
            sums.reserve_exact(rows * dimensions);
            for set in sets.chunks_exact(words.max(1)) {
                sums.extend((0..dimensions).map(|dimension| comparer.weigh(dimension, set)));
            }
            sums.resize(rows * dimensions, 0.0);
        }
        let bitmaps = Bitmaps::new(rows, values, |row| {
            bits::ones(&sets[row * words..(row + 1) * words])
        });
        let mut result = Self {
            words,
            sets,
            group_of,
            groups,
            member_starts,
            members,
            sums,
            dimensions,
            segments: Vec::new(),
            segment_starts: Vec::new(),
            bitmaps,
            silo_words,
            silos,
        };
        result.cut(comparer);
        result
    }

    /// Finds the segments of every block.
    fn cut(&mut self, comparer: &Comparer) {
        let pooled = !comparer.comparison().measure.is_mean();
        for row in 0..self.len() {
            let new_block = row % BLOCK == 0;
            if new_block {
                self.segment_starts.push(self.segments.len() as u32);
            }
            let size = if pooled {
                bits::count(self.set(row))
            } else {
                0
            };
            let counts = (0..self.dimensions).map(|f| comparer.count(f, self.set(row)));
            let counts: Vec<u32> = counts
                .take(if pooled { self.dimensions } else { 0 })
                .collect();
            let group = self.group(row);
            match self.segments.last_mut() {
                Some(last) if !new_block && last.group == group && last.size == size => {
                    for (fewest, count) in last.fewest.iter_mut().zip(counts) {
                        *fewest = count.min(*fewest);
                    }
                }
                _ => self.segments.push(Segment {
                    group,
                    size,
                    fewest: counts,
                }),
            }
        }
        self.segment_starts.push(self.segments.len() as u32);
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
        &self.sets[row * self.words..(row + 1) * self.words]
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

    /// What the values of a row count in each dimension.
    pub(super) fn sums(&self, row: usize) -> &[f64] {
        &self.sums[row * self.dimensions..(row + 1) * self.dimensions]
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
#[derive(Debug)]
pub(super) struct Bitmaps {
    values: usize,
    /// Tile after tile, value after value; some words before, so that blocks lie on cache lines.
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
        let data = vec![0; tiles * values * TILE_WORDS + BLOCK_WORDS];
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
        self.offset + (tile * self.values + value) * TILE_WORDS
    }

    /// The bitmap of a value in a tile.
    pub(super) fn tile(&self, tile: usize, value: usize) -> &[u64] {
        let start = self.start(tile, value);
        &self.data[start..start + TILE_WORDS]
    }

    /// The words of a value in a block.
    pub(super) fn block(&self, block: usize, value: usize) -> &[u64] {
        let start = block % TILE * BLOCK_WORDS;
        &self.tile(block / TILE, value)[start..start + BLOCK_WORDS]
    }
}
