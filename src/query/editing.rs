//! What an editor needs to know about a text while it is written: whether it is finished, which
//! part is what, and which brackets belong together. The prompt uses it, and any other editor can.
//!
//! All of it is total: any text has an answer, in linear time.

use std::ops::Range;

use super::lex::{self, Kind, Token};
use super::words::KEYWORDS;

/// What a text asks for, by its first words after the prologue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statement {
    /// Nothing but blanks, comments, PREFIX and BASE.
    Nothing,
    /// SELECT, ASK, CONSTRUCT or DESCRIBE.
    Query,
    /// An update.
    Update,
    /// Something that does not begin like SPARQL.
    Other,
}

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A word of the language.
    Keyword,
    /// A word that the language does not know.
    Word,
    /// `?name`.
    Variable,
    /// `prefix:name`.
    Prefixed,
    /// `<iri>`.
    Iri,
    /// A string.
    Text,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// A bracket or an operator.
    Sign,
}

/// What the text asks for.
pub fn statement(text: &str) -> Statement {
    let tokens = lex::tokens(text);
    opening(text, &tokens).map_or(Statement::Nothing, |at| match tokens[at].name.as_str() {
        "SELECT" | "ASK" | "CONSTRUCT" | "DESCRIBE" => Statement::Query,
        "INSERT" | "DELETE" | "WITH" | "CLEAR" | "DROP" | "CREATE" | "LOAD" | "ADD" | "MOVE"
        | "COPY" => Statement::Update,
        _ => Statement::Other,
    })
}

/// The prefixes that a text writes, each once, without those that it declares.
pub fn prefixes_used(text: &str) -> Vec<String> {
    let tokens = lex::tokens(text);
    let (mut declared, mut used): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != Kind::Prefixed {
            continue;
        }
        let list = if at > 0 && tokens[at - 1].name == "PREFIX" {
            &mut declared
        } else {
            &mut used
        };
        if !list.contains(&token.name.as_str()) {
            list.push(&token.name);
        }
    }
    used.retain(|name| !declared.contains(name) && *name != "_");
    used.into_iter().map(str::to_owned).collect()
}

/// The variables that a text writes, by first appearance and without question marks.
pub fn variables_used(text: &str) -> Vec<String> {
    lex::variables(&lex::tokens(text))
}

/// Whether Return should run the text rather than ask for its next line: it is complete, or it
/// ends with a blank line, so that there is always a way to have a broken text explained.
pub fn is_finished(text: &str) -> bool {
    let ends_blank = text
        .rsplit_once('\n')
        .is_some_and(|(_, last)| last.trim().is_empty());
    (ends_blank && !text.trim().is_empty()) || is_complete(text)
}

/// Whether a text is complete: no bracket and no long string is open, and the form that it begins
/// with has its pattern; or it ends with `;`, or is broken so that no further line can help.
pub fn is_complete(text: &str) -> bool {
    let tokens = lex::tokens(text);
    if tokens.last().is_some_and(|token| {
        let written = &text[token.range.clone()];
        token.kind == Kind::Text
            && (written.starts_with("\"\"\"") || written.starts_with("'''"))
            && !is_closed_long(written)
    }) {
        return false;
    }
    let groups = Groups::of(text, &tokens);
    if groups.broken {
        return true;
    }
    if groups.open > 0 {
        return false;
    }
    if last_sign(text, &tokens) == Some(";") {
        return true;
    }
    let Some(start) = opening(text, &tokens) else {
        return tokens.is_empty();
    };
    if tokens
        .last()
        .is_some_and(|token| token.kind == Kind::Word && WANTS_MORE.contains(&token.name.as_str()))
    {
        return false;
    }
    let has = |word: &str| tokens[start..].iter().any(|token| token.name == word);
    match tokens[start].name.as_str() {
        "SELECT" | "ASK" => groups.closed > 0,
        "CONSTRUCT" => groups.closed > 1 || (groups.closed == 1 && groups.first_after("WHERE")),
        "DESCRIBE" => {
            let variable = tokens[start..].iter().any(|t| t.kind == Kind::Variable);
            groups.closed > 0 || (!variable && tokens.len() > start + 1)
        }
        "INSERT" | "DELETE" | "WITH" => {
            groups.closed > 0 && (has("DATA") || (has("WHERE") && groups.last_after_where))
        }
        _ => true,
    }
}

