//! A query as it is sent to an endpoint elsewhere: nothing there knows our prefixes or parameters.

use spargebra::Query;

use super::Options;
use super::lex::{Kind, Token};
use crate::terms::Prefixes;

/// The text to send. A query without parameters goes as it was written, behind the prefixes that
/// it uses without declaring them; one with parameters goes as it was parsed, with its terms in
/// place. A parameter that is left open restricts nothing and is left out, since not every engine
/// is good at `UNDEF`.
pub(super) fn text(
    query: &Query,
    text: &str,
    tokens: &[Token],
    options: &Options,
    known: &Prefixes,
) -> String {
    if !options.parameters.is_empty() {
        return query.to_string();
    }
    let mut whole = String::new();
    for (prefix, namespace) in known.iter() {
        let mut written = tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| token.kind == Kind::Prefixed && token.name == prefix);
        let declares = |at: usize| at > 0 && tokens[at - 1].name == "PREFIX";
        if written.clone().next().is_some() && !written.any(|(at, _)| declares(at)) {
            whole = format!("{whole}PREFIX {prefix}: <{namespace}>\n");
        }
    }
    for line in text.lines() {
        if !is_open(line) {
            whole.push_str(line);
            whole.push('\n');
        }
    }
    whole
}

/// Whether a line is a parameter of the catalogue that nothing was given for.
fn is_open(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next() == Some("VALUES")
        && words.next().is_some_and(|name| name.starts_with('?'))
        && words.eq(["{", "UNDEF", "}"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::lex;

    fn sent(text: &str) -> String {
        let prefixes = Prefixes::new([
            ("pm".to_owned(), "https://e.org/pm#".to_owned()),
            ("skos".to_owned(), "https://e.org/skos#".to_owned()),
        ]);
        let query = Query::Ask {
            dataset: None,
            pattern: spargebra::algebra::GraphPattern::Bgp {
                patterns: Vec::new(),
            },
            base_iri: None,
        };
        super::text(
            &query,
            text,
            &lex::tokens(text),
            &Options::default(),
            &prefixes,
        )
    }

    #[test]
    fn prefixes_are_declared_once_and_only_where_used() {
        assert_eq!(
            sent("ASK { ?a pm:x \"skos:y\" }"),
            "PREFIX pm: <https://e.org/pm#>\nASK { ?a pm:x \"skos:y\" }\n"
        );
        let whole = "PREFIX pm: <https://e.org/other#>\nASK { ?a pm:x 1 }\n";
        assert_eq!(sent(whole), whole);
    }

    #[test]
    fn a_parameter_left_open_is_left_out() {
        assert_eq!(
            sent("ASK {\n  VALUES ?a { UNDEF }\n  VALUES ?b { 1 }\n}"),
            "ASK {\n  VALUES ?b { 1 }\n}\n"
        );
    }
}
