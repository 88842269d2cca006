//! What several pages need to read requests and answers.

use serde::Deserialize;
use serde_json::Value;

use super::explorer::Explorer;
use super::frame::{Frame, Link};
use crate::error::{Error, Result};
use crate::map::Language;
use crate::output::{Body, Output, Report};

/// A request with every setting that is not given at its default.
pub(super) fn request<T: for<'de> Deserialize<'de>>(settings: Value) -> Result<T> {
    let settings = match settings {
        Value::Object(settings) => {
            let given = settings.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(given.collect())
        }
        other => other,
    };
    serde_json::from_value(settings)
        .map_err(|error| Error::usage(error.to_string(), "change the address or the form"))
}

/// The report of an answer; other answers are empty ones.
pub(super) fn report(output: Output) -> Result<Report> {
    match output.body {
        Body::Report(report) => Ok(report),
        _ => Err(Error::usage(
            "this request has no report",
            "ask for less at once",
        )),
    }
}

/// The query behind an answer; a table of profiles has no graph to ask and no query.
pub(super) fn sparql(answer: Result<Output>) -> Option<String> {
    match answer.ok()?.body {
        Body::Text(text) => Some(text),
        _ => None,
    }
}

/// A text of a structure, or nothing.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("")
}

/// The items of a list, or none.
pub(super) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[][..], Vec::as_slice)
}

/// A probability as people write it.
pub(super) fn shares(frame: &Frame<'_>, p: f64) -> String {
    if p < 0.001 {
        format!("< {}", frame.number(0.001, 3))
    } else {
        frame.number(p, 3)
    }
}

/// Values of the map as links.
pub(super) fn values(frame: &Frame<'_>, list: &[Value]) -> Vec<Link> {
    list.iter()
        .map(|value| {
            let href = frame.links.thing(text(value, "iri")).unwrap_or_default();
            Link::new(text(value, "label"), href)
        })
        .collect()
}

/// The silo axes for a list to choose from: notation, name, whether chosen.
pub(super) fn axis_choices(
    explorer: &Explorer,
    language: Language,
    chosen: usize,
) -> Vec<(String, String, bool)> {
    let axes = explorer.dataset.map.axes.iter().enumerate();
    axes.map(|(at, axis)| {
        let name = axis.name.label(language).to_owned();
        (axis.name.notation.clone(), name, at == chosen)
    })
    .collect()
}
