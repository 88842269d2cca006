//! The functions of SPARQL: what they take and give, for hints, and to find out what somebody
//! meant who wrote one that does not exist.

/// What a function takes first, as far as completion needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Anything.
    Any,
    /// A literal.
    Literal,
    /// Nothing.
    Nothing,
}

/// A function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function {
    /// As it is written best.
    pub(super) name: &'static str,
    /// What stands in its brackets.
    pub(super) arguments: &'static str,
    /// What it gives, in a few words.
    pub(super) gives: &'static str,
    pub(super) takes: Takes,
    /// Fewest and most arguments.
    pub(super) arity: (usize, usize),
}

const MANY: usize = usize::MAX;

const fn f(
    name: &'static str,
    arguments: &'static str,
    gives: &'static str,
    takes: Takes,
    arity: (usize, usize),
) -> Function {
    Function {
        name,
        arguments,
        gives,
        takes,
        arity,
    }
}

use Takes::{Any, Literal, Nothing};

/// Functions of conditions and calculations, by what they are needed for most.
pub(super) const FUNCTIONS: &[Function] = &[
    f("BOUND", "?variable", "whether it has a value", Any, (1, 1)),
    f(
        "CONTAINS",
        "text, part",
        "whether the part is in the text",
        Literal,
        (2, 2),
    ),
    f(
        "LANG",
        "literal",
        "its language tag, or \"\"",
        Literal,
        (1, 1),
    ),
    f(
        "LANGMATCHES",
        "tag, range",
        "whether fr-CA is in \"fr\"",
        Literal,
        (2, 2),
    ),
    f("LCASE", "text", "in lower case", Literal, (1, 1)),
    f(
        "REGEX",
        "text, pattern[, \"i\"]",
        "whether the pattern fits",
        Literal,
        (2, 3),
    ),
    f("STR", "term", "its text, also of an IRI", Any, (1, 1)),
    f(
        "STRSTARTS",
        "text, start",
        "whether it begins so",
        Literal,
        (2, 2),
    ),
    f(
        "STRENDS",
        "text, end",
        "whether it ends so",
        Literal,
        (2, 2),
    ),
    f("IF", "condition, then, else", "one of two", Any, (3, 3)),
    f(
        "COALESCE",
        "first, second, …",
        "the first that has a value",
        Any,
        (0, MANY),
    ),
    f("CONCAT", "text, text, …", "all in one", Literal, (0, MANY)),
    f("STRLEN", "text", "how many characters", Literal, (1, 1)),
    f("UCASE", "text", "in upper case", Literal, (1, 1)),
    f(
        "SUBSTR",
        "text, from[, length]",
        "a part, counted from 1",
        Literal,
        (2, 3),
    ),
    f(
        "STRBEFORE",
        "text, part",
        "what stands before it",
        Literal,
        (2, 2),
    ),
    f(
        "STRAFTER",
        "text, part",
        "what stands after it",
        Literal,
        (2, 2),
    ),
    f(
        "REPLACE",
        "text, pattern, by[, \"i\"]",
        "with every match replaced",
        Literal,
        (3, 4),
    ),
    f("DATATYPE", "literal", "its datatype", Literal, (1, 1)),
    f("isIRI", "term", "whether it is an IRI", Any, (1, 1)),
    f("isLITERAL", "term", "whether it is a literal", Any, (1, 1)),
    f("isBLANK", "term", "whether it is a blank node", Any, (1, 1)),
    f("isNUMERIC", "term", "whether it is a number", Any, (1, 1)),
    f(
        "sameTerm",
        "term, term",
        "whether they are one term",
        Any,
        (2, 2),
    ),
    f("ABS", "number", "without its sign", Literal, (1, 1)),
    f("CEIL", "number", "rounded up", Literal, (1, 1)),
    f("FLOOR", "number", "rounded down", Literal, (1, 1)),
    f("ROUND", "number", "rounded", Literal, (1, 1)),
    f("YEAR", "date and time", "its year", Literal, (1, 1)),
    f("MONTH", "date and time", "its month", Literal, (1, 1)),
    f("DAY", "date and time", "its day", Literal, (1, 1)),
    f("HOURS", "date and time", "its hour", Literal, (1, 1)),
    f("MINUTES", "date and time", "its minute", Literal, (1, 1)),
    f("SECONDS", "date and time", "its second", Literal, (1, 1)),
    f(
        "TIMEZONE",
        "date and time",
        "its zone as a duration",
        Literal,
        (1, 1),
    ),
    f("TZ", "date and time", "its zone as text", Literal, (1, 1)),
    f("NOW", "", "the time of the query", Nothing, (0, 0)),
    f("IRI", "text", "an IRI", Literal, (1, 1)),
    f("URI", "text", "an IRI", Literal, (1, 1)),
    f("BNODE", "[text]", "a blank node", Literal, (0, 1)),
    f(
        "STRDT",
        "text, datatype",
        "a typed literal",
        Literal,
        (2, 2),
    ),
    f(
        "STRLANG",
        "text, tag",
        "a literal in a language",
        Literal,
        (2, 2),
    ),
    f(
        "ENCODE_FOR_URI",
        "text",
        "with %XX for a web address",
        Literal,
        (1, 1),
    ),
    f("RAND", "", "a number from 0 to 1", Nothing, (0, 0)),
    f("UUID", "", "a new IRI", Nothing, (0, 0)),
    f("STRUUID", "", "a new identifier as text", Nothing, (0, 0)),
    f("MD5", "text", "its checksum", Literal, (1, 1)),
    f("SHA1", "text", "its checksum", Literal, (1, 1)),
    f("SHA256", "text", "its checksum", Literal, (1, 1)),
    f("SHA384", "text", "its checksum", Literal, (1, 1)),
    f("SHA512", "text", "its checksum", Literal, (1, 1)),
    f("isURI", "term", "whether it is an IRI", Any, (1, 1)),
    f("isTRIPLE", "term", "whether it is a triple", Any, (1, 1)),
    f(
        "TRIPLE",
        "subject, predicate, object",
        "a triple as a term",
        Any,
        (3, 3),
    ),
    f("SUBJECT", "triple", "its subject", Any, (1, 1)),
    f("PREDICATE", "triple", "its predicate", Any, (1, 1)),
    f("OBJECT", "triple", "its object", Any, (1, 1)),
    f("LANGDIR", "literal", "its direction", Literal, (1, 1)),
    f(
        "hasLANG",
        "literal",
        "whether it has a language",
        Literal,
        (1, 1),
    ),
    f(
        "hasLANGDIR",
        "literal",
        "whether it has a direction",
        Literal,
        (1, 1),
    ),
    f(
        "STRLANGDIR",
        "text, tag, direction",
        "a literal with a direction",
        Literal,
        (3, 3),
    ),
    f(
        "ADJUST",
        "date and time, zone",
        "in another zone",
        Literal,
        (2, 2),
    ),
];

