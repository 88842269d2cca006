//! On which line of a file statements stand, for messages that point at them.

use std::collections::BTreeSet;

use oxrdf::{Quad, Triple};
use oxrdfio::RdfFormat;
use oxttl::{NQuadsParser, NTriplesParser, TriGParser, TurtleParser};

use super::load::base;

/// The statements about some subjects with the line, from 1, where each is complete.
///
/// Subjects are IRIs without brackets. Empty for RDF/XML and JSON-LD, which are read whole, and
/// up to the first mistake for a file that is broken. Linear in the length of the text.
pub fn lines_of(
    bytes: &[u8],
    format: RdfFormat,
    label: &str,
    subjects: &BTreeSet<String>,
) -> Vec<(Triple, u64)> {
    let mut found = Vec::new();
    match format {
        RdfFormat::Turtle => {
            let Ok(parser) = TurtleParser::new().with_base_iri(base(label)) else {
                return found;
            };
            let mut parser = parser.low_level();
            for (number, line) in numbered(bytes) {
                parser.extend_from_slice(line);
                while let Some(Ok(triple)) = parser.parse_next() {
                    keep(triple, number, subjects, &mut found);
                }
            }
            parser.end();
        }
        RdfFormat::TriG => {
            let Ok(parser) = TriGParser::new().with_base_iri(base(label)) else {
                return found;
            };
            let mut parser = parser.low_level();
            for (number, line) in numbered(bytes) {
                parser.extend_from_slice(line);
                while let Some(Ok(quad)) = parser.parse_next() {
                    keep(quad.into(), number, subjects, &mut found);
                }
            }
            parser.end();
        }
        RdfFormat::NTriples => {
            let mut parser = NTriplesParser::new().low_level();
            for (number, line) in numbered(bytes) {
                parser.extend_from_slice(line);
                while let Some(Ok(triple)) = parser.parse_next() {
                    keep(triple, number, subjects, &mut found);
                }
            }
        }
        RdfFormat::NQuads => {
            let mut parser = NQuadsParser::new().low_level();
            for (number, line) in numbered(bytes) {
                parser.extend_from_slice(line);
                while let Some(Ok(quad)) = parser.parse_next() {
                    keep(Quad::into(quad), number, subjects, &mut found);
                }
            }
        }
        _ => {}
    }
    found
}

fn numbered(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n'))
}

fn keep(triple: Triple, line: u64, subjects: &BTreeSet<String>, found: &mut Vec<(Triple, u64)>) {
    if let oxrdf::NamedOrBlankNode::NamedNode(subject) = &triple.subject
        && subjects.contains(subject.as_str())
    {
        found.push((triple, line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_has_the_line_it_stands_on() {
        let text = "@prefix e: <https://e.org/> .\n\ne:a a e:Thing ;\n    e:p \"one\"@en ;\n    e:q [ e:r 1 ] , 2 .\ne:b e:p 3 .\ne:a e:p 4\n.\n";
        let subjects = BTreeSet::from(["https://e.org/a".to_owned()]);
        let found = lines_of(text.as_bytes(), RdfFormat::Turtle, "t", &subjects);
        let seen: Vec<(String, u64)> = found
            .iter()
            .map(|(triple, line)| (triple.object.to_string(), *line))
            .collect();
        let at = |object: &str| {
            let place = seen.iter().find(|(o, _)| o.contains(object));
            place.map(|(_, line)| *line)
        };
        assert_eq!(at("Thing"), Some(3));
        assert_eq!(at("one"), Some(4));
        assert_eq!(at("\"2\""), Some(5));
        assert_eq!(at("\"3\""), None);
        // The parser knows that a number is over only when it sees what follows.
        assert_eq!(at("\"4\""), Some(7));
    }
}
