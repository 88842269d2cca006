//! Which rows are in other silos than a given one, a block at a time.

use super::super::bits;
use super::super::columns::Schema;
use super::adder::BLOCK_WORDS;
use super::rows::{Bitmaps, Rows};

/// Bitmaps of the silo values of the chosen axes, and of who states which axis.
#[derive(Debug)]
pub(super) struct Silos {
    /// Silo values, then axes.
    bitmaps: Bitmaps,
    /// For each chosen axis, the mask of its silo values.
    masks: Vec<Vec<u64>>,
    values: usize,
}

impl Silos {
    pub(super) fn masks(schema: &Schema, axes: &[usize]) -> Vec<Vec<u64>> {
        let mask =
            |&axis: &usize| bits::of_range(schema.axes[axis].values.clone(), schema.silo_words());
        axes.iter().map(mask).collect()
    }

    pub(super) fn new(rows: &Rows, values: usize, masks: Vec<Vec<u64>>) -> Self {
        let bitmaps = Bitmaps::new(rows.len(), values + masks.len(), |row| {
            let silos = rows.silos(row);
            let stated = masks
                .iter()
                .enumerate()
                .filter(|(_, mask)| bits::intersects(mask, silos));
            bits::ones(silos).chain(stated.map(move |(axis, _)| values + axis))
        });
        Self {
            bitmaps,
            masks,
            values,
        }
    }

    /// Rows of a block that state an axis that `row` states too, and share no silo value of the
    /// chosen axes with it.
    pub(super) fn others(&self, rows: &Rows, row: usize, block: usize) -> [u64; BLOCK_WORDS] {
        let silos = rows.silos(row);
        let mut others = [0; BLOCK_WORDS];
        for (axis, mask) in self.masks.iter().enumerate() {
            if bits::intersects(mask, silos) {
                bits::union_with(&mut others, self.bitmaps.block(block, self.values + axis));
            }
        }
        for value in bits::ones(silos) {
            for (word, same) in others.iter_mut().zip(self.bitmaps.block(block, value)) {
                *word &= !same;
            }
        }
        others
    }
}
