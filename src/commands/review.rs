//! `review`: codings that a rule proposed, to be confirmed by people.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{Literal, NamedNode, NamedOrBlankNode, Quad, Term};

use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::graph::DERIVED;
use crate::import::read::{Reading, Row, Sheet, open};
use crate::import::tables::{FixedTerms, slug};
use crate::import::{Words, cells_error};
use crate::nearest::nearest;
use crate::output::cell::text;
use crate::output::findings::Finding;
use crate::output::{Body, Output, Report, Table, plain};
use crate::vocab::other::{DCTERMS_SOURCE, WAS_ATTRIBUTED_TO};
use crate::vocab::{
    BASE, BASIS, CODED_VALUE, CODER, CODING_OF, CONFIDENCE, EVIDENCE, FINDING, INFERRED, LOCATOR,
    MACHINE, ON_DIMENSION,
};

/// Codings that a rule proposed and nobody has confirmed, as a table to fill in; --take reads it back.
///
/// In the column verdict write yes or no, or leave it empty to decide later. A confirmed coding is no
/// longer one by machine: its basis becomes what the column basis says, or inferred, and the coder
/// the one who confirmed it. A rejected coding goes. `peermap review -o todo.csv`, then
/// `peermap review --take todo.csv -o reviewed.trig`.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// The table, filled in
    #[arg(long, value_name = "FILE")]
    pub take: Option<PathBuf>,
    /// Who confirms, where the column coder is empty
    #[arg(long, value_name = "NAME", requires = "take")]
    pub coder: Option<String>,
}

/// Columns of the table; the last three are for the reviewer.
const COLUMNS: [&str; 13] = [
    "coding",
    "programme",
    "dimension",
    "value",
    "finding",
    "confidence",
    "evidence",
    "source",
    "locator",
    "coded by",
    "verdict",
    "basis",
    "coder",
];

/// What a reviewer says of a coding.
struct Verdict {
    is_right: bool,
    basis: NamedNode,
    coder: Option<String>,
}

impl Review {
    /// Lists what is open, or takes verdicts in and answers with the changed data.
    ///
    /// # Errors
    /// A table that cannot be read, and all of its cells that cannot be used.
    pub fn run(&self, dataset: &Dataset) -> Result<Output> {
        let mut left_out = dataset.ontology_graphs.clone();
        left_out.push(DERIVED.to_owned());
        let quads = dataset.graph.quads_outside(&left_out)?;
        match &self.take {
            None => Ok(list(dataset, &quads)),
            Some(path) => self.take(dataset, quads, path),
        }
    }

    fn take(&self, dataset: &Dataset, quads: Vec<Quad>, path: &Path) -> Result<Output> {
        let open_codings = codings(&quads);
        let verdicts = self.verdicts(dataset, path, &open_codings)?;
        let (mut confirmed, mut rejected) = (0, 0);
        for verdict in verdicts.values() {
            if verdict.is_right {
                confirmed += 1;
            } else {
                rejected += 1;
            }
        }
        let mut after: Vec<Quad> = Vec::with_capacity(quads.len());
        for mut quad in quads {
            let verdict = match &quad.subject {
                NamedOrBlankNode::NamedNode(node) => verdicts.get(node.as_str()),
                NamedOrBlankNode::BlankNode(_) => None,
            };
            let Some(verdict) = verdict else {
                after.push(quad);
                continue;
            };
            if !verdict.is_right {
                continue;
            }
            if quad.predicate == BASIS {
                quad.object = verdict.basis.clone().into();
            }
            if quad.predicate == WAS_ATTRIBUTED_TO
                && let Some(coder) = &verdict.coder
            {
                let node = NamedNode::new_unchecked(format!("{BASE}coder/{}", slug(coder)));
                let of_coder = |predicate: oxrdf::NamedNodeRef<'_>, object: Term| {
                    Quad::new(
                        node.clone(),
                        predicate.into_owned(),
                        object,
                        quad.graph_name.clone(),
                    )
                };
                after.push(of_coder(rdf::TYPE, CODER.into_owned().into()));
                let label = Literal::new_simple_literal(coder.replace('-', " "));
                after.push(of_coder(rdfs::LABEL, label.into()));
                quad.object = node.into();
            }
            after.push(quad);
        }
        after.sort_by_cached_key(ToString::to_string);
        after.dedup();
        let still = open_codings.len() - verdicts.len();
        Ok(Output::new(Body::Dataset(after)).with_note(format!(
            "{confirmed} codings confirmed, {rejected} rejected, {still} still open"
        )))
    }

    /// Verdicts by coding; empty ones are left out.
    fn verdicts(
        &self,
        dataset: &Dataset,
        path: &Path,
        codings: &BTreeMap<String, HashMap<String, Term>>,
    ) -> Result<HashMap<String, Verdict>> {
        let sheet = open(path, &Reading::default())?;
        let terms = FixedTerms::read(&dataset.graph)?;
        let words = Words::read(&dataset.graph, &dataset.map, &terms)?;
        let column = |name: &str| sheet.columns.iter().position(|column| column == name);
        let (Some(coding), Some(verdict)) = (column("coding"), column("verdict")) else {
            return Err(Error::usage(
                format!("{} is no table of a review", path.display()),
                "`peermap review -o todo.csv` writes one, with the columns coding and verdict",
            ));
        };
        let (basis, coder) = (column("basis"), column("coder"));
        let known: Vec<&str> = codings.keys().map(|iri| short(iri)).collect();
        let mut findings: Vec<Finding> = sheet.problems.clone();
        let mut broken: Vec<Finding> = Vec::new();
        let mut verdicts = HashMap::new();
        let mut read = |row: Row<'_>| {
            let cell = |at: Option<usize>| at.map_or("", |at| plain(row.cells[at].trim()));
            let said = cell(Some(verdict));
            let name = cell(Some(coding));
            if said.is_empty() || name.is_empty() {
                return;
            }
            let iri = format!("{BASE}coding/{name}");
            let Some(is_right) = words.yes_or_no(said) else {
                let mut finding = wrong(&sheet, row, verdict, said, "is neither yes nor no");
                finding.hint = Some("leave it empty to decide later".to_owned());
                findings.push(finding);
                return;
            };
            if !codings.contains_key(&iri) {
                let mut finding = wrong(&sheet, row, coding, name, "is no coding that is open");
                let near = nearest(name, known.iter().copied());
                finding.near = near.into_iter().map(str::to_owned).collect();
                findings.push(finding);
                return;
            }
            let word = cell(basis);
            let found = if word.is_empty() {
                Some(INFERRED.into_owned())
            } else {
                words
                    .fixed_term(&terms, "Basis", word)
                    .filter(|term| *term != MACHINE)
            };
            let Some(found) = found else {
                let reason = "is not how a person knows it";
                let at = basis.unwrap_or(verdict);
                findings.push(wrong(&sheet, row, at, word, reason));
                return;
            };
            let person = Some(cell(coder))
                .filter(|name| !name.is_empty())
                .or(self.coder.as_deref());
            verdicts.insert(
                iri,
                Verdict {
                    is_right,
                    basis: found,
                    coder: person.map(str::to_owned),
                },
            );
        };
        sheet.rows(
            &mut |row| {
                read(row);
                ControlFlow::Continue(())
            },
            &mut |finding| broken.push(finding),
        );
        findings.extend(broken);
        if findings.is_empty() {
            Ok(verdicts)
        } else {
            Err(cells_error(&findings))
        }
    }
}

