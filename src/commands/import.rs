//! `import`: programmes from other people's files, checked and turned into RDF.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, Subcommand};
use oxrdf::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term, TripleRef};

use crate::dataset::{Dataset, Importing, open_sheet};
use crate::error::{Error, Result};
use crate::import::mapping::{MAPPINGS, Mapping, suggest};
use crate::import::read::Reading;
use crate::import::{Importer, Outcome, Words, cells_error, tables::FixedTerms, template};
use crate::map::Language;
use crate::output::findings::{Finding, Severity, write_findings};
use crate::output::{Body, Output, replace_file, replace_file_with};

/// How many problems and unknown terms are told; a report has all.
const TOLD: usize = 200;
const TOLD_TERMS: usize = 20;

/// Programmes from a table, a directory or a graph, checked and turned into RDF.
///
/// Reads CSV, TSV, XLSX, ODS, JSON, JSON Lines, XML and RDF; a folder with the three native tables,
/// an HSDS data package or Ohana tables. Without --map a file has one row a programme and a column
/// a question of the map, as `peermap import template` writes it. Every problem is told with its
/// cell, in one run; rows with an error are left out and the others go in. -o FILE writes the
/// statements, in the format of its ending; .nt and .nq as they are made, for large files.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Import {
    /// Something else than importing a file
    #[command(subcommand)]
    pub action: Option<Action>,
    /// Files, or folders of tables that belong together
    #[arg(value_name = "FILE|DIR")]
    pub files: Vec<PathBuf>,
    /// What the columns mean: a mapping, by file or by name (`peermap import mappings`)
    #[arg(short, long, value_name = "FILE|NAME")]
    pub map: Option<String>,
    /// How to read the file
    #[command(flatten)]
    pub form: Form,
    /// Take nothing in when any row has an error
    #[arg(long)]
    pub strict: bool,
    /// Say what would be made, and write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Write every problem to a file: .txt, .csv, .json or .sarif
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Whether a file is to be written.
    #[arg(skip)]
    pub to_file: bool,
    /// Where a template or a draft goes, or statements that are written as they are made.
    #[arg(skip)]
    pub output: Option<PathBuf>,
    /// Language of a template.
    #[arg(skip)]
    pub language: Language,
}

/// How to read a file, where that is not to be found out.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The sheet of a workbook
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// The line of the header among those that hold anything
    #[arg(long, value_name = "N")]
    pub header_row: Option<usize>,
    /// What stands between cells
    #[arg(long, value_name = "CHARACTER")]
    pub delimiter: Option<char>,
    /// The encoding of text, for example windows-1252
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// The form of the file, whatever its ending says: csv, tsv, xlsx, json, xml, ttl …
    #[arg(long = "as", value_name = "FORM")]
    pub form: Option<String>,
}

impl Form {
    fn reading(&self) -> Reading {
        Reading {
            form: self.form.clone(),
            sheet: self.sheet.clone(),
            header: self.header_row,
            delimiter: self.delimiter,
            encoding: self.encoding.clone(),
            ..Reading::default()
        }
    }
}

/// What else belongs to importing.
#[derive(Subcommand, Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A table to fill in, as .xlsx with lists to choose from, or as .csv; --lang fr in French
    Template,
    /// A first draft of a mapping, from the headers and values of a file
    Suggest {
        /// The file
        file: PathBuf,
        /// How to read it
        #[command(flatten)]
        form: Form,
    },
    /// The mappings that ship with the program
    Mappings,
}

impl Import {
    /// Reads the files, as [`Self::run_watched`] without anybody looking on.
    ///
    /// # Errors
    /// See there.
    pub fn run(&self, dataset: &Dataset) -> Result<Output> {
        self.run_watched(dataset, &mut |_, _| {})
    }

