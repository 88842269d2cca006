//! `export`: the graph in files, the same data always as the same bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use oxrdf::{GraphName, Quad};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::dataset::{Choice, Dataset};
use crate::error::{Error, Result};
use crate::graph::DERIVED;
use crate::output::rdf::{Layout, canonical};
use crate::output::{Body, Format, Output, replace_file};
use crate::publish::{lexical, reify, split, tables};
use crate::terms::Prefixes;

/// Write the graph to the file or folder that -o names: -f ttl, nt, trig, nq, jsonld, rdf or tables.
///
/// The same data gives the same bytes, whatever order it was loaded in and whatever its blank
/// nodes were called; only in trig and nq a statement of two sources stands in the graph of the
/// one that was loaded first. With DATA, those files are written as they are, without the ontology and
/// without what is derived from codings. `tables` are the three tables that `import` reads; they
/// are also what a folder without -f gets. Networks are written by `peermap network -f graphml`.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct Export {
    /// Files, folders or bundled sets to write as they are, in place of the whole graph
    #[arg(value_name = "DATA")]
    pub sources: Vec<String>,
    /// Which part of the graph
    #[arg(long, value_enum, default_value_t = Part::All)]
    pub part: Part,
    /// A file for each class, in the folder that -o names
    #[arg(long, value_enum)]
    pub split: Option<Split>,
    /// Write nothing; say what would change, with exit code 1 if anything would
    #[arg(long)]
    pub check: bool,
    /// Add the view in RDF 1.2: codings as reifiers of the links they are evidence for
    #[arg(long)]
    pub rdf12: bool,
    /// The file or folder to write.
    #[arg(skip)]
    pub target: Option<PathBuf>,
    /// What to write.
    #[arg(skip)]
    pub format: Option<String>,
    /// What the graph was opened from.
    #[arg(skip)]
    pub opened: Opened,
}

/// Which part of a graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Ontology, data and what is derived from codings
    #[default]
    All,
    /// Everything but the ontology and what is derived
    Data,
    /// The ontology
    Ontology,
    /// What is derived from codings
    Derived,
}

/// How to split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// A file a class
    ByClass,
}

/// What a graph was opened from, to read literals again as they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// Files, folders or bundled sets; empty means all bundled sets.
    pub data: Vec<String>,
    /// Format of the files.
    pub data_format: Option<String>,
    /// A folder in place of the embedded ontology.
    pub ontology: Option<PathBuf>,
}

/// Files by name, relative to the target; the empty name is the target itself.
type Files = BTreeMap<String, String>;

impl Export {
    /// Writes, or prints where there is no target, and says what was written.
    ///
    /// # Errors
    /// A format that cannot hold the data, a target that cannot be written, blank nodes too
    /// entangled for stable labels.
    pub fn run(&self, dataset: &Dataset) -> Result<Output> {
        let Some(format) = self.rdf_format()? else {
            return self.tables(dataset);
        };
        let (quads, prefixes) = self.statements(dataset)?;
        let layout = Layout {
            prefixes: Some(&prefixes),
            headings: true,
            context: None,
        };
        let mut files = Files::new();
        if self.split.is_some() {
            for (name, part) in split::by_class(quads) {
                let name = format!("{name}.{}", format.name());
                files.insert(name, canonical(&part, format, layout)?);
            }
        } else {
            files.insert(String::new(), canonical(&quads, format, layout)?);
        }
        match &self.target {
            Some(target) => self.place(target, &files),
            None if self.split.is_some() || self.check => Err(Error::usage(
                "this export needs a target",
                "add -o FILE, or -o DIR with --split",
            )),
            None => Ok(Output::new(Body::Text(files.into_values().collect()))),
        }
    }

    /// The RDF format, or none for tables.
    fn rdf_format(&self) -> Result<Option<Format>> {
        let ending = self
            .target
            .as_deref()
            .and_then(Path::extension)
            .and_then(|ending| ending.to_str());
        let format = match (self.format.as_deref(), ending) {
            (Some("tables"), _) => return Ok(None),
            (Some(name), _) => Format::from_name(name)?,
            (None, Some(ending)) => Format::from_name(ending)?,
            (None, None) if self.split.is_some() || !self.sources.is_empty() => Format::Turtle,
            (None, None) => return Ok(None),
        };
        match format {
            Format::Turtle
            | Format::NTriples
            | Format::TriG
            | Format::NQuads
            | Format::RdfXml
            | Format::JsonLd => Ok(Some(format)),
            other => Err(Error::usage(
                format!("a graph is not exported as {}", other.name()),
                "use ttl, nt, trig, nq, rdf, jsonld or tables; `peermap network` has graphml, gexf, dot and more",
            )),
        }
    }

