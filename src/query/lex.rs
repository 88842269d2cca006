//! Just enough of SPARQL's tokens to speak about a query: which words, variables and prefixes
//! stand where. Strings, IRIs and comments are never mistaken for code.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or function name.
    Word,
    /// `?name` or `$name`.
    Variable,
    /// `prefix:name`.
    Prefixed,
    /// `<iri>`.
    Iri,
    /// A string, closed or not.
    Text,
    /// A number without its sign.
    Number,
    /// `@en` behind a string.
    Tag,
    /// A bracket or a character of an operator.
    Other,
}

/// A token with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    /// Name of a variable, prefix of a prefixed name, upper-cased word; else empty.
    pub(super) name: String,
}

/// Splits a text; total, whatever the text is. Linear time.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else { break };
        let (kind, length) = if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        } else if c == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        } else if c == '"' || c == '\'' {
            (Kind::Text, string_length(rest))
        } else if c == '<' && iri_length(rest).is_some() {
            (Kind::Iri, iri_length(rest).unwrap_or(1))
        } else if (c == '?' || c == '$') && name_length(&rest[1..], false) > 0 {
            (Kind::Variable, 1 + name_length(&rest[1..], false))
        } else if is_name_start(c) || c == ':' {
            let prefix = name_length(rest, true);
            if rest[prefix..].starts_with(':') {
                (
                    Kind::Prefixed,
                    prefix + 1 + local_length(&rest[prefix + 1..]),
                )
            } else {
                (Kind::Word, prefix.max(c.len_utf8()))
            }
        } else if c.is_ascii_digit() {
            (Kind::Number, number_length(rest))
        } else if c == '@' && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            (Kind::Tag, 1 + tag_length(&rest[1..]))
        } else {
            (Kind::Other, c.len_utf8())
        };
        let range = at..at + length;
        let word = &text[range.clone()];
        let name = match kind {
            Kind::Word => word.to_uppercase(),
            Kind::Variable => word[1..].to_owned(),
            Kind::Prefixed => word.split(':').next().unwrap_or("").to_owned(),
            _ => String::new(),
        };
        tokens.push(Token { kind, range, name });
        at += length;
    }
    tokens
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn name_length(text: &str, hyphens: bool) -> usize {
    text.char_indices()
        .find(|(_, c)| !(c.is_alphanumeric() || *c == '_' || (hyphens && (*c == '-' || *c == '.'))))
        .map_or(text.len(), |(at, _)| at)
}

fn local_length(text: &str) -> usize {
    let end = text
        .char_indices()
        .find(|(_, c)| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '%' | '\\')))
        .map_or(text.len(), |(at, _)| at);
    text[..end].trim_end_matches('.').len()
}

/// Digits, at most one dot between digits, and an exponent.
fn number_length(text: &str) -> usize {
    let digits = |from: usize| {
        text[from..]
            .find(|c: char| !c.is_ascii_digit())
            .map_or(text.len(), |length| from + length)
    };
    let mut end = digits(0);
    if text[end..].starts_with('.') && digits(end + 1) > end + 1 {
        end = digits(end + 1);
    }
    let exponent = &text[end..];
    if exponent.starts_with(['e', 'E']) {
        let sign = usize::from(exponent[1..].starts_with(['+', '-']));
        if digits(end + 1 + sign) > end + 1 + sign {
            end = digits(end + 1 + sign);
        }
    }
    end
}

fn tag_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .unwrap_or(text.len())
}

