//! Distances between items, some of them unknown.

/// A symmetric matrix of distances with zeros on the diagonal: its strict lower triangle, 4n² bytes
/// for n items. An unknown distance is NaN.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    items: usize,
    lower: Vec<f64>,
}

impl Matrix {
    /// The matrix of `distance` over all pairs, called with the greater position first. O(n²).
    pub fn new(items: usize, mut distance: impl FnMut(usize, usize) -> Option<f64>) -> Self {
        let mut lower = Vec::with_capacity(items * items.saturating_sub(1) / 2);
        for i in 0..items {
            for j in 0..i {
                lower.push(distance(i, j).unwrap_or(f64::NAN));
            }
        }
        Self { items, lower }
    }

    /// How many items there are.
    pub const fn len(&self) -> usize {
        self.items
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.items == 0
    }

    /// Distances of an item to all earlier ones.
    pub fn row(&self, item: usize) -> &[f64] {
        let start = item * item.saturating_sub(1) / 2;
        &self.lower[start..start + item]
    }

    /// The distance of two items; NaN when unknown.
    pub fn get(&self, a: usize, b: usize) -> f64 {
        match a.cmp(&b) {
            std::cmp::Ordering::Greater => self.row(a)[b],
            std::cmp::Ordering::Less => self.row(b)[a],
            std::cmp::Ordering::Equal => 0.0,
        }
    }

    /// The matrix of some of the items, in the order given.
    #[must_use]
    pub fn select(&self, items: &[usize]) -> Self {
        Self::new(items.len(), |i, j| Some(self.get(items[i], items[j])))
    }

    /// Items that are left when those with unknown distances are dropped one at a time, the one
    /// with most unknown distances first and the last of equals: between the rest all distances
    /// are known. In order. O(n²) and O(n) an item dropped.
    pub fn complete(&self) -> Vec<usize> {
        let mut unknown = vec![0usize; self.items];
        for i in 0..self.items {
            for (j, distance) in self.row(i).iter().enumerate() {
                if distance.is_nan() {
                    unknown[i] += 1;
                    unknown[j] += 1;
                }
            }
        }
        let mut kept = vec![true; self.items];
        loop {
            let worst = (0..self.items)
                .filter(|&i| kept[i])
                .max_by_key(|&i| (unknown[i], i));
            let Some(worst) = worst.filter(|&worst| unknown[worst] > 0) else {
                return (0..self.items).filter(|&i| kept[i]).collect();
            };
            kept[worst] = false;
            for i in (0..self.items).filter(|&i| kept[i]) {
                if self.get(i, worst).is_nan() {
                    unknown[i] -= 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_with_unknown_distances_go_one_at_a_time() {
        // 1 is unknown to 0 and 2, 3 to 4: dropping 1 and the later of 3 and 4 is enough.
        let unknown = [(1, 0), (2, 1), (4, 3)];
        let matrix = Matrix::new(5, |i, j| {
            (!unknown.contains(&(i, j))).then_some((i + j) as f64)
        });
        assert_eq!(matrix.complete(), [0, 2, 3]);
        assert_eq!(matrix.select(&[3, 0]).get(0, 1).to_bits(), 3f64.to_bits());
        assert!(Matrix::new(0, |_, _| None).complete().is_empty());
        assert_eq!(Matrix::new(3, |_, _| None).complete(), [0]);
    }
}
