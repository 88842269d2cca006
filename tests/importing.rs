//! Importing other people's files: every problem at its cell, good rows always in, limits kept.
//!
//! The sets of other people are not part of the project: the tests on them run where
//! `PEERMAP_SHARED` names the folder that holds `data/`, and say so where it does not.

mod errors;
mod forms;
mod limits;
mod mappings;
mod properties;
mod review;
mod shared;
mod template;

use std::path::Path;

use oxrdf::Triple;
use peermap::dataset::{Choice, Dataset, Importing};
use peermap::import::Outcome;

/// The ontology without programmes, opened once.
fn dataset() -> &'static Dataset {
    static DATASET: std::sync::OnceLock<Dataset> = std::sync::OnceLock::new();
    DATASET.get_or_init(|| {
        let choice = Choice {
            data: vec!["paper".to_owned()],
            ..Choice::default()
        };
        Dataset::open(&choice).unwrap()
    })
}

/// What a file becomes.
fn import(path: &Path, how: &Importing) -> peermap::error::Result<(Outcome, Vec<Triple>)> {
    let mut triples = Vec::new();
    let outcome = dataset().import(
        path,
        how,
        &mut |triple| triples.push(triple.into_owned()),
        &mut |_, _| {},
    )?;
    Ok((outcome, triples))
}

/// What a text becomes as a file of this name.
fn import_text(
    name: &str,
    text: impl AsRef<[u8]>,
    map: Option<&str>,
) -> peermap::error::Result<(Outcome, Vec<Triple>)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let map = map.map(|text| {
        let path = folder.path().join("map.toml");
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    });
    let how = Importing {
        map,
        ..Importing::default()
    };
    import(&path, &how)
}

/// Last parts of the objects of a property of a subject, sorted.
fn objects(triples: &[Triple], subject: &str, property: &str) -> Vec<String> {
    let short = |text: &str| {
        text.trim_end_matches('>')
            .rsplit(['/', '#'])
            .next()
            .unwrap_or("")
            .to_owned()
    };
    let mut objects: Vec<String> = triples
        .iter()
        .filter(|t| {
            t.subject
                .to_string()
                .trim_end_matches('>')
                .ends_with(subject)
        })
        .filter(|t| short(t.predicate.as_str()) == property)
        .map(|t| match &t.object {
            oxrdf::Term::Literal(literal) => literal.value().to_owned(),
            other => short(&other.to_string()),
        })
        .collect();
    objects.sort();
    objects.dedup();
    objects
}
