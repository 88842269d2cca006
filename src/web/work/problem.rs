//! Problem documents (RFC 9457): what went wrong, with its place in the query and a way out.

use serde_json::{Map, Value, json};

use crate::error::{Error, Kind};

/// The media type of a problem document.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// The status and the document of an error.
pub(super) fn of(error: &Error) -> (u16, Vec<u8>) {
    let status = match (error, error.kind()) {
        (Error::Unknown { .. }, _) => 404,
        (_, Kind::Usage) => 400,
        (_, Kind::Limit) => 422,
        _ => 500,
    };
    let mut document = Map::new();
    document.insert("title".to_owned(), json!(error.to_string()));
    document.insert("status".to_owned(), json!(status));
    if let Some(hint) = error.hint() {
        document.insert("hint".to_owned(), json!(hint));
    }
    if let Some(place) = error.place() {
        document.insert("line".to_owned(), json!(place.line));
        document.insert("column".to_owned(), json!(place.column));
        document.insert("width".to_owned(), json!(place.width));
    }
    document.insert("detail".to_owned(), json!(error.report()));
    let mut text = Value::Object(document).to_string();
    text.push('\n');
    (status, text.into_bytes())
}
