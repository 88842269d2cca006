//! What holds for every answer: who may ask, from where, what a browser may do with it, the log.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::front::{Front, problem};

/// Scripts come from here and nowhere else. Styles may stand in the page, since drawings and the
/// editor set them so; nothing that came from data is ever one.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; \
frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// Methods that a page elsewhere may use.
const METHODS: &str = "GET, HEAD, POST, PUT, DELETE, OPTIONS";

/// Checks, passes on, and dresses the answer.
pub(super) async fn dress(
    State(front): State<Arc<Front>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let address = request
        .uri()
        .path_and_query()
        .map_or("/", |address| address.as_str())
        .to_owned();
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = if !is_known_host(request.headers(), &front.hosts) {
        problem(
            StatusCode::MISDIRECTED_REQUEST,
            "this server is not called so",
            Some("start it with --host NAME to be called by another name"),
        )
    } else if method == Method::OPTIONS {
        ([(header::ALLOW, METHODS)], StatusCode::NO_CONTENT).into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    allow_origin(&front.cors, origin.as_ref(), &method, headers);
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    let status = response.status().as_u16();
    front.metrics.answered(status, started.elapsed());
    if let Some(log) = &front.log {
        let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
        let short: String = address.chars().take(500).collect();
        let _ = log.send(format!(
            "{} {method} {short} {status} {milliseconds:.1} ms\n",
            now()
        ));
    }
    response
}

fn now() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

/// A name that somebody else's domain could be made to point here is refused, since a page of that
/// domain could then read what only this machine should. Addresses in digits cannot be.
fn is_known_host(headers: &HeaderMap, hosts: &[String]) -> bool {
    let Some(host) = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
    else {
        return false;
    };
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok()
        || hosts
            .iter()
            .any(|known| known == "*" || known.eq_ignore_ascii_case(name))
}

fn allow_origin(
    allowed: &[String],
    origin: Option<&HeaderValue>,
    method: &Method,
    headers: &mut HeaderMap,
) {
    let Some(text) = origin.and_then(|origin| origin.to_str().ok()) else {
        return;
    };
    if allowed.is_empty() {
        return;
    }
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    let value = if allowed.iter().any(|one| one == "*") {
        HeaderValue::from_static("*")
    } else if let (true, Ok(value)) = (
        allowed.iter().any(|one| one == text),
        HeaderValue::from_str(text),
    ) {
        value
    } else {
        return;
    };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value);
    if method == Method::OPTIONS {
        let names = HeaderValue::from_static("accept, authorization, content-type");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static(METHODS),
        );
        headers.insert(
            header::ACCESS_CONTROL_MAX_AGE,
            HeaderValue::from_static("600"),
        );
    } else {
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("etag, link"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_names_and_addresses_in_digits_are_hosts() {
        let hosts = ["data.example.org".to_owned()];
        for (host, known) in [
            ("localhost:7878", true),
            ("LOCALHOST", true),
            ("127.0.0.1:7878", true),
            ("[::1]:7878", true),
            ("192.168.1.4", true),
            ("data.example.org", true),
            ("data.example.org:80", true),
            ("evil.example", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example:7878", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            assert_eq!(is_known_host(&headers, &hosts), known, "{host}");
        }
        assert!(!is_known_host(&HeaderMap::new(), &hosts));
    }
}
