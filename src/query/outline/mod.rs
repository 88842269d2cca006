//! The triples of a text and the place where it ends, read token by token. Total: a text that is
//! broken or still being written has an outline too. Linear time, no recursion.

mod place;
mod reader;

use super::lex::Token;

/// A term as it is written, or a bracket that stands for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::query) enum Term {
    /// `?name`, without its mark.
    Variable(String),
    /// The token of an IRI or a prefixed name, by position.
    Name(usize),
    /// `a`.
    Type,
    /// A string, a number, `true` or `false`.
    Literal,
    /// `[ … ]` or `( … )`, numbered.
    Bracket(usize),
}

/// One triple of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) subject: Term,
    /// The last step, when the predicate is a path.
    pub(super) predicate: Term,
    pub(super) object: Term,
    /// Whether the predicate is more than one name.
    pub(super) path: bool,
}

/// A triple that is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query) enum Problem {
    /// A term where a dot, a semicolon or a comma belongs.
    Extra,
    /// The end of a statement that has only a subject.
    NoPredicate,
    /// The end of a statement that has no object.
    NoObject,
    /// A semicolon or a comma before any statement.
    Nothing,
    /// A literal where a predicate belongs.
    LiteralPredicate,
}

/// What may follow at the end of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::query) enum Place {
    /// Before the query form.
    Start,
    /// Behind PREFIX.
    PrefixName,
    /// Behind `PREFIX name:`.
    PrefixIri,
    /// Between SELECT, CONSTRUCT, ASK or DESCRIBE and the pattern.
    Head,
    /// At the beginning of a statement.
    Subject,
    /// Behind a subject or `;`.
    Predicate { subject: Term, inside_path: bool },
    /// Behind a predicate or `,`.
    Object {
        subject: Term,
        predicate: Term,
        path: bool,
        inverse: bool,
    },
    /// Behind a complete triple, before `.`, `;` or `,`.
    Complete,
    /// In the data of VALUES, for one of its variables.
    Data { variable: Option<String> },
    /// Inside a condition or a calculation.
    Expression,
    /// Behind GRAPH, FROM or another word that takes an IRI.
    Graph,
    /// Behind the pattern, in the clause that this word began; empty before any.
    Modifier(&'static str),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Inside {
    /// The text outside of brackets.
    Outside,
    Group,
    /// Data of VALUES; the variables, and the column in a row.
    Data(Vec<String>, usize),
    Row,
    /// `[ … ]`
    Blank,
    /// `( … )` that is a list of terms.
    List,
    /// `( … )` inside a predicate.
    Path,
    /// `( … )` of a condition, a call or a new name.
    Expression,
}

/// How a predicate is more than one name.
#[derive(Clone, Copy, Debug, Default)]
struct Steps {
    path: bool,
    inverse: bool,
    /// A path operator came last, so that another step must follow.
    step: bool,
}

/// An open bracket and how far the triple in it has come.
#[derive(Clone, Debug)]
struct Frame {
    inside: Inside,
    clause: &'static str,
    subject: Option<Term>,
    predicate: Option<Term>,
    steps: Steps,
    complete: bool,
    /// The subject has a whole triple.
    said: bool,
    number: usize,
}

impl Frame {
    fn new(inside: Inside) -> Self {
        Self {
            inside,
            clause: "",
            subject: None,
            predicate: None,
            steps: Steps::default(),
            complete: false,
            said: false,
            number: 0,
        }
    }

    fn forget(&mut self) {
        if self.inside != Inside::Blank {
            self.subject = None;
            self.said = false;
        }
        self.end_of_object();
    }

    fn end_of_object(&mut self) {
        self.predicate = None;
        self.steps = Steps::default();
        self.complete = false;
    }
}

/// The triples of a text and where it ends.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) triples: Vec<Written>,
    pub(super) place: Place,
    /// Triples that are not whole, by the token where that shows.
    pub(super) problems: Vec<(usize, Problem)>,
}

/// Words that begin a clause in which terms are no triples.
const CLAUSES: &[&str] = &[
    "SELECT",
    "CONSTRUCT",
    "ASK",
    "DESCRIBE",
    "FROM",
    "GROUP",
    "HAVING",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "PREFIX",
    "BASE",
    "GRAPH",
    "SERVICE",
    "WITH",
    "USING",
    "VALUES",
    "BIND",
    "FILTER",
];

/// Reads `tokens` of `text`.
pub(super) fn outline(text: &str, tokens: &[Token]) -> Outline {
    let mut reader = Reader {
        stack: vec![Frame::new(Inside::Outside)],
        triples: Vec::new(),
        brackets: 0,
        columns: Vec::new(),
        seen: false,
        at: 0,
        problems: Vec::new(),
    };
    for at in 0..tokens.len() {
        reader.take(text, tokens, at);
    }
    let place = reader.place(text, tokens);
    Outline {
        triples: reader.triples,
        problems: reader.problems,
        place,
    }
}

struct Reader {
    stack: Vec<Frame>,
    triples: Vec<Written>,
    brackets: usize,
    /// Variables of the VALUES clause that is being read.
    columns: Vec<String>,
    /// A pattern at the outside has ended.
    seen: bool,
    /// The token that is being read.
    at: usize,
    problems: Vec<(usize, Problem)>,
}
