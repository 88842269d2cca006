//! The place where a text ends.

use super::{Frame, Inside, Place, Reader, Term};
use crate::query::lex::{Kind, Token};

impl Reader {
    pub(super) fn place(&mut self, text: &str, tokens: &[Token]) -> Place {
        let last = tokens.last();
        let seen = self.seen;
        let depth = self.stack.len();
        let columns = self.columns.clone();
        let top = self.top();
        match &top.inside {
            Inside::Expression if top.clause == "VALUES" => Place::Head,
            Inside::Expression => Place::Expression,
            Inside::Path => Place::Predicate {
                subject: Term::Literal,
                inside_path: true,
            },
            Inside::List => Place::Object {
                subject: Term::Literal,
                predicate: Term::Literal,
                path: true,
                inverse: false,
            },
            Inside::Data(columns, column) => Place::Data {
                variable: (columns.len() == 1)
                    .then(|| columns.get(*column).cloned())
                    .flatten(),
            },
            Inside::Row => {
                if top.clause == "VALUES" {
                    return Place::Modifier("VALUES");
                }
                let row = row_position(text, tokens);
                let columns = match depth.checked_sub(2).map(|at| &self.stack[at].inside) {
                    Some(Inside::Data(columns, _)) => columns.clone(),
                    _ => columns,
                };
                Place::Data {
                    variable: columns.get(row).cloned(),
                }
            }
            Inside::Outside => outside(top, seen, last),
            Inside::Group | Inside::Blank => inside_group(top),
        }
    }
}

/// How many terms stand in the open row of VALUES data.
fn row_position(text: &str, tokens: &[Token]) -> usize {
    tokens
        .iter()
        .rev()
        .take_while(|token| &text[token.range.clone()] != "(")
        .filter(|token| !matches!(token.kind, Kind::Tag | Kind::Other))
        .count()
}

fn outside(top: &Frame, seen: bool, last: Option<&Token>) -> Place {
    match top.clause {
        "" if seen => Place::Modifier(""),
        "" => Place::Start,
        "PREFIX" if top.complete && last.is_some_and(|token| token.kind == Kind::Prefixed) => {
            Place::PrefixIri
        }
        "PREFIX" | "BASE" if top.complete => Place::Start,
        "PREFIX" => Place::PrefixName,
        "BASE" => Place::PrefixIri,
        "FROM" | "USING" | "WITH" => Place::Graph,
        "SELECT" | "CONSTRUCT" | "ASK" | "DESCRIBE" => Place::Head,
        clause => Place::Modifier(clause),
    }
}

fn inside_group(top: &Frame) -> Place {
    match top.clause {
        "" => {}
        "FILTER" => return Place::Expression,
        "GRAPH" | "SERVICE" if top.complete => return Place::Complete,
        "GRAPH" | "SERVICE" => return Place::Graph,
        "SELECT" => return Place::Head,
        clause => return Place::Modifier(clause),
    }
    match (&top.subject, &top.predicate) {
        _ if top.complete => Place::Complete,
        (None, _) => Place::Subject,
        (Some(subject), None) => Place::Predicate {
            subject: subject.clone(),
            inside_path: top.steps.inverse,
        },
        (Some(_), Some(_)) if top.steps.step => Place::Predicate {
            subject: Term::Literal,
            inside_path: true,
        },
        (Some(subject), Some(predicate)) => Place::Object {
            subject: subject.clone(),
            predicate: predicate.clone(),
            path: top.steps.path,
            inverse: top.steps.inverse,
        },
    }
}
