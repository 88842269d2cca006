//! The pages of the explorer.

use std::sync::Arc;

use super::Desk;
use super::api::language;
use super::reply::{Done, Reply};
use crate::error::Error;
use crate::map::Language;
use crate::pages::{Address, Explorer, assets};
use crate::query::Stop;
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
pub(super) fn page_of(desk: &Desk, path: &str, request: &Request) -> Option<String> {
    let tag = language(None, &request.language).tag();
    let known = Address::read(desk.pages().ok()?, path).is_ok();
    known.then(|| format!("/{tag}/{path}"))
}

/// A page, by its path below the language.
pub(super) fn page(desk: &Desk, request: &Request, stop: &Stop, reply: &mut Reply<'_>) -> Done {
    let path = request.path.trim_start_matches('/');
    let (tag, path) = path.split_once('/').unwrap_or((path, ""));
    let language = if tag == "fr" {
        Language::Fr
    } else {
        Language::En
    };
    let path = decoded(path);
    let limits = desk.limits(stop);
    let answer = desk
        .pages()?
        .respond(language, &path, &request.query, &limits);
    reply.status(answer.status).media_type(&answer.media_type);
    if let Some(name) = &answer.file_name {
        let name: String = name.chars().filter(char::is_ascii_graphic).collect();
        let name = name.replace(['"', '\\'], "");
        reply.header(
            "content-disposition",
            format!("attachment; filename=\"{name}\""),
        );
    }
    Ok(reply.whole(&answer.body)?)
}

/// A style sheet or script.
pub(super) fn asset(request: &Request, reply: &mut Reply<'_>) -> Done {
    let name = request.path.trim_start_matches("/assets/");
    let asset = assets::asset(name).ok_or_else(|| Error::Unknown {
        what: "file",
        name: request.path.clone(),
        hint: None,
    })?;
    reply.media_type(&asset.media_type);
    Ok(reply.whole(&asset.body)?)
}

/// A path without percent signs; one that cannot be read stays as it is.
fn decoded(path: &str) -> String {
    let pair = format!("path={}", path.replace('+', "%2B"));
    let read: Result<Vec<(String, String)>, _> = serde_urlencoded::from_str(&pair);
    read.ok()
        .and_then(|pairs| pairs.into_iter().next())
        .map_or_else(|| path.to_owned(), |(_, path)| path)
}

impl Desk {
    /// The pages of the data as they are now.
    fn pages(&self) -> crate::error::Result<&Explorer> {
        if let Some(explorer) = self.explorer.get() {
            return Ok(explorer);
        }
        let made = Explorer::new(Arc::clone(&self.dataset))?;
        Ok(self.explorer.get_or_init(|| made))
    }
}
