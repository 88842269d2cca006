//! Every question of the command line as an address: `/api/similar?programme=…&top=3`.
//!
//! The address becomes the arguments of the same verb, read by the same parser, so names, defaults
//! and refusals are those of the command line. Named queries have addresses of their own.

use std::ffi::OsString;

use clap::{FromArgMatches, Subcommand};
use serde_json::json;

use super::Desk;
use super::offers::{self, format};
use super::reply::{Done, Failure, Reply};
use super::sparql;
use crate::commands::query::parameters;
use crate::commands::{Command, Context};
use crate::error::{Error, Result};
use crate::map::Language;
use crate::nearest::did_you_mean;
use crate::output::write;
use crate::query::{
    Completing, Diagnostic, Options, Stop, byte_offset, check, complete, named, utf16_offset, why,
};
use crate::web::message::Request;

/// How long the search for the reason of an empty answer may take.
const WHY: std::time::Duration = std::time::Duration::from_secs(2);

type Pairs = Vec<(String, String)>;

fn pairs(query: &str) -> Result<Pairs> {
    serde_urlencoded::from_str(query).map_err(|error| {
        Error::usage(
            format!("the address cannot be read: {error}"),
            "percent-encode it",
        )
    })
}

/// Takes the pairs of a name out of the rest.
fn take(pairs: &mut Pairs, name: &str) -> Option<String> {
    let at = pairs.iter().position(|(n, _)| n == name)?;
    Some(pairs.remove(at).1)
}

/// Answers a verb.
pub(super) fn verb(
    desk: &Desk,
    verb: &str,
    request: &Request,
    stop: &Stop,
    reply: &mut Reply<'_>,
) -> Done {
    let mut pairs = pairs(&request.query)?;
    let asked = take(&mut pairs, "format");
    let language = language(take(&mut pairs, "lang").as_deref(), &request.language);
    let mut command = read(verb, &pairs)?;
    if let Command::Query(query) = &mut command {
        let limits = desk.limits(stop);
        (query.timeout, query.max_rows, query.stop) =
            (limits.timeout, limits.max_rows, limits.stop);
    }
    let answer = command.run(&desk.dataset, Context { language })?;
    let offers = offers::of_shape(answer.body.shape());
    let format = format(asked.as_deref(), &request.accept, &offers)?;
    reply.header("vary", "accept, accept-language");
    reply.media_type(format.media_type());
    Ok(write(&answer, format, &desk.style(), reply)?)
}

/// The command that an address means.
fn read(verb: &str, pairs: &Pairs) -> std::result::Result<Command, Failure> {
    let parser = Command::augment_subcommands(clap::Command::new("api").no_binary_name(true));
    let Some(known) = parser.find_subcommand(verb) else {
        let verbs: Vec<&str> = parser
            .get_subcommands()
            .map(clap::Command::get_name)
            .collect();
        return Err(Error::Unknown {
            what: "verb",
            name: verb.to_owned(),
            hint: did_you_mean(verb, verbs.iter().copied())
                .or_else(|| Some(format!("there are: {}", verbs.join(", ")))),
        }
        .into());
    };
    let mut arguments: Vec<OsString> = vec![verb.into()];
    let mut values: Vec<OsString> = Vec::new();
    let mut known = known;
    if verb == "named" {
        let action = pairs.iter().find(|(name, _)| name == "action");
        let named = pairs.iter().any(|(name, _)| name == "name");
        let action = action.map_or(if named { "run" } else { "list" }, |(_, value)| value);
        arguments.push(action.into());
        known = known.find_subcommand(action).ok_or_else(|| {
            Error::usage(
                format!("`{action}` is nothing to do with named queries"),
                "list, show, run or check",
            )
        })?;
    }
    for (name, value) in pairs.iter().filter(|(name, _)| name != "action") {
        let argument = known.get_arguments().find(|argument| {
            argument.get_long() == Some(name)
                || (argument.is_positional() && argument.get_id() == name.as_str())
        });
        let Some(argument) = argument else {
            let names: Vec<&str> = known
                .get_arguments()
                .filter_map(|argument| {
                    argument
                        .get_long()
                        .or_else(|| Some(argument.get_id().as_str()))
                })
                .collect();
            let hint = did_you_mean(name, names.iter().copied());
            return Err(Error::usage(
                format!("{verb} has no parameter `{name}`"),
                hint.unwrap_or_else(|| format!("it has: {}", names.join(", "))),
            )
            .into());
        };
        if argument.is_positional() {
            values.push(value.into());
        } else if argument.get_action().takes_values() {
            arguments.push(format!("--{name}={value}").into());
        } else if matches!(value.as_str(), "" | "true" | "1" | "on" | "yes") {
            arguments.push(format!("--{name}").into());
        }
    }
    if !values.is_empty() {
        arguments.push("--".into());
        arguments.append(&mut values);
    }
    let refuse = |error: clap::Error| {
        let text = error.to_string();
        let first = text
            .lines()
            .next()
            .unwrap_or("")
            .trim_start_matches("error: ");
        Failure::from(Error::usage(first, format!("see: peermap {verb} --help")))
    };
    let matches = parser.try_get_matches_from(arguments).map_err(refuse)?;
    let command = Command::from_arg_matches(&matches).map_err(refuse)?;
    match command {
        Command::Query(query) if query.source.is_some() => Err(Error::usage(
            "an address names no files",
            "send the text as query=…, or named=… for a named query",
        )
        .into()),
        command => Ok(command),
    }
}

