//! The kernel: for 512 rows at a time, whether the weights of a query's values that a row has sum
//! to at least a number.
//!
//! The rows lie as one bitmap a value. A counter is bit slices: word *b* of it holds bit *b* of the
//! counts of many rows. Full adders bring the bitmaps of the query's values into the slices, so
//! that one instruction serves as many rows as a register has bits, and the work grows with the
//! values of the query, not with the number of values there are: the threshold function over
//! bitmaps of Kaser and Lemire (2014). The counter starts at 2ᴸ − least, so that its overflow is
//! the answer and no comparison is needed.

#![expect(
    clippy::inline_always,
    reason = "what is not inlined is compiled without the wide instructions of its caller"
)]

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

/// Words of 64 rows in a block.
pub(super) const BLOCK_WORDS: usize = 8;
/// Rows in a block.
pub(super) const BLOCK: usize = BLOCK_WORDS * 64;
/// Blocks in a tile: so few that the bitmaps of a tile stay in a core's first cache.
pub(super) const TILE: usize = 8;
/// Words of a bitmap in a tile.
pub(super) const TILE_WORDS: usize = TILE * BLOCK_WORDS;
/// Bits that the weight of a value may have.
pub(super) const PLANES: usize = 5;
/// Bit slices of a weighted counter: the weights of a query sum to less than 2 to this.
pub(super) const WEIGHTED_LEVELS: u32 = 8;
/// In place of a least sum: no row of the block can reach it.
pub(super) const SKIP: u32 = u32::MAX;

/// Rows of a block that reach the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// Which block.
    pub(super) block: usize,
    /// One bit a row.
    pub(super) rows: [u64; BLOCK_WORDS],
}

/// What to add and where.
pub(super) struct Query<'a> {
    /// Numbers of the bitmaps to add, by the bits of their weights.
    pub(super) planes: &'a [Vec<u32>; PLANES],
    /// The first block to look at.
    pub(super) from: usize,
    /// Least sums, or [`SKIP`], of that block and those after it.
    pub(super) least: &'a [u32],
    /// Blocks in which a row reaches the sum, in order.
    pub(super) hits: Vec<Hit>,
}

/// Adds to the hits of each query. `tile` gives all bitmaps of a tile, one after the other.
pub(super) fn scan<'a>(arch: Arch, tile: impl Fn(usize) -> &'a [u64], queries: &mut [Query<'_>]) {
    let from = queries.iter().map(|query| query.from).min().unwrap_or(0);
    let until = queries.iter().map(|query| query.from + query.least.len());
    for number in from / TILE..until.max().unwrap_or(0).div_ceil(TILE) {
        let words = tile(number);
        arch.dispatch(Tile {
            words,
            number,
            queries,
        });
    }
}

/// All queries over one tile.
struct Tile<'a, 'b> {
    words: &'a [u64],
    number: usize,
    queries: &'a mut [Query<'b>],
}

impl WithSimd for Tile<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let words = S::as_simd_u64s(self.words).0;
        let first = self.number * TILE;
        for query in self.queries {
            let blocks = query.from.max(first)..(query.from + query.least.len()).min(first + TILE);
            if blocks.is_empty() {
                continue;
            }
            let plain = query.planes[1..].iter().all(Vec::is_empty);
            match (plain, query.planes[0].len()) {
                (true, 0..16) => search::<S, 4, false>(simd, words, blocks, query),
                (true, 16..32) => search::<S, 5, false>(simd, words, blocks, query),
                (true, 32..64) => search::<S, 6, false>(simd, words, blocks, query),
                (true, _) => search::<S, 16, false>(simd, words, blocks, query),
                (false, _) => {
                    search::<S, { WEIGHTED_LEVELS as usize }, true>(simd, words, blocks, query);
                }
            }
        }
    }
}

