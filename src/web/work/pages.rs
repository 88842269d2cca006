//! The pages of the explorer.

use super::Desk;
use super::api::language;
use super::reply::{Done, Reply};
use crate::map::Language;
use crate::output::escaped;
use crate::web::message::Request;

/// The first address: goes to the language that the browser asks for.
pub(super) fn front_door(request: &Request, reply: &mut Reply<'_>) {
    reply.header("vary", "accept-language");
    reply.go_to(
        302,
        if language(None, &request.language) == Language::Fr {
            "/fr/"
        } else {
            "/en/"
        },
    );
}

/// The page for queries.
pub(super) fn query_page(request: &Request) -> &'static str {
    match language(None, &request.language) {
        Language::En => "/en/query",
        Language::Fr => "/fr/query",
    }
}

/// The page about a thing, where there is one.
pub(super) fn page_of(_desk: &Desk, _path: &str, _request: &Request) -> Option<String> {
    None
}

/// A page, by its path below the language.
pub(super) fn page(desk: &Desk, _request: &Request, reply: &mut Reply<'_>) -> Done {
    reply.media_type("text/html; charset=utf-8");
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><title>peermap</title><p>{}</p></html>\n",
        escaped(&desk.dataset.origin.join(", "))
    );
    Ok(reply.whole(text.as_bytes())?)
}
