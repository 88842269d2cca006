//! The data with what pages need at hand, and the one door to all pages.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sha2::{Digest, Sha256};

use super::address::Address;
use super::ask::Ask;
use super::frame::{self, Frame};
use super::links::Links;
use super::reading;
use super::texts::Texts;
use crate::analysis::columns::Columns;
use crate::analysis::similarity::InformationContent;
use crate::commands::Context;
use crate::commands::comparing::Study;
use crate::commands::labels::Labels;
use crate::dataset::Dataset;
use crate::error::{Error, Kind, Result};
use crate::map::Language;
use crate::output::{Format, Style, write};
use crate::profile::Profiles;
use crate::query::{Limits, Rows, named, rows};

/// How many answers are kept, so that a page asked for again is not made again.
const KEPT: usize = 512;
/// Larger answers are made anew each time.
const LARGEST_KEPT: usize = 1 << 20;

/// What a page or file is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status: 200, 400, 404, 422 or 500.
    pub status: u16,
    /// Media type with its character set.
    pub media_type: String,
    /// The content.
    pub body: Vec<u8>,
    /// What to call it when it is a file to keep.
    pub file_name: Option<String>,
}

/// The data, and what pages need of it at hand.
pub struct Explorer {
    /// The data.
    pub dataset: Arc<Dataset>,
    /// The programmes, in the order of [`Dataset::programmes`].
    pub profiles: Profiles,
    columns: Columns,
    ic: InformationContent,
    pub(super) labels: Vec<Vec<String>>,
    pub(super) facts: Vec<Facts>,
    questions: [HashMap<String, String>; 2],
    definitions: [HashMap<String, String>; 2],
    names: BTreeMap<String, Vec<(String, String)>>,
    version: String,
    label_studies: [OnceLock<Arc<serde_json::Value>>; 2],
    kept: Mutex<HashMap<String, Arc<Answer>>>,
}

/// Where and when a programme is.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub(super) country: String,
    pub(super) place: String,
    pub(super) period: String,
}

impl Explorer {
    /// Reads what pages need.
    ///
    /// # Errors
    /// Data that the queries of the catalogue cannot read.
    pub fn new(dataset: Arc<Dataset>) -> Result<Self> {
        let (profiles, columns) = dataset.programmes()?;
        let ic = InformationContent::from_columns(&columns);
        let place: HashMap<&str, usize> = profiles
            .list
            .iter()
            .enumerate()
            .map(|(at, profile)| (profile.iri.as_str(), at))
            .collect();
        let mut labels = vec![Vec::new(); profiles.list.len()];
        for row in Rows::new(&rows(&dataset.graph, named("labels-used")?, Vec::new())?) {
            if let Some(&at) = place.get(row.iri("programme")?.as_str()) {
                let label = row.iri("label")?.into_string();
                if !labels[at].contains(&label) {
                    labels[at].push(label);
                }
            }
        }
        let mut facts = vec![Facts::default(); profiles.list.len()];
        for row in Rows::new(&rows(&dataset.graph, named("programmes")?, Vec::new())?) {
            if let Some(&at) = place.get(row.iri("programme")?.as_str()) {
                facts[at] = Facts {
                    country: row.text("country").unwrap_or_default(),
                    place: row.text("place").unwrap_or_default(),
                    period: row.text("period").unwrap_or_default(),
                };
            }
        }
        let mut names: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        let table = rows(&dataset.graph, named("labels-of-things")?, Vec::new())?;
        for row in Rows::new(&table) {
            if let Some(oxrdf::Term::Literal(label)) = row.get("label") {
                let language = label.language().unwrap_or("").to_owned();
                let list = names.entry(row.iri("thing")?.into_string()).or_default();
                list.push((language, label.value().to_owned()));
            }
        }
        let mut questions = [HashMap::new(), HashMap::new()];
        let mut definitions = [HashMap::new(), HashMap::new()];
        for language in [Language::En, Language::Fr] {
            let tag = oxrdf::Literal::new_simple_literal(language.tag()).into();
            let given = vec![("language".to_owned(), tag)];
            let at = position(language);
            for row in Rows::new(&rows(&dataset.graph, named("map-in-a-language")?, given)?) {
                if let Ok(question) = row.text("question") {
                    questions[at].insert(row.iri("dimension")?.into_string(), question);
                }
                if let Ok(definition) = row.text("definition") {
                    definitions[at].insert(row.iri("value")?.into_string(), definition);
                }
            }
        }
        let version = version(&dataset)?;
        Ok(Self {
            dataset,
            profiles,
            columns,
            ic,
            labels,
            facts,
            questions,
            definitions,
            names,
            version,
            label_studies: Default::default(),
            kept: Mutex::default(),
        })
    }

