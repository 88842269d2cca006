//! Names in a text: which IRI a prefixed name stands for there, and how an IRI is written there.

use super::lex::{Kind, Token};
use super::outline::{Outline, Term};
use crate::terms::Prefixes;

/// A term of a text with its IRI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    Variable(String),
    Iri(String),
    Other,
}

/// A triple of a text with its IRIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Triple {
    pub(super) subject: Resolved,
    pub(super) predicate: Resolved,
    pub(super) object: Resolved,
    pub(super) path: bool,
}

/// The prefixes that hold in a text.
#[derive(Clone, Debug)]
pub(super) struct Names<'a> {
    declared: Prefixes,
    known: &'a Prefixes,
    /// Whether known prefixes must be declared too.
    strict: bool,
}

pub(super) const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

impl<'a> Names<'a> {
    /// The prefixes that `text` declares, before those that are known anyway.
    pub(super) fn of(text: &str, tokens: &[Token], known: &'a Prefixes, strict: bool) -> Self {
        let declared = tokens.windows(3).filter_map(|three| {
            let declares = three[0].kind == Kind::Word
                && three[0].name == "PREFIX"
                && three[1].kind == Kind::Prefixed
                && three[2].kind == Kind::Iri;
            declares.then(|| (three[1].name.clone(), inner(text, &three[2])))
        });
        Self {
            declared: Prefixes::new(declared),
            known,
            strict,
        }
    }

    /// Prefixes with their namespaces, declared ones first.
    pub(super) fn prefixes(&self) -> impl Iterator<Item = (&str, &str)> {
        let known = self
            .known
            .iter()
            .filter(|(prefix, _)| self.declared.namespace(prefix).is_none());
        self.declared.iter().chain(known)
    }

    /// The namespace of a prefix in the text.
    pub(super) fn namespace(&self, prefix: &str) -> Option<&str> {
        self.declared
            .namespace(prefix)
            .or_else(|| self.known.namespace(prefix))
    }

    /// The IRI that a token stands for.
    pub(super) fn iri(&self, text: &str, token: &Token) -> Option<String> {
        match token.kind {
            Kind::Iri => Some(inner(text, token)),
            Kind::Prefixed => {
                let local = text[token.range.clone()].split_once(':')?.1;
                let local = local.replace('\\', "");
                Some(format!("{}{local}", self.namespace(&token.name)?))
            }
            _ => None,
        }
    }

    /// How an IRI is written in the text, and the line that must be added for that.
    pub(super) fn write(&self, iri: &str) -> (String, Option<String>) {
        if let Some(short) = self.declared.shorten(iri) {
            return (short, None);
        }
        let Some(short) = self.known.shorten(iri) else {
            return (format!("<{iri}>"), None);
        };
        let prefix = short.split(':').next().unwrap_or("");
        if self.declared.namespace(prefix).is_some() {
            return (format!("<{iri}>"), None);
        }
        let line = self.strict.then(|| self.line(prefix)).flatten();
        (short, line)
    }

    /// The line that declares a known prefix, if the text must.
    pub(super) fn declares(&self, prefix: &str) -> Option<String> {
        let missing = self.strict && self.declared.namespace(prefix).is_none();
        missing.then(|| self.line(prefix)).flatten()
    }

    fn line(&self, prefix: &str) -> Option<String> {
        let namespace = self.known.namespace(prefix)?;
        Some(format!("PREFIX {prefix}: <{namespace}>"))
    }

    /// A term of an outline with its IRI.
    pub(super) fn resolve(&self, text: &str, tokens: &[Token], term: &Term) -> Resolved {
        match term {
            Term::Variable(name) => Resolved::Variable(name.clone()),
            Term::Name(at) => tokens
                .get(*at)
                .and_then(|token| self.iri(text, token))
                .map_or(Resolved::Other, Resolved::Iri),
            Term::Type => Resolved::Iri(TYPE.to_owned()),
            Term::Bracket(number) => Resolved::Variable(format!("[{number}")),
            Term::Literal => Resolved::Other,
        }
    }

    /// The triples of an outline with their IRIs.
    pub(super) fn triples(&self, text: &str, tokens: &[Token], outline: &Outline) -> Vec<Triple> {
        let resolve = |term: &Term| self.resolve(text, tokens, term);
        outline
            .triples
            .iter()
            .map(|triple| Triple {
                subject: resolve(&triple.subject),
                predicate: resolve(&triple.predicate),
                object: resolve(&triple.object),
                path: triple.path,
            })
            .collect()
    }
}

fn inner(text: &str, token: &Token) -> String {
    let written = &text[token.range.clone()];
    written
        .trim_start_matches('<')
        .trim_end_matches('>')
        .to_owned()
}