/// Words after which a text always goes on.
const WANTS_MORE: &[&str] = &[
    "WHERE", "FROM", "NAMED", "GROUP", "ORDER", "BY", "HAVING", "LIMIT", "OFFSET", "VALUES", "AS",
    "PREFIX", "BASE", "TO", "INTO", "GRAPH", "USING",
];

fn is_closed_long(written: &str) -> bool {
    written.len() >= 6 && written.ends_with(&written[..3])
}

fn last_sign<'a>(text: &'a str, tokens: &[Token]) -> Option<&'a str> {
    tokens.last().map(|token| &text[token.range.clone()])
}

/// The first token behind PREFIX and BASE lines.
fn opening(text: &str, tokens: &[Token]) -> Option<usize> {
    let mut at = 0;
    loop {
        let token = tokens.get(at)?;
        match token.name.as_str() {
            "PREFIX" if token.kind == Kind::Word => at += 3,
            "BASE" | "VERSION" if token.kind == Kind::Word => at += 2,
            _ if &text[token.range.clone()] == ";" => at += 1,
            _ => return Some(at),
        }
    }
}

/// Brackets of a text.
struct Groups {
    /// How many are open at the end.
    open: usize,
    /// Whether one closes that was not open, or another than was open.
    broken: bool,
    /// How many `{ … }` at the outside are closed.
    closed: usize,
    /// The word before the first `{` at the outside.
    before_first: String,
    /// Whether the last `{` at the outside stands behind WHERE.
    last_after_where: bool,
}

impl Groups {
    fn of(text: &str, tokens: &[Token]) -> Self {
        let mut groups = Self {
            open: 0,
            broken: false,
            closed: 0,
            before_first: String::new(),
            last_after_where: false,
        };
        let mut stack: Vec<&str> = Vec::new();
        let mut before = "";
        for token in tokens {
            let written = &text[token.range.clone()];
            if token.kind == Kind::Other {
                match written {
                    "{" | "(" | "[" => {
                        if written == "{" && stack.is_empty() {
                            if groups.closed == 0 {
                                before.clone_into(&mut groups.before_first);
                            }
                            groups.last_after_where = before == "WHERE";
                        }
                        stack.push(written);
                    }
                    "}" | ")" | "]" => {
                        let opened = stack.pop();
                        groups.broken |= opened != Some(partner_of(written));
                        groups.closed += usize::from(written == "}" && stack.is_empty());
                    }
                    _ => {}
                }
            }
            before = if token.kind == Kind::Word {
                token.name.as_str()
            } else {
                ""
            };
        }
        groups.open = stack.len();
        groups
    }

    fn first_after(&self, word: &str) -> bool {
        self.before_first == word
    }
}

fn partner_of(bracket: &str) -> &'static str {
    match bracket {
        "}" => "{",
        ")" => "(",
        "]" => "[",
        "{" => "}",
        "(" => ")",
        _ => "]",
    }
}

/// The parts of a text, in order; what stands between them is blank.
pub fn parts(text: &str) -> Vec<(Range<usize>, Class)> {
    let mut parts = Vec::new();
    let mut end = 0;
    for token in lex::tokens(text) {
        comments(text, end..token.range.start, &mut parts);
        end = token.range.end;
        let class = match token.kind {
            Kind::Word if KEYWORDS.contains(&token.name.as_str()) || token.name == "A" => {
                Class::Keyword
            }
            Kind::Word => Class::Word,
            Kind::Variable => Class::Variable,
            Kind::Prefixed => Class::Prefixed,
            Kind::Iri => Class::Iri,
            Kind::Text | Kind::Tag => Class::Text,
            Kind::Number => Class::Number,
            Kind::Other => Class::Sign,
        };
        parts.push((token.range, class));
    }
    comments(text, end..text.len(), &mut parts);
    parts
}

fn comments(text: &str, gap: Range<usize>, parts: &mut Vec<(Range<usize>, Class)>) {
    let mut at = gap.start;
    while let Some(start) = text[at..gap.end].find('#') {
        let start = at + start;
        let end = text[start..gap.end]
            .find('\n')
            .map_or(gap.end, |length| start + length);
        parts.push((start..end, Class::Comment));
        at = end;
    }
}