/// One query over blocks of one tile, with a counter of so many levels.
#[inline(always)]
fn search<S: Simd, const LEVELS: usize, const WEIGHTED: bool>(
    simd: S,
    words: &[S::u64s],
    blocks: Range<usize>,
    query: &mut Query<'_>,
) {
    let per_block = BLOCK_WORDS / S::U64_LANES;
    let zero = simd.splat_u64s(0);
    let mut start = [zero; LEVELS];
    let mut start_for = 0;
    for block in blocks {
        let least = query.least[block - query.from];
        if least >= 1 << LEVELS {
            continue;
        }
        if least == 0 {
            let rows = [u64::MAX; BLOCK_WORDS];
            query.hits.push(Hit { block, rows });
            continue;
        }
        if least != start_for {
            start_for = least;
            let value = (1u32 << LEVELS) - least;
            for (level, word) in start.iter_mut().enumerate() {
                *word = simd.splat_u64s(0u64.wrapping_sub(u64::from(value >> level & 1)));
            }
        }
        let mut rows = [0u64; BLOCK_WORDS];
        let mut any = zero;
        for (part, rows) in S::as_mut_simd_u64s(&mut rows).0.iter_mut().enumerate() {
            let at = block % TILE * per_block + part;
            let load = Load { words, at };
            let mut counter = Counter {
                levels: start,
                over: zero,
            };
            counter.add::<S, 0>(simd, &query.planes[0], load);
            if WEIGHTED {
                counter.add::<S, 1>(simd, &query.planes[1], load);
                counter.add::<S, 2>(simd, &query.planes[2], load);
                counter.add::<S, 3>(simd, &query.planes[3], load);
                counter.add::<S, 4>(simd, &query.planes[4], load);
            }
            *rows = counter.over;
            any = simd.or_u64s(any, counter.over);
        }
        if simd.first_true_m64s(simd.greater_than_u64s(any, zero)) < S::U64_LANES {
            query.hits.push(Hit { block, rows });
        }
    }
}

/// A place in the bitmaps of a tile.
#[derive(Clone, Copy)]
struct Load<'a, V> {
    words: &'a [V],
    at: usize,
}

impl<V: Copy> Load<'_, V> {
    #[inline(always)]
    fn of<S: Simd<u64s = V>>(self, bitmap: u32) -> V {
        self.words[bitmap as usize * (TILE_WORDS / S::U64_LANES) + self.at]
    }
}

/// Bit slices of the counts, and whether they ran over.
struct Counter<V, const LEVELS: usize> {
    levels: [V; LEVELS],
    over: V,
}

impl<V: Copy, const LEVELS: usize> Counter<V, LEVELS> {
    /// Adds bitmaps that each count 2 to the `PLANE`.
    #[inline(always)]
    fn add<S: Simd<u64s = V>, const PLANE: usize>(
        &mut self,
        simd: S,
        bitmaps: &[u32],
        load: Load<'_, V>,
    ) {
        let (eights, rest) = bitmaps.as_chunks::<8>();
        // No closure over an array here: it would not be inlined.
        for &[a, b, c, d, e, f, g, h] in eights {
            let first = self.four::<S, PLANE>(simd, load, a, b, c, d);
            let second = self.four::<S, PLANE>(simd, load, e, f, g, h);
            let carry = full(simd, &mut self.levels[PLANE + 2], first, second);
            self.ripple(simd, PLANE + 3, carry);
        }
        // What is left is four, two or one: see `padded`.
        let (fours, rest) = rest.as_chunks::<4>();
        if let [[a, b, c, d]] = *fours {
            let carry = self.four::<S, PLANE>(simd, load, a, b, c, d);
            self.ripple(simd, PLANE + 2, carry);
        }
        if let [a, b] = rest {
            let (a, b) = (load.of::<S>(*a), load.of::<S>(*b));
            let carry = full(simd, &mut self.levels[PLANE], a, b);
            self.ripple(simd, PLANE + 1, carry);
        }
        if let [a] = rest {
            self.ripple(simd, PLANE, load.of::<S>(*a));
        }
    }

    /// Adds four bitmaps and gives the carry of value 4.
    #[inline(always)]
    fn four<S: Simd<u64s = V>, const PLANE: usize>(
        &mut self,
        simd: S,
        load: Load<'_, V>,
        a: u32,
        b: u32,
        c: u32,
        d: u32,
    ) -> V {
        let (a, b) = (load.of::<S>(a), load.of::<S>(b));
        let first = full(simd, &mut self.levels[PLANE], a, b);
        let (c, d) = (load.of::<S>(c), load.of::<S>(d));
        let second = full(simd, &mut self.levels[PLANE], c, d);
        full(simd, &mut self.levels[PLANE + 1], first, second)
    }

