//! The SPARQL endpoint: queries by GET, by form and as they are.

use oxrdf::{NamedNode, Term, Triple};
use oxrdfio::{RdfFormat, RdfSerializer};

use super::Desk;
use super::offers::{self, format};
use super::reply::{Done, Failure, Reply};
use crate::error::{Error, Result};
use crate::output::{Body, Format, Output, Style, Table, write, write_rows, writes_rows};
use crate::query::{Answer, Graphs, Limits, Options, Stop, stream};
use crate::web::message::Request;

/// Triples above which they are written as they come, in no particular order.
const TIDY: usize = 20_000;
/// Rows above which a page for people ends.
const ROWS_OF_A_PAGE: usize = 10_000;

/// What the protocol says of a query.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parameters {
    /// The query, as often as it was given.
    pub(super) queries: Vec<String>,
    /// The update, as often as it was given.
    pub(super) updates: Vec<String>,
    /// `default-graph-uri` and `using-graph-uri`.
    pub(super) default_graphs: Vec<String>,
    /// `named-graph-uri` and `using-named-graph-uri`.
    pub(super) named_graphs: Vec<String>,
    /// A format by name, which other endpoints call `format` or `output`.
    pub(super) format: Option<String>,
}

impl Parameters {
    /// Reads the address and, by its media type, the body.
    pub(super) fn read(request: &Request, body: &[u8]) -> std::result::Result<Self, Failure> {
        let mut parameters = Self::default();
        parameters.add(request.query.as_bytes())?;
        if request.method != "POST" {
            return Ok(parameters);
        }
        let text = || {
            String::from_utf8(body.to_vec()).map_err(|error| {
                Failure::from(Error::usage(
                    format!(
                        "the body is not UTF-8 text: byte {} is wrong",
                        error.utf8_error().valid_up_to()
                    ),
                    "send it as UTF-8",
                ))
            })
        };
        let media_type = request.content_type.split(';').next().unwrap_or("");
        match media_type.trim().to_lowercase().as_str() {
            "application/x-www-form-urlencoded" => parameters.add(body)?,
            "application/sparql-query" => parameters.queries.push(text()?),
            "application/sparql-update" => parameters.updates.push(text()?),
            other => {
                return Err(Failure {
                    status: Some(415),
                    error: Error::usage(
                        format!("a body of type `{other}` is no query"),
                        "send application/sparql-query, or a form with query=…",
                    ),
                });
            }
        }
        Ok(parameters)
    }

