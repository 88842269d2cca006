//! Files of other people as statements: which form, which mapping, which graph.

use std::path::Path;

use oxrdf::{NamedNode, Quad, TripleRef};

use super::Dataset;
use crate::error::{Error, Result};
use crate::graph::{Source, graph_name, rdf_format};
use crate::import::mapping::{MAPPINGS, Mapping};
use crate::import::read::{Reading, Sheet, open};
use crate::import::tables::{FixedTerms, Tables};
use crate::import::{Importer, Outcome, Words, cells_error};
use crate::output::findings::Severity;
use crate::vocab::{CODING, PROGRAMME, SOURCE};

/// How a file is to be imported; what is not said is found out.
#[derive(Clone, Debug, Default)]
pub struct Importing {
    /// The mapping, by file or by name.
    pub map: Option<String>,
    /// What was said about the form of the file, which counts more than the mapping.
    pub reading: Reading,
}

impl Dataset {
    /// The name of the graph of a file: its stem.
    pub fn graph_of(path: &Path) -> NamedNode {
        let stem = if path.is_dir() {
            path.file_name()
        } else {
            path.file_stem()
        };
        graph_name(stem.and_then(|stem| stem.to_str()).unwrap_or("data"))
    }

    /// Turns a file, or a folder of tables that belong together, into statements for `sink`, and
    /// adds nothing. `progress` hears how far it has come and how far it is.
    ///
    /// # Errors
    /// A file that cannot be used as a whole, and a mapping that does not fit it: then no statement
    /// was made. What is wrong with rows is in the outcome.
    pub fn import(
        &self,
        path: &Path,
        how: &Importing,
        sink: &mut dyn FnMut(TripleRef<'_>),
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Outcome> {
        if let Err(source) = std::fs::metadata(path) {
            let path = path.to_owned();
            return Err(Error::Unreadable { path, source });
        }
        let mapping = match &how.map {
            Some(name) => Some(Mapping::open(name)?),
            None if path.is_dir() => recognised(path)?,
            None => None,
        };
        if mapping.is_none() {
            let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
            let form = how.reading.form.as_deref().unwrap_or(ending);
            if path.is_dir() && Tables::are_in(path) {
                return Ok(counted(&self.read_tables(path)?, sink));
            }
            if rdf_format(form).is_some() {
                let source = Source::file(path, how.reading.form.as_deref())?;
                return Ok(counted(&source.read()?, sink));
            }
        }
        let sheet = open_sheet(path, mapping.as_ref(), &how.reading)?;
        let terms = FixedTerms::read(&self.graph)?;
        let words = Words::read(&self.graph, &self.map, &terms)?;
        let importer = Importer {
            map: &self.map,
            words: &words,
            terms: &terms,
        };
        let mut outcome = importer.run(&sheet, mapping.as_ref(), sink, progress)?;
        if let Some(mapping) = mapping.filter(|_| how.map.is_none()) {
            outcome.notes.push(format!(
                "{} was recognised, and read with the mapping {}",
                path.display(),
                mapping.name()
            ));
        }
        Ok(outcome)
    }

    /// Adds a table of programmes as data, all of it or nothing.
    pub(super) fn add_sheet(&mut self, path: &Path) -> Result<()> {
        let mut triples = Vec::new();
        let outcome = self.import(
            path,
            &Importing::default(),
            &mut |triple| triples.push(triple.into_owned()),
            &mut |_, _| {},
        )?;
        if outcome.count(Severity::Error) > 0 {
            return Err(cells_error(&outcome.findings));
        }
        self.graph.add_source(&Self::graph_of(path), |sink| {
            for triple in &triples {
                sink(triple.as_ref());
            }
            Ok(())
        })
    }
}

/// Statements that need no conversion, counted.
fn counted(quads: &[Quad], sink: &mut dyn FnMut(TripleRef<'_>)) -> Outcome {
    let mut outcome = Outcome::default();
    for quad in quads {
        if quad.predicate == oxrdf::vocab::rdf::TYPE {
            let is = |class: oxrdf::NamedNodeRef<'_>| quad.object == class.into_owned().into();
            outcome.programmes += u64::from(is(PROGRAMME));
            outcome.codings += u64::from(is(CODING));
            outcome.sources += u64::from(is(SOURCE));
        }
        sink(TripleRef::new(&quad.subject, &quad.predicate, &quad.object));
    }
    outcome.rows = outcome.programmes + outcome.codings + outcome.sources;
    outcome
}

/// Opens the sheet of a file as the mapping and the request want it read.
///
/// # Errors
/// A file that cannot be used as a whole.
pub fn open_sheet(path: &Path, mapping: Option<&Mapping>, asked: &Reading) -> Result<Sheet> {
    let mut reading = mapping.map_or_else(Reading::default, |m| m.reading().clone());
    let or = |asked: &Option<String>, held: Option<String>| asked.clone().or(held);
    reading.form = or(&asked.form, reading.form);
    reading.encoding = or(&asked.encoding, reading.encoding);
    reading.sheet = or(&asked.sheet, reading.sheet);
    reading.delimiter = asked.delimiter.or(reading.delimiter);
    reading.header = asked.header.or(reading.header);
    open(path, &reading)
}

/// The bundled mapping for a folder: the one that asks for the most files, all of which are there.
fn recognised(folder: &Path) -> Result<Option<Mapping>> {
    let mut best: Option<(usize, Mapping)> = None;
    for (name, _) in MAPPINGS {
        let mapping = Mapping::open(name)?;
        let files = &mapping.reading().recognise;
        let there = files.iter().all(|file| folder.join(file).is_file());
        if there && !files.is_empty() && best.as_ref().is_none_or(|(n, _)| *n < files.len()) {
            best = Some((files.len(), mapping));
        }
    }
    Ok(best.map(|(_, mapping)| mapping))
}