    /// Reads the files, and tells `progress` how far it has come and how far it is.
    ///
    /// # Errors
    /// A file that cannot be used as a whole, a mapping that does not fit, a report that cannot be
    /// written, and with `strict` all cells that cannot be used.
    pub fn run_watched(
        &self,
        dataset: &Dataset,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Output> {
        match &self.action {
            Some(Action::Template) => self.template(dataset),
            Some(Action::Suggest { file, form }) => self.suggest(dataset, file, form),
            Some(Action::Mappings) => mappings(),
            None => self.import(dataset, progress),
        }
    }

    fn import(&self, dataset: &Dataset, progress: &mut dyn FnMut(u64, u64)) -> Result<Output> {
        if self.files.is_empty() {
            return Err(Error::usage(
                "there is nothing to import",
                "give files, or start with `peermap import template -o programmes.xlsx`",
            ));
        }
        if self.dry_run || !self.to_file {
            let mut told = self.gather(dataset, &mut |_, _| {}, progress)?;
            if !self.dry_run {
                let hint = "nothing was written; -o FILE writes the statements";
                told.notes.push(hint.to_owned());
            }
            let text = Body::Text(told.notes.join("\n"));
            return Ok(Output::new(text).saying_no(told.is_no));
        }
        if let Some(path) = &self.output {
            return self.stream(dataset, path, progress);
        }
        let mut quads: Vec<Quad> = Vec::new();
        let mut keep = |graph: &NamedNode, triple: TripleRef<'_>| {
            quads.push(triple.in_graph(graph).into_owned());
        };
        let told = self.gather(dataset, &mut keep, progress)?;
        quads.sort_unstable_by(compare);
        quads.dedup();
        let mut output = Output::new(Body::Dataset(quads)).saying_no(told.is_no);
        output.notes = told.notes;
        Ok(output)
    }

    /// Writes statements line by line as they are made, so that memory does not grow with them.
    fn stream(
        &self,
        dataset: &Dataset,
        path: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Output> {
        let with_graphs = path.extension().is_some_and(|ending| ending == "nq");
        let mut told = Told::default();
        let mut lines = 0u64;
        replace_file_with(path, |out| {
            let mut failed = None;
            let mut write = |graph: &NamedNode, triple: TripleRef<'_>| {
                lines += 1;
                let written = if with_graphs {
                    writeln!(out, "{triple} {graph} .")
                } else {
                    writeln!(out, "{triple} .")
                };
                if let (Err(error), None) = (written, &failed) {
                    failed = Some(error);
                }
            };
            told = self.gather(dataset, &mut write, progress)?;
            failed.map_or(Ok(()), |error| Err(Error::Output(error)))
        })?;
        let text = format!("{}: {}", path.display(), count(lines, "statement"));
        let mut output = Output::new(Body::Text(text)).saying_no(told.is_no);
        output.notes = told.notes;
        Ok(output)
    }

