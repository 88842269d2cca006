//! A named query as text with its parameters given: for people to keep, change and run elsewhere.

use oxrdf::Term;

use super::catalogue::NamedQuery;
use super::lex::{self, Kind};
use crate::error::{Error, Result};

/// The text of a query in which each given parameter has these terms as the data of its
/// `VALUES ?name { … }` lines; no terms at all leave nothing to find. Terms are written in full
/// and escaped as N-Triples has it; everything else, comments included, stays as it is.
///
/// # Errors
/// A parameter that has no such line; a blank node; a text that is no query any more.
pub fn with_terms(query: &NamedQuery, parameters: &[(&str, Vec<Term>)]) -> Result<String> {
    let tokens = lex::tokens(query.text);
    let mut changes: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for (name, terms) in parameters {
        if terms.iter().any(Term::is_blank_node) {
            return Err(Error::usage(
                "a blank node cannot be a parameter",
                "give an IRI or a literal",
            ));
        }
        let data: Vec<String> = terms.iter().map(ToString::to_string).collect();
        let before = changes.len();
        for (at, four) in tokens.windows(3).enumerate() {
            let is_line = four[0].kind == Kind::Word
                && four[0].name == "VALUES"
                && four[1].kind == Kind::Variable
                && four[1].name == *name
                && &query.text[four[2].range.clone()] == "{";
            let close = tokens[at..]
                .iter()
                .find(|token| &query.text[token.range.clone()] == "}");
            if let (true, Some(close)) = (is_line, close) {
                let inside = four[2].range.end..close.range.start;
                changes.push((inside, format!(" {} ", data.join(" "))));
            }
        }
        if changes.len() == before {
            return Err(Error::Unknown {
                what: "parameter",
                name: (*name).to_owned(),
                hint: Some(format!("{} has no VALUES ?{name} line", query.name)),
            });
        }
    }
    changes.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = query.text.to_owned();
    for (range, data) in changes {
        text.replace_range(range, &data);
    }
    spargebra::SparqlParser::new()
        .parse_query(&text)
        .map_err(|error| Error::Ontology {
            reason: format!("the query {} cannot take these terms: {error}", query.name),
            hint: None,
        })?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxrdf::{BlankNode, Literal, NamedNode};

    const QUERY: NamedQuery = NamedQuery {
        name: "toy",
        text: "# title: VALUES ?a { 1 }\nSELECT * { VALUES ?a { UNDEF } ?s ?p ?a . { VALUES ?a { 2 3 } } VALUES ?b { 4 } }",
    };

    #[test]
    fn terms_take_the_place_of_the_data_and_nothing_else_changes() {
        let terms = vec![
            NamedNode::new_unchecked("https://e.org/x").into(),
            Literal::new_language_tagged_literal_unchecked("} # \"quoted\"\n", "en").into(),
        ];
        let text = with_terms(&QUERY, &[("a", terms), ("b", vec![])]).expect("fits");
        let data = r#"<https://e.org/x> "} # \"quoted\"\n"@en"#;
        assert_eq!(
            text,
            format!(
                "# title: VALUES ?a {{ 1 }}\nSELECT * {{ VALUES ?a {{ {data} }} ?s ?p ?a . {{ VALUES ?a {{ {data} }} }} VALUES ?b {{  }} }}"
            )
        );
    }

    #[test]
    fn what_is_no_parameter_and_what_is_no_value_is_refused() {
        assert!(with_terms(&QUERY, &[("c", vec![])]).is_err());
        let blank = vec![BlankNode::new_unchecked("x").into()];
        assert!(with_terms(&QUERY, &[("a", blank)]).is_err());
    }
}
