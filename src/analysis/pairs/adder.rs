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

use pulp::{Arch, Simd, WithSimd};

/// Words of 64 rows in a block.
pub(super) const BLOCK_WORDS: usize = 8;
/// Rows in a block.
pub(super) const BLOCK: usize = BLOCK_WORDS * 64;
/// Blocks in a tile: so few that the bitmaps of a tile stay in a core's cache.
pub(super) const TILE: usize = 16;
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

/// What to add, for one tile.
pub(super) struct Scan<'a> {
    /// Bitmaps of the query's values in this tile, by the bits of their weights.
    pub(super) planes: &'a [Vec<&'a [u64]>; PLANES],
    /// Least sums, or [`SKIP`], for blocks of the tile that follow each other.
    pub(super) least: &'a [u32],
    /// Which block of the tile is the first of them.
    pub(super) from: usize,
    /// Position of the tile's first block.
    pub(super) first_block: usize,
}

impl Scan<'_> {
    /// Adds to `hits` the blocks in which a row reaches the sum, in order.
    pub(super) fn run(&self, arch: Arch, hits: &mut Vec<Hit>) {
        let plain = self.planes[1..].iter().all(Vec::is_empty);
        match (plain, self.planes[0].len()) {
            (true, 0..16) => arch.dispatch(Sized::<4, false> { scan: self, hits }),
            (true, 16..32) => arch.dispatch(Sized::<5, false> { scan: self, hits }),
            (true, 32..64) => arch.dispatch(Sized::<6, false> { scan: self, hits }),
            (true, _) => arch.dispatch(Sized::<16, false> { scan: self, hits }),
            (false, _) => {
                arch.dispatch(Sized::<{ WEIGHTED_LEVELS as usize }, true> { scan: self, hits });
            }
        }
    }
}

/// A scan with a counter of so many levels, weighted or not.
struct Sized<'a, const LEVELS: usize, const WEIGHTED: bool> {
    scan: &'a Scan<'a>,
    hits: &'a mut Vec<Hit>,
}

