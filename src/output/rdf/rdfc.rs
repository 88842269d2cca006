//! RDFC-1.0, the standard algorithm for labels of blank nodes, with a limit on its work.
//!
//! The algorithm comes from `sophia_c14n`, which limits depth and permutations but not their
//! product. Its hash function is a parameter: ours counts, and stops the work at a limit.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use oxrdf::{GraphName, NamedOrBlankNode, Quad, Term};
use sophia::api::term::bnode_id::BnodeId;
use sophia::api::term::language_tag::LanguageTag;
use sophia::api::term::{BaseDirection, SimpleTerm};
use sophia::c14n::hash::{HashFunction, Sha256};
use sophia::c14n::rdfc10;
use sophia::iri::IriRef;

/// Blank nodes that look the same from one, above which their orders are not tried.
const PERMUTATIONS: usize = 7;
/// Hashes that any graph may cost, and further ones for each statement.
const HASHES: u64 = 20_000;
const HASHES_A_STATEMENT: u64 = 32;

/// Blank nodes so entangled that finding labels for them would take too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entangled;

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(0) };
}

/// A hash function that counts.
struct Counted<H>(H);

impl<H: HashFunction> HashFunction for Counted<H> {
    type Output = H::Output;

    fn initialize() -> Self {
        let left = LEFT.get();
        if left == 0 {
            // Not a failure of the program: nothing is printed, and the caller catches it.
            resume_unwind(Box::new(Entangled));
        }
        LEFT.set(left - 1);
        Self(H::initialize())
    }

    fn update(&mut self, data: impl AsRef<[u8]>) {
        self.0.update(data);
    }

    fn finalize(self) -> H::Output {
        self.0.finalize()
    }
}

/// Labels such as `c14n0` by the names that blank nodes have now. Triple terms are not known to
/// the algorithm and must have been replaced.
///
/// # Errors
/// Blank nodes so alike and so entangled that the limit is reached.
pub(super) fn labels(quads: &[Quad]) -> Result<HashMap<String, String>, Entangled> {
    labels_by::<Sha256>(quads)
}

/// The same with another hash function.
pub(super) fn labels_by<H: HashFunction>(
    quads: &[Quad],
) -> Result<HashMap<String, String>, Entangled> {
    let set: BTreeSet<([SimpleTerm<'_>; 3], Option<SimpleTerm<'_>>)> = quads
        .iter()
        .map(|quad| {
            let graph = match &quad.graph_name {
                GraphName::DefaultGraph => None,
                GraphName::NamedNode(node) => Some(iri(node.as_str())),
                GraphName::BlankNode(node) => Some(blank(node.as_str())),
            };
            let subject = match &quad.subject {
                NamedOrBlankNode::NamedNode(node) => iri(node.as_str()),
                NamedOrBlankNode::BlankNode(node) => blank(node.as_str()),
            };
            (
                [subject, iri(quad.predicate.as_str()), term(&quad.object)],
                graph,
            )
        })
        .collect();
    LEFT.set(HASHES.saturating_add(HASHES_A_STATEMENT.saturating_mul(quads.len() as u64)));
    let found = catch_unwind(AssertUnwindSafe(|| {
        rdfc10::relabel_with::<Counted<H>, _>(&set, 1.0, PERMUTATIONS).map(|(_, labels)| {
            labels
                .iter()
                .map(|(name, label)| (name.to_string(), label.as_str().to_owned()))
                .collect()
        })
    }));
    match found {
        Ok(labels) => labels.map_err(|_| Entangled),
        Err(panic) if panic.is::<Entangled>() => Err(Entangled),
        Err(panic) => resume_unwind(panic),
    }
}

fn iri(iri: &str) -> SimpleTerm<'_> {
    SimpleTerm::Iri(IriRef::new_unchecked(iri.into()))
}

fn blank(name: &str) -> SimpleTerm<'_> {
    SimpleTerm::BlankNode(BnodeId::new_unchecked(name.into()))
}

fn term(term: &Term) -> SimpleTerm<'_> {
    match term {
        Term::NamedNode(node) => iri(node.as_str()),
        Term::BlankNode(node) => blank(node.as_str()),
        Term::Literal(literal) => match literal.language() {
            Some(language) => SimpleTerm::LiteralLanguage(
                literal.value().into(),
                LanguageTag::new_unchecked(language.into()),
                literal.direction().map(|direction| match direction {
                    oxrdf::BaseDirection::Ltr => BaseDirection::Ltr,
                    oxrdf::BaseDirection::Rtl => BaseDirection::Rtl,
                }),
            ),
            None => SimpleTerm::LiteralDatatype(
                literal.value().into(),
                IriRef::new_unchecked(literal.datatype().as_str().into()),
            ),
        },
        // Replaced before, so that only ground ones could come here, as text.
        Term::Triple(triple) => SimpleTerm::LiteralDatatype(
            triple.to_string().into(),
            IriRef::new_unchecked("urn:x-peermap:triple".into()),
        ),
    }
}
