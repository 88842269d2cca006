//! Data read as statements, past the store: lexical forms stay as they were written.

use std::path::Path;

use oxrdf::{GraphName, Quad};

use super::{Choice, Dataset, SETS, bundled, files_of};
use crate::error::Result;
use crate::graph::{Source, rdf_format};
use crate::import::tables::{FixedTerms, Tables};
use crate::terms::Prefixes;

impl Dataset {
    /// What files, folders and bundled sets say, with the prefixes that they declare and, after
    /// these, those of the ontology. Named graphs of files stay; everything else is in the
    /// default graph.
    ///
    /// # Errors
    /// As for opening data.
    pub fn statements_of(
        &self,
        data: &[String],
        format: Option<&str>,
    ) -> Result<(Vec<Quad>, Prefixes)> {
        let mut quads = Vec::new();
        let mut prefixes = Vec::new();
        for name in data {
            let path = Path::new(name);
            if let Some((set, tables)) = SETS.iter().find(|(set, _)| set == name)
                && !path.exists()
            {
                self.write_tables(&bundled(set, tables), &mut quads)?;
            } else if path.is_dir() {
                if Tables::are_in(path) {
                    self.write_tables(&Tables::read(path)?, &mut quads)?;
                }
                for file in files_of(path)? {
                    let ending = file.extension().and_then(|ending| ending.to_str());
                    if ending.is_some_and(|ending| rdf_format(ending).is_some()) {
                        read_file(&file, None, &mut quads, &mut prefixes)?;
                    }
                }
            } else {
                read_file(path, format, &mut quads, &mut prefixes)?;
            }
        }
        let known = self.graph.prefixes().iter();
        prefixes.extend(known.map(|(prefix, namespace)| (prefix.to_owned(), namespace.to_owned())));
        Ok((quads, Prefixes::new(prefixes)))
    }

    /// The statements of the ontology and the data that were opened, as they were written: for
    /// what the store would write otherwise.
    ///
    /// # Errors
    /// Files that have gone since.
    pub fn statements_opened(&self, choice: &Choice) -> Result<Vec<Quad>> {
        let mut data = choice.data.clone();
        if data.is_empty() {
            data.extend(SETS.iter().map(|(name, _)| (*name).to_owned()));
        }
        let mut quads = self.statements_of(&data, choice.data_format.as_deref())?.0;
        match &choice.ontology {
            Some(folder) => {
                let folder = folder.display().to_string();
                quads.extend(self.statements_of(&[folder], None)?.0);
            }
            None => quads.extend(super::bundled_ontology()?),
        }
        Ok(quads)
    }

    fn write_tables(&self, tables: &Tables, quads: &mut Vec<Quad>) -> Result<()> {
        let words = FixedTerms::read(&self.graph)?;
        tables.write(&self.map, &words, &mut |triple| {
            quads.push(triple.into_owned().in_graph(GraphName::DefaultGraph));
        })
    }
}

fn read_file(
    path: &Path,
    format: Option<&str>,
    quads: &mut Vec<Quad>,
    prefixes: &mut Vec<(String, String)>,
) -> Result<()> {
    let source = Source::file(path, format)?.into_default_graph();
    let (read, declared) = source.read_with_prefixes()?;
    quads.extend(read);
    prefixes.extend(declared);
    Ok(())
}