    /// Reads all files, with statements going to `sink`, and says what became of them.
    fn gather(
        &self,
        dataset: &Dataset,
        sink: &mut dyn FnMut(&NamedNode, TripleRef<'_>),
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Told> {
        let how = Importing {
            map: self.map.clone(),
            reading: self.form.reading(),
        };
        let mut notes = Vec::new();
        let mut findings: Vec<Finding> = Vec::new();
        let mut left_out = 0;
        for file in &self.files {
            let started = Instant::now();
            let graph = Dataset::graph_of(file);
            let mut statements = 0u64;
            let mut counted = |triple: TripleRef<'_>| {
                statements += 1;
                sink(&graph, triple);
            };
            let outcome = dataset.import(file, &how, &mut counted, progress)?;
            notes.push(sentence(file, &outcome, statements, started));
            notes.extend(outcome.notes.iter().cloned());
            notes.extend(unknown_terms(&outcome));
            left_out += outcome.left_out;
            findings.extend(outcome.findings);
        }
        if let Some(report) = &self.report {
            replace_file(report, &write_findings(report, &findings)?)?;
        }
        let is_no = left_out > 0 || findings.iter().any(|f| f.severity == Severity::Error);
        if self.strict && is_no {
            return Err(cells_error(&findings));
        }
        notes.extend(findings.iter().take(TOLD).map(Finding::text));
        if findings.len() > TOLD {
            notes.push(format!(
                "and {} more problems; --report FILE writes them all",
                findings.len() - TOLD
            ));
        }
        Ok(Told { notes, is_no })
    }

    fn template(&self, dataset: &Dataset) -> Result<Output> {
        let terms = FixedTerms::read(&dataset.graph)?;
        let words = Words::read(&dataset.graph, &dataset.map, &terms)?;
        let form = template::Template::new(&dataset.graph, &dataset.map, &words, self.language)?;
        let Some(path) = &self.output else {
            return Ok(Output::new(Body::Text(form.csv()?.trim_end().to_owned())));
        };
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        let bytes = match ending.to_lowercase().as_str() {
            "xlsx" => form.xlsx()?,
            "csv" => form.csv()?.into_bytes(),
            _ => {
                return Err(Error::UnknownFormat {
                    what: format!("the template {}", path.display()),
                    hint: "let it end in .xlsx or .csv".to_owned(),
                });
            }
        };
        replace_file(path, &bytes)?;
        Ok(Output::new(Body::Text(format!(
            "{}: fill in a row a programme, then: peermap import {0}",
            path.display()
        ))))
    }

    fn suggest(&self, dataset: &Dataset, file: &Path, form: &Form) -> Result<Output> {
        let reading = form.reading();
        let sheet = open_sheet(file, None, &reading)?;
        let terms = FixedTerms::read(&dataset.graph)?;
        let words = Words::read(&dataset.graph, &dataset.map, &terms)?;
        let importer = Importer {
            map: &dataset.map,
            words: &words,
            terms: &terms,
        };
        let text = suggest::draft(&sheet, &importer, &reading);
        let Some(path) = &self.output else {
            return Ok(Output::new(Body::Text(text.trim_end().to_owned())));
        };
        replace_file(path, text.as_bytes())?;
        Ok(Output::new(Body::Text(format!(
            "{}: read it through, then: peermap import -n {} --map {0}",
            path.display(),
            file.display()
        ))))
    }
}

/// What a person hears of an import.
#[derive(Default)]
struct Told {
    notes: Vec<String>,
    /// Whether anything was left out.
    is_no: bool,
}

/// An order of statements that needs no further memory.
fn compare(a: &Quad, b: &Quad) -> Ordering {
    fn object(term: &Term) -> (u8, &str, &str, Option<&str>) {
        match term {
            Term::NamedNode(node) => (0, node.as_str(), "", None),
            Term::BlankNode(node) => (1, node.as_str(), "", None),
            Term::Literal(literal) => {
                let datatype = literal.datatype().as_str();
                (2, literal.value(), datatype, literal.language())
            }
            Term::Triple(_) => (3, "", "", None),
        }
    }
    fn subject(node: &NamedOrBlankNode) -> (u8, &str) {
        match node {
            NamedOrBlankNode::NamedNode(node) => (0, node.as_str()),
            NamedOrBlankNode::BlankNode(node) => (1, node.as_str()),
        }
    }
    fn graph(name: &GraphName) -> &str {
        match name {
            GraphName::NamedNode(node) => node.as_str(),
            GraphName::BlankNode(node) => node.as_str(),
            GraphName::DefaultGraph => "",
        }
    }
    graph(&a.graph_name)
        .cmp(graph(&b.graph_name))
        .then_with(|| subject(&a.subject).cmp(&subject(&b.subject)))
        .then_with(|| a.predicate.as_str().cmp(b.predicate.as_str()))
        .then_with(|| object(&a.object).cmp(&object(&b.object)))
}

fn mappings() -> Result<Output> {
    let mut lines = Vec::new();
    for (name, _) in MAPPINGS {
        let mapping = Mapping::open(name)?;
        lines.push(format!("{name:<14} {}", mapping.title()));
    }
    Ok(Output::new(Body::Text(lines.join("\n"))))
}

/// A number with its noun.
fn count(number: impl Into<u64>, noun: &str) -> String {
    let number = number.into();
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// What became of a file, in one line.
fn sentence(file: &Path, outcome: &Outcome, statements: u64, started: Instant) -> String {
    let places = if outcome.silos == 1 {
        "place"
    } else {
        "places"
    };
    let mut text = format!(
        "{}: {} read, {}, {}, {} {places} on axes, {}: {}",
        file.display(),
        count(outcome.rows, "row"),
        count(outcome.programmes, "programme"),
        count(outcome.codings, "coding"),
        outcome.silos,
        count(outcome.sources, "source"),
        count(statements, "statement"),
    );
    if outcome.passed_over > 0 {
        let _ = write!(text, "; {} passed over", count(outcome.passed_over, "row"));
    }
    if outcome.left_out > 0 {
        let _ = write!(text, "; {} left out", count(outcome.left_out, "row"));
    }
    let _ = write!(
        text,
        "; {} ({}, {}); {:.2} s",
        count(outcome.findings.len() as u64, "problem"),
        count(outcome.count(Severity::Error) as u64, "error"),
        count(outcome.count(Severity::Warning) as u64, "warning"),
        started.elapsed().as_secs_f64()
    );
    text
}

/// The values that a mapping does not know, most frequent first.
fn unknown_terms(outcome: &Outcome) -> Option<String> {
    if outcome.unknown.is_empty() {
        return None;
    }
    let mut terms: Vec<(&(String, String), &u64)> = outcome.unknown.iter().collect();
    terms.sort_by_key(|(term, count)| (std::cmp::Reverse(**count), *term));
    let shown: Vec<String> = terms
        .iter()
        .take(TOLD_TERMS)
        .map(|((column, value), count)| format!("{column} `{value}` ({count})"))
        .collect();
    let more = terms.len().saturating_sub(TOLD_TERMS);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    Some(format!(
        "{} that the mapping does not know: {}{more}",
        count(terms.len() as u64, "value"),
        shown.join(", ")
    ))
}
