//! The pages of the explorer.

use super::reply::Reply;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::output::escaped;
use crate::web::message::Request;

/// The first address: goes to the language that the browser asks for.
pub(super) fn front_door(request: &Request, reply: &mut Reply<'_>) {
    let french = request.language.trim_start().starts_with("fr");
    reply.header("vary", "accept-language");
    reply.go_to(302, if french { "/fr/" } else { "/en/" });
}

/// A page, by its path below the language.
pub(super) fn page(dataset: &Dataset, _request: &Request, reply: &mut Reply<'_>) -> Result<()> {
    reply.media_type("text/html; charset=utf-8");
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><title>peermap</title><p>{}</p></html>\n",
        escaped(&dataset.origin.join(", "))
    );
    reply.whole(text.as_bytes())
}
