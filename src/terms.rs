//! RDF terms as people write and read them: prefixes, short names, terms typed on a command line.

use oxrdf::vocab::{rdf, xsd};
use oxrdf::{Literal, NamedNode, Term};

use crate::error::{Error, Result};
use crate::nearest::did_you_mean;

/// The last part of an IRI, by which people call the thing.
pub fn short_name(iri: &str) -> &str {
    iri.rsplit(['/', '#']).next().unwrap_or(iri)
}

/// Prefixes with their namespaces, the ones that the graph itself declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefixes {
    /// Sorted by prefix.
    entries: Vec<(String, String)>,
}

impl Prefixes {
    /// Collects prefixes; the first namespace given for a prefix stays.
    pub fn new(entries: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup_by(|later, earlier| later.0 == earlier.0);
        Self { entries }
    }

    /// Prefix and namespace, by prefix.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries
            .iter()
            .map(|(prefix, namespace)| (prefix.as_str(), namespace.as_str()))
    }

    /// The namespace of a prefix.
    pub fn namespace(&self, prefix: &str) -> Option<&str> {
        let at = self
            .entries
            .binary_search_by(|(p, _)| p.as_str().cmp(prefix))
            .ok()?;
        Some(&self.entries[at].1)
    }

    /// `prefix:local` for an IRI under a known namespace, by the longest one that leaves a local
    /// name which Turtle and SPARQL accept without escapes.
    pub fn shorten(&self, iri: &str) -> Option<String> {
        self.entries
            .iter()
            .filter(|(_, namespace)| {
                iri.starts_with(namespace.as_str()) && is_local_name(&iri[namespace.len()..])
            })
            .max_by_key(|(_, namespace)| namespace.len())
            .map(|(prefix, namespace)| format!("{prefix}:{}", &iri[namespace.len()..]))
    }

    /// The short form of an IRI, or `<iri>`.
    pub fn display_iri(&self, iri: &str) -> String {
        self.shorten(iri).unwrap_or_else(|| format!("<{iri}>"))
    }

    /// A term in Turtle notation with short names.
    pub fn display(&self, term: &Term) -> String {
        match term {
            Term::NamedNode(node) => self.display_iri(node.as_str()),
            Term::Literal(literal)
                if literal.datatype() != xsd::STRING && literal.datatype() != rdf::LANG_STRING =>
            {
                if is_bare(literal) {
                    literal.value().to_owned()
                } else {
                    format!(
                        "{}^^{}",
                        Literal::new_simple_literal(literal.value()),
                        self.display_iri(literal.datatype().as_str())
                    )
                }
            }
            other => other.to_string(),
        }
    }

    /// The IRI behind `prefix:local`.
    pub fn expand(&self, name: &str) -> Result<NamedNode> {
        let (prefix, local) = name.split_once(':').ok_or_else(|| {
            Error::usage(
                format!("`{name}` is not an IRI"),
                "write <https://…> or prefix:name",
            )
        })?;
        let namespace = self.namespace(prefix).ok_or_else(|| Error::Unknown {
            what: "prefix",
            name: format!("{prefix}:"),
            hint: did_you_mean(prefix, self.iter().map(|(prefix, _)| prefix)).or_else(|| {
                Some("`peermap query --named prefixes` lists the known ones".to_owned())
            }),
        })?;
        iri(&format!("{namespace}{local}"))
    }

    /// Reads one term: `<iri>`, `prefix:name`, `"text"`, `"text"@en`, `"1"^^xsd:integer`, a
    /// number, `true` or `false`.
    pub fn parse(&self, text: &str) -> Result<Term> {
        let text = text.trim();
        if let Some(inner) = text
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'))
        {
            return iri(inner).map(Term::from);
        }
        if text.starts_with('"') || text.starts_with('\'') {
            return self.parse_literal(text);
        }
        if text == "true" || text == "false" {
            return Ok(Literal::new_typed_literal(text, xsd::BOOLEAN).into());
        }
        if let Some(datatype) = number_type(text) {
            return Ok(Literal::new_typed_literal(text, datatype).into());
        }
        if text.starts_with("http://") || text.starts_with("https://") || text.starts_with("urn:") {
            return iri(text).map(Term::from);
        }
        self.expand(text).map(Term::from)
    }

    fn parse_literal(&self, text: &str) -> Result<Term> {
        let broken = || {
            Error::usage(
                format!("`{text}` is not a literal"),
                r#"write "text", "text"@en or "1"^^xsd:integer"#,
            )
        };
        let quote = text.chars().next().ok_or_else(broken)?;
        let mut value = String::new();
        let mut rest = text[1..].chars();
        loop {
            match rest.next().ok_or_else(broken)? {
                '\\' => value.push(match rest.next().ok_or_else(broken)? {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                }),
                c if c == quote => break,
                c => value.push(c),
            }
        }
        let rest = rest.as_str();
        if rest.is_empty() {
            Ok(Literal::new_simple_literal(value).into())
        } else if let Some(language) = rest.strip_prefix('@') {
            Literal::new_language_tagged_literal(value, language)
                .map(Term::from)
                .map_err(|_| broken())
        } else if let Some(datatype) = rest.strip_prefix("^^") {
            let datatype = match datatype.strip_prefix('<').and_then(|d| d.strip_suffix('>')) {
                Some(inner) => iri(inner)?,
                None => self.expand(datatype)?,
            };
            Ok(Literal::new_typed_literal(value, datatype).into())
        } else {
            Err(broken())
        }
    }
}

