//! What a command works on: the graph, the map read from it, and where the data came from.
//!
//! Opening puts together the ontology (embedded, or a folder), the programmes (embedded, or what
//! `--data` names) and what follows from their codings.

mod functions;
mod importing;
mod push_down;
mod statements;

use std::path::{Path, PathBuf};

use oxrdf::Quad;
use oxrdfio::RdfFormat;

use crate::analysis::columns::Columns;
use crate::analysis::profiles;
use crate::error::{Error, Result};
use crate::graph::{Endpoint, KnowledgeGraph, Source, graph_name, parse, rdf_format};
use crate::import::read::is_table;
use crate::import::tables::{FILES, FixedTerms, Tables};
use crate::map::ConceptualMap;

use crate::profile::Profiles;
use crate::query::{DERIVE, Rows, named, rows};

pub use importing::{Importing, open_sheet};

macro_rules! ontology {
    ($($name:literal),* $(,)?) => {
        /// The ontology that ships with the program, by file.
        pub const ONTOLOGY: &[(&str, &str)] = &[$(($name, include_str!(concat!("../ontology/", $name, ".ttl")))),*];
    };
}
ontology!["core", "map", "silos", "labels", "alignments"];

/// The shapes that ship with the program.
pub const SHAPES: &str = include_str!("../ontology/shapes.ttl");

macro_rules! sets {
    ($($name:literal),* $(,)?) => {
        /// The sets of programmes that ship with the program: name, programmes, codings, sources.
        pub const SETS: &[(&str, [&str; 3])] = &[$(($name, [
            include_str!(concat!("../data/", $name, "/programmes.csv")),
            include_str!(concat!("../data/", $name, "/codings.csv")),
            include_str!(concat!("../data/", $name, "/sources.csv")),
        ])),*];
    };
}
sets!["paper", "atlas"];

pub use functions::{FUNCTIONS, FunctionText};
pub use push_down::PushDown;

/// Which data to open.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Files, folders or names of bundled sets; empty means all bundled sets.
    pub data: Vec<String>,
    /// Format of the data files, whatever their endings say.
    pub data_format: Option<String>,
    /// A folder in place of the embedded ontology.
    pub ontology: Option<PathBuf>,
    /// Puts statements of files without graph names into the default graph.
    pub into_default_graph: bool,
    /// A table of profiles that the analysis takes in place of the graph.
    pub profiles: Option<PathBuf>,
    /// An endpoint that holds the programmes, in place of data here.
    pub endpoint: Option<Endpoint>,
    /// Has the endpoint count profiles, and takes the counts in place of the programmes.
    pub push_down: Option<PushDown>,
    /// Endpoints that SERVICE may reach.
    pub services: Vec<Endpoint>,
}

