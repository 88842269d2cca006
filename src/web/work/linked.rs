//! Linked data: the IRIs of the dataset below the base answer with a page or with RDF.

use oxrdf::NamedNode;

use super::Desk;
use super::offers::{self, format};
use super::reply::{Done, Reply};
use super::sparql;
use crate::error::Error;
use crate::output::Format;
use crate::query::{Options, Stop};
use crate::web::message::Request;

/// Answers for the IRI that is the base and this path.
pub(super) fn answer(desk: &Desk, request: &Request, stop: &Stop, reply: &mut Reply<'_>) -> Done {
    let path = request.path.trim_start_matches('/');
    let unknown = || Error::Unknown {
        what: "page",
        name: request.path.clone(),
        hint: Some("the pages start at /".to_owned()),
    };
    let (iri, ending) = match desk.thing(path) {
        Some(iri) => (iri, None),
        None => match path
            .rsplit_once('.')
            .filter(|(_, ending)| Format::from_name(ending).is_ok())
        {
            Some((stem, ending)) => (desk.thing(stem).ok_or_else(unknown)?, Some(ending)),
            None => return Err(unknown().into()),
        },
    };
    let own = iri
        .as_str()
        .strip_prefix(desk.base.as_str())
        .unwrap_or("")
        .to_owned();
    for format in offers::TRIPLES
        .iter()
        .filter(|format| **format != Format::Html)
    {
        let media_type = format.media_type();
        let name = format.name();
        reply.header(
            "link",
            format!("</{own}.{name}>; rel=\"alternate\"; type=\"{media_type}\""),
        );
    }
    reply.header("link", format!("<{}>; rel=\"describes\"", iri.as_str()));
    let format = format(ending, &request.accept, &offers::TRIPLES)?;
    if format == Format::Html
        && let Some(page) = super::pages::page_of(desk, &own, request)
    {
        reply
            .header("vary", "accept, accept-language")
            .go_to(303, &page);
        return Ok(());
    }
    let options = Options {
        limits: desk.limits(stop),
        ..Options::default()
    };
    let text = format!("DESCRIBE {iri}");
    sparql::run(desk, &text, &options, Some(format.name()), "", reply)
}

impl Desk {
    /// The IRI of something that the dataset speaks of.
    fn thing(&self, path: &str) -> Option<NamedNode> {
        let iri = NamedNode::new(format!("{}{path}", self.base)).ok()?;
        self.dataset.graph.mentions(&iri).then_some(iri)
    }
}