fn iri(text: &str) -> Result<NamedNode> {
    NamedNode::new(text).map_err(|_| {
        Error::usage(
            format!("`{text}` is not an IRI"),
            "an IRI begins with a scheme such as https: and has no spaces",
        )
    })
}

/// Whether a local name needs no escapes in Turtle and SPARQL. Narrower than the grammar on
/// purpose: what is refused here is printed as a full IRI, which is always right.
fn is_local_name(local: &str) -> bool {
    let mut chars = local.chars();
    chars
        .next()
        .is_some_and(|c| is_letter(c) || c == '_' || c.is_ascii_digit())
        && chars.all(|c| is_letter(c) || c.is_ascii_digit() || matches!(c, '_' | '-' | '.'))
        && !local.ends_with('.')
}

/// What the grammar of Turtle calls a base character of a name: fewer than Unicode's letters.
fn is_letter(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

fn number_type(text: &str) -> Option<oxrdf::NamedNodeRef<'static>> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        None
    } else if digits.chars().all(|c| c.is_ascii_digit()) {
        Some(xsd::INTEGER)
    } else if digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() == 1
        && !digits.ends_with('.')
    {
        Some(xsd::DECIMAL)
    } else if text.parse::<f64>().is_ok() && digits.contains(['e', 'E']) {
        Some(xsd::DOUBLE)
    } else {
        None
    }
}

/// Whether Turtle would read the bare lexical form back as this very literal.
fn is_bare(literal: &Literal) -> bool {
    let value = literal.value();
    (literal.datatype() == xsd::BOOLEAN && (value == "true" || value == "false"))
        || number_type(value).is_some_and(|datatype| datatype == literal.datatype())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefixes() -> Prefixes {
        Prefixes::new(
            [
                ("ex", "https://example.org/"),
                ("exv", "https://example.org/value/"),
                ("xsd", "http://www.w3.org/2001/XMLSchema#"),
            ]
            .map(|(p, n)| (p.to_owned(), n.to_owned())),
        )
    }

    #[test]
    fn the_longest_namespace_wins_and_odd_names_stay_whole() {
        let prefixes = prefixes();
        assert_eq!(
            prefixes.display_iri("https://example.org/value/home"),
            "exv:home"
        );
        assert_eq!(
            prefixes.display_iri("https://example.org/a/b"),
            "<https://example.org/a/b>"
        );
        assert_eq!(
            prefixes.display_iri("https://example.org/a."),
            "<https://example.org/a.>"
        );
        // A letter for Unicode, but not in a name of Turtle.
        assert_eq!(
            prefixes.display_iri("https://example.org/a²"),
            "<https://example.org/a²>"
        );
    }

    #[test]
    fn terms_are_read_as_typed() {
        let prefixes = prefixes();
        for (text, shown) in [
            ("exv:home", "<https://example.org/value/home>"),
            ("<https://a.b/c>", "<https://a.b/c>"),
            ("https://a.b/c", "<https://a.b/c>"),
            (
                "1990",
                "\"1990\"^^<http://www.w3.org/2001/XMLSchema#integer>",
            ),
            (
                "-1.5",
                "\"-1.5\"^^<http://www.w3.org/2001/XMLSchema#decimal>",
            ),
            (
                "true",
                "\"true\"^^<http://www.w3.org/2001/XMLSchema#boolean>",
            ),
            ("\"a \\\"b\\\"\"@fr", "\"a \\\"b\\\"\"@fr"),
            (
                "\"1\"^^xsd:integer",
                "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>",
            ),
        ] {
            assert_eq!(
                prefixes
                    .parse(text)
                    .map(|term| term.to_string())
                    .ok()
                    .as_deref(),
                Some(shown),
                "{text}"
            );
        }
    }

    #[test]
    fn wrong_terms_say_how_to_write_them() {
        let prefixes = prefixes();
        let report = |text: &str| prefixes.parse(text).expect_err("broken").report();
        assert_eq!(
            report("exw:home"),
            "error: no prefix is called `exw:`\nhint: did you mean `ex` or `exv`?\n"
        );
        assert_eq!(
            report("home"),
            "error: `home` is not an IRI\nhint: write <https://…> or prefix:name\n"
        );
        assert_eq!(
            report("\"open"),
            "error: `\"open` is not a literal\nhint: write \"text\", \"text\"@en or \"1\"^^xsd:integer\n"
        );
    }

    #[test]
    fn what_is_displayed_reads_back() {
        let prefixes = prefixes();
        for text in [
            "exv:home",
            "12",
            "1.5",
            "\"01\"^^xsd:boolean",
            "\"x\"@en",
            "\"a\\nb\"",
        ] {
            let term = prefixes.parse(text).expect(text);
            assert_eq!(
                prefixes.parse(&prefixes.display(&term)).expect(text),
                term,
                "{text}"
            );
        }
    }
}
