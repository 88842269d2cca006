//! Reading token by token: each finds its place in the innermost bracket.

use super::{CLAUSES, Frame, Inside, Problem, Reader, Term, Written};
use crate::query::lex::{Kind, Token};

impl Reader {
    pub(super) fn top(&mut self) -> &mut Frame {
        if self.stack.is_empty() {
            self.stack.push(Frame::new(Inside::Outside));
        }
        let last = self.stack.len() - 1;
        &mut self.stack[last]
    }

    pub(super) fn take(&mut self, text: &str, tokens: &[Token], at: usize) {
        let token = &tokens[at];
        self.at = at;
        let written = &text[token.range.clone()];
        match token.kind {
            Kind::Word => self.word(token, written, at),
            Kind::Variable => {
                if self.top().clause == "VALUES" {
                    self.columns.push(token.name.clone());
                }
                self.term(Term::Variable(token.name.clone()));
            }
            Kind::Prefixed | Kind::Iri if is_datatype(text, tokens, at) => {}
            Kind::Prefixed | Kind::Iri => self.term(Term::Name(at)),
            Kind::Text | Kind::Number => self.term(Term::Literal),
            Kind::Tag => {}
            Kind::Other => self.sign(tokens, at, written),
        }
    }

    fn word(&mut self, token: &Token, written: &str, at: usize) {
        let name = token.name.as_str();
        if let Some(clause) = CLAUSES.iter().find(|clause| **clause == name) {
            if matches!(self.top().inside, Inside::Expression) {
                return;
            }
            self.end_of_statement();
            let top = self.top();
            top.forget();
            top.clause = clause;
            if name == "VALUES" {
                self.columns.clear();
            }
            return;
        }
        match name {
            "A" if written == "a" => self.term(Term::Type),
            "TRUE" | "FALSE" | "UNDEF" => self.term(Term::Literal),
            "OPTIONAL" | "MINUS" | "UNION" | "WHERE" | "EXISTS" | "NOT" => {
                let top = self.top();
                if !matches!(top.inside, Inside::Expression) && top.clause != "FILTER" {
                    self.end_of_statement();
                    let top = self.top();
                    top.forget();
                    let outside = name == "WHERE" && top.inside == Inside::Outside;
                    top.clause = if outside { "WHERE" } else { "" };
                }
            }
            _ => {
                let top = self.top();
                let place = top.clause.is_empty()
                    && matches!(top.inside, Inside::Group | Inside::Blank)
                    && !crate::query::words::KEYWORDS.contains(&name);
                if place {
                    self.term(Term::Name(at));
                }
            }
        }
    }

    /// A term takes the next free place of the triple that is being read.
    fn term(&mut self, term: Term) {
        let top = self.top();
        match &mut top.inside {
            Inside::Data(columns, column) => {
                *column = (*column + 1) % columns.len().max(1);
                return;
            }
            Inside::Row | Inside::Expression | Inside::Path | Inside::List => return,
            Inside::Outside => {
                if matches!(top.clause, "PREFIX" | "BASE") {
                    top.complete = true;
                }
                return;
            }
            Inside::Group | Inside::Blank => {}
        }
        match top.clause {
            "" => {}
            "GRAPH" | "SERVICE" => {
                top.complete = true;
                return;
            }
            _ => return,
        }
        if top.complete {
            let blank = top.inside == Inside::Blank;
            if !blank {
                top.forget();
            }
            self.problem(Problem::Extra);
            if blank {
                return;
            }
        }
        let literal = term == Term::Literal;
        let top = self.top();
        match (&top.subject, &top.predicate) {
            (None, _) => top.subject = Some(term),
            (Some(_), None) => {
                top.predicate = Some(term);
                if literal {
                    self.problem(Problem::LiteralPredicate);
                }
            }
            (Some(_), Some(_)) if top.steps.step => {
                top.predicate = Some(term);
                top.steps.path = true;
                top.steps.step = false;
            }
            (Some(subject), Some(predicate)) => {
                let triple = Written {
                    subject: subject.clone(),
                    predicate: predicate.clone(),
                    object: term,
                    path: top.steps.path || top.steps.inverse,
                };
                top.complete = true;
                top.said = true;
                self.triples.push(triple);
            }
        }
    }

    fn sign(&mut self, tokens: &[Token], at: usize, written: &str) {
        match written {
            "{" => self.open_brace(),
            "[" => {
                self.brackets += 1;
                let number = self.brackets;
                let mut frame = Frame::new(Inside::Blank);
                frame.number = number;
                frame.subject = Some(Term::Bracket(number));
                self.stack.push(frame);
            }
            "(" => self.open_parenthesis(tokens, at),
            "}" | ")" | "]" => self.close(written),
            "." | ";" | "," => self.separator(written),
            "/" | "|" | "^" | "*" | "+" | "?" | "!" => self.path_sign(written, tokens, at),
            _ => {}
        }
    }

