//! Which silos of one axis each programme belongs to.

use super::bits;
use super::columns::Columns;

/// The silo values of all programmes on one axis.
///
/// A programme may have one value, several, or none stated; "not stated" is a fourth thing and
/// never a silo of its own. Of a value and a broader one only the narrower counts as a value; the
/// broader one still counts when it is asked whether two programmes meet.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    values: Vec<Vec<usize>>,
    /// Values with all broader ones, as bits.
    closures: Vec<Vec<u64>>,
}

impl Membership {
    /// The values on an axis, as positions in [`Schema::silo_values`].
    ///
    /// # Panics
    /// When the schema has no such axis.
    ///
    /// [`Schema::silo_values`]: super::columns::Schema::silo_values
    pub fn new(columns: &Columns, axis: usize) -> Self {
        let schema = columns.schema();
        let mask = bits::of_range(schema.axes[axis].values.clone(), schema.silo_words());
        let on_axis =
            |set: &[u64]| -> Vec<u64> { set.iter().zip(&mask).map(|(s, m)| s & m).collect() };
        let mut membership = Self {
            values: Vec::with_capacity(columns.len()),
            closures: Vec::with_capacity(columns.len()),
        };
        for programme in 0..columns.len() {
            let stated = on_axis(columns.silos(programme));
            let is_broader = |value: usize| {
                bits::ones(&stated)
                    .any(|other| schema.silo_values[other].ancestors.contains(&value))
            };
            let values = bits::ones(&stated)
                .filter(|&value| !is_broader(value))
                .collect();
            membership.values.push(values);
            membership
                .closures
                .push(on_axis(&columns.silo_closure(programme)));
        }
        membership
    }

    /// The membership of values that are neither broader nor narrower than each other.
    pub fn flat(values: Vec<Vec<usize>>) -> Self {
        let largest = values.iter().flatten().max().map_or(0, |value| value + 1);
        let words = bits::words(largest);
        let values: Vec<Vec<usize>> = values
            .into_iter()
            .map(|mut list| {
                list.sort_unstable();
                list.dedup();
                list
            })
            .collect();
        let set = |list: &Vec<usize>| {
            let mut set = vec![0; words];
            for &value in list {
                bits::insert(&mut set, value);
            }
            set
        };
        Self {
            closures: values.iter().map(set).collect(),
            values,
        }
    }

    /// How many programmes there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The most specific values of a programme, in the order of the axis; empty when not stated.
    pub fn values(&self, programme: usize) -> &[usize] {
        &self.values[programme]
    }

    /// The value of a programme that has exactly one.
    pub fn single(&self, programme: usize) -> Option<usize> {
        match self.values[programme][..] {
            [value] => Some(value),
            _ => None,
        }
    }

    /// Whether two programmes are in different silos: both state the axis and have nothing in
    /// common, broader values included. `None` when one does not state it.
    pub fn across(&self, a: usize, b: usize) -> Option<bool> {
        if self.values[a].is_empty() || self.values[b].is_empty() {
            return None;
        }
        Some(!bits::intersects(&self.closures[a], &self.closures[b]))
    }

    /// The same memberships with the programmes that state the axis having changed places.
    pub(super) fn exchanged(&self, places: &[usize]) -> Self {
        Self {
            values: places.iter().map(|&at| self.values[at].clone()).collect(),
            closures: places.iter().map(|&at| self.closures[at].clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::{AxisColumn, Row, Schema, ValueColumn};
    use super::*;

    fn columns() -> Columns {
        let value = |scheme, ancestors| ValueColumn {
            notation: String::new(),
            scheme,
            ancestors,
        };
        let axis = |values| AxisColumn {
            notation: String::new(),
            values,
            same_stuff_as: Vec::new(),
        };
        let schema = Schema {
            axes: vec![axis(0..3), axis(3..4)],
            silo_values: vec![
                value(0, vec![]),
                value(0, vec![0]),
                value(0, vec![]),
                value(1, vec![]),
            ],
            ..Schema::default()
        };
        let row = |name: &str, silo_values| Row {
            name: name.to_owned(),
            silo_values,
            ..Row::default()
        };
        Columns::new(
            schema,
            vec![
                row("a", vec![0, 1]),
                row("b", vec![0]),
                row("c", vec![1, 2, 3]),
                row("d", vec![3]),
                row("e", vec![2]),
            ],
        )
    }

    #[test]
    fn a_broader_value_is_no_second_silo_but_a_place_to_meet() {
        let columns = columns();
        let membership = Membership::new(&columns, 0);
        assert_eq!(membership.len(), 5);
        assert_eq!(membership.values(0), [1]);
        assert_eq!(membership.single(0), Some(1));
        assert_eq!(membership.values(2), [1, 2]);
        assert_eq!(membership.single(2), None);
        assert!(membership.values(3).is_empty());
        assert_eq!(membership.across(0, 1), Some(false));
        assert_eq!(membership.across(0, 4), Some(true));
        assert_eq!(membership.across(0, 3), None);
        for a in 0..5 {
            for b in 0..5 {
                assert_eq!(membership.across(a, b), columns.across(a, b, &[0]));
            }
        }
    }

    #[test]
    fn flat_values_have_no_hierarchy() {
        let membership = Membership::flat(vec![vec![70, 1, 1], vec![], vec![1]]);
        assert_eq!(membership.values(0), [1, 70]);
        assert_eq!(membership.across(0, 2), Some(false));
        assert_eq!(membership.across(0, 1), None);
        assert!(Membership::flat(Vec::new()).is_empty());
    }
}