    fn statements(&self, dataset: &Dataset) -> Result<(Vec<Quad>, Prefixes)> {
        let (mut quads, prefixes) = if self.sources.is_empty() {
            let quads = self.parts(dataset)?;
            (quads, dataset.graph.prefixes().clone())
        } else {
            dataset.statements_of(&self.sources, self.opened.data_format.as_deref())?
        };
        if self.rdf12 {
            quads.extend(reify::reified(&quads));
        }
        Ok((quads, prefixes))
    }

    fn parts(&self, dataset: &Dataset) -> Result<Vec<Quad>> {
        let is_ontology = |quad: &Quad| matches!(&quad.graph_name, GraphName::NamedNode(name) if dataset.ontology_graphs.iter().any(|graph| graph == name.as_str()));
        let is_derived = |quad: &Quad| matches!(&quad.graph_name, GraphName::NamedNode(name) if name.as_str() == DERIVED);
        let mut quads = dataset.graph.quads_outside(&[])?;
        quads.retain(|quad| match self.part {
            Part::All => true,
            Part::Data => !is_ontology(quad) && !is_derived(quad),
            Part::Ontology => is_ontology(quad),
            Part::Derived => is_derived(quad),
        });
        let opened = Choice {
            data: self.opened.data.clone(),
            data_format: self.opened.data_format.clone(),
            ontology: self.opened.ontology.clone(),
            ..Choice::default()
        };
        lexical::restore(&mut quads, &dataset.statements_opened(&opened)?)?;
        Ok(quads)
    }

    fn tables(&self, dataset: &Dataset) -> Result<Output> {
        let target = self
            .target
            .as_ref()
            .ok_or_else(|| Error::usage("an export needs a folder", "add -o DIR"))?;
        if !self.sources.is_empty() || self.split.is_some() || self.rdf12 {
            return Err(Error::usage(
                "tables are made of the programmes that --data names, and are not split",
                "write peermap export --data DATA -f tables -o DIR",
            ));
        }
        let files = tables::write(&dataset.graph, &dataset.map)?
            .into_iter()
            .map(|(name, text)| (name.to_owned(), text))
            .collect();
        self.place(target, &files)
    }

    /// Writes the files, each whole or not at all; or says which ones differ.
    fn place(&self, target: &Path, files: &Files) -> Result<Output> {
        let path_of = |name: &str| {
            if name.is_empty() {
                target.to_owned()
            } else {
                target.join(name)
            }
        };
        if self.check {
            let differ: Vec<String> = files
                .iter()
                .map(|(name, text)| (path_of(name), text))
                .filter(|(path, text)| !std::fs::read(path).is_ok_and(|old| old == text.as_bytes()))
                .map(|(path, _)| format!("{} would change", path.display()))
                .collect();
            let said = if differ.is_empty() {
                "nothing would change".to_owned()
            } else {
                differ.join("\n")
            };
            return Ok(Output::new(Body::Text(said)).saying_no(!differ.is_empty()));
        }
        if !files.contains_key("") {
            std::fs::create_dir_all(target).map_err(Error::unwritable(target))?;
        }
        let mut said = Vec::new();
        for (name, text) in files {
            let path = path_of(name);
            replace_file(&path, text.as_bytes())?;
            let what = if path.extension().is_some_and(|ending| ending == "csv") {
                let rows = csv::Reader::from_reader(text.as_bytes())
                    .into_records()
                    .count();
                format!("{rows} rows")
            } else {
                format!("{} bytes, sha256 {}", text.len(), sha256(text))
            };
            said.push(format!("{}: {what}", path.display()));
        }
        Ok(Output::new(Body::Text(said.join("\n"))))
    }
}

/// The SHA-256 of a text, in hexadecimal.
fn sha256(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
