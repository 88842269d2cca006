//! The server: the protocol, linked data, questions as addresses, and manners.

use crate::server::Server;

const ROWS: &str = "SELECT ?p { ?p a pm:Programme } LIMIT 2";

fn encoded(text: &str) -> String {
    serde_urlencoded::to_string([("query", text)]).unwrap()
}

#[test]
fn a_query_comes_by_address_by_form_or_as_it_is() {
    let server = Server::start(&["--workers", "2"]);
    let form = ("content-type", "application/x-www-form-urlencoded");
    let direct = ("content-type", "application/sparql-query; charset=utf-8");
    let ask = encoded("ASK { ?s ?p ?o }");
    let answers = [
        server.get(&format!("/sparql?{ask}"), &[]),
        server.ask("POST", "/sparql", &[form], ask.as_bytes()),
        server.ask("POST", "/sparql", &[direct], b"ASK { ?s ?p ?o }"),
    ];
    for got in answers {
        assert_eq!(got.status, 200, "{}", got.body);
        assert_eq!(got.media_type(), "application/sparql-results+json");
        assert_eq!(got.body.trim(), "{\"head\":{},\"boolean\":true}");
    }
    for (method, path, header, body, status, says) in [
        ("POST", "/sparql", form, "", 400, "there is no query"),
        (
            "POST",
            "/sparql",
            form,
            "query=ASK%7B%7D&query=ASK%7B%7D",
            400,
            "more than one query",
        ),
        (
            "POST",
            "/sparql",
            form,
            "update=CLEAR%20ALL",
            403,
            "this server only answers",
        ),
        (
            "POST",
            "/sparql",
            ("content-type", "application/sparql-update"),
            "CLEAR ALL",
            403,
            "this server only answers",
        ),
        (
            "POST",
            "/sparql",
            ("content-type", "application/json"),
            "{}",
            415,
            "is no query",
        ),
        ("POST", "/sparql", direct, "\u{fffd}", 400, "error"),
        ("POST", "/sparql", direct, "CLEAR ALL", 400, "update"),
        ("DELETE", "/sparql", direct, "", 405, "GET, HEAD, POST"),
        ("POST", "/en/", direct, "", 405, "GET, HEAD"),
        ("GET", "/nowhere", direct, "", 404, "no page is called"),
    ] {
        let got = server.ask(method, path, &[header], body.as_bytes());
        assert_eq!(got.status, status, "{method} {path} {body}\n{}", got.body);
        assert_eq!(
            got.media_type(),
            "application/problem+json",
            "{method} {path} {body}"
        );
        assert!(
            got.body.contains(says),
            "{method} {path} {body}\n{}",
            got.body
        );
    }
}

#[test]
fn every_format_is_given_to_whoever_accepts_it() {
    let server = Server::start(&["--workers", "2"]);
    let triples = "CONSTRUCT { ?p a pm:Programme } WHERE { ?p a pm:Programme }";
    for (query, accept, media_type, starts) in [
        (
            ROWS,
            "*/*",
            "application/sparql-results+json",
            "{\"head\":{\"vars\":[\"p\"]}",
        ),
        (
            ROWS,
            "application/sparql-results+xml",
            "application/sparql-results+xml",
            "<?xml",
        ),
        (
            ROWS,
            "application/json",
            "application/sparql-results+json",
            "{\"head\"",
        ),
        (
            ROWS,
            "text/csv",
            "text/csv",
            "p\nhttps://w3id.org/peermap/programme/",
        ),
        (
            ROWS,
            "text/tab-separated-values",
            "text/tab-separated-values",
            "?p\n<https://",
        ),
        (ROWS, "text/html,*/*;q=0.1", "text/html", "<!DOCTYPE html>"),
        (
            ROWS,
            "text/csv;q=0.3, text/tab-separated-values;q=0.5",
            "text/tab-separated-values",
            "?p\n",
        ),
        ("ASK {}", "text/csv", "text/csv", "true"),
        (triples, "*/*", "text/turtle", "@prefix"),
        (
            triples,
            "application/n-triples",
            "application/n-triples",
            "<https://",
        ),
        (
            triples,
            "application/rdf+xml",
            "application/rdf+xml",
            "<?xml",
        ),
        (triples, "application/ld+json", "application/ld+json", "{"),
        (triples, "application/trig", "application/trig", "@prefix"),
        (
            triples,
            "application/n-quads",
            "application/n-quads",
            "<https://",
        ),
        (triples, "text/html", "text/html", "<!DOCTYPE html>"),
    ] {
        let got = server.query(query, accept);
        assert_eq!(got.status, 200, "{accept}: {}", got.body);
        assert_eq!(got.media_type(), media_type, "{accept}");
        assert!(got.header("vary").unwrap().contains("accept"), "{accept}");
        assert!(got.body.starts_with(starts), "{accept}: {}", got.body);
    }
    let refused = server.query(ROWS, "image/png");
    assert_eq!(refused.status, 406, "{}", refused.body);
    assert!(refused.body.contains("text/csv"));
    let by_name = server.get(&format!("/sparql?format=csv&{}", encoded(ROWS)), &[]);
    assert_eq!(by_name.media_type(), "text/csv");
}