/// Where some of the statements were read from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A file of the ontology that ships with the program, by name.
    Ontology(&'static str),
    /// A set of tables that ships with the program, by name.
    Bundled(&'static str),
    /// A folder with the three tables.
    Tables(PathBuf),
    /// An RDF file.
    File(Source),
    /// A table of programmes in another form.
    Sheet(PathBuf),
}

/// A graph with its map, ready for commands.
#[derive(Clone)]
pub struct Dataset {
    /// All statements.
    pub graph: KnowledgeGraph,
    /// The questions, values and silos.
    pub map: ConceptualMap,
    /// What the programmes came from, for people.
    pub origin: Vec<String>,
    /// The same for programs, the ontology first.
    pub origins: Vec<Origin>,
    /// Graphs of the ontology.
    pub ontology_graphs: Vec<String>,
    /// Profiles from a table, in place of those of the graph.
    table: Option<Columns>,
}

impl Dataset {
    /// Opens the ontology and the chosen data.
    ///
    /// # Errors
    /// The first file that cannot be used; nothing of a broken file is taken in.
    pub fn open(choice: &Choice) -> Result<Self> {
        let mut graph = KnowledgeGraph::new()?;
        let (ontology_graphs, origins) = load_ontology(&mut graph, choice.ontology.as_deref())?;
        graph.read_prefixes(named("prefixes")?.text)?;
        let map = ConceptualMap::read(&graph)?;
        let mut dataset = Self {
            graph,
            map,
            origin: Vec::new(),
            origins,
            ontology_graphs,
            table: None,
        };
        for service in &choice.services {
            dataset.graph.allow_service(service.clone());
        }
        if let Some(endpoint) = &choice.endpoint {
            dataset.origin.push(endpoint.url().to_owned());
            dataset.graph.ask_elsewhere(endpoint.clone());
            if let Some(how) = choice.push_down {
                dataset.table = Some(dataset.push_down(how)?);
            }
            return Ok(dataset);
        }
        if choice.data.is_empty() {
            for (name, tables) in SETS {
                dataset.add_tables(&bundled(name, tables), name)?;
                dataset.origins.push(Origin::Bundled(name));
                dataset.origin.push(format!("bundled set {name}"));
            }
        }
        for data in &choice.data {
            dataset.add(data, choice)?;
        }
        dataset.derive()?;
        if let Some(path) = &choice.profiles {
            let text = Source::text(path)?;
            let file = path.display().to_string();
            dataset.table = Some(profiles::from_csv(&dataset.map, &file, &text)?);
            dataset.origin = vec![file];
        }
        Ok(dataset)
    }

    /// Recomputes what follows from the codings.
    pub fn derive(&mut self) -> Result<()> {
        self.graph.derive(DERIVE)?;
        self.offer_functions();
        Ok(())
    }

    /// The programmes for the analysis, as profiles and as columns, position by position: from the
    /// table of profiles if one was given, else from the graph.
    pub fn programmes(&self) -> Result<(Profiles, Columns)> {
        let Some(columns) = &self.table else {
            let known = self.profiles()?;
            let columns = profiles::from_graph(&self.map, &known, &self.labels_used()?);
            return Ok((known, columns));
        };
        // Programmes counted elsewhere have no names to look up.
        let known = match self.graph.elsewhere() {
            Some(_) => Profiles { list: Vec::new() },
            None => self.profiles()?,
        };
        let profiles = profiles::of_columns(&self.map, columns, &known);
        Ok((profiles, columns.clone()))
    }

    /// Whether the programmes come from a table of profiles and not from the graph.
    pub const fn is_table(&self) -> bool {
        self.table.is_some()
    }

    /// Pairs of a programme's IRI and the notation of a label of its peers, each once.
    pub fn labels_used(&self) -> Result<Vec<(String, String)>> {
        let mut labels: Vec<(String, String)> = Vec::new();
        for row in Rows::new(&rows(&self.graph, named("labels-used")?, Vec::new())?) {
            let label = row.iri("label")?.into_string();
            let notation = label.rsplit('/').next().unwrap_or(&label).to_owned();
            let pair = (row.iri("programme")?.into_string(), notation);
            if !labels.contains(&pair) {
                labels.push(pair);
            }
        }
        Ok(labels)
    }

    /// The profiles of all programmes of the graph.
    pub fn profiles(&self) -> Result<Profiles> {
        Profiles::read(&self.graph, &self.map)
    }

    /// Reads the tables of a folder as statements of a graph named after it, and adds nothing.
    ///
    /// # Errors
    /// Tables that cannot be read, and all cells that cannot be used.
    pub fn read_tables(&self, folder: &Path) -> Result<Vec<Quad>> {
        let name = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or("data");
        let words = FixedTerms::read(&self.graph)?;
        let graph = graph_name(name);
        let mut quads = Vec::new();
        Tables::read(folder)?.write(&self.map, &words, &mut |triple| {
            quads.push(triple.in_graph(&graph).into_owned());
        })?;
        Ok(quads)
    }

    fn add_tables(&mut self, tables: &Tables, name: &str) -> Result<()> {
        let words = FixedTerms::read(&self.graph)?;
        let map = &self.map;
        self.graph
            .add_source(&graph_name(name), |sink| tables.write(map, &words, sink))
    }

    /// Adds a bundled set, a folder of tables, a folder of RDF files, or one file.
    ///
    /// # Errors
    /// Data that cannot be used; nothing of a broken file is taken in.
    pub fn add(&mut self, data: &str, choice: &Choice) -> Result<()> {
        let path = Path::new(data);
        if let Some((name, tables)) = SETS.iter().find(|(name, _)| *name == data)
            && !path.exists()
        {
            self.add_tables(&bundled(name, tables), name)?;
            self.origins.push(Origin::Bundled(name));
            self.origin.push(format!("bundled set {name}"));
            return Ok(());
        }
        let metadata = std::fs::metadata(path).map_err(Error::unreadable(path))?;
        if metadata.is_dir() {
            self.add_folder(path, choice)?;
        } else if FILES
            .iter()
            .any(|file| path.file_name().is_some_and(|name| name == *file))
        {
            return Err(Error::usage(
                format!("{data} is one of three tables that belong together"),
                "give the folder that holds all three",
            ));
        } else {
            self.add_file(path, choice)?;
        }
        self.origin.push(data.to_owned());
        Ok(())
    }

    fn add_file(&mut self, path: &Path, choice: &Choice) -> Result<()> {
        if choice.data_format.is_none() && is_table(path) {
            self.origins.push(Origin::Sheet(path.to_owned()));
            return self.add_sheet(path);
        }
        let mut source = Source::file(path, choice.data_format.as_deref())?;
        if choice.into_default_graph {
            source = source.into_default_graph();
        }
        self.graph.load(&source)?;
        self.origins.push(Origin::File(source));
        Ok(())
    }

    fn add_folder(&mut self, folder: &Path, choice: &Choice) -> Result<()> {
        let name = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or("data");
        let mut found = false;
        if Tables::are_in(folder) {
            self.add_tables(&Tables::read(folder)?, name)?;
            self.origins.push(Origin::Tables(folder.to_owned()));
            found = true;
        }
        for path in files_of(folder)? {
            let ending = path
                .extension()
                .and_then(|ending| ending.to_str())
                .unwrap_or("");
            if rdf_format(ending).is_some() {
                self.add_file(&path, choice)?;
                found = true;
            }
        }
        if found {
            return Ok(());
        }
        Err(Error::usage(
            format!("the folder {} holds no data", folder.display()),
            format!(
                "it should have {} or RDF files such as .ttl",
                FILES.join(", ")
            ),
        ))
    }
}

/// The tables of a bundled set.
pub fn bundled_tables(name: &str) -> Option<Tables> {
    let set = SETS.iter().find(|(known, _)| *known == name);
    set.map(|(name, tables)| bundled(name, tables))
}

fn bundled(name: &str, tables: &[&str; 3]) -> Tables {
    Tables::new(format!("data/{name}"), tables[0], tables[1], tables[2])
}

/// The statements of the embedded ontology, a graph a file.
fn bundled_ontology() -> Result<Vec<Quad>> {
    let mut quads = Vec::new();
    for (name, text) in ONTOLOGY {
        let path = PathBuf::from(format!("ontology/{name}.ttl"));
        let graph = Some(graph_name(name));
        quads.extend(parse(
            text.as_bytes(),
            RdfFormat::Turtle,
            name,
            graph,
            &path,
        )?);
    }
    Ok(quads)
}

fn load_ontology(
    graph: &mut KnowledgeGraph,
    folder: Option<&Path>,
) -> Result<(Vec<String>, Vec<Origin>)> {
    let mut quads = Vec::new();
    let mut names = Vec::new();
    let mut origins = Vec::new();
    match folder {
        None => {
            quads = bundled_ontology()?;
            names.extend(
                ONTOLOGY
                    .iter()
                    .map(|(name, _)| graph_name(name).into_string()),
            );
            origins.extend(ONTOLOGY.iter().map(|(name, _)| Origin::Ontology(name)));
        }
        Some(folder) => {
            let files: Vec<PathBuf> = files_of(folder)?
                .into_iter()
                .filter(|path| {
                    path.extension()
                        .and_then(|e| e.to_str())
                        .is_some_and(|e| rdf_format(e).is_some())
                })
                .collect();
            if files.is_empty() {
                return Err(Error::usage(
                    format!("the folder {} holds no ontology", folder.display()),
                    "it should have core.ttl, map.ttl and silos.ttl",
                ));
            }
            for path in files {
                let name = path
                    .file_stem()
                    .and_then(|name| name.to_str())
                    .unwrap_or("ontology")
                    .to_owned();
                let source = Source::file(&path, None)?;
                quads.extend(source.read()?);
                origins.push(Origin::File(source));
                names.push(graph_name(&name).into_string());
            }
        }
    }
    graph.insert(quads)?;
    Ok((names, origins))
}

/// The files of a folder, by name.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = Error::unreadable(folder);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(&unreadable)? {
        let path = entry.map_err(&unreadable)?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
