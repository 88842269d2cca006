//! The programmes that carry labels, and which of them stand for each other in a random draw.

use std::collections::BTreeMap;

use super::super::bits;
use super::super::columns::Columns;
use super::matrix::Matrix;

/// Programmes that carry at least one label. A row that stands for several programmes is repeated,
/// so that two rows of one programme and one row of two are the same population.
pub(super) struct Population<'a> {
    pub(super) columns: &'a Columns,
    /// Row of each programme, upwards.
    pub(super) rows: Vec<usize>,
    /// For each label, its programmes as positions in `rows`, upwards.
    pub(super) members: Vec<Vec<usize>>,
    /// Stratum of each programme; 0 holds those that leave the axis open and those of strata that
    /// are too small.
    pub(super) strata: Vec<usize>,
    /// For each stratum, its programmes, upwards.
    pub(super) pools: Vec<Vec<usize>>,
    /// Whether a programme states the axis and stands in stratum 0 all the same.
    pub(super) pooled: Vec<bool>,
    distance: &'a dyn Fn(usize, usize) -> Option<f64>,
    /// Slot of a row in `stored`.
    slots: Vec<u32>,
    /// Distances between distinct rows, unless there are too many.
    stored: Option<Matrix>,
    /// Distances of rows to themselves: of programmes that one row stands for.
    own: Vec<f64>,
}

impl<'a> Population<'a> {
    /// The population, its strata by the set of silo values on `axis` (one stratum without an axis)
    /// and, for up to `max_stored` rows, their distances. O(n²) calls then, O(n) otherwise.
    pub(super) fn new(
        columns: &'a Columns,
        distance: &'a dyn Fn(usize, usize) -> Option<f64>,
        axis: Option<usize>,
        min_stratum: usize,
        max_stored: usize,
    ) -> Self {
        let carrying: Vec<usize> = (0..columns.len())
            .filter(|&row| !columns.labels_of(row).is_empty())
            .collect();
        let mut rows = Vec::new();
        let mut slots = Vec::new();
        let mut members = vec![Vec::new(); columns.labels().len()];
        for (slot, &row) in (0u32..).zip(&carrying) {
            for _ in 0..columns.count(row) {
                for &label in columns.labels_of(row) {
                    members[label as usize].push(rows.len());
                }
                rows.push(row);
                slots.push(slot);
            }
        }
        let mask = axis.map(|axis| {
            let schema = columns.schema();
            bits::of_range(schema.axes[axis].values.clone(), schema.silo_words())
        });
        let mut sets: BTreeMap<Vec<u64>, Vec<usize>> = BTreeMap::new();
        for (at, &row) in rows.iter().enumerate() {
            let set = mask.as_ref().map_or_else(Vec::new, |mask| {
                let silos = columns.silos(row).iter();
                silos.zip(mask).map(|(silos, mask)| silos & mask).collect()
            });
            sets.entry(set).or_default().push(at);
        }
        let (mut strata, mut pooled) = (vec![0; rows.len()], vec![false; rows.len()]);
        let mut pools = vec![Vec::new()];
        for (set, programmes) in sets {
            let open = set.iter().all(|&word| word == 0);
            if open || programmes.len() < min_stratum {
                for &at in &programmes {
                    pooled[at] = !open;
                }
                pools[0].extend(programmes);
            } else {
                for &at in &programmes {
                    strata[at] = pools.len();
                }
                pools.push(programmes);
            }
        }
        pools[0].sort_unstable();
        let known = |a: usize, b: usize| distance(a, b).filter(|distance| distance.is_finite());
        let stored = (carrying.len() <= max_stored)
            .then(|| Matrix::new(carrying.len(), |i, j| known(carrying[j], carrying[i])));
        let own = carrying
            .iter()
            .map(|&row| known(row, row).unwrap_or(f64::NAN))
            .collect();
        Self {
            columns,
            rows,
            members,
            strata,
            pools,
            pooled,
            distance,
            slots,
            stored,
            own,
        }
    }

    /// The distance of two programmes; NaN when they are not comparable.
    pub(super) fn distance(&self, a: usize, b: usize) -> f64 {
        let (slot_a, slot_b) = (self.slots[a] as usize, self.slots[b] as usize);
        if slot_a == slot_b {
            return self.own[slot_a];
        }
        if let Some(stored) = &self.stored {
            return stored.get(slot_a, slot_b);
        }
        (self.distance)(self.rows[a.min(b)], self.rows[a.max(b)])
            .filter(|distance| distance.is_finite())
            .unwrap_or(f64::NAN)
    }

    /// Distances between some programmes.
    pub(super) fn matrix(&self, programmes: &[usize]) -> Matrix {
        Matrix::new(programmes.len(), |i, j| {
            Some(self.distance(programmes[i], programmes[j]))
        })
    }

    /// Rows of some programmes, each once.
    pub(super) fn rows_of(&self, programmes: &[usize]) -> Vec<usize> {
        let mut rows: Vec<usize> = programmes.iter().map(|&at| self.rows[at]).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

/// Moves `count` random items to the front, any choice as likely as any other (Fisher & Yates).
pub(super) fn draw(items: &mut [usize], count: usize, random: &mut fastrand::Rng) {
    for at in 0..count.min(items.len()) {
        let other = random.usize(at..items.len());
        items.swap(at, other);
    }
}

/// At most `count` random items, in order.
pub(super) fn sample(items: &[usize], count: usize, random: &mut fastrand::Rng) -> Vec<usize> {
    if items.len() <= count {
        return items.to_vec();
    }
    let mut items = items.to_vec();
    draw(&mut items, count, random);
    items.truncate(count);
    items.sort_unstable();
    items
}