    fn open_brace(&mut self) {
        let columns = std::mem::take(&mut self.columns);
        let top = self.top();
        if top.clause == "VALUES" && !matches!(top.inside, Inside::Data(..)) {
            self.stack.push(Frame::new(Inside::Data(columns, 0)));
            return;
        }
        top.forget();
        if !matches!(top.inside, Inside::Expression) {
            top.clause = "";
        }
        self.stack.push(Frame::new(Inside::Group));
    }

    fn open_parenthesis(&mut self, tokens: &[Token], at: usize) {
        let before = at.checked_sub(1).map(|at| &tokens[at]);
        let called = before.is_some_and(|token| {
            token.range.end == tokens[at].range.start
                && matches!(token.kind, Kind::Word | Kind::Prefixed | Kind::Iri)
        });
        let number = self.brackets + 1;
        let top = self.top();
        let inside = match &top.inside {
            Inside::Data(..) => Inside::Row,
            Inside::Outside | Inside::Expression | Inside::Row => Inside::Expression,
            Inside::Path => Inside::Path,
            Inside::List => Inside::List,
            Inside::Group | Inside::Blank => match top.clause {
                "" if top.complete && called => Inside::Expression,
                "" if top.subject.is_some() && (top.predicate.is_none() || top.steps.step) => {
                    Inside::Path
                }
                "" => Inside::List,
                "VALUES" => Inside::Row,
                _ => Inside::Expression,
            },
        };
        let mut frame = Frame::new(inside);
        frame.number = number;
        if top.clause == "VALUES" {
            frame.clause = "VALUES";
        }
        self.brackets = number;
        self.stack.push(frame);
    }

    fn close(&mut self, written: &str) {
        if self.stack.len() == 1 {
            self.top().forget();
            return;
        }
        self.end_of_statement();
        let Some(frame) = self.stack.pop() else {
            return;
        };
        let outside = self.stack.len() == 1;
        let top = self.top();
        match frame.inside {
            Inside::Group => {
                top.forget();
                top.clause = "";
                self.seen |= outside && written == "}";
            }
            Inside::Data(..) => {
                top.forget();
                top.clause = "";
                self.seen |= outside;
            }
            Inside::Row => {
                if let Inside::Data(_, column) = &mut top.inside {
                    *column = 0;
                }
            }
            Inside::Blank | Inside::List => self.term(Term::Bracket(frame.number)),
            Inside::Path => {
                top.steps.path = true;
                top.steps.step = false;
                if top.predicate.is_none() && top.subject.is_some() {
                    top.predicate = Some(Term::Bracket(frame.number));
                }
            }
            Inside::Expression => {
                if matches!(top.clause, "FILTER" | "BIND")
                    && matches!(top.inside, Inside::Group | Inside::Blank)
                {
                    top.clause = "";
                }
            }
            Inside::Outside => {}
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push((self.at, problem));
    }

    /// Notes a statement that ends before it is whole.
    fn end_of_statement(&mut self) {
        let top = self.top();
        if !matches!(top.inside, Inside::Group | Inside::Blank)
            || !top.clause.is_empty()
            || top.complete
        {
            return;
        }
        let problem = match (&top.subject, &top.predicate) {
            (Some(_), Some(_)) => Problem::NoObject,
            (Some(Term::Bracket(_)), None) | (None, _) => return,
            (Some(_), None) if top.said => return,
            (Some(_), None) => Problem::NoPredicate,
        };
        self.problem(problem);
    }

    fn separator(&mut self, written: &str) {
        let top = self.top();
        if matches!(
            top.inside,
            Inside::Expression | Inside::Row | Inside::Data(..)
        ) {
            return;
        }
        if matches!(top.inside, Inside::Group) && top.clause.is_empty() && top.subject.is_none() {
            if written != "." {
                self.problem(Problem::Nothing);
            }
        } else {
            self.end_of_statement();
        }
        let top = self.top();
        match written {
            "." => top.forget(),
            ";" => top.end_of_object(),
            _ => top.complete = false,
        }
        if matches!(top.clause, "FILTER" | "BIND") {
            top.clause = "";
        }
    }

    fn path_sign(&mut self, written: &str, tokens: &[Token], at: usize) {
        // `^^` of a datatype is no path.
        let doubled = |other: usize| {
            tokens.get(other).is_some_and(|next| {
                next.kind == Kind::Other && next.range.len() == 1 && written == "^"
            })
        };
        let top = self.top();
        if !matches!(top.inside, Inside::Group | Inside::Blank)
            || !top.clause.is_empty()
            || top.subject.is_none()
            || top.complete
            || doubled(at + 1)
        {
            return;
        }
        match written {
            "/" | "|" => {
                top.steps.step = top.predicate.is_some();
                top.steps.inverse = false;
            }
            "^" => top.steps.inverse = true,
            _ => top.steps.path |= top.predicate.is_some(),
        }
    }
}

fn is_datatype(text: &str, tokens: &[Token], at: usize) -> bool {
    at >= 2
        && (
            &text[tokens[at - 1].range.clone()],
            &text[tokens[at - 2].range.clone()],
        ) == ("^", "^")
}