/// Functions over groups.
pub(super) const AGGREGATES: &[Function] = &[
    f(
        "COUNT",
        "* or [DISTINCT] ?variable",
        "how many",
        Any,
        (1, 1),
    ),
    f("SUM", "number", "the sum", Literal, (1, 1)),
    f("AVG", "number", "the mean", Literal, (1, 1)),
    f("MIN", "value", "the least", Any, (1, 1)),
    f("MAX", "value", "the greatest", Any, (1, 1)),
    f("SAMPLE", "value", "any one", Any, (1, 1)),
    f(
        "GROUP_CONCAT",
        "text; SEPARATOR=\", \"",
        "all in one text",
        Literal,
        (1, 1),
    ),
];

/// A function or an aggregate by its name in any case.
pub(super) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS
        .iter()
        .chain(AGGREGATES)
        .find(|function| function.name.eq_ignore_ascii_case(name))
}

/// Functions of other languages, by their names in upper case, with what SPARQL has for them.
pub(super) const FOREIGN: &[(&str, &str)] = &[
    ("LOWER", "LCASE(text)"),
    ("TOLOWER", "LCASE(text)"),
    ("UPPER", "UCASE(text)"),
    ("TOUPPER", "UCASE(text)"),
    ("LENGTH", "STRLEN(text)"),
    ("LEN", "STRLEN(text)"),
    ("SUBSTRING", "SUBSTR(text, from, length)"),
    ("STARTSWITH", "STRSTARTS(text, start)"),
    ("ENDSWITH", "STRENDS(text, end)"),
    ("INSTR", "CONTAINS(text, part)"),
    ("ISNULL", "!BOUND(?variable)"),
    ("IFNULL", "COALESCE(?variable, \"otherwise\")"),
    ("NVL", "COALESCE(?variable, \"otherwise\")"),
    ("CAST", "xsd:integer(?value)"),
    ("AVERAGE", "AVG(?number)"),
    ("MEAN", "AVG(?number)"),
    ("COUNTDISTINCT", "COUNT(DISTINCT ?variable)"),
    ("STRING_AGG", "GROUP_CONCAT(?text; SEPARATOR=\", \")"),
    ("LISTAGG", "GROUP_CONCAT(?text; SEPARATOR=\", \")"),
    ("LANGUAGE", "LANG(?text)"),
    ("TYPE", "DATATYPE(?literal)"),
    ("MATCHES", "REGEX(text, pattern)"),
    ("TRIM", "REPLACE(text, \"^\\\\s+|\\\\s+$\", \"\")"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::words::KEYWORDS;

    #[test]
    fn every_function_is_a_word_of_sparql_once() {
        let mut names: Vec<String> = FUNCTIONS
            .iter()
            .chain(AGGREGATES)
            .map(|function| function.name.to_uppercase())
            .collect();
        for name in &names {
            assert!(KEYWORDS.contains(&name.as_str()), "{name}");
        }
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn every_function_is_known_to_the_engine_with_its_fewest_arguments() {
        for function in FUNCTIONS {
            let arguments = vec!["?v"; function.arity.0].join(", ");
            let text = format!(
                "SELECT * {{ ?s ?p ?v FILTER({}({arguments})) }}",
                function.name
            );
            assert!(
                spargebra::SparqlParser::new().parse_query(&text).is_ok(),
                "{text}"
            );
        }
    }
}