#[test]
fn graphs_of_the_protocol_stand_in_for_those_of_the_query() {
    let server = Server::start(&["--workers", "1"]);
    let count = |graphs: &str| {
        let query = encoded("SELECT (COUNT(*) AS ?n) { ?p a pm:Programme }");
        let got = server.get(&format!("/sparql?format=csv&{query}{graphs}"), &[]);
        assert_eq!(got.status, 200, "{}", got.body);
        got.body.lines().nth(1).unwrap().parse::<u64>().unwrap()
    };
    let graph = |name: &str| {
        format!("&default-graph-uri=https%3A%2F%2Fw3id.org%2Fpeermap%2Fgraph%2F{name}")
    };
    let (paper, atlas) = (count(&graph("paper")), count(&graph("atlas")));
    assert!(paper > 0 && atlas > 0);
    assert_eq!(
        count(&format!("{}{}", graph("paper"), graph("atlas"))),
        paper + atlas
    );
    assert_eq!(count(""), paper + atlas);
    assert_eq!(
        count("&named-graph-uri=https%3A%2F%2Fw3id.org%2Fpeermap%2Fgraph%2Fpaper"),
        0
    );
    let wrong = server.get(
        &format!("/sparql?{}&default-graph-uri=no%20iri", encoded("ASK {}")),
        &[],
    );
    assert_eq!(wrong.status, 400);
    let store = server.get(
        "/store?graph=https%3A%2F%2Fw3id.org%2Fpeermap%2Fgraph%2Fpaper&format=nt",
        &[],
    );
    assert_eq!(
        (store.status, store.media_type()),
        (200, "application/n-triples")
    );
    assert!(store.body.lines().count() > 100);
    assert_eq!(
        server
            .get("/store?graph=https%3A%2F%2Fe.org%2Fnone", &[])
            .status,
        404
    );
    assert_eq!(
        server
            .get("/store", &[("accept", "application/n-quads")])
            .media_type(),
        "application/n-quads"
    );
    let service = server.get("/sparql", &[("accept", "text/turtle")]);
    assert!(service.body.contains("SPARQL11Query") && !service.body.contains("SPARQL11Update"));
}

#[test]
fn a_mistake_has_its_place_and_the_text_of_the_prompt() {
    let server = Server::start(&["--workers", "1"]);
    let query = "SELECT ?p {\n  ?p a peermap:Programme\n}";
    let got = server.query(query, "text/csv");
    assert_eq!(
        (got.status, got.media_type()),
        (400, "application/problem+json")
    );
    let problem: serde_json::Value = serde_json::from_str(&got.body).unwrap();
    assert_eq!(
        (problem["line"].as_u64(), problem["column"].as_u64()),
        (Some(2), Some(8))
    );
    assert_eq!(problem["span"]["start"], 8);
    let said = crate::peermap()
        .args(["query", "-q", query])
        .output()
        .unwrap()
        .stderr;
    assert_eq!(
        problem["detail"].as_str().unwrap(),
        String::from_utf8(said).unwrap()
    );
    for refused in [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
    ] {
        let got = server.query(refused, "*/*");
        assert_eq!(got.status, 400);
        assert!(got.body.contains("SERVICE is refused"), "{}", got.body);
    }
}

