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

/// A number with commas between thousands, and the noun that it counts: `1,203 rows`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// A number with commas between thousands.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_have_commas_and_one_is_not_many() {
        assert_eq!(count(0, "row"), "0 rows");
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(1203, "row"), "1,203 rows");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }
}
