//! A graph that lives elsewhere: any endpoint of the SPARQL 1.1 Protocol, asked over HTTP.
//!
//! Answers are read as they arrive. Nothing is asked but what the user's own query or command
//! says, of the address that the user named.

use std::io::Read;
use std::time::Duration;

use oxigraph::sparql::{
    QueryEvaluationError, QueryResults, QuerySolutionIter, QueryTripleIter, ServiceHandler,
};
use oxrdf::{NamedNode, Term, Variable};
use oxrdfio::{RdfFormat, RdfParser};
use sparesults::{QueryResultsFormat, QueryResultsParser, ReaderQueryResultsParserOutput};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};

use crate::error::{Error, Result};

/// What an endpoint may answer to SELECT and ASK, best first.
const RESULTS: &str = "application/sparql-results+json, application/sparql-results+xml;q=0.9";

/// What it may answer to CONSTRUCT and DESCRIBE, best first.
const GRAPHS: &str =
    "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.8, text/ntriples;q=0.7";

/// What a query asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// SELECT: rows.
    Rows,
    /// ASK: yes or no.
    YesOrNo,
    /// CONSTRUCT or DESCRIBE: triples.
    Triples,
}

/// How much of a refusal is shown, in bytes.
const REFUSAL: u64 = 2048;

/// An endpoint and how to speak to it.
#[derive(Clone, Debug)]
pub struct Endpoint {
    url: String,
    headers: Vec<(String, String)>,
    get: bool,
    agent: Agent,
}

impl Endpoint {
    /// An endpoint at an address, with headers such as `Authorization: Bearer …`. Queries go by
    /// POST, or by GET where `get` says so.
    ///
    /// # Errors
    /// An address that is not HTTP, a header without a colon.
    pub fn new(
        url: &str,
        headers: &[String],
        get: bool,
        timeout: Option<Duration>,
    ) -> Result<Self> {
        if NamedNode::new(url).is_err()
            || !(url.starts_with("http://") || url.starts_with("https://"))
        {
            return Err(Error::usage(
                format!("`{url}` is not the address of an endpoint"),
                "write it whole, such as http://localhost:7878/sparql",
            ));
        }
        let headers = headers
            .iter()
            .map(|header| read_header(header))
            .collect::<Result<_>>()?;
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(20)))
            .timeout_global(timeout)
            .user_agent(concat!("peermap/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(Self {
            url: url.to_owned(),
            headers,
            get,
            agent,
        })
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Asks a query that is whole: with its prefixes and with its parameters in place.
    ///
    /// # Errors
    /// An endpoint that cannot be reached, that refuses, or that answers with something else.
    pub fn ask(&self, query: &str, form: Form) -> Result<QueryResults<'static>> {
        let accept = if form == Form::Triples {
            GRAPHS
        } else {
            RESULTS
        };
        let response = self
            .send(query, accept)
            .map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        if !status.is_success() {
            return Err(self.refused(status, response));
        }
        match self.read(response)? {
            // Virtuoso 7 answers ASK with a row.
            QueryResults::Solutions(rows) if form == Form::YesOrNo => {
                let first = rows
                    .into_iter()
                    .next()
                    .transpose()
                    .map_err(|error| Error::Evaluation(error.into()))?;
                let yes = |term: &Term| matches!(term, Term::Literal(value) if matches!(value.value(), "1" | "true"));
                let yes = first.is_some_and(|row| row.values().iter().flatten().any(yes));
                Ok(QueryResults::Boolean(yes))
            }
            answer => Ok(answer),
        }
    }

    /// How many statements there are in the graph that it queries by default.
    ///
    /// # Errors
    /// As for [`Self::ask`]; an answer that is no count.
    pub fn count(&self) -> Result<usize> {
        let QueryResults::Solutions(mut rows) =
            self.ask("SELECT (COUNT(*) AS ?count) WHERE { ?s ?p ?o }", Form::Rows)?
        else {
            return Err(self.failed(
                "it answered a SELECT with something else than rows".to_owned(),
                None,
            ));
        };
        let row = rows
            .next()
            .transpose()
            .map_err(|error| Error::Evaluation(error.into()))?;
        let count = row.as_ref().and_then(|row| match row.get("count") {
            Some(Term::Literal(count)) => count.value().parse().ok(),
            _ => None,
        });
        count.ok_or_else(|| {
            self.failed(
                "it does not say how many statements it has".to_owned(),
                None,
            )
        })
    }

    fn send(&self, query: &str, accept: &str) -> std::result::Result<Response<Body>, ureq::Error> {
        if self.get {
            let mut request = self
                .agent
                .get(&self.url)
                .query("query", query)
                .header("Accept", accept);
            for (name, value) in &self.headers {
                request = request.header(name, value);
            }
            return request.call();
        }
        let mut request = self.agent.post(&self.url).header("Accept", accept);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.send_form([("query", query)])
    }

    fn read(&self, response: Response<Body>) -> Result<QueryResults<'static>> {
        let kind = response
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
            .to_owned();
        let reader = response.into_body().into_reader();
        if let Some(format) = QueryResultsFormat::from_media_type(&kind) {
            let parsed = QueryResultsParser::from_format(format)
                .for_reader(reader)
                .map_err(|error| self.failed(format!("its answer is broken: {error}"), None))?;
            return Ok(match parsed {
                ReaderQueryResultsParserOutput::Boolean(value) => QueryResults::Boolean(value),
                ReaderQueryResultsParserOutput::Solutions(rows) => {
                    let variables: Vec<Variable> = rows.variables().to_vec();
                    let rows = rows.map(|row| {
                        row.map_err(|error| QueryEvaluationError::Service(error.into()))
                    });
                    QueryResults::Solutions(QuerySolutionIter::new(variables.into(), rows))
                }
            });
        }
        if let Some(format) = RdfFormat::from_media_type(&kind) {
            let triples = RdfParser::from_format(format)
                .for_reader(reader)
                .map(|quad| {
                    quad.map(Into::into)
                        .map_err(|error| QueryEvaluationError::Service(error.into()))
                });
            return Ok(QueryResults::Graph(QueryTripleIter::new(triples)));
        }
        let kind = if kind.is_empty() {
            "no media type"
        } else {
            &kind
        };
        Err(self.failed(
            format!("it answered with {kind}, which is no answer to a query"),
            Some("is this the address of the endpoint itself? It often ends in /sparql or /query"),
        ))
    }

    fn failed(&self, reason: String, hint: Option<&str>) -> Error {
        Error::Endpoint {
            url: self.url.clone(),
            reason,
            hint: hint.map(str::to_owned),
        }
    }

    fn unreachable(&self, error: &ureq::Error) -> Error {
        match error {
            ureq::Error::Timeout(_) => Error::Limit {
                reason: format!("{} did not answer in time", self.url),
                hint: Some("give it more with --timeout, or ask for less".to_owned()),
            },
            ureq::Error::HostNotFound => self.failed(
                "there is no such host".to_owned(),
                Some("check the address"),
            ),
            ureq::Error::Io(cause) if cause.kind() == std::io::ErrorKind::ConnectionRefused => self
                .failed(
                    "nothing listens there".to_owned(),
                    Some("check the address and the port, and that the server runs"),
                ),
            other => self.failed(other.to_string(), None),
        }
    }

    fn refused(&self, status: StatusCode, response: Response<Body>) -> Error {
        let mut text = Vec::new();
        // What cannot be read of a refusal is no loss.
        let _ = response
            .into_body()
            .into_reader()
            .take(REFUSAL)
            .read_to_end(&mut text);
        let text = String::from_utf8_lossy(&text);
        let said: String = text
            .split(|c: char| c.is_control())
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .take(3)
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(300)
            .collect();
        let said = if said.is_empty() || said.starts_with('<') {
            String::new()
        } else {
            format!(": {said}")
        };
        let hint = match status.as_u16() {
            401 | 403 | 407 => {
                Some("give what it asks for with --header 'Authorization: …' or PEERMAP_HEADERS")
            }
            404 | 405 => Some(
                "is this the address of the endpoint itself? It often ends in /sparql or /query",
            ),
            414 => Some("the query is too long for GET: leave out --get"),
            429 | 503 => Some("it is busy: try again later"),
            _ => None,
        };
        self.failed(format!("it answered {status}{said}"), hint)
    }
}

