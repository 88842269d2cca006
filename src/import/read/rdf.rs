//! RDF in any vocabulary: things of a class as records, their properties as columns.
//!
//! A column is named by the prefixed name of its property, or by the IRI in angle brackets; the
//! properties of a thing that it points to follow after a slash.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use csv::StringRecord;
use oxrdf::vocab::rdf;
use oxrdf::{NamedOrBlankNode, Quad, Term};

use super::guard::{MAX_CELLS, limit};
use super::{At, Reading, Sheet};
use crate::error::{Error, Result};
use crate::graph::{parse, rdf_format};
use crate::terms::Prefixes;

pub(super) fn open(path: &Path, bytes: &[u8], reading: &Reading) -> Result<Sheet> {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or("");
    let name = reading.form.as_deref().unwrap_or(ending);
    let format = rdf_format(name).ok_or_else(|| Error::UnknownFormat {
        what: path.display().to_string(),
        hint: "name a form of RDF, such as ttl".to_owned(),
    })?;
    let quads = parse(bytes, format, "import", None, path)?;
    let prefixes = Prefixes::new(
        reading
            .prefixes
            .iter()
            .map(|(prefix, namespace)| (prefix.clone(), namespace.clone())),
    );
    let mut things: BTreeMap<String, Vec<&Quad>> = BTreeMap::new();
    for quad in &quads {
        things
            .entry(quad.subject.to_string())
            .or_default()
            .push(quad);
    }
    let class = match &reading.class {
        Some(class) => Some(prefixes.parse(class)?),
        None => None,
    };
    let is_record = |quads: &[&Quad]| match &class {
        Some(class) => quads
            .iter()
            .any(|quad| quad.predicate == rdf::TYPE && quad.object == *class),
        None => quads
            .first()
            .is_some_and(|quad| matches!(quad.subject, NamedOrBlankNode::NamedNode(_))),
    };
    let mut columns: Vec<String> = vec!["iri".to_owned()];
    let mut positions: HashMap<String, usize> = HashMap::from([("iri".to_owned(), 0)]);
    let mut records: Vec<(String, Vec<(usize, String)>)> = Vec::new();
    for (subject, quads) in things.iter().filter(|(_, quads)| is_record(quads)) {
        let mut cells = vec![(0, subject.trim_matches(['<', '>']).to_owned())];
        let mut put = |column: String, cell: String| {
            let next = columns.len();
            let at = *positions.entry(column.clone()).or_insert(next);
            if at == next {
                columns.push(column);
            }
            match cells.iter_mut().find(|(held, _)| *held == at) {
                Some((_, held)) => {
                    held.push('|');
                    held.push_str(&cell);
                }
                None => cells.push((at, cell)),
            }
        };
        for quad in quads {
            let property = prefixes.display_iri(quad.predicate.as_str());
            if let Some(inner) = things.get(&quad.object.to_string()) {
                for inner in inner {
                    let further = prefixes.display_iri(inner.predicate.as_str());
                    put(format!("{property}/{further}"), value(&inner.object));
                }
            }
            if !matches!(quad.object, Term::BlankNode(_)) {
                put(property, value(&quad.object));
            }
        }
        records.push((subject.trim_matches(['<', '>']).to_owned(), cells));
    }
    if columns.len().saturating_mul(records.len()) > MAX_CELLS {
        return Err(limit(path, "describes too many things", "split it"));
    }
    let mut subjects = Vec::with_capacity(records.len());
    let mut rows = Vec::with_capacity(records.len());
    for (at, (subject, cells)) in records.into_iter().enumerate() {
        let mut record = vec![""; columns.len()];
        for (column, cell) in &cells {
            record[*column] = cell;
        }
        rows.push((At::Subject(at), StringRecord::from(record)));
        subjects.push(subject);
    }
    let mut sheet = Sheet::of_rows(path, columns, rows);
    sheet.subjects = subjects;
    sheet.header = At::Subject(usize::MAX);
    Ok(sheet)
}

fn value(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
        other => other.to_string(),
    }
}