#[test]
fn questions_and_named_queries_have_addresses() {
    let server = Server::start(&["--workers", "2"]);
    for (path, line) in [
        ("/api/bridges?top=3&format=csv", "bridges -k 3 -f csv"),
        (
            "/api/similar?programme=harlem&top=2&format=csv",
            "similar harlem -k 2 -f csv",
        ),
        ("/api/info", "info -f json"),
        ("/api/info?lang=fr&format=md", "info --lang fr -f md"),
        ("/api/named?format=csv", "named list -f csv"),
        (
            "/api/named?name=counts&format=csv",
            "named run counts -f csv",
        ),
        ("/named/counts.csv", "named run counts -f csv"),
        (
            "/named/programmes-with-a-value.tsv?value=function:navigation",
            "named run programmes-with-a-value --param value=function:navigation -f tsv",
        ),
        ("/api/query?named=counts&format=csv", "query counts -f csv"),
    ] {
        let got = server.get(path, &[]);
        assert_eq!(got.status, 200, "{path}: {}", got.body);
        assert_eq!(got.body, crate::answer(line), "{path}");
    }
    for (path, status, says) in [
        ("/api/bridgs", 404, "did you mean `bridges`?"),
        ("/api/bridges?tpo=3", 400, "did you mean `top`?"),
        ("/api/bridges?top=many", 400, "invalid value"),
        (
            "/api/query?source=%2Fetc%2Fpasswd",
            400,
            "an address names no files",
        ),
        ("/named/cuonts.csv", 404, "did you mean `counts`?"),
        ("/named/counts.png", 400, "has no known format"),
        ("/named/counts.ttl", 406, "text/csv"),
        ("/api/complete", 405, "POST"),
    ] {
        let got = server.get(path, &[]);
        assert_eq!(got.status, status, "{path}: {}", got.body);
        assert!(got.body.contains(says), "{path}: {}", got.body);
    }
    let json = [("content-type", "application/json")];
    let body = b"{\"text\": \"SELECT * { ?p a pm:Progr\", \"cursor\": 24}";
    let completed = server.ask("POST", "/api/complete", &json, body);
    assert!(
        completed.body.contains("\"insert\":\"pm:Programme\""),
        "{}",
        completed.body
    );
    let body = "{\"text\": \"SELECT (\\\"𝒳\\\" AS ?x) { ?p ex:a ?x }\"}";
    let checked = server.ask("POST", "/api/check", &json, body.as_bytes());
    let marks: serde_json::Value = serde_json::from_str(&checked.body).unwrap();
    assert_eq!(
        marks[0]["start"], 25,
        "places count as browsers do: {}",
        checked.body
    );
}

