//! Plain JSON for scripts: rows as objects, reports as their structure.

use std::io::{self, Write};

use oxrdf::Term;
use oxrdf::vocab::xsd;
use serde_json::{Map, Value, json};

use super::{Body, Table};

/// Writes indented JSON with a line feed at the end.
pub(super) fn write(body: &Body, out: &mut dyn Write) -> io::Result<()> {
    let value = match body {
        Body::Boolean(value) => json!(value),
        Body::Table(table) => rows(table),
        Body::Report(report) => report.data.clone(),
        Body::Rows(_) | Body::Graph(_) | Body::Dataset(_) | Body::Text(_) => return Ok(()),
    };
    serde_json::to_writer_pretty(&mut *out, &value)?;
    writeln!(out)
}

/// Rows as objects; unbound cells are left out; numbers and booleans are native where JSON can
/// hold them exactly.
fn rows(table: &Table) -> Value {
    let object = |row: &Vec<Option<Term>>| {
        let cells = table.columns.iter().zip(row);
        let pairs = cells.filter_map(|(name, cell)| Some((name.clone(), term(cell.as_ref()?))));
        Value::Object(pairs.collect::<Map<_, _>>())
    };
    Value::Array(table.rows.iter().map(object).collect())
}

fn term(term: &Term) -> Value {
    match term {
        Term::NamedNode(node) => json!(node.as_str()),
        Term::Literal(literal) => {
            let value = literal.value();
            let native = if literal.datatype() == xsd::BOOLEAN {
                value.parse::<bool>().ok().map(Value::from)
            } else if literal.datatype() == xsd::INTEGER {
                value.parse::<i64>().ok().map(Value::from)
            } else if literal.datatype() == xsd::DECIMAL || literal.datatype() == xsd::DOUBLE {
                value
                    .parse::<f64>()
                    .ok()
                    .and_then(serde_json::Number::from_f64)
                    .map(Value::from)
            } else {
                None
            };
            native.unwrap_or_else(|| json!(value))
        }
        other => json!(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxrdf::Literal;

    #[test]
    fn numbers_are_numbers_and_unbound_cells_are_left_out() {
        let body = Body::Table(Table {
            columns: vec!["n".to_owned(), "x".to_owned()],
            rows: vec![vec![Some(Literal::from(3).into()), None]],
        });
        let mut bytes = Vec::new();
        write(&body, &mut bytes).expect("memory");
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            "[\n  {\n    \"n\": 3\n  }\n]\n"
        );
    }
}