fn read_header(header: &str) -> Result<(String, String)> {
    let wrong = || {
        Error::usage(
            "a header needs a name and a value",
            "write --header 'Authorization: Bearer …'",
        )
    };
    let (name, value) = header.split_once(':').ok_or_else(wrong)?;
    let (name, value) = (name.trim(), value.trim());
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(plain) || value.chars().any(char::is_control) {
        return Err(wrong());
    }
    Ok((name.to_owned(), value.to_owned()))
}

impl ServiceHandler for Endpoint {
    type Error = Error;

    fn handle(
        &self,
        pattern: &GraphPattern,
        base_iri: Option<&oxiri::Iri<String>>,
    ) -> Result<QuerySolutionIter<'static>> {
        let query = Query::Select {
            dataset: None,
            pattern: pattern.clone(),
            base_iri: base_iri.cloned(),
        };
        match self.ask(&query.to_string(), Form::Rows)? {
            QueryResults::Solutions(rows) => Ok(rows),
            _ => Err(self.failed(
                "it answered a SELECT with something else than rows".to_owned(),
                None,
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_must_be_whole_and_a_header_have_a_value() {
        for wrong in ["localhost:7878", "ftp://e.org/", "http://a b/", ""] {
            assert!(Endpoint::new(wrong, &[], false, None).is_err(), "{wrong}");
        }
        for wrong in ["Authorization", ": x", "A b: c", "X: a\r\nY: b"] {
            let headers = [wrong.to_owned()];
            assert!(
                Endpoint::new("http://e.org/", &headers, false, None).is_err(),
                "{wrong}"
            );
        }
        let headers = ["Authorization:  Bearer a:b ".to_owned()];
        let endpoint = Endpoint::new("http://e.org/sparql", &headers, true, None).expect("fine");
        assert_eq!(
            endpoint.headers,
            [("Authorization".to_owned(), "Bearer a:b".to_owned())]
        );
    }
}