    /// A short name for exactly these data: the same statements have the same one, in whatever
    /// order and from whatever files they were loaded. Statements with blank nodes do not count.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The programmes as the verbs that compare them want them, without reading them again.
    pub(super) fn study(&self, language: Language) -> Study<'_> {
        Study {
            dataset: &self.dataset,
            columns: self.columns.clone(),
            ic: self.ic.clone(),
            language,
            profiles: self.profiles.clone(),
        }
    }

    /// The question that a dimension asks.
    pub(super) fn question(&self, language: Language, dimension: usize) -> &str {
        let name = &self.dataset.map.dimensions[dimension].name;
        self.questions[position(language)]
            .get(name.iri.as_str())
            .map_or_else(|| name.label(language), String::as_str)
    }

    /// The definition of a value of the map.
    pub(super) fn definition(&self, language: Language, iri: &str) -> Option<&str> {
        self.definitions[position(language)]
            .get(iri)
            .map(String::as_str)
    }

    /// The label of anything that has one: in the language, else in English, else in any.
    pub(super) fn name(&self, language: Language, iri: &str) -> Option<&str> {
        let list = self.names.get(iri)?;
        let find = |tag: &str| list.iter().find(|(l, _)| l == tag);
        find(language.tag())
            .or_else(|| find("en"))
            .or_else(|| list.first())
            .map(|(_, text)| text.as_str())
    }

    /// The comparison of labels with the usual settings, which the page of every label needs.
    pub(super) fn label_study(&self, context: Context) -> Result<Arc<serde_json::Value>> {
        let kept = &self.label_studies[position(context.language)];
        if let Some(data) = kept.get() {
            return Ok(Arc::clone(data));
        }
        let study: Labels = reading::request(serde_json::json!({}))?;
        let data = Arc::new(reading::report(study.on(&self.study(context.language))?)?.data);
        Ok(Arc::clone(kept.get_or_init(|| data)))
    }

    /// Everything that has a label: its IRI and all its labels, by IRI.
    pub(super) fn named_things(&self) -> impl Iterator<Item = (&str, &[(String, String)])> {
        self.names
            .iter()
            .map(|(iri, labels)| (iri.as_str(), labels.as_slice()))
    }

    /// Answers an address: `path` without the language, such as `programmes` or `map.svg`, and
    /// what follows the question mark. The limits are those of a query that somebody writes.
    ///
    /// Never fails: what goes wrong is a page that says so.
    pub fn respond(
        &self,
        language: Language,
        path: &str,
        query: &str,
        limits: &Limits,
    ) -> Arc<Answer> {
        let ask = Ask::read(query);
        let key = format!("{}/{path}{}", language.tag(), ask.written());
        let kept = |kept: &Mutex<HashMap<String, Arc<Answer>>>| {
            let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.get(&key).cloned()
        };
        if let Some(answer) = kept(&self.kept) {
            return answer;
        }
        let links = Links::of_server(language);
        let answer = Arc::new(self.answer(language, path, &ask, links, limits));
        if answer.status == 200 && answer.body.len() <= LARGEST_KEPT {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= KEPT {
                kept.clear();
            }
            kept.insert(key, Arc::clone(&answer));
        }
        answer
    }

    /// Short names and names of all programmes, for fields that suggest them.
    pub(super) fn names(&self) -> Vec<(String, String)> {
        let programmes = self.profiles.list.iter();
        programmes
            .map(|p| (p.id().to_owned(), p.name.clone()))
            .collect()
    }

    /// The same, with links of one's own and nothing kept.
    pub fn answer(
        &self,
        language: Language,
        path: &str,
        ask: &Ask,
        links: Links,
        limits: &Limits,
    ) -> Answer {
        match self.try_answer(language, path, ask, links.clone(), limits) {
            Ok(answer) => answer,
            Err(error) => self.failure(language, path, ask, links, &error),
        }
    }

    fn try_answer(
        &self,
        language: Language,
        path: &str,
        ask: &Ask,
        links: Links,
        limits: &Limits,
    ) -> Result<Answer> {
        let (address, format) = Address::read(self, path)?;
        let Some(format) = format else {
            let mut frame = Frame::new(self, language, links, path, ask);
            frame.limits = limits.clone();
            return Ok(Answer {
                status: 200,
                media_type: if address == Address::Graph {
                    "application/json".to_owned()
                } else {
                    "text/html; charset=utf-8".to_owned()
                },
                body: address.page(self, ask, &mut frame)?.into_bytes(),
                file_name: None,
            });
        };
        let output = address.output(self, ask, language, format, limits)?;
        let style = Style {
            prefixes: self.dataset.graph.prefixes().clone(),
            ..Style::default()
        };
        let mut body = Vec::new();
        write(&output, format, &style, &mut body)?;
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        Ok(Answer {
            status: 200,
            media_type: format.media_type().to_owned(),
            body,
            file_name: Some(file_name(stem, format)),
        })
    }

    fn failure(
        &self,
        language: Language,
        path: &str,
        ask: &Ask,
        links: Links,
        error: &Error,
    ) -> Answer {
        let status = match (error, error.kind()) {
            (Error::Unknown { .. }, _) => 404,
            (_, Kind::Usage) => 400,
            (_, Kind::Limit) => 422,
            (_, Kind::Data | Kind::Interrupted) => 500,
        };
        let mut frame = Frame::new(self, language, links, path, ask);
        let body = frame::failure(&mut frame, status, error)
            .unwrap_or_else(|_| error.report())
            .into_bytes();
        Answer {
            status,
            media_type: "text/html; charset=utf-8".to_owned(),
            body,
            file_name: None,
        }
    }

    /// The texts of a language.
    pub(super) fn texts(language: Language) -> &'static Texts {
        Texts::of(language)
    }
}