    #[inline(always)]
    fn ripple<S: Simd<u64s = V>>(&mut self, simd: S, from: usize, mut carry: V) {
        for level in &mut self.levels[from..] {
            let sum = simd.xor_u64s(*level, carry);
            carry = simd.and_u64s(*level, carry);
            *level = sum;
        }
        self.over = simd.or_u64s(self.over, carry);
    }
}

/// A full adder: keeps the sum of three words in `sum` and gives the carry.
#[inline(always)]
fn full<S: Simd>(simd: S, sum: &mut S::u64s, a: S::u64s, b: S::u64s) -> S::u64s {
    let half = simd.xor_u64s(*sum, a);
    let either = if S::U64_LANES == 8 {
        // With nothing in common, sum and carry become one instruction of three inputs each.
        simd.or_u64s(*sum, a)
    } else {
        half
    };
    let carry = simd.or_u64s(simd.and_u64s(*sum, a), simd.and_u64s(either, b));
    *sum = simd.xor_u64s(half, b);
    carry
}

/// How many bitmaps to add in place of `len`, some of them empty: eights, then a four, a two or a
/// one, whichever takes fewest steps.
pub(super) const fn padded(len: usize) -> usize {
    match len % 8 {
        3 => len + 1,
        rest @ 5..8 => len + 8 - rest,
        _ => len,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The counter against plain sums, for the width of this machine and for plain words.
    fn check(weights: &[u32], seed: u64, least: &[u32]) {
        let mut random = fastrand::Rng::with_seed(seed);
        // One bitmap more is empty.
        let values = weights.len();
        let tiles: Vec<Vec<u64>> = (0..3)
            .map(|_| {
                let mut words = || random.u64(..) | random.u64(..);
                let mut tile: Vec<u64> = (0..values * TILE_WORDS).map(|_| words()).collect();
                tile.resize((values + 1) * TILE_WORDS, 0);
                tile
            })
            .collect();
        let mut planes: [Vec<u32>; PLANES] = Default::default();
        for (bit, plane) in planes.iter_mut().enumerate() {
            plane.extend(
                (0u32..)
                    .zip(weights)
                    .filter(|(_, weight)| *weight >> bit & 1 == 1)
                    .map(|(at, _)| at),
            );
            plane.resize(padded(plane.len()), u32::try_from(values).unwrap_or(0));
        }
        let mut expected = Vec::new();
        for (block, &least) in (3..).zip(least) {
            let mut rows = [0; BLOCK_WORDS];
            for row in 0..BLOCK {
                let at = block % TILE * BLOCK + row;
                let has = |value: usize| {
                    tiles[block / TILE][value * TILE_WORDS + at / 64] >> (at % 64) & 1 == 1
                };
                let sum: u32 = (0..values)
                    .filter(|&value| has(value))
                    .map(|value| weights[value])
                    .sum();
                if sum >= least {
                    rows[row / 64] |= 1 << (row % 64);
                }
            }
            if rows != [0; BLOCK_WORDS] {
                expected.push(Hit { block, rows });
            }
        }
        for arch in [Arch::new(), Arch::Scalar] {
            let mut queries = [Query {
                planes: &planes,
                from: 3,
                least,
                hits: Vec::new(),
            }];
            scan(arch, |tile| &tiles[tile], &mut queries);
            assert_eq!(queries[0].hits, expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn counts_are_sums(len in 0usize..70, seed: u64, least in proptest::collection::vec(0u32..80, 1..=8)) {
            check(&vec![1; len], seed, &least);
        }

        #[test]
        fn weighted_counts_are_sums(
            weights in proptest::collection::vec(1u32..32, 0..30),
            seed: u64,
            least in proptest::collection::vec(0u32..300, 1..=8),
        ) {
            let mut total = 0;
            let small: Vec<u32> = weights
                .into_iter()
                .take_while(|weight| {
                    total += weight;
                    total < 1 << WEIGHTED_LEVELS
                })
                .collect();
            check(&small, seed, &least);
        }
    }

    #[test]
    fn a_block_that_cannot_reach_is_left_out() {
        check(&[1; 9], 3, &[SKIP, 2, SKIP]);
        check(&[31, 7], 3, &[SKIP, 38, SKIP]);
    }
}
