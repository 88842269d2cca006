//! Walking a parsed query and binding parameters in it.

use oxrdf::{Term, Variable};
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern};

use crate::error::{Error, Result};

/// Visits every pattern of a query, those inside EXISTS included, children first: what a visit
/// puts in place of a pattern is not visited again.
pub(super) fn walk(pattern: &mut GraphPattern, visit: &mut dyn FnMut(&mut GraphPattern)) {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Values { .. } => {}
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right } => {
            walk(left, visit);
            walk(right, visit);
        }
        GraphPattern::LeftJoin {
            left,
            right,
            expression,
        } => {
            walk(left, visit);
            walk(right, visit);
            if let Some(expression) = expression {
                walk_expression(expression, visit);
            }
        }
        GraphPattern::Filter { expr, inner } => {
            walk_expression(expr, visit);
            walk(inner, visit);
        }
        GraphPattern::Extend {
            inner, expression, ..
        } => {
            walk_expression(expression, visit);
            walk(inner, visit);
        }
        GraphPattern::OrderBy { inner, expression } => {
            for order in expression {
                let (OrderExpression::Asc(expression) | OrderExpression::Desc(expression)) = order;
                walk_expression(expression, visit);
            }
            walk(inner, visit);
        }
        GraphPattern::Group {
            inner, aggregates, ..
        } => {
            for (_, aggregate) in aggregates {
                if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                    walk_expression(expr, visit);
                }
            }
            walk(inner, visit);
        }
        GraphPattern::Graph { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. }
        | GraphPattern::Service { inner, .. } => walk(inner, visit),
    }
    visit(pattern);
}

fn walk_expression(expression: &mut Expression, visit: &mut dyn FnMut(&mut GraphPattern)) {
    match expression {
        Expression::Exists(pattern) => walk(pattern, visit),
        Expression::NamedNode(_)
        | Expression::Literal(_)
        | Expression::Variable(_)
        | Expression::Bound(_) => {}
        Expression::Or(a, b)
        | Expression::And(a, b)
        | Expression::Equal(a, b)
        | Expression::SameTerm(a, b)
        | Expression::Greater(a, b)
        | Expression::GreaterOrEqual(a, b)
        | Expression::Less(a, b)
        | Expression::LessOrEqual(a, b)
        | Expression::Add(a, b)
        | Expression::Subtract(a, b)
        | Expression::Multiply(a, b)
        | Expression::Divide(a, b) => {
            walk_expression(a, visit);
            walk_expression(b, visit);
        }
        Expression::UnaryPlus(a) | Expression::UnaryMinus(a) | Expression::Not(a) => {
            walk_expression(a, visit);
        }
        Expression::If(a, b, c) => {
            walk_expression(a, visit);
            walk_expression(b, visit);
            walk_expression(c, visit);
        }
        Expression::In(a, list) => {
            walk_expression(a, visit);
            for item in list {
                walk_expression(item, visit);
            }
        }
        Expression::Coalesce(list) | Expression::FunctionCall(_, list) => {
            for item in list {
                walk_expression(item, visit);
            }
        }
    }
}

/// Gives a variable a value and says whether the query has the variable.
///
/// Where the query has `VALUES ?name { … }` its data is replaced. Elsewhere each pattern that
/// uses the variable is joined with the one value, which means the same and keeps grouping and
/// projection as they are.
pub(super) fn bind(
    pattern: &mut GraphPattern,
    variable: &Variable,
    terms: &[&Term],
) -> Result<bool> {
    let mut bindings = Vec::new();
    for &term in terms {
        let ground = GroundTerm::try_from(term.clone()).map_err(|()| {
            Error::usage(
                "a blank node cannot be a parameter",
                "give an IRI or a literal",
            )
        })?;
        bindings.push(vec![Some(ground)]);
    }
    let data = GraphPattern::Values {
        variables: vec![variable.clone()],
        bindings,
    };
    let mut replaced = false;
    walk(pattern, &mut |p| {
        if matches!(p, GraphPattern::Values { variables, .. } if variables.len() == 1 && &variables[0] == variable)
        {
            *p = data.clone();
            replaced = true;
        }
    });
    if replaced {
        return Ok(true);
    }
    Ok(join_where_used(pattern, variable, &data))
}

fn join_where_used(pattern: &mut GraphPattern, variable: &Variable, data: &GraphPattern) -> bool {
    let mut used = false;
    let join = |pattern: &mut GraphPattern| {
        let old = std::mem::replace(pattern, data.clone());
        *pattern = GraphPattern::Join {
            left: Box::new(data.clone()),
            right: Box::new(old),
        };
    };
    walk(pattern, &mut |p| {
        let here = match p {
            GraphPattern::Bgp { patterns } => patterns.iter().any(|t| {
                is(&t.subject, variable)
                    || is(&t.object, variable)
                    || matches!(&t.predicate, NamedNodePattern::Variable(v) if v == variable)
            }),
            GraphPattern::Path {
                subject, object, ..
            } => is(subject, variable) || is(object, variable),
            _ => false,
        };
        if here {
            used = true;
            join(p);
            return;
        }
        match p {
            GraphPattern::Filter { expr, inner } if mentions(expr, variable) => {
                used = true;
                join(inner);
            }
            GraphPattern::Extend {
                expression, inner, ..
            } if mentions(expression, variable) => {
                used = true;
                join(inner);
            }
            _ => {}
        }
    });
    used
}

fn is(term: &TermPattern, variable: &Variable) -> bool {
    matches!(term, TermPattern::Variable(v) if v == variable)
}

/// Whether an expression uses a variable outside EXISTS, whose patterns are handled as patterns.
fn mentions(expression: &Expression, variable: &Variable) -> bool {
    match expression {
        Expression::Variable(v) | Expression::Bound(v) => v == variable,
        Expression::NamedNode(_) | Expression::Literal(_) | Expression::Exists(_) => false,
        Expression::Or(a, b)
        | Expression::And(a, b)
        | Expression::Equal(a, b)
        | Expression::SameTerm(a, b)
        | Expression::Greater(a, b)
        | Expression::GreaterOrEqual(a, b)
        | Expression::Less(a, b)
        | Expression::LessOrEqual(a, b)
        | Expression::Add(a, b)
        | Expression::Subtract(a, b)
        | Expression::Multiply(a, b)
        | Expression::Divide(a, b) => mentions(a, variable) || mentions(b, variable),
        Expression::UnaryPlus(a) | Expression::UnaryMinus(a) | Expression::Not(a) => {
            mentions(a, variable)
        }
        Expression::If(a, b, c) => [a, b, c].iter().any(|e| mentions(e, variable)),
        Expression::In(a, list) => {
            mentions(a, variable) || list.iter().any(|e| mentions(e, variable))
        }
        Expression::Coalesce(list) | Expression::FunctionCall(_, list) => {
            list.iter().any(|e| mentions(e, variable))
        }
    }
}

/// Whether an expression uses a variable, patterns in EXISTS included.
pub(super) fn reads(expression: &Expression, variable: &Variable) -> bool {
    let mut found = mentions(expression, variable);
    let mut copy = expression.clone();
    walk_expression(&mut copy, &mut |pattern| {
        let mut used = pattern.clone();
        found |= join_where_used(&mut used, variable, &GraphPattern::default());
    });
    found
}