#[test]
fn every_iri_of_the_dataset_answers() {
    let server = Server::start(&["--workers", "2"]);
    let turtle = server.get("/programme/al-anon", &[("accept", "text/turtle")]);
    assert_eq!((turtle.status, turtle.media_type()), (200, "text/turtle"));
    assert!(turtle.header("vary").unwrap().contains("accept"));
    assert!(turtle.body.contains("Al-Anon"));
    let links: Vec<&str> = turtle
        .headers
        .iter()
        .filter(|(name, _)| name == "link")
        .map(|(_, value)| value.as_str())
        .collect();
    assert!(
        links.contains(
            &"</programme/al-anon.jsonld>; rel=\"alternate\"; type=\"application/ld+json\""
        ),
        "{links:?}"
    );
    let json = server.get("/programme/al-anon.jsonld", &[("accept", "text/html")]);
    assert_eq!(json.media_type(), "application/ld+json");
    let page = server.get("/programme/al-anon", &[("accept", "text/html")]);
    assert!(page.status == 200 || page.status == 303, "{}", page.status);
    assert_eq!(server.get("/programme/nobody", &[]).status, 404);
    // Of each kind of thing that is described, one.
    let kinds = "SELECT (SAMPLE(?s) AS ?one) { ?s a ?kind FILTER(STRSTARTS(STR(?s), 'https://w3id.org/peermap/')) } GROUP BY ?kind";
    let found = server.query(kinds, "text/csv");
    assert!(found.body.lines().count() > 10);
    for iri in found.body.lines().skip(1) {
        let path = iri
            .strip_prefix("https://w3id.org/peermap")
            .unwrap()
            .split('#')
            .next()
            .unwrap();
        let got = server.get(path, &[("accept", "application/n-triples")]);
        assert_eq!(got.status, 200, "{iri}");
    }
}

#[test]
fn a_server_has_manners() {
    let server = Server::start(&[
        "--workers",
        "1",
        "--cors",
        "https://friend.example",
        "--host",
        "data.example",
    ]);
    let page = server.get("/en/", &[("accept-encoding", "gzip")]);
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'self'") && !policy.contains("script-src"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("access-control-allow-origin"), None);
    let front = server.get("/", &[("accept-language", "fr-CA,fr;q=0.9")]);
    assert_eq!(
        (front.status, front.header("location")),
        (302, Some("/fr/"))
    );

    let tag = page.header("etag").unwrap().to_owned();
    let again = server.get("/en/", &[("if-none-match", tag.as_str())]);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let other = server.get("/fr/", &[("if-none-match", tag.as_str())]);
    assert_eq!(other.status, 200);
    let head = server.ask("HEAD", "/en/", &[], b"");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let long = server.get("/named/profiles.csv", &[("accept-encoding", "gzip")]);
    assert_eq!(long.header("content-encoding"), Some("gzip"));

    for (host, status) in [
        ("data.example", 200),
        ("127.0.0.1", 200),
        ("evil.example", 421),
    ] {
        assert_eq!(
            server.get("/health", &[("host", host)]).status,
            status,
            "{host}"
        );
    }
    for (origin, allowed) in [
        ("https://friend.example", Some("https://friend.example")),
        ("https://other.example", None),
    ] {
        let got = server.get("/health", &[("origin", origin)]);
        assert_eq!(got.header("access-control-allow-origin"), allowed);
        assert!(
            got.headers
                .iter()
                .any(|(name, value)| name == "vary" && value == "origin")
        );
    }
    let before = server.ask(
        "OPTIONS",
        "/sparql",
        &[("origin", "https://friend.example")],
        b"",
    );
    assert_eq!(before.status, 204);
    assert!(
        before
            .header("access-control-allow-methods")
            .unwrap()
            .contains("POST")
    );
    let metrics = server.get("/metrics", &[]).body;
    assert!(
        metrics.contains("peermap_requests_total{status=\"3xx\"} 2"),
        "{metrics}"
    );
    assert!(
        metrics.contains("peermap_requests_total{status=\"4xx\"} 1"),
        "{metrics}"
    );
}

#[test]
fn what_cannot_be_served_says_why() {
    for (arguments, code, says) in [
        (&["serve", "no-such-file.ttl"][..], 3, "no-such-file.ttl"),
        (
            &["serve", "-b", "127.0.0.1:notaport"][..],
            2,
            "cannot listen on",
        ),
        (&["serve", "--timeout", "soon"][..], 2, "is not a time"),
        (
            &["serve", "-e", "http://127.0.0.1:1/"][..],
            2,
            "a server never asks another one",
        ),
    ] {
        let output = crate::peermap().args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        assert!(text.contains(says), "{arguments:?}: {text}");
        assert_eq!(text.matches("error:").count(), 1, "{text}");
    }
}