fn iri_length(text: &str) -> Option<usize> {
    let end = text[1..].find(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`')
    })?;
    text[1 + end..].starts_with('>').then_some(end + 2)
}

fn string_length(text: &str) -> usize {
    for quote in ["\"\"\"", "'''"] {
        if let Some(rest) = text.strip_prefix(quote) {
            return rest.find(quote).map_or(text.len(), |end| end + 6);
        }
    }
    let quote = text.as_bytes()[0];
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'\n' if !escaped => return at,
            b'\\' if !escaped => escaped = true,
            byte if byte == quote && !escaped => return at + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

/// The deepest nesting of brackets and of chained operators, and the offset where it is reached.
pub(super) fn depth(text: &str, tokens: &[Token]) -> (usize, usize) {
    let (mut depth, mut deepest, mut at) = (0usize, 0usize, 0usize);
    for token in tokens.iter().filter(|token| token.kind == Kind::Other) {
        match &text[token.range.clone()] {
            "{" | "(" | "[" => {
                depth += 1;
                if depth > deepest {
                    (deepest, at) = (depth, token.range.start);
                }
            }
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    (deepest, at)
}

/// Where a keyword stands first.
pub(super) fn word(_text: &str, tokens: &[Token], word: &str) -> Option<usize> {
    tokens
        .iter()
        .find(|token| token.kind == Kind::Word && token.name == word)
        .map(|token| token.range.start)
}

/// Variables by first appearance, without doubles.
pub(super) fn variables(tokens: &[Token]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for token in tokens.iter().filter(|token| token.kind == Kind::Variable) {
        if !names.contains(&token.name) {
            names.push(token.name.clone());
        }
    }
    names
}

/// How often a variable is written.
pub(super) fn occurrences(_text: &str, tokens: &[Token], name: &str) -> usize {
    tokens
        .iter()
        .filter(|token| token.kind == Kind::Variable && token.name == name)
        .count()
}

/// Whether the first SELECT asks for `*`.
pub(super) fn selects_star(text: &str, tokens: &[Token]) -> bool {
    let mut after = tokens
        .iter()
        .skip_while(|token| token.name != "SELECT")
        .skip(1);
    after
        .find(|token| token.name != "DISTINCT" && token.name != "REDUCED")
        .is_some_and(|token| &text[token.range.clone()] == "*")
}

#[cfg(test)]
mod tests {
    use super::Kind::{Iri, Number, Other, Prefixed, Tag, Text, Variable, Word};
    use super::*;

    #[test]
    fn strings_iris_and_comments_are_not_code() {
        let text = "SELECT * { ?s <p:q> \"?x ex:y\" ; ex:z 'a' # ?c\n }";
        let kinds: Vec<Kind> = tokens(text).iter().map(|token| token.kind).collect();
        assert_eq!(
            kinds,
            [
                Word, Other, Other, Variable, Iri, Text, Other, Prefixed, Text, Other
            ]
        );
    }

    #[test]
    fn a_comparison_is_not_an_iri() {
        let text = "FILTER(?a < 3 && ?b > 2)";
        assert!(tokens(text).iter().all(|token| token.kind != Iri));
    }

    #[test]
    fn numbers_and_language_tags_are_whole() {
        let text = "1.5e-3 . 2. 'a'@en-CA 3e";
        let parts: Vec<(Kind, &str)> = tokens(text)
            .into_iter()
            .map(|token| (token.kind, &text[token.range]))
            .collect();
        assert_eq!(
            parts,
            [
                (Number, "1.5e-3"),
                (Other, "."),
                (Number, "2"),
                (Other, "."),
                (Text, "'a'"),
                (Tag, "@en-CA"),
                (Number, "3"),
                (Word, "e")
            ]
        );
    }

    #[test]
    fn depth_counts_open_brackets() {
        let text = "{ ( [ ] ) }";
        assert_eq!(depth(text, &tokens(text)), (3, 4));
    }

    #[test]
    fn star_is_seen_behind_distinct() {
        let text = "PREFIX a: <b> SELECT DISTINCT * {}";
        assert!(selects_star(text, &tokens(text)));
        let text = "SELECT (COUNT(*) AS ?n) {}";
        assert!(!selects_star(text, &tokens(text)));
    }

    proptest::proptest! {
        #[test]
        fn any_text_splits_into_tokens_in_order(text in "\\PC*") {
            let mut end = 0;
            for token in tokens(&text) {
                proptest::prop_assert!(token.range.start >= end && token.range.end > token.range.start);
                end = token.range.end;
            }
        }
    }
}
