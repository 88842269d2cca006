//! What the endpoint says of itself: SPARQL 1.1 Service Description.

use oxrdf::vocab::rdf;
use oxrdf::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple};

use super::Desk;
use super::offers::{self, format};
use super::reply::{Done, Reply};
use super::sparql::Parameters;
use crate::error::Result;
use crate::output::{Body, Format, Output, write};
use crate::query::Options;
use crate::web::message::Request;

const SD: &str = "http://www.w3.org/ns/sparql-service-description#";
const VOID: &str = "http://rdfs.org/ns/void#";
const FORMATS: &str = "http://www.w3.org/ns/formats/";

/// Formats of answers, as the W3C names them.
const ANSWERS: [&str; 9] = [
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "TriG",
];

/// Answers with the description; a browser is sent to the page for queries.
pub(super) fn answer(
    desk: &Desk,
    request: &Request,
    parameters: &Parameters,
    reply: &mut Reply<'_>,
) -> Done {
    let format = format(
        parameters.format.as_deref(),
        &request.accept,
        &offers::TRIPLES,
    )?;
    reply.header("vary", "accept");
    if format == Format::Html {
        reply.go_to(303, super::pages::query_page(request));
        return Ok(());
    }
    let body = Body::Graph(describe(desk, &request.origin)?);
    reply.media_type(format.media_type());
    Ok(write(&Output::new(body), format, &desk.style(), reply)?)
}

fn describe(desk: &Desk, origin: &str) -> Result<Vec<Triple>> {
    let term = |namespace: &str, name: &str| NamedNode::new_unchecked(format!("{namespace}{name}"));
    let sd = |name: &str| term(SD, name);
    let service = NamedNode::new_unchecked(format!("{origin}/sparql"));
    let dataset = BlankNode::new_unchecked("dataset");
    let default_graph = BlankNode::new_unchecked("default");
    let mut triples = Vec::new();
    let mut say = |subject: NamedOrBlankNode, predicate: NamedNode, object: Term| {
        triples.push(Triple::new(subject, predicate, object));
    };
    say(
        service.clone().into(),
        rdf::TYPE.into_owned(),
        sd("Service").into(),
    );
    say(
        service.clone().into(),
        sd("endpoint"),
        service.clone().into(),
    );
    say(
        service.clone().into(),
        sd("supportedLanguage"),
        sd("SPARQL11Query").into(),
    );
    if desk.writes {
        say(
            service.clone().into(),
            sd("supportedLanguage"),
            sd("SPARQL11Update").into(),
        );
    }
    say(
        service.clone().into(),
        sd("feature"),
        sd("UnionDefaultGraph").into(),
    );
    for name in ANSWERS {
        say(
            service.clone().into(),
            sd("resultFormat"),
            term(FORMATS, name).into(),
        );
    }
    say(service.into(), sd("defaultDataset"), dataset.clone().into());
    say(
        dataset.clone().into(),
        rdf::TYPE.into_owned(),
        sd("Dataset").into(),
    );
    say(
        dataset.clone().into(),
        sd("defaultGraph"),
        default_graph.clone().into(),
    );
    say(
        default_graph.clone().into(),
        rdf::TYPE.into_owned(),
        sd("Graph").into(),
    );
    let count = oxrdf::Literal::from(i64::try_from(desk.dataset.graph.len()?).unwrap_or(i64::MAX));
    say(default_graph.into(), term(VOID, "triples"), count.into());
    let text = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g";
    let found = crate::query::run(&desk.dataset.graph, text, &Options::default())?;
    if let Body::Table(table) = found.body {
        for (at, row) in table.rows.into_iter().enumerate() {
            let Ok([Some(name @ Term::NamedNode(_)), Some(count)]) =
                <[Option<Term>; 2]>::try_from(row)
            else {
                continue;
            };
            let named = BlankNode::new_unchecked(format!("named{at}"));
            let graph = BlankNode::new_unchecked(format!("graph{at}"));
            say(
                dataset.clone().into(),
                sd("namedGraph"),
                named.clone().into(),
            );
            say(
                named.clone().into(),
                rdf::TYPE.into_owned(),
                sd("NamedGraph").into(),
            );
            say(named.clone().into(), sd("name"), name);
            say(named.into(), sd("graph"), graph.clone().into());
            say(
                graph.clone().into(),
                rdf::TYPE.into_owned(),
                sd("Graph").into(),
            );
            say(graph.into(), term(VOID, "triples"), count);
        }
    }
    Ok(triples)
}