/// A name for a download: nodes and links of a network are CSV.
fn file_name(stem: &str, format: Format) -> String {
    let stem = if stem.is_empty() { "home" } else { stem };
    let stem = stem.replace('/', "-");
    match format {
        Format::Nodes | Format::Edges => format!("peermap-{stem}-{}.csv", format.name()),
        _ => format!("peermap-{stem}.{}", format.name()),
    }
}

const fn position(language: Language) -> usize {
    match language {
        Language::En => 0,
        Language::Fr => 1,
    }
}

/// The sum of the digests of all statements: the order of statements does not count.
fn version(dataset: &Dataset) -> Result<String> {
    let mut sum = [0u64; 2];
    for quad in dataset.graph.quads_outside(&[])? {
        if quad.subject.is_blank_node() || quad.object.is_blank_node() {
            continue;
        }
        let digest = Sha256::digest(quad.to_string().as_bytes());
        for (part, bytes) in sum.iter_mut().zip(digest.chunks_exact(8)) {
            let mut number = [0; 8];
            number.copy_from_slice(bytes);
            *part = part.wrapping_add(u64::from_le_bytes(number));
        }
    }
    let mut text = String::new();
    let _ = write!(text, "{:016x}", sum[0] ^ sum[1]);
    text.truncate(12);
    Ok(text)
}
