//! The door: what is answered without data, and passing on everything else.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;

use super::message::Request;
use super::pool::{Begun, Pool, Refusal};

/// Largest body of a request, in bytes.
const BODY: usize = 1 << 20;

/// All addresses.
pub(super) fn router(pool: Pool) -> Router {
    Router::new()
        .route("/health", get(health))
        .fallback(pass_on)
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(pool)
}

async fn health(State(pool): State<Pool>) -> Response {
    let text = format!("ok\nwaiting {}\n", pool.waiting());
    ([(header::CACHE_CONTROL, "no-store")], text).into_response()
}

async fn pass_on(
    State(pool): State<Pool>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let text = |name: HeaderName| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or("").to_owned()
    };
    let request = Request {
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or("").to_owned(),
        accept: text(header::ACCEPT),
        language: text(header::ACCEPT_LANGUAGE),
        content_type: text(header::CONTENT_TYPE),
        origin: format!("http://{}", text(header::HOST)),
    };
    match pool.ask(request, body).await {
        Ok(begun) => respond(begun),
        Err(refusal) => refuse(&refusal),
    }
}

fn respond(begun: Begun) -> Response {
    let mut parts = begun.parts;
    let parts = stream::poll_fn(move |context| {
        parts.poll_recv(context).map(|part| {
            part.map(|part| part.map_err(|refusal| std::io::Error::other(reason(&refusal))))
        })
    });
    let mut response = Response::new(Body::from_stream(parts));
    *response.status_mut() = StatusCode::from_u16(begun.head.status).unwrap_or(StatusCode::OK);
    for (name, value) in &begun.head.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// What a refusal says.
fn reason(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Busy => "the server is busy".to_owned(),
        Refusal::Late(limit) => format!("stopped after {} s", limit.as_secs_f64()),
        Refusal::Ended => "the answer needed more memory than one answer may use".to_owned(),
        Refusal::Broken(reason) => reason.clone(),
    }
}

fn refuse(refusal: &Refusal) -> Response {
    let status = match refusal {
        Refusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::Late(_) => StatusCode::GATEWAY_TIMEOUT,
        Refusal::Ended | Refusal::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let mut response = (status, format!("{}\n", reason(refusal))).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let soon = HeaderValue::from_static("2");
        response.headers_mut().insert(header::RETRY_AFTER, soon);
    }
    response
}
