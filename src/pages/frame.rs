//! What all pages have around their content: navigation, other formats, citation, limits.

use std::fmt::Display;

use askama::Template;

use super::ask::Ask;
use super::explorer::Explorer;
use super::links::Links;
use super::texts::Texts;
use crate::error::{Error, Result};
use crate::map::Language;
use crate::query::Limits;

/// A page as a link in the navigation: its path and the key of its name.
pub(super) const NAVIGATION: [(&str, &str); 9] = [
    ("programmes", "nav.programmes"),
    ("map", "nav.map"),
    ("silos", "nav.silos"),
    ("gaps", "nav.gaps"),
    ("labels", "nav.labels"),
    ("situate", "nav.situate"),
    ("compare", "nav.compare"),
    ("query", "nav.query"),
    ("data", "nav.data"),
];

/// A link with its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) href: String,
}

impl Link {
    pub(super) fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
        }
    }
}

/// What surrounds a page, and the words that it is written with.
pub(super) struct Frame<'a> {
    texts: &'static Texts,
    pub(super) language: Language,
    pub(super) links: Links,
    pub(super) path: &'a str,
    pub(super) ask: &'a Ask,
    pub(super) explorer: &'a Explorer,
    pub(super) title: String,
    /// Endings of formats that this page can be had in.
    pub(super) formats: Vec<&'static str>,
    /// The query that gives the facts of the page.
    pub(super) sparql: Option<String>,
    /// How a person would ask the same on the command line.
    pub(super) typed: Option<String>,
    /// A script module.
    pub(super) script: Option<&'static str>,
    /// The thing that the page is about, as JSON-LD.
    pub(super) json_ld: Option<String>,
    /// Limits of a query that somebody writes.
    pub(super) limits: Limits,
    /// Formats of RDF that lie beside the page: ending and media type.
    pub(super) alternates: Vec<(&'static str, &'static str)>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(
        explorer: &'a Explorer,
        language: Language,
        links: Links,
        path: &'a str,
        ask: &'a Ask,
    ) -> Self {
        Self {
            texts: Explorer::texts(language),
            language,
            links,
            path: path.trim_matches('/'),
            ask,
            explorer,
            title: String::new(),
            formats: Vec::new(),
            sparql: None,
            typed: None,
            script: None,
            json_ld: None,
            alternates: Vec::new(),
            limits: Limits::default(),
        }
    }

    /// A text.
    pub(super) fn t<'k>(&self, key: &'k str) -> &'k str
    where
        'a: 'k,
    {
        self.texts.get(key)
    }

    /// A text with one value in it.
    pub(super) fn t1(&self, key: &str, a: impl Display) -> String {
        self.texts.with(key, &[&a])
    }

    /// A text with two values in it.
    pub(super) fn t2(&self, key: &str, a: impl Display, b: impl Display) -> String {
        self.texts.with(key, &[&a, &b])
    }

    /// A text with three values in it.
    pub(super) fn t3(
        &self,
        key: &str,
        a: impl Display,
        b: impl Display,
        c: impl Display,
    ) -> String {
        self.texts.with(key, &[&a, &b, &c])
    }

    /// A number of things.
    pub(super) fn counted(&self, key: &str, count: usize) -> String {
        self.texts.counted(self.language, key, count)
    }

    /// A number with so many digits after the point, as the language writes it.
    pub(super) fn number(&self, value: f64, digits: usize) -> String {
        let text = format!("{value:.digits$}");
        match self.language {
            Language::En => text,
            Language::Fr => text.replace('.', ","),
        }
    }

    /// A number that may be missing.
    pub(super) fn maybe(&self, value: Option<f64>, digits: usize) -> String {
        value.map_or_else(|| "–".to_owned(), |value| self.number(value, digits))
    }

    pub(super) fn tag(&self) -> &'static str {
        self.language.tag()
    }

    pub(super) fn page(&self, path: &str) -> String {
        self.links.page(path)
    }

    /// A page with one thing asked.
    pub(super) fn page1(&self, path: &str, name: &str, value: &str) -> String {
        self.links
            .asking(path, &Ask::default().with(name, &[value]))
    }

    /// This page without what a name asks.
    pub(super) fn without(&self, name: &str) -> String {
        self.links.asking(self.path, &self.ask.with(name, &[]))
    }

    /// The page of a thing of the data, or the IRI itself where it is a web address.
    pub(super) fn thing(&self, iri: &str) -> Option<String> {
        self.links.thing(iri).or_else(|| {
            let web = iri.starts_with("https://") || iri.starts_with("http://");
            web.then(|| iri.to_owned())
        })
    }

    pub(super) fn live(&self) -> bool {
        self.links.live()
    }

    /// The address that gives this view of these data again.
    pub(super) fn permalink(&self) -> String {
        let ask = self.ask.with("data", &[self.explorer.version()]);
        self.links.asking(self.path, &ask)
    }

    pub(super) fn other(&self) -> Link {
        let (language, text) = match self.language {
            Language::En => (Language::Fr, "Français"),
            Language::Fr => (Language::En, "English"),
        };
        let href = self.links.in_language(language).asking(self.path, self.ask);
        Link::new(text, href)
    }

    pub(super) fn other_tag(&self) -> &'static str {
        match self.language {
            Language::En => "fr",
            Language::Fr => "en",
        }
    }

    pub(super) fn navigation(&self) -> Vec<(Link, bool)> {
        let section = self.path.split('/').next().unwrap_or("");
        let section = match section {
            "programme" => "programmes",
            "label" => "labels",
            "pair" => "map",
            other => other,
        };
        NAVIGATION
            .iter()
            .filter(|(path, _)| self.live() || !matches!(*path, "situate" | "compare" | "query"))
            .map(|(path, key)| (Link::new(self.t(key), self.page(path)), *path == section))
            .collect()
    }

    pub(super) fn format_links(&self) -> Vec<Link> {
        self.formats
            .iter()
            .map(|ending| {
                let name = match *ending {
                    "ttl" => "Turtle".to_owned(),
                    "jsonld" => "JSON-LD".to_owned(),
                    "rdf" => "RDF/XML".to_owned(),
                    "nt" => "N-Triples".to_owned(),
                    "graphml" => "GraphML".to_owned(),
                    "nodes" => format!("CSV ({})", self.t("format.nodes")),
                    "edges" => format!("CSV ({})", self.t("format.edges")),
                    other => other.to_uppercase(),
                };
                Link::new(name, self.links.format(self.path, ending, self.ask))
            })
            .collect()
    }

    pub(super) fn query_link(&self) -> Option<String> {
        let query = self.sparql.as_deref()?;
        self.live().then(|| self.page1("query", "query", query))
    }

    pub(super) fn alternate_links(&self) -> Vec<(String, &'static str)> {
        self.alternates
            .iter()
            .map(|(ending, media)| {
                (
                    self.links.format(self.path, ending, &Ask::default()),
                    *media,
                )
            })
            .collect()
    }

    pub(super) fn version(&self) -> &str {
        self.explorer.version()
    }

    pub(super) fn origin(&self) -> String {
        self.explorer.dataset.origin.join(", ")
    }

    #[allow(clippy::unused_self)]
    pub(super) fn release(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// The version that the address names, when the data are others now.
    pub(super) fn stale(&self) -> Option<&str> {
        self.ask
            .one("data")
            .filter(|asked| *asked != self.explorer.version())
    }

    /// A text inside a script of data must not end it.
    pub(super) fn json_ld(&self) -> Option<String> {
        self.json_ld
            .as_ref()
            .map(|text| text.replace('<', "\\u003c"))
    }

    pub(super) fn bibtex(&self) -> String {
        format!(
            "@misc{{peermap-{version},\n  title = {{{{{title}}}}},\n  howpublished = {{peermap {release}, data {version}}},\n  note = {{{permalink}}}\n}}",
            version = self.version(),
            title = self.title,
            release = self.release(),
            permalink = self.permalink()
        )
    }
}

/// Renders a template.
pub(super) fn render(template: &impl Template) -> Result<String> {
    template
        .render()
        .map_err(|error| Error::Output(std::io::Error::other(error)))
}

#[derive(Template)]
#[template(path = "failure.html")]
struct Failure<'a> {
    frame: &'a Frame<'a>,
    sentence: String,
    hint: Option<String>,
    report: Option<String>,
}

/// A page that says what went wrong.
pub(super) fn failure(frame: &mut Frame<'_>, status: u16, error: &Error) -> Result<String> {
    let key = if status == 404 {
        "failure.unknown"
    } else {
        "failure.title"
    };
    frame.title = frame.t(key).to_owned();
    render(&Failure {
        frame,
        sentence: error.to_string(),
        hint: error.hint(),
        report: error.place().map(|_| error.report()),
    })
}