/// The bracket at the cursor or just before it, and the one that belongs to it, by their offsets.
pub fn brackets_at(text: &str, cursor: usize) -> Option<(usize, usize)> {
    let tokens = lex::tokens(text);
    let brackets: Vec<(usize, &str)> = tokens
        .iter()
        .filter(|token| token.kind == Kind::Other)
        .map(|token| (token.range.start, &text[token.range.clone()]))
        .filter(|(_, sign)| matches!(*sign, "{" | "}" | "(" | ")" | "[" | "]"))
        .collect();
    let here = brackets
        .iter()
        .position(|(at, _)| *at == cursor)
        .or_else(|| brackets.iter().position(|(at, _)| at + 1 == cursor))?;
    let (at, sign) = brackets[here];
    let mut depth = 0usize;
    let opens = matches!(sign, "{" | "(" | "[");
    let mut others: Box<dyn Iterator<Item = &(usize, &str)>> = if opens {
        Box::new(brackets[here + 1..].iter())
    } else {
        Box::new(brackets[..here].iter().rev())
    };
    let found = others.find(|(_, other)| {
        let same_way = matches!(*other, "{" | "(" | "[") == opens;
        if same_way {
            depth += 1;
            false
        } else if depth > 0 {
            depth -= 1;
            false
        } else {
            true
        }
    })?;
    (found.1 == partner_of(sign)).then_some((at, found.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_finished_when_its_pattern_is() {
        for text in [
            "SELECT * { ?s ?p ?o }",
            "SELECT ?s WHERE { ?s a pm:Programme } LIMIT 3",
            "ASK { ?s ?p \"}\" }",
            "DESCRIBE pm:Programme",
            "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
            "CONSTRUCT WHERE { ?s ?p ?o }",
            "INSERT DATA { pm:a pm:b pm:c }",
            "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
            "CLEAR ALL",
            "SELECT count(*) { ?s a pm:Programme }",
            "SELECT * { ?s ?p )",
            "SELECT ?s\n",
            "SELECT ?s;",
            "quit",
            "",
            "# only a comment",
        ] {
            assert!(is_finished(text), "{text:?}");
        }
    }

    #[test]
    fn a_text_goes_on_while_something_is_open() {
        for text in [
            "SELECT * {",
            "SELECT ?s",
            "SELECT * { ?s ?p '{' ",
            "SELECT * { ?s ?p # }",
            "SELECT * { ?s ?p \"\"\"long } ",
            "PREFIX a: <b>",
            "CONSTRUCT { ?s ?p ?o }",
            "DESCRIBE ?s",
            "DELETE { ?s ?p ?o }",
            "SELECT * { ?s ?p ?o } ORDER BY",
            "SELECT * FROM <g:g> WHERE",
        ] {
            assert!(!is_finished(text), "{text:?}");
        }
    }

    #[test]
    fn what_a_text_asks_for_stands_behind_the_prologue() {
        assert_eq!(
            statement("PREFIX a: <b> # c\nBASE <d> select * {}"),
            Statement::Query
        );
        assert_eq!(statement("with <g> delete {} where {}"), Statement::Update);
        assert_eq!(statement("exit"), Statement::Other);
        assert_eq!(statement("  # nothing\n"), Statement::Nothing);
    }

    #[test]
    fn prefixes_are_those_that_are_used_and_not_declared() {
        assert_eq!(
            prefixes_used("PREFIX a: <b> SELECT * { a:x pm:y _:z ; pm:w \"c:d\" }"),
            ["pm"]
        );
    }

    #[test]
    fn brackets_find_each_other_past_strings() {
        let text = "{ ( \")\" ) }";
        assert_eq!(brackets_at(text, 2), Some((2, 8)));
        assert_eq!(brackets_at(text, text.len()), Some((10, 0)));
        assert_eq!(brackets_at("( ]", 0), None);
        assert_eq!(brackets_at("a", 1), None);
    }

    #[test]
    fn parts_know_comments_from_code() {
        let classes: Vec<Class> = parts("SELECT ?a # b\n{ ?a a ex:C ; foo 12 }")
            .into_iter()
            .map(|(_, class)| class)
            .collect();
        assert_eq!(
            classes,
            [
                Class::Keyword,
                Class::Variable,
                Class::Comment,
                Class::Sign,
                Class::Variable,
                Class::Keyword,
                Class::Prefixed,
                Class::Sign,
                Class::Word,
                Class::Number,
                Class::Sign
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_an_answer(text in "[\\PC\n]*", cursor in 0usize..80) {
            let _ = (is_finished(&text), statement(&text), brackets_at(&text, cursor));
            let mut end = 0;
            for (range, _) in parts(&text) {
                proptest::prop_assert!(range.start >= end && text.is_char_boundary(range.end));
                end = range.end;
            }
        }
    }
}
