//! The candidates for each place.

use super::keywords::{self, Grammar};
use super::position::{Word, word};
use super::terms::Terms;
use super::{Candidate, CandidateKind, Completing, Completion, MAX_CANDIDATES};
use crate::query::functions::{AGGREGATES, FUNCTIONS, Function, Takes, function};
use crate::query::lex::{self, Kind};
use crate::query::names::{Names, Resolved, TYPE};
use crate::query::outline::{Place, outline};
use crate::query::{CATALOGUE, Vocabulary};

pub(super) fn at(
    text: &str,
    cursor: usize,
    vocabulary: &Vocabulary,
    completing: Completing,
) -> Completion {
    let Some(word) = word(text, cursor) else {
        return Completion {
            from: cursor,
            to: cursor,
            candidates: Vec::new(),
        };
    };
    let before = &text[..word.range.start];
    let here = outline(before, &word.before);
    let all_tokens = lex::tokens(text);
    let strict = completing.no_auto_prefix;
    let names = Names::of(text, &all_tokens, vocabulary.prefixes(), strict);
    let facts = names.triples(text, &all_tokens, &outline(text, &all_tokens));
    let grammar = keywords::after(before, &word.before, &here.place, completing.updates);
    let offers = Offers {
        variables: variables(&all_tokens, &word.range),
        terms: Terms::new(vocabulary, &names, facts, &word.typed),
        word: &word,
        before,
        alone: before.trim().is_empty() && text[word.range.end..].trim().is_empty(),
        grammar,
    };
    let mut candidates = offers.candidates(&here.place);
    candidates.truncate(MAX_CANDIDATES);
    Completion {
        from: word.range.start,
        to: word.range.end,
        candidates,
    }
}

/// The variables of a text by first appearance, but for the one that is being typed.
fn variables(tokens: &[lex::Token], typed: &std::ops::Range<usize>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for token in tokens {
        let being_typed = token.range.start == typed.start && token.range.end <= typed.end;
        if token.kind == Kind::Variable && !being_typed && !names.contains(&token.name) {
            names.push(token.name.clone());
        }
    }
    names
}

struct Offers<'a> {
    variables: Vec<String>,
    terms: Terms<'a>,
    word: &'a Word,
    before: &'a str,
    /// Nothing else is in the text.
    alone: bool,
    grammar: Grammar,
}

