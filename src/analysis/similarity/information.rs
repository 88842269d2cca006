//! Information content: how much a value says, by how rare it is.

use super::super::bits;
use super::super::columns::{Columns, Schema};

/// Below this many programmes frequencies are noise, and every value counts 1.
pub const FEWEST_PROGRAMMES: u64 = 200;

/// Values are kept as multiples of 2⁻⁴⁰ (about 10⁻¹²), so that a sum below 2¹³ is exact and does
/// not depend on the order of its terms.
const GRAIN: f64 = (1u64 << 40) as f64;

/// The information content of every value, frozen: it goes with a release of the data, and results
/// carry its [hash](Self::hash). A table made anew for each request would let one added programme
/// change every old score.
///
/// IC(t) = −ln((1 + n) / (1 + N)), where n programmes have *t* or something narrower and N
/// programmes state its dimension (Resnik 1995, with add-one smoothing), rounded to a multiple of
/// 2⁻⁴⁰. At least 0; at most ln(1 + N).
#[derive(Clone, Debug, PartialEq)]
pub struct InformationContent {
    values: Vec<f64>,
    hash: u64,
}

impl InformationContent {
    /// The table of the given programmes, each row counted as often as it stands for.
    ///
    /// Below [`FEWEST_PROGRAMMES`] it is [uniform](Self::uniform). Linear in the programmes.
    pub fn from_columns(columns: &Columns) -> Self {
        let schema = columns.schema();
        let programmes: u64 = (0..columns.len())
            .map(|p| u64::from(columns.count(p)))
            .sum();
        if programmes < FEWEST_PROGRAMMES {
            return Self::uniform(schema);
        }
        let mut having = vec![0u64; schema.values.len()];
        let mut stating = vec![0u64; schema.dimensions.len()];
        for programme in 0..columns.len() {
            let count = u64::from(columns.count(programme));
            for value in bits::ones(&columns.closure(programme)) {
                having[value] += count;
            }
            for dimension in bits::ones(&[columns.stated(programme)]) {
                stating[dimension] += count;
            }
        }
        let values = schema
            .values
            .iter()
            .zip(&having)
            .map(|(value, &having)| Self::of_counts(having, stating[value.scheme]));
        Self::hashed(schema, values.collect())
    }

    /// −ln((1 + n) / (1 + N)), at least 0.
    ///
    /// The extrinsic information content of the tool `DiShIn` is this too.
    pub fn of_counts(having: u64, stating: u64) -> f64 {
        let share = (1 + having) as f64 / (1 + stating) as f64;
        (-share.ln()).max(0.0)
    }

    /// The table in which every value counts 1: simGIC becomes simUI.
    pub fn uniform(schema: &Schema) -> Self {
        Self::hashed(schema, vec![1.0; schema.values.len()])
    }

    /// A table kept from before, in the order of [`Schema::values`].
    ///
    /// `None` when the length differs or a number is negative or not finite.
    pub fn from_values(schema: &Schema, values: Vec<f64>) -> Option<Self> {
        let usable = values.len() == schema.values.len()
            && values
                .iter()
                .all(|value| value.is_finite() && *value >= 0.0);
        usable.then(|| Self::hashed(schema, values))
    }

    fn hashed(schema: &Schema, mut values: Vec<f64>) -> Self {
        for value in &mut values {
            // Adding 0.0 turns −0.0 into 0.0.
            *value = (*value * GRAIN).round() / GRAIN + 0.0;
        }
        let mut hash = Fnv::default();
        for (column, value) in schema.values.iter().zip(&values) {
            hash.add(schema.dimensions[column.scheme].notation.as_bytes());
            hash.add(&[0]);
            hash.add(column.notation.as_bytes());
            hash.add(&[0]);
            hash.add(&value.to_bits().to_le_bytes());
        }
        Self {
            values,
            hash: hash.0,
        }
    }

    /// The numbers, in the order of [`Schema::values`]; nats, at least 0.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// 16 hexadecimal digits that tell this table from others: FNV-1a over the short codes and the
    /// bits of the numbers.
    pub fn hash(&self) -> String {
        format!("{:016x}", self.hash)
    }
}

/// FNV-1a with 64 bits, by Fowler, Noll and Vo.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        let mut hash = Fnv::default();
        hash.add(b"foobar");
        assert_eq!(hash.0, 0x8594_4171_f739_67e8);
    }
}