    fn add(&mut self, encoded: &[u8]) -> Result<()> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_bytes(encoded).map_err(|error| {
                Error::usage(
                    format!("the form cannot be read: {error}"),
                    "percent-encode it",
                )
            })?;
        for (name, value) in pairs {
            match name.as_str() {
                "query" => self.queries.push(value),
                "update" => self.updates.push(value),
                "default-graph-uri" | "using-graph-uri" => self.default_graphs.push(value),
                "named-graph-uri" | "using-named-graph-uri" => self.named_graphs.push(value),
                // Clients send these for other endpoints: a name that means nothing here is no mistake.
                "format" | "output" | "results" if offers::knows(&value) => {
                    self.format = Some(value);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn graphs(&self) -> Result<Graphs> {
        let iris = |texts: &[String]| {
            let read = |text: &String| {
                NamedNode::new(text.as_str()).map_err(|error| {
                    Error::usage(
                        format!("`{text}` is no IRI of a graph: {error}"),
                        "write it in full",
                    )
                })
            };
            texts.iter().map(read).collect::<Result<Vec<_>>>()
        };
        Ok(Graphs {
            default: iris(&self.default_graphs)?,
            named: iris(&self.named_graphs)?,
        })
    }
}

/// Answers a query, or describes the service to whoever asks nothing.
pub(super) fn answer(
    desk: &Desk,
    request: &Request,
    body: &[u8],
    stop: &Stop,
    reply: &mut Reply<'_>,
) -> Done {
    let parameters = Parameters::read(request, body)?;
    match (parameters.queries.as_slice(), parameters.updates.as_slice()) {
        ([], []) if request.method == "GET" => {
            super::service::answer(desk, request, &parameters, reply)
        }
        ([query], []) => {
            let options = Options {
                limits: desk.limits(stop),
                graphs: parameters.graphs()?,
                ..Options::default()
            };
            run(
                desk,
                query,
                &options,
                parameters.format.as_deref(),
                &request.accept,
                reply,
            )
        }
        ([], [_]) => Err(Failure {
            status: Some(403),
            error: Error::usage(
                "this server only answers",
                "start it with --write to change data",
            ),
        }),
        ([], []) => Err(Error::usage("there is no query", "send query=SELECT …").into()),
        _ => Err(Error::usage("there is more than one query", "send one at a time").into()),
    }
}

/// Runs a query and writes its answer as it comes, in the format that the client likes best.
pub(super) fn run(
    desk: &Desk,
    text: &str,
    options: &Options,
    name: Option<&str>,
    accept: &str,
    reply: &mut Reply<'_>,
) -> Done {
    let style = desk.style();
    reply.header("vary", "accept");
    let mut refused = None;
    stream(&desk.dataset.graph, text, options, |answer| {
        let offers: &[Format] = match &answer {
            Answer::Triples(_) => &offers::TRIPLES,
            _ => &offers::ROWS,
        };
        let format = match format(name, accept, offers) {
            Ok(format) => format,
            Err(failure) => {
                refused = Some(failure);
                return Ok(());
            }
        };
        reply.media_type(format.media_type());
        match answer {
            Answer::Boolean(value) => {
                write(&Output::new(Body::Boolean(value)), format, &style, reply)
            }
            Answer::Rows { columns, rows } if writes_rows(format) => {
                write_rows(&columns, rows, format, reply)
            }
            Answer::Rows { columns, rows } => page_of_rows(columns, rows, format, &style, reply),
            Answer::Triples(triples) => write_triples(triples, format, &style, reply),
        }
    })?;
    refused.map_or(Ok(()), Err)
}

fn page_of_rows(
    columns: Vec<String>,
    rows: &mut dyn Iterator<Item = Result<Vec<Option<Term>>>>,
    format: Format,
    style: &Style,
    reply: &mut Reply<'_>,
) -> Result<()> {
    let rows: Vec<_> = rows.take(ROWS_OF_A_PAGE + 1).collect::<Result<_>>()?;
    if rows.len() > ROWS_OF_A_PAGE {
        return Err(too_long_to_read(ROWS_OF_A_PAGE));
    }
    write(
        &Output::new(Body::Table(Table { columns, rows })),
        format,
        style,
        reply,
    )
}

fn write_triples(
    triples: &mut dyn Iterator<Item = Result<Triple>>,
    format: Format,
    style: &Style,
    reply: &mut Reply<'_>,
) -> Result<()> {
    let mut triples = triples;
    let first = (&mut triples).take(TIDY).collect::<Result<Vec<_>>>()?;
    if format == Format::Html && first.len() == TIDY {
        return Err(too_long_to_read(TIDY));
    }
    if format == Format::Html {
        return write(
            &Output::new(Body::Table(as_table(first))),
            format,
            style,
            reply,
        );
    }
    if first.len() < TIDY {
        return write(&Output::new(Body::Graph(first)), format, style, reply);
    }
    let format = match format {
        Format::NTriples => RdfFormat::NTriples,
        Format::RdfXml => RdfFormat::RdfXml,
        Format::JsonLd => RdfFormat::JsonLd {
            profile: oxrdfio::JsonLdProfileSet::empty(),
        },
        Format::TriG => RdfFormat::TriG,
        Format::NQuads => RdfFormat::NQuads,
        _ => RdfFormat::Turtle,
    };
    let mut serializer = RdfSerializer::from_format(format).for_writer(&mut *reply);
    for triple in first.into_iter().map(Ok).chain(triples) {
        serializer
            .serialize_triple(&triple?)
            .map_err(Error::Output)?;
    }
    serializer.finish().map_err(Error::Output)?;
    Ok(())
}

fn too_long_to_read(limit: usize) -> Error {
    Error::Limit {
        reason: format!("a page for people holds no more than {limit} rows"),
        hint: Some("add LIMIT, or take another format, such as format=csv or format=nt".to_owned()),
    }
}

/// Triples as rows, for a browser.
fn as_table(triples: Vec<Triple>) -> Table {
    let row = |triple: Triple| {
        vec![
            Some(triple.subject.into()),
            Some(triple.predicate.into()),
            Some(triple.object),
        ]
    };
    Table {
        columns: ["subject", "predicate", "object"]
            .map(str::to_owned)
            .to_vec(),
        rows: triples.into_iter().map(row).collect(),
    }
}

impl Desk {
    /// What a query may take; time is looked after by the server, which ends what does not heed.
    pub(super) fn limits(&self, stop: &Stop) -> Limits {
        Limits {
            timeout: None,
            max_rows: Some(self.max_rows),
            stop: Some(stop.clone()),
        }
    }
}
