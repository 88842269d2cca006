//! Cells of tables from numbers and texts.

use oxrdf::vocab::xsd;
use oxrdf::{Literal, Term};

/// A number with so many digits after the point, as `xsd:decimal`.
pub fn decimal(value: f64, digits: usize) -> Option<Term> {
    let text = format!("{value:.digits$}");
    Some(Literal::new_typed_literal(text, xsd::DECIMAL).into())
}

/// A count, as `xsd:integer`.
pub fn whole(value: impl TryInto<i64>) -> Option<Term> {
    Some(Literal::from(value.try_into().unwrap_or(i64::MAX)).into())
}

/// A plain text.
pub fn text(value: impl Into<String>) -> Option<Term> {
    Some(Literal::new_simple_literal(value).into())
}
