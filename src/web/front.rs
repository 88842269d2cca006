//! The door: what is answered without data, and passing on everything else.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::UnboundedSender;
use tower_http::compression::CompressionLayer;

use super::manners::dress;
use super::message::Request;
use super::metrics::Metrics;
use super::pool::{Begun, Pool, Refusal};

/// What the door knows.
pub(super) struct Front {
    pub(super) pool: Pool,
    /// Names by which the server may be called, besides those of this machine.
    pub(super) hosts: Vec<String>,
    /// Origins of pages that may read answers.
    pub(super) cors: Vec<String>,
    /// What whoever writes must know; none where nobody may write.
    pub(super) token: Option<String>,
    /// Largest body of a request, in bytes.
    pub(super) max_body: usize,
    pub(super) metrics: Arc<Metrics>,
    /// Where lines of the log go.
    pub(super) log: Option<UnboundedSender<String>>,
}

/// All addresses.
pub(super) fn router(front: Arc<Front>) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .fallback(pass_on)
        .layer(DefaultBodyLimit::max(front.max_body))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(Arc::clone(&front), dress))
        .with_state(front)
}

async fn health(State(front): State<Arc<Front>>) -> Response {
    let document = json!({ "status": "ok", "version": front.pool.version() });
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_TYPE, "application/json"),
    ];
    (headers, format!("{document}\n")).into_response()
}

async fn metrics(State(front): State<Arc<Front>>) -> Response {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        ),
    ];
    (headers, front.metrics.text(front.pool.waiting())).into_response()
}

async fn pass_on(
    State(front): State<Arc<Front>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => {
            let hint = format!("the limit is {} bytes", front.max_body);
            return problem(rejection.status(), &rejection.body_text(), Some(&hint));
        }
    };
    if headers.contains_key(header::CONTENT_ENCODING) {
        let hint = Some("send the body as it is");
        return problem(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "compressed bodies are not read",
            hint,
        );
    }
    let writes = writes(&method, &uri, &headers, &body);
    if writes && let Some(refused) = may_not_write(front.token.as_deref(), &headers) {
        return refused;
    }
    let text = |name: HeaderName| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or("").to_owned()
    };
    let accept: Vec<&str> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let request = Request {
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or("").to_owned(),
        accept: accept.join(","),
        language: text(header::ACCEPT_LANGUAGE),
        content_type: text(header::CONTENT_TYPE),
        origin: format!("http://{}", text(header::HOST)),
        writes,
    };
    let tag = tag(&front.pool.version(), &request);
    if let Some(tag) = &tag
        && text(header::IF_NONE_MATCH)
            .split(',')
            .any(|known| known.trim() == tag)
    {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        remember(response.headers_mut(), tag);
        return response;
    }
    match front.pool.ask(request, body).await {
        Ok(begun) => {
            let mut response = respond(begun);
            if let Some(tag) = tag.filter(|_| response.status() == StatusCode::OK) {
                remember(response.headers_mut(), &tag);
            }
            response
        }
        Err(refusal) => refuse(&refusal, &front.metrics),
    }
}

/// Whether a request changes data: an update, or a graph that is not only read.
fn writes(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> bool {
    let changes = [Method::POST, Method::PUT, Method::DELETE, Method::PATCH].contains(method);
    match uri.path().trim_matches('/') {
        "store" => changes,
        "sparql" if *method == Method::POST => {
            let media_type = headers
                .get(header::CONTENT_TYPE)
                .and_then(|value| value.to_str().ok());
            let media_type = media_type.unwrap_or("").split(';').next().unwrap_or("");
            let has = |form: &[u8]| {
                let pairs: Vec<(String, String)> =
                    serde_urlencoded::from_bytes(form).unwrap_or_default();
                pairs.iter().any(|(name, _)| name == "update")
            };
            match media_type.trim().to_lowercase().as_str() {
                "application/sparql-update" => true,
                "application/x-www-form-urlencoded" => {
                    has(body) || has(uri.query().unwrap_or("").as_bytes())
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// Why a request may not write, if it may not.
fn may_not_write(token: Option<&str>, headers: &HeaderMap) -> Option<Response> {
    let Some(token) = token else {
        let hint = Some("start it with --write to change data");
        return Some(problem(
            StatusCode::FORBIDDEN,
            "this server only answers",
            hint,
        ));
    };
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let given = given
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or("")
        .trim();
    // Digests, so that the time taken says nothing of how much was right.
    if Sha256::digest(given) == Sha256::digest(token) {
        return None;
    }
    let hint = Some("send Authorization: Bearer TOKEN");
    let mut response = problem(
        StatusCode::UNAUTHORIZED,
        "changing data takes the token of this server",
        hint,
    );
    let scheme = HeaderValue::from_static("Bearer");
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, scheme);
    Some(response)
}

/// A name for the answer to a request that depends on the data alone.
fn tag(version: &str, request: &Request) -> Option<String> {
    let reads = matches!(request.method.as_str(), "GET" | "HEAD");
    let lower = request.query.to_lowercase();
    let changes = ["now", "rand", "uuid", "bnode"];
    if !reads || version.is_empty() || changes.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    (
        &request.path,
        &request.query,
        &request.accept,
        &request.language,
        &request.origin,
    )
        .hash(&mut hasher);
    Some(format!("W/\"{version}-{:016x}\"", hasher.finish()))
}

fn remember(headers: &mut HeaderMap, tag: &str) {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-cache"));
    }
}

fn respond(begun: Begun) -> Response {
    let mut parts = begun.parts;
    let parts = stream::poll_fn(move |context| {
        let part = parts.poll_recv(context);
        part.map(|part| {
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
        Refusal::Late(limit) => format!("the answer was stopped after {} s", limit.as_secs_f64()),
        Refusal::Ended => {
            "the answer needed more memory, or deeper nesting, than one answer may have".to_owned()
        }
        Refusal::Unwritable => "the change could not be kept and was not made".to_owned(),
        Refusal::Broken(reason) => reason.clone(),
    }
}

fn refuse(refusal: &Refusal, metrics: &Metrics) -> Response {
    let (status, hint) = match refusal {
        Refusal::Busy => {
            metrics.busy.fetch_add(1, Relaxed);
            (StatusCode::SERVICE_UNAVAILABLE, "try again in a moment")
        }
        Refusal::Late(_) => {
            metrics.late.fetch_add(1, Relaxed);
            (
                StatusCode::GATEWAY_TIMEOUT,
                "ask for less, or put the rarest pattern first",
            )
        }
        Refusal::Ended => {
            metrics.ended.fetch_add(1, Relaxed);
            (
                StatusCode::UNPROCESSABLE_ENTITY,
                "ask for less, or write it flatter",
            )
        }
        Refusal::Unwritable => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "look at the disk of the journal",
        ),
        Refusal::Broken(_) => (StatusCode::INTERNAL_SERVER_ERROR, "ask for less"),
    };
    let mut response = problem(status, &reason(refusal), Some(hint));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let soon = HeaderValue::from_static("2");
        response.headers_mut().insert(header::RETRY_AFTER, soon);
    }
    response
}

/// A problem document of the door's own.
pub(super) fn problem(status: StatusCode, title: &str, hint: Option<&str>) -> Response {
    let mut detail = format!("error: {title}\n");
    let mut document = json!({ "title": title, "status": status.as_u16() });
    if let Some(hint) = hint {
        detail = format!("{detail}hint: {hint}\n");
        document["hint"] = json!(hint);
    }
    document["detail"] = json!(detail);
    let headers = [
        (header::CONTENT_TYPE, "application/problem+json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, format!("{document}\n")).into_response()
}