impl<const LEVELS: usize, const WEIGHTED: bool> WithSimd for Sized<'_, LEVELS, WEIGHTED> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let per_block = BLOCK_WORDS / S::U64_LANES;
        let mut bitmaps: Vec<&[S::u64s]> = Vec::with_capacity(64);
        let mut ends = [0; PLANES];
        for (plane, end) in self.scan.planes.iter().zip(&mut ends) {
            bitmaps.extend(plane.iter().map(|bitmap| S::as_simd_u64s(bitmap).0));
            *end = bitmaps.len();
        }
        let zero = simd.splat_u64s(0);
        let mut start = [zero; LEVELS];
        let mut start_for = 0;
        for (block, &least) in (self.scan.from..).zip(self.scan.least) {
            if least >= 1 << LEVELS {
                continue;
            }
            let number = self.scan.first_block + block;
            if least == 0 {
                self.hits.push(Hit {
                    block: number,
                    rows: [u64::MAX; BLOCK_WORDS],
                });
                continue;
            }
            if least != start_for {
                start_for = least;
                let value = (1u32 << LEVELS) - least;
                for (level, word) in start.iter_mut().enumerate() {
                    *word = simd.splat_u64s(if value >> level & 1 == 1 { u64::MAX } else { 0 });
                }
            }
            let mut rows = [0u64; BLOCK_WORDS];
            let mut any = zero;
            for (part, rows) in S::as_mut_simd_u64s(&mut rows).0.iter_mut().enumerate() {
                let at = block * per_block + part;
                let mut counter = Counter {
                    levels: start,
                    over: zero,
                };
                counter.add::<S, 0>(simd, &bitmaps[..ends[0]], at);
                if WEIGHTED {
                    counter.add::<S, 1>(simd, &bitmaps[ends[0]..ends[1]], at);
                    counter.add::<S, 2>(simd, &bitmaps[ends[1]..ends[2]], at);
                    counter.add::<S, 3>(simd, &bitmaps[ends[2]..ends[3]], at);
                    counter.add::<S, 4>(simd, &bitmaps[ends[3]..ends[4]], at);
                }
                *rows = counter.over;
                any = simd.or_u64s(any, counter.over);
            }
            if simd.first_true_m64s(simd.greater_than_u64s(any, zero)) < S::U64_LANES {
                self.hits.push(Hit {
                    block: number,
                    rows,
                });
            }
        }
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
    fn add<S: Simd<u64s = V>, const PLANE: usize>(&mut self, simd: S, bitmaps: &[&[V]], at: usize) {
        let (eights, rest) = bitmaps.as_chunks::<8>();
        for [a, b, c, d, e, f, g, h] in eights {
            let first = self.four::<S, PLANE>(simd, a[at], b[at], c[at], d[at]);
            let second = self.four::<S, PLANE>(simd, e[at], f[at], g[at], h[at]);
            let carry = full(simd, &mut self.levels[PLANE + 2], first, second);
            self.ripple(simd, PLANE + 3, carry);
        }
        let (fours, rest) = rest.as_chunks::<4>();
        for [a, b, c, d] in fours {
            let carry = self.four::<S, PLANE>(simd, a[at], b[at], c[at], d[at]);
            self.ripple(simd, PLANE + 2, carry);
        }
        let (twos, rest) = rest.as_chunks::<2>();
        for [a, b] in twos {
            let carry = full(simd, &mut self.levels[PLANE], a[at], b[at]);
            self.ripple(simd, PLANE + 1, carry);
        }
        for a in rest {
            self.ripple(simd, PLANE, a[at]);
        }
    }

    /// Adds four words and gives the carry of value 4.
    #[inline(always)]
    fn four<S: Simd<u64s = V>, const PLANE: usize>(
        &mut self,
        simd: S,
        a: V,
        b: V,
        c: V,
        d: V,
    ) -> V {
        let first = full(simd, &mut self.levels[PLANE], a, b);
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
        let bitmaps: Vec<Vec<u64>> = weights
            .iter()
            .map(|_| {
                (0..TILE_WORDS)
                    .map(|_| random.u64(..) | random.u64(..))
                    .collect()
            })
            .collect();
        let zero = vec![0; TILE_WORDS];
        let mut planes: [Vec<&[u64]>; PLANES] = Default::default();
        for (bit, plane) in planes.iter_mut().enumerate() {
            let of_bit = weights
                .iter()
                .zip(&bitmaps)
                .filter(|(weight, _)| *weight >> bit & 1 == 1);
            plane.extend(of_bit.map(|(_, bitmap)| &bitmap[..]));
            plane.resize(padded(plane.len()), &zero);
        }
        let scan = Scan {
            planes: &planes,
            least,
            from: 3,
            first_block: 7,
        };
        let mut expected = Vec::new();
        for (block, &least) in least.iter().enumerate() {
            let mut rows = [0; BLOCK_WORDS];
            for row in 0..BLOCK {
                let at = (block + 3) * BLOCK + row;
                let has = |bitmap: &Vec<u64>| u32::from(bitmap[at / 64] >> (at % 64) & 1 == 1);
                let sum: u32 = weights
                    .iter()
                    .zip(&bitmaps)
                    .map(|(w, bitmap)| w * has(bitmap))
                    .sum();
                if sum >= least {
                    rows[row / 64] |= 1 << (row % 64);
                }
            }
            if rows != [0; BLOCK_WORDS] {
                expected.push(Hit {
                    block: block + 10,
                    rows,
                });
            }
        }
        let mut hits = Vec::new();
        scan.run(Arch::new(), &mut hits);
        assert_eq!(hits, expected);
        hits.clear();
        scan.run(Arch::Scalar, &mut hits);
        assert_eq!(hits, expected);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn counts_are_sums(len in 0usize..70, seed: u64, least in proptest::collection::vec(0u32..80, 1..=4)) {
            check(&vec![1; len], seed, &least);
        }

        #[test]
        fn weighted_counts_are_sums(
            weights in proptest::collection::vec(1u32..32, 0..30),
            seed: u64,
            least in proptest::collection::vec(0u32..300, 1..=4),
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
