//! The words that the grammar allows at a place.

use ll_sparql_parser::syntax_kind::SyntaxKind;
use ll_sparql_parser::{continuations_at, parse};

use super::super::lex::{self, Token};
use super::super::outline::Place;

/// The grammar is read recursively: deeper texts, and longer ones, get the usual words instead.
const DEPTH: usize = 60;
const LENGTH: usize = 1 << 16;

const FORMS: &[&str] = &["SELECT", "CONSTRUCT", "ASK", "DESCRIBE"];
const UPDATES: &[&str] = &[
    "INSERT DATA",
    "DELETE DATA",
    "INSERT",
    "DELETE",
    "DELETE WHERE",
    "WITH",
    "CLEAR",
];
const PATTERNS: &[&str] = &[
    "OPTIONAL",
    "FILTER",
    "FILTER NOT EXISTS",
    "BIND",
    "VALUES",
    "MINUS",
    "GRAPH",
];
const MODIFIERS: &[&str] = &[
    "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "OFFSET", "VALUES",
];

/// What the grammar says about the end of a text.
#[derive(Debug, Default)]
pub(super) struct Grammar {
    /// The words, in the order in which they are written.
    pub(super) words: Vec<&'static str>,
    /// Whether an operand of an expression may stand there; unknown for a broken text.
    pub(super) operand: Option<bool>,
    /// Whether a variable may stand there; unknown for a broken text.
    pub(super) variable: Option<bool>,
    /// Whether an aggregate may begin here.
    pub(super) aggregate: bool,
}

/// The words that may follow `before`, which ends where a new word begins.
pub(super) fn after(before: &str, tokens: &[Token], place: &Place, updates: bool) -> Grammar {
    let end = tokens.last().map_or(0, |token| token.range.end);
    if *place == Place::Start {
        let mut words: Vec<&'static str> = FORMS.to_vec();
        if updates {
            words.extend(UPDATES);
        }
        words.extend(["PREFIX", "BASE"]);
        return Grammar {
            words,
            ..Grammar::default()
        };
    }
    let kinds = if before.len() > LENGTH || lex::depth(before, tokens).0 > DEPTH {
        None
    } else {
        let root = parse(&before[..end]).0;
        u32::try_from(end)
            .ok()
            .and_then(|end| continuations_at(&root, end.into()))
    };
    match kinds {
        Some(kinds) if !kinds.is_empty() => from_kinds(&kinds),
        _ => usual(place),
    }
}

fn from_kinds(kinds: &[SyntaxKind]) -> Grammar {
    let mut grammar = Grammar {
        operand: Some(false),
        variable: Some(false),
        ..Grammar::default()
    };
    for kind in kinds {
        let words = &mut grammar.words;
        match kind {
            SyntaxKind::DatasetClause => words.push("FROM"),
            SyntaxKind::WhereClause | SyntaxKind::WHERE => words.push("WHERE"),
            SyntaxKind::GroupGraphPattern
            | SyntaxKind::ConstructTemplate
            | SyntaxKind::QuadPattern
            | SyntaxKind::QuadData => words.push("{"),
            SyntaxKind::SubSelect | SyntaxKind::SelectQuery => words.push("SELECT"),
            SyntaxKind::GroupGraphPatternSub | SyntaxKind::GraphPatternNotTriples => {
                words.extend(PATTERNS);
            }
            SyntaxKind::SolutionModifier => words.extend(&MODIFIERS[..5]),
            SyntaxKind::ValuesClause => words.push("VALUES"),
            SyntaxKind::GroupClause => words.push("GROUP BY"),
            SyntaxKind::HavingClause => words.push("HAVING"),
            SyntaxKind::OrderClause => words.push("ORDER BY"),
            SyntaxKind::LimitOffsetClauses => words.extend(["LIMIT", "OFFSET"]),
            SyntaxKind::LimitClause => words.push("LIMIT"),
            SyntaxKind::OffsetClause => words.push("OFFSET"),
            SyntaxKind::BY => words.push("BY"),
            SyntaxKind::AS => words.push("AS"),
            SyntaxKind::DISTINCT => words.push("DISTINCT"),
            SyntaxKind::REDUCED => words.push("REDUCED"),
            SyntaxKind::UNION => words.push("UNION"),
            SyntaxKind::IN => words.push("IN"),
            SyntaxKind::NOT => words.push("NOT IN"),
            SyntaxKind::NamedGraphClause | SyntaxKind::NAMED => words.push("NAMED"),
            SyntaxKind::DataBlockValue => words.push("UNDEF"),
            SyntaxKind::DATA => words.push("DATA"),
            SyntaxKind::InsertClause => words.push("INSERT"),
            SyntaxKind::UsingClause => words.push("USING"),
            SyntaxKind::OrderCondition => {
                words.extend(["ASC(", "DESC("]);
                grammar.variable = Some(true);
                grammar.operand = Some(true);
            }
            SyntaxKind::GroupCondition
            | SyntaxKind::HavingCondition
            | SyntaxKind::Constraint
            | SyntaxKind::Expression
            | SyntaxKind::NumericExpression
            | SyntaxKind::ValueLogical
            | SyntaxKind::ConditionalAndExpression
            | SyntaxKind::MultiplicativeExpression
            | SyntaxKind::UnaryExpression
            | SyntaxKind::PrimaryExpression
            | SyntaxKind::ExpressionList
            | SyntaxKind::BrackettedExpression => {
                grammar.operand = Some(true);
                grammar.variable = Some(true);
                grammar.aggregate |= *kind != SyntaxKind::GroupCondition;
            }
            SyntaxKind::Var | SyntaxKind::VarOrIri | SyntaxKind::DataBlock => {
                grammar.variable = Some(true);
            }
            _ => {}
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    grammar.words.retain(|word| {
        let new = !seen.contains(word);
        seen.push(word);
        new
    });
    grammar
}

/// The words of a place when the text before it is broken.
fn usual(place: &Place) -> Grammar {
    let words: &[&'static str] = match place {
        Place::Subject | Place::Complete => PATTERNS,
        Place::Modifier("WHERE") => &["{"],
        Place::Modifier(_) => MODIFIERS,
        Place::Head => &["DISTINCT", "WHERE", "FROM"],
        _ => &[],
    };
    Grammar {
        words: words.to_vec(),
        ..Grammar::default()
    }
}
