//! Where pages are: addresses of a server, or files beside each other.

use super::ask::Ask;
use crate::map::Language;
use crate::vocab::BASE;

/// The namespace of the vocabulary's own terms.
pub const NAMESPACE: &str = "https://w3id.org/peermap/ns#";

/// Kinds of things that have a page, as the first part of their address.
const KINDS: [&str; 11] = [
    "programme",
    "label",
    "peer",
    "source",
    "value",
    "silo",
    "trend",
    "dimension",
    "axis",
    "facet",
    "coder",
];

/// Writes links of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    language: Language,
    /// Steps from the page up to the folder of all files; `None` for a server.
    up: Option<usize>,
}

impl Links {
    /// Links between addresses of a server.
    pub const fn of_server(language: Language) -> Self {
        Self { language, up: None }
    }

    /// Links between files, from the page at this path without its ending.
    pub fn of_files(language: Language, path: &str) -> Self {
        Self {
            language,
            up: Some(path.matches('/').count() + 1),
        }
    }

    /// Whether a server answers, so that forms make sense.
    pub const fn live(&self) -> bool {
        self.up.is_none()
    }

    /// The same in the other language.
    #[must_use]
    pub const fn in_language(&self, language: Language) -> Self {
        Self {
            language,
            up: self.up,
        }
    }

    fn root(&self) -> String {
        self.up
            .map_or_else(|| "/".to_owned(), |up| "../".repeat(up))
    }

    /// A page by its path, such as `programme/x`; empty for the first page.
    pub fn page(&self, path: &str) -> String {
        let (root, language) = (self.root(), self.language.tag());
        match (self.up, path) {
            (None, path) => format!("{root}{language}/{path}"),
            (Some(_), "") => format!("{root}{language}/index.html"),
            (Some(_), path) => format!("{root}{language}/{path}.html"),
        }
    }

    /// A page with what it is asked; files cannot be asked anything.
    pub fn asking(&self, path: &str, ask: &Ask) -> String {
        let page = self.page(path);
        if self.live() {
            page + &ask.written()
        } else {
            page
        }
    }

    /// A file beside the page with the same content in another format.
    pub fn format(&self, path: &str, ending: &str, ask: &Ask) -> String {
        let (root, language) = (self.root(), self.language.tag());
        let path = if path.is_empty() { "index" } else { path };
        if self.live() {
            format!("{root}{language}/{path}.{ending}{}", ask.written())
        } else {
            format!("{root}{language}/{path}.{ending}")
        }
    }

    /// A style sheet or script.
    pub fn asset(&self, name: &str) -> String {
        format!("{}assets/{name}", self.root())
    }

    /// The page of a thing of the data, if it has one.
    pub fn thing(&self, iri: &str) -> Option<String> {
        if let Some(term) = iri.strip_prefix(NAMESPACE) {
            return Some(format!("{}#{term}", self.page("vocabulary")));
        }
        let path = iri.strip_prefix(BASE)?;
        let (kind, rest) = path.split_once('/')?;
        (KINDS.contains(&kind) && !rest.is_empty()).then(|| self.page(path))
    }
}

#[cfg(test)]
mod tests {
    use super::{Ask, BASE, Language, Links};

    #[test]
    fn a_server_has_addresses_and_files_have_neighbours() {
        let server = Links::of_server(Language::Fr);
        assert_eq!(server.page(""), "/fr/");
        assert_eq!(
            server.asking("map", &Ask::read("links=3")),
            "/fr/map?links=3"
        );
        assert_eq!(
            server.thing(&format!("{BASE}source/x")).as_deref(),
            Some("/fr/source/x")
        );
        assert_eq!(server.thing("https://example.org/x"), None);
        let files = Links::of_files(Language::En, "programme/x");
        assert_eq!(files.page(""), "../../en/index.html");
        assert_eq!(
            files.asking("map", &Ask::read("links=3")),
            "../../en/map.html"
        );
        assert_eq!(files.asset("peermap.css"), "../../assets/peermap.css");
        assert_eq!(
            files.thing("https://w3id.org/peermap/ns#role").as_deref(),
            Some("../../en/vocabulary.html#role")
        );
    }
}