impl Offers<'_> {
    fn candidates(&self, place: &Place) -> Vec<Candidate> {
        let typed = self.word.typed.as_str();
        let empty = typed.is_empty();
        let mut found: Vec<Candidate> = Vec::new();
        match place {
            Place::Start => {
                found.extend(self.words());
                if self.alone {
                    found.extend(self.queries());
                }
            }
            Place::PrefixName => found.extend(self.terms.prefix_lines()),
            Place::PrefixIri => found.extend(self.terms.namespace(self.before)),
            Place::Head => {
                found.extend(self.variables_by(Takes::Any));
                if self.word.before.last().is_none_or(|last| last.name != "AS") {
                    found.extend(self.new_columns());
                }
                found.extend(self.words());
            }
            Place::Subject => {
                found.extend(self.variables_by(Takes::Any));
                found.extend(self.words());
                found.extend(self.terms.things());
            }
            Place::Predicate {
                subject,
                inside_path,
            } => {
                let subject = self.terms.resolve(self.before, &self.word.before, subject);
                found.extend(self.terms.predicates(&subject, *inside_path));
                found.extend(self.variables_if_typed());
                if empty && !inside_path {
                    found.push(operator("^", "the other way round"));
                }
            }
            Place::Object {
                predicate,
                path,
                inverse,
                ..
            } => {
                let predicate = self
                    .terms
                    .resolve(self.before, &self.word.before, predicate);
                if !inverse {
                    found.extend(self.terms.objects(&predicate));
                }
                found.extend(self.variables_by(Takes::Any));
                let fresh = self
                    .word
                    .before
                    .last()
                    .is_some_and(|last| last.kind != Kind::Other);
                let named = matches!(&predicate, Resolved::Iri(iri) if iri != TYPE);
                if empty && fresh && named && !path {
                    found.push(operator("/", "then another predicate"));
                }
            }
            Place::Complete => found.extend(self.words()),
            Place::Data { variable } => {
                if let Some(variable) = variable {
                    found.extend(self.terms.values_of_variable(variable));
                }
                found.extend(self.words());
            }
            Place::Graph => {
                found.extend(self.terms.graphs());
                found.extend(self.variables_by(Takes::Any));
                found.extend(self.words());
            }
            Place::Expression => found.extend(self.expression()),
            Place::Modifier(clause) => {
                if self.grammar.variable == Some(true) {
                    found.extend(self.variables_by(Takes::Any));
                }
                found.extend(self.words());
                if self.grammar.variable == Some(true) {
                    if matches!(*clause, "HAVING" | "ORDER") {
                        found.extend(self.functions(AGGREGATES));
                    }
                    if matches!(*clause, "HAVING" | "ORDER" | "GROUP") && !empty {
                        found.extend(self.functions(FUNCTIONS));
                    }
                }
            }
        }
        found
    }

    /// Inside a condition or a calculation.
    fn expression(&self) -> Vec<Candidate> {
        let mut found = Vec::new();
        if self.grammar.operand == Some(false) {
            found.extend(self.words());
            return found;
        }
        if let Some(variable) = self.compared() {
            found.extend(self.terms.values_of_variable(&variable));
        }
        if self.bare_filter() {
            found.extend(
                ["EXISTS", "NOT EXISTS"]
                    .into_iter()
                    .filter(|word| fits_word(word, &self.word.typed))
                    .map(keyword),
            );
            found.extend(self.functions(FUNCTIONS));
            return found;
        }
        found.extend(self.variables_by(self.wanted()));
        if self.grammar.aggregate && self.counts() {
            found.extend(self.functions(AGGREGATES));
        }
        found.extend(self.words());
        found.extend(self.functions(FUNCTIONS));
        if self.word.typed.contains(':') {
            found.extend(self.terms.things());
        }
        found
    }

    /// Directly behind FILTER.
    fn bare_filter(&self) -> bool {
        let last = self.word.before.last();
        last.is_some_and(|token| token.name == "FILTER")
    }

    /// Whether an aggregate makes sense: behind SELECT, HAVING or ORDER BY.
    fn counts(&self) -> bool {
        self.word
            .before
            .iter()
            .rev()
            .find(|token| {
                token.kind == Kind::Word
                    && matches!(
                        token.name.as_str(),
                        "SELECT" | "HAVING" | "ORDER" | "FILTER" | "BIND" | "GROUP" | "WHERE"
                    )
            })
            .is_some_and(|token| matches!(token.name.as_str(), "SELECT" | "HAVING" | "ORDER"))
    }

    /// The variable with which what is typed will be compared: `?x = `, `?x != `, `?x IN (`.
    fn compared(&self) -> Option<String> {
        let tokens = &self.word.before;
        let mut at = tokens.len();
        let mut compares = false;
        while at > 0 {
            at -= 1;
            let token = &tokens[at];
            let written = &self.before[token.range.clone()];
            match (token.kind, written) {
                (Kind::Other, "=" | "!") => compares = true,
                (Kind::Other, "(" | ",") | (Kind::Iri | Kind::Prefixed | Kind::Text, _)
                    if !compares => {}
                (Kind::Word, _) if token.name == "IN" => compares = true,
                (Kind::Word, _) if token.name == "NOT" => {}
                (Kind::Variable, _) if compares => return Some(token.name.clone()),
                _ => return None,
            }
        }
        None
    }

    /// What the function takes whose brackets have just been opened.
    fn wanted(&self) -> Takes {
        let mut last = self.word.before.iter().rev();
        let opened = last
            .next()
            .is_some_and(|token| &self.before[token.range.clone()] == "(");
        match last.next() {
            Some(token) if opened && token.kind == Kind::Word => {
                function(&token.name).map_or(Takes::Any, |function| function.takes)
            }
            _ => Takes::Any,
        }
    }

    fn variables_by(&self, takes: Takes) -> Vec<Candidate> {
        let typed = self.word.typed.trim_start_matches(['?', '$']);
        let marked = typed.len() < self.word.typed.len();
        if self.word.typed.contains([':', '<']) {
            return Vec::new();
        }
        let mut found: Vec<(bool, Candidate)> = Vec::new();
        for name in &self.variables {
            if !name.starts_with(typed) || (!marked && !typed.is_empty()) {
                continue;
            }
            let always_iri = self.terms.is_never_literal(name);
            if takes == Takes::Literal && always_iri {
                continue;
            }
            let about = self.terms.about_variable(name);
            let written = format!("?{name}");
            let candidate = Candidate {
                insert: written.clone(),
                display: written,
                detail: about,
                kind: CandidateKind::Variable,
                count: None,
                declares: None,
            };
            found.push((always_iri && takes == Takes::Literal, candidate));
        }
        found.sort_by_key(|(late, _)| *late);
        found.into_iter().map(|(_, candidate)| candidate).collect()
    }

    fn variables_if_typed(&self) -> Vec<Candidate> {
        if self.word.typed.starts_with(['?', '$']) {
            self.variables_by(Takes::Any)
        } else {
            Vec::new()
        }
    }

    fn words(&self) -> Vec<Candidate> {
        self.grammar
            .words
            .iter()
            .filter(|word| fits_word(word, &self.word.typed))
            .map(|word| keyword(word))
            .collect()
    }

    fn functions(&self, list: &'static [Function]) -> Vec<Candidate> {
        let typed = &self.word.typed;
        list.iter()
            .filter(|function| fits_word(function.name, typed))
            .map(|function| Candidate {
                insert: format!("{}(", function.name),
                display: format!("{}({})", function.name, function.arguments),
                detail: function.gives.to_owned(),
                kind: CandidateKind::Function,
                count: None,
                declares: None,
            })
            .collect()
    }

    /// `(COUNT(*) AS ?n)` and its like, among the columns of SELECT.
    fn new_columns(&self) -> Vec<Candidate> {
        if self.grammar.variable != Some(true) {
            return Vec::new();
        }
        let typed = &self.word.typed;
        AGGREGATES
            .iter()
            .filter(|function| fits_word(function.name, typed))
            .map(|function| Candidate {
                insert: format!("({}(", function.name),
                display: format!("({}(…) AS ?…)", function.name),
                detail: function.gives.to_owned(),
                kind: CandidateKind::Function,
                count: None,
                declares: None,
            })
            .collect()
    }

    fn queries(&self) -> Vec<Candidate> {
        let typed = self.word.typed.to_lowercase();
        CATALOGUE
            .iter()
            .filter(|query| query.name.starts_with(&typed))
            .map(|query| Candidate {
                insert: body(query.text).to_owned(),
                display: query.name.to_owned(),
                detail: query.title().to_owned(),
                kind: CandidateKind::Query,
                count: None,
                declares: None,
            })
            .collect()
    }
}

/// A query without the comments of its header.
fn body(text: &str) -> &str {
    let mut rest = text;
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest
}

fn fits_word(word: &str, typed: &str) -> bool {
    word.get(..typed.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(typed))
}

fn keyword(word: &str) -> Candidate {
    Candidate {
        insert: word.to_owned(),
        display: word.to_owned(),
        detail: String::new(),
        kind: CandidateKind::Keyword,
        count: None,
        declares: None,
    }
}

fn operator(sign: &str, detail: &str) -> Candidate {
    Candidate {
        detail: detail.to_owned(),
        kind: CandidateKind::Operator,
        ..keyword(sign)
    }
}