fn wrong(sheet: &Sheet, row: Row<'_>, column: usize, value: &str, reason: &str) -> Finding {
    let reason = format!("`{value}` {reason}");
    sheet.finding(row.at, Some(column), "review", value, reason)
}

/// Codings by machine with their properties, by IRI. Linear in statements.
fn codings(quads: &[Quad]) -> BTreeMap<String, HashMap<String, Term>> {
    let mut found: BTreeMap<String, HashMap<String, Term>> = quads
        .iter()
        .filter(|quad| quad.predicate == BASIS && quad.object == MACHINE.into_owned().into())
        .filter_map(|quad| match &quad.subject {
            NamedOrBlankNode::NamedNode(node) => Some((node.as_str().to_owned(), HashMap::new())),
            NamedOrBlankNode::BlankNode(_) => None,
        })
        .collect();
    for quad in quads {
        if let NamedOrBlankNode::NamedNode(node) = &quad.subject
            && let Some(properties) = found.get_mut(node.as_str())
        {
            properties.insert(quad.predicate.as_str().to_owned(), quad.object.clone());
        }
    }
    found
}

fn short(iri: &str) -> &str {
    iri.rsplit('/').next().unwrap_or(iri)
}

fn list(dataset: &Dataset, quads: &[Quad]) -> Output {
    let mut names: HashMap<&str, &str> = HashMap::new();
    for quad in quads.iter().filter(|quad| quad.predicate == rdfs::LABEL) {
        if let (NamedOrBlankNode::NamedNode(node), Term::Literal(label)) =
            (&quad.subject, &quad.object)
        {
            names.insert(node.as_str(), label.value());
        }
    }
    let map = &dataset.map;
    let mut table = Table {
        columns: COLUMNS.map(str::to_owned).to_vec(),
        rows: Vec::new(),
    };
    for (iri, properties) in codings(quads) {
        let shown = |predicate: oxrdf::NamedNodeRef<'_>| match properties.get(predicate.as_str()) {
            Some(Term::Literal(literal)) => literal.value().to_owned(),
            Some(Term::NamedNode(node)) => {
                let node = node.as_str();
                let value = map.value(node).map(|at| &map.values[at].name.notation);
                value.cloned().unwrap_or_else(|| {
                    names.get(node).map_or_else(
                        || node.rsplit(['/', '#']).next().unwrap_or(node).to_owned(),
                        |name| (*name).to_owned(),
                    )
                })
            }
            _ => String::new(),
        };
        table.rows.push(vec![
            text(short(&iri)),
            text(shown(CODING_OF)),
            text(shown(ON_DIMENSION)),
            text(shown(CODED_VALUE)),
            text(shown(FINDING)),
            text(shown(CONFIDENCE)),
            text(shown(EVIDENCE)),
            text(shown(DCTERMS_SOURCE)),
            text(shown(LOCATOR)),
            text(shown(WAS_ATTRIBUTED_TO)),
            None,
            None,
            None,
        ]);
    }
    let note = format!("{} codings by machine are open", table.rows.len());
    // As a report, so that texts in its CSV are disarmed.
    Output::new(Body::Report(Report {
        title: note.clone(),
        table,
        ..Report::default()
    }))
    .with_note(note)
}