/// Answers a named query: `/named/<name>.csv?parameter=value`.
pub(super) fn named_query(
    desk: &Desk,
    file: &str,
    request: &Request,
    stop: &Stop,
    reply: &mut Reply<'_>,
) -> Done {
    let (name, ending) = match file.rsplit_once('.') {
        Some((name, ending)) if ending != "rq" => (name, Some(ending)),
        _ => (file, None),
    };
    let query = named(name)?;
    if file.strip_suffix(".rq").is_some() {
        reply.media_type("application/sparql-query");
        return Ok(reply.whole(query.text.as_bytes())?);
    }
    let mut pairs = pairs(&request.query)?;
    let format = take(&mut pairs, "format");
    let given: Vec<String> = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            if name == "param" {
                value
            } else {
                format!("{name}={value}")
            }
        })
        .collect();
    let options = Options {
        parameters: parameters(&desk.dataset, &given, Some(query))?,
        no_auto_prefix: true,
        name: Some(format!("{}.rq", query.name)),
        limits: desk.limits(stop),
        ..Options::default()
    };
    sparql::run(
        desk,
        query.text,
        &options,
        ending.or(format.as_deref()),
        &request.accept,
        reply,
    )
}

/// What an editor asks: `{"text": …, "cursor": …}`, with offsets in UTF-16 units as browsers count.
#[derive(serde::Deserialize)]
#[serde(default)]
struct Asked {
    text: String,
    cursor: usize,
    lang: String,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            text: String::new(),
            cursor: usize::MAX,
            lang: String::new(),
        }
    }
}

/// Answers an editor: completion, marks, or the reason of an empty answer.
pub(super) fn editor(
    desk: &Desk,
    what: &str,
    body: &[u8],
    stop: &Stop,
    reply: &mut Reply<'_>,
) -> Done {
    let asked: Asked = serde_json::from_slice(body).map_err(|error| {
        Error::usage(
            format!("the body is not what an editor sends: {error}"),
            "send {\"text\": …, \"cursor\": …}",
        )
    })?;
    let text = asked.text.as_str();
    let options = Options {
        limits: desk.limits(stop),
        ..Options::default()
    };
    let answer = match what {
        "complete" => {
            let vocabulary = desk.vocabulary.get(&desk.dataset.graph)?;
            let cursor = byte_offset(text, asked.cursor);
            let found = complete(text, cursor, &vocabulary, Completing::default());
            let mut answer = json!(found);
            for end in ["from", "to"] {
                let byte = answer[end].as_u64().and_then(|at| usize::try_from(at).ok());
                answer[end] = json!(utf16_offset(text, byte.unwrap_or(0)));
            }
            answer
        }
        "check" => {
            let found: Vec<Diagnostic> = check(text, desk.dataset.graph.prefixes(), &options);
            let marks = found.iter().map(|mark| {
                let mut mark = json!(mark);
                in_utf16(&mut mark, text);
                mark
            });
            json!(marks.collect::<Vec<_>>())
        }
        _ => {
            let vocabulary = desk.vocabulary.get(&desk.dataset.graph)?;
            json!(why(
                &desk.dataset.graph,
                Some(&vocabulary),
                text,
                &options,
                WHY
            )?)
        }
    };
    reply
        .media_type("application/json")
        .header("cache-control", "no-store");
    Ok(reply.whole(answer.to_string().as_bytes())?)
}

fn in_utf16(mark: &mut serde_json::Value, text: &str) {
    for end in ["start", "end"] {
        if let Some(byte) = mark[end].as_u64().and_then(|at| usize::try_from(at).ok()) {
            mark[end] = json!(utf16_offset(text, byte));
        }
    }
    if mark["replacement"].is_object() {
        in_utf16(&mut mark["replacement"], text);
    }
}

/// The language by name, else the first one of the header that there is.
pub(super) fn language(name: Option<&str>, header: &str) -> Language {
    let first = |text: &str| match text.trim().get(..2) {
        Some("fr") => Some(Language::Fr),
        Some("en") => Some(Language::En),
        _ => None,
    };
    name.and_then(first)
        .or_else(|| header.split(',').find_map(first))
        .unwrap_or_default()
}
