//! Problem documents (RFC 9457): what went wrong, with its place in the query and a way out.

use serde_json::{Map, Value, json};

use crate::error::{Error, Kind};

/// The media type of a problem document.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// The status and the document of an error.
pub(super) fn of(error: &Error, status: Option<u16>) -> (u16, Vec<u8>) {
    let status = status.unwrap_or(match (error, error.kind()) {
        (Error::Unknown { .. }, _) => 404,
        (_, Kind::Usage) => 400,
        (_, Kind::Limit) => 422,
        _ => 500,
    });
    let mut document = Map::new();
    let mut say = |name: &str, value: Value| document.insert(name.to_owned(), value);
    say("title", json!(error.to_string()));
    say("status", json!(status));
    if let Some(hint) = error.hint() {
        say("hint", json!(hint));
    }
    if let Some(place) = error.place() {
        say("line", json!(place.line));
        say("column", json!(place.column));
        let end = place.column + u64::try_from(place.width).unwrap_or(1);
        say(
            "span",
            json!({ "line": place.line, "start": place.column, "end": end }),
        );
    }
    say("detail", json!(error.report()));
    let mut text = Value::Object(document).to_string();
    text.push('\n');
    (status, text.into_bytes())
}
