//! Property paths: as text for people, as statements for reports, and read from statements.

use std::fmt;

use oxrdf::vocab::rdf;
use oxrdf::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple};

use super::terms;

/// A way from a node to its values.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Path {
    /// One property.
    Property(NamedNode),
    /// One path after the other.
    Sequence(Vec<Self>),
    /// Any of several paths.
    Alternative(Vec<Self>),
    /// A path backwards.
    Inverse(Box<Self>),
    /// A path any number of times, also none.
    ZeroOrMore(Box<Self>),
    /// A path at least once.
    OneOrMore(Box<Self>),
    /// A path once or not at all.
    ZeroOrOne(Box<Self>),
}

impl Path {
    /// The property, where the path is only that.
    pub const fn property(&self) -> Option<&NamedNode> {
        match self {
            Self::Property(property) => Some(property),
            _ => None,
        }
    }

    /// Every property that the path speaks of, in its order.
    pub fn properties(&self) -> Vec<&NamedNode> {
        match self {
            Self::Property(property) => vec![property],
            Self::Sequence(parts) | Self::Alternative(parts) => {
                parts.iter().flat_map(Self::properties).collect()
            }
            Self::Inverse(part)
            | Self::ZeroOrMore(part)
            | Self::OneOrMore(part)
            | Self::ZeroOrOne(part) => part.properties(),
        }
    }

    /// The path as SPARQL writes it, with each IRI as `name` gives it.
    pub fn text(&self, name: &dyn Fn(&NamedNode) -> String) -> String {
        let inner = |part: &Self| match part {
            Self::Property(_) => part.text(name),
            _ => format!("({})", part.text(name)),
        };
        let joined = |parts: &[Self], sign: &str| {
            let parts: Vec<String> = parts.iter().map(inner).collect();
            parts.join(sign)
        };
        match self {
            Self::Property(property) => name(property),
            Self::Sequence(parts) => joined(parts, "/"),
            Self::Alternative(parts) => joined(parts, "|"),
            Self::Inverse(part) => format!("^{}", inner(part)),
            Self::ZeroOrMore(part) => format!("{}*", inner(part)),
            Self::OneOrMore(part) => format!("{}+", inner(part)),
            Self::ZeroOrOne(part) => format!("{}?", inner(part)),
        }
    }

    /// The path as SHACL states it: a term, and the statements about it that go to `out`.
    pub fn to_term(&self, out: &mut Vec<Triple>) -> Term {
        let one = |property, part: &Self, out: &mut Vec<Triple>| {
            let node = BlankNode::default();
            let object = part.to_term(out);
            out.push(Triple::new(node.clone(), property, object));
            Term::from(node)
        };
        match self {
            Self::Property(property) => property.clone().into(),
            Self::Sequence(parts) => list(parts, out),
            Self::Alternative(parts) => {
                let node = BlankNode::default();
                let object = list(parts, out);
                out.push(Triple::new(
                    node.clone(),
                    terms::ALTERNATIVE_PATH.into_owned(),
                    object,
                ));
                node.into()
            }
            Self::Inverse(part) => one(terms::INVERSE_PATH.into_owned(), part, out),
            Self::ZeroOrMore(part) => one(terms::ZERO_OR_MORE_PATH.into_owned(), part, out),
            Self::OneOrMore(part) => one(terms::ONE_OR_MORE_PATH.into_owned(), part, out),
            Self::ZeroOrOne(part) => one(terms::ZERO_OR_ONE_PATH.into_owned(), part, out),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(&ToString::to_string))
    }
}

fn list(parts: &[Path], out: &mut Vec<Triple>) -> Term {
    let mut rest = Term::from(rdf::NIL.into_owned());
    for part in parts.iter().rev() {
        let node = BlankNode::default();
        let first = part.to_term(out);
        out.push(Triple::new(node.clone(), rdf::FIRST.into_owned(), first));
        out.push(Triple::new(node.clone(), rdf::REST.into_owned(), rest));
        rest = NamedOrBlankNode::from(node).into();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_in_sparql() {
        let property = |name: &str| Path::Property(NamedNode::new_unchecked(name));
        let path = Path::Sequence(vec![
            Path::Inverse(Box::new(property("a"))),
            Path::Alternative(vec![
                property("b"),
                Path::ZeroOrMore(Box::new(property("c"))),
            ]),
        ]);
        assert_eq!(path.text(&|node| node.as_str().to_owned()), "(^a)/(b|(c*))");
        let mut statements = Vec::new();
        path.to_term(&mut statements);
        assert_eq!(statements.len(), 11);
    }
}
