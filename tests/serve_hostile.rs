//! Whatever is sent, the server lives, its memory is bounded, and others are served.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::server::Server;

/// Long enough for what is harmless in a debug build on a busy machine.
const PATIENT: Duration = Duration::from_secs(15);

fn innocent(server: &Server) {
    let started = Instant::now();
    let got = server.query("SELECT (COUNT(*) AS ?n) { ?p a pm:Programme }", "text/csv");
    assert_eq!(got.status, 200, "{}", got.body);
    assert!(
        started.elapsed() < PATIENT,
        "others wait for {:?}",
        started.elapsed()
    );
}

/// Resident memory of a process and of its children, in bytes.
fn memory(id: u32) -> u64 {
    let mut sum = 0;
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap()
            .split_whitespace()
            .collect();
        let own = entry.file_name().to_string_lossy() == id.to_string();
        if own
            || fields
                .get(1)
                .is_some_and(|parent| *parent == id.to_string())
        {
            sum += fields[21].parse::<u64>().unwrap() * 4096;
        }
    }
    sum
}

/// A thousand million rows: far past any limit of these tests, however fast the build.
fn product() -> String {
    let list: Vec<String> = (0..1000).map(|n| n.to_string()).collect();
    let values = |name| format!("VALUES ?{name} {{ {} }}", list.join(" "));
    format!(
        "SELECT (COUNT(*) AS ?n) {{ {} {} {} }}",
        values('a'),
        values('b'),
        values('c')
    )
}

fn hostile() -> Vec<(&'static str, String, &'static [u16])> {
    let deep = |open: &str, close: &str| {
        format!(
            "ASK {{ {}{} }}",
            open.repeat(100_000),
            close.repeat(100_000)
        )
    };
    let mut joined = String::from("SELECT * {");
    for n in 0..1200 {
        let _ = write!(joined, " ?v{n} ?p{n} ?v{} .", n + 1);
    }
    joined.push('}');
    let mut union = String::from("ASK { {}");
    union.push_str(&" UNION {}".repeat(20_000));
    union.push('}');
    vec![
        ("groups 100,000 deep", deep("{", "}"), &[422]),
        (
            "brackets 100,000 deep",
            format!(
                "ASK {{ FILTER({}1{}) }}",
                "(".repeat(100_000),
                ")".repeat(100_000)
            ),
            &[422],
        ),
        (
            "blank nodes 100,000 deep",
            format!(
                "ASK {{ {} ?o {} }}",
                "[ ?p ".repeat(100_000),
                "]".repeat(100_000)
            ),
            &[422],
        ),
        (
            "groups never closed",
            format!("ASK {}", "{".repeat(100_000)),
            &[422, 400],
        ),
        ("20,000 unions", union, &[200, 400, 422, 504]),
        (
            "100,000 alternatives",
            format!("ASK {{ FILTER(1 = 2{}) }}", " || 1 = 2".repeat(50_000)),
            &[200, 400, 422, 504],
        ),
        (
            "nots without brackets",
            format!("ASK {{ FILTER({}true) }}", "!".repeat(100_000)),
            &[200, 400, 422, 504],
        ),
        ("1,200 patterns", joined, &[504]),
        ("a product of values", product(), &[504]),
        (
            "sorting everything by everything",
            "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f".to_owned(),
            &[504, 422],
        ),
        (
            "a product in a subquery",
            "SELECT (COUNT(DISTINCT *) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }".to_owned(),
            &[504, 422],
        ),
        (
            "a long path",
            "SELECT (COUNT(*) AS ?n) { ?a (!pm:x)*/(!pm:y)*/(!pm:z)* ?b }".to_owned(),
            &[504, 422],
        ),
        (
            "a regular expression that explodes",
            format!(
                "SELECT ?s {{ ?s ?p ?o FILTER(REGEX(STR(?o), '{}')) }}",
                "(a?){500}".repeat(60)
            ),
            &[200, 400, 422, 500, 504],
        ),
        (
            "a text that doubles",
            (0..60).fold(
                "SELECT (STRLEN(?x) AS ?n) { BIND('aaaaaaaa' AS ?x0)".to_owned(),
                |q, n| format!("{q} BIND(CONCAT(?x{n}, ?x{n}) AS ?x{})", n + 1),
            ) + " BIND(?x60 AS ?x) }",
            &[422, 504, 500],
        ),
        (
            "two million bytes",
            format!("ASK {{ }} # {}", "x".repeat(2_000_000)),
            &[413],
        ),
    ]
}

#[test]
fn hostile_queries_harm_nobody_else() {
    let server = Server::start(&["--workers", "2", "--timeout", "3s", "--memory", "600M"]);
    for (what, query, statuses) in hostile() {
        let started = Instant::now();
        let got = server.query(&query, "text/csv");
        assert!(
            statuses.contains(&got.status),
            "{what}: {} {}",
            got.status,
            &got.body[..got.body.len().min(300)]
        );
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "{what} took {:?}",
            started.elapsed()
        );
        if cfg!(target_os = "linux") {
            assert!(
                memory(server.id()) < 3 << 30,
                "{what}: {} bytes",
                memory(server.id())
            );
        }
        innocent(&server);
    }
}

#[test]
fn others_are_served_while_slow_queries_run() {
    let server = Server::start(&["--workers", "2", "--timeout", "25s"]);
    std::thread::scope(|scope| {
        let slow: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| server.query(&product(), "text/csv").status))
            .collect();
        // The first second they are in the circle with everybody else.
        std::thread::sleep(Duration::from_secs(2));
        for _ in 0..3 {
            innocent(&server);
        }
        // With every slow place taken, a further slow query is refused and may come back.
        let refused = server.query(&product(), "text/csv");
        assert_eq!(
            (refused.status, refused.header("retry-after")),
            (503, Some("2")),
            "{}",
            refused.body
        );
        for query in slow {
            assert_eq!(query.join().unwrap(), 504);
        }
    });
    innocent(&server);
}

#[test]
fn an_answer_past_a_limit_is_not_taken_for_a_whole_one() {
    let server = Server::start(&["--workers", "2", "--max-rows", "1000", "--max-bytes", "1M"]);
    let got = server.query("SELECT ?s { ?s ?p ?o } LIMIT 1000", "text/csv");
    assert_eq!((got.status, got.body.lines().count()), (200, 1001));
    let many = server.query("SELECT ?s { ?s ?p ?o }", "text/csv");
    assert!(
        many.status == 422 || many.body.ends_with("(broken off)"),
        "{}",
        many.status
    );
    let long = server.query("SELECT (CONCAT(STR(?s), '0123456789', STR(?p)) AS ?t) ?s ?p ?o { ?s ?p ?o . ?s a ?k } LIMIT 1000", "text/csv");
    assert!(long.status == 200 && !long.body.ends_with("(broken off)"));
}

#[test]
fn clients_that_dawdle_or_never_end_harm_nobody() {
    let server = Server::start(&["--workers", "2"]);
    let connect = || TcpStream::connect(&server.address).unwrap();
    // Half open: connected, and silent.
    let silent: Vec<TcpStream> = (0..50).map(|_| connect()).collect();
    // Headers that come byte by byte.
    let mut slow = connect();
    slow.write_all(b"GET /en/ HTTP/1.1\r\nhost: localhost\r\nx-slow: ")
        .unwrap();
    innocent(&server);
    // Headers without end.
    let mut endless = connect();
    endless
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    endless
        .write_all(b"GET /en/ HTTP/1.1\r\nhost: localhost\r\n")
        .unwrap();
    let line = format!("x-more: {}\r\n", "y".repeat(1000));
    for _ in 0..1000 {
        if endless.write_all(line.as_bytes()).is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    let _ = endless.read_to_end(&mut answer);
    assert!(
        answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    innocent(&server);
    // A body that says it is compressed is not unpacked.
    let bomb = [
        ("content-type", "application/sparql-query"),
        ("content-encoding", "gzip"),
    ];
    assert_eq!(
        server
            .ask("POST", "/sparql", &bomb, &[0x1f, 0x8b, 8, 0])
            .status,
        415
    );
    // A long answer that nobody reads.
    let mut unread = connect();
    let query =
        serde_urlencoded::to_string([("query", "SELECT * { ?s ?p ?o . ?s ?q ?r }")]).unwrap();
    write!(
        unread,
        "GET /sparql?{query} HTTP/1.1\r\nhost: localhost\r\n\r\n"
    )
    .unwrap();
    // A body that never comes.
    let mut hungry = connect();
    hungry.write_all(b"POST /sparql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/sparql-query\r\ncontent-length: 1000\r\n\r\nASK").unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    for _ in 0..5 {
        innocent(&server);
    }
    // Whoever leaves in the middle of a query frees its place.
    for _ in 0..6 {
        let mut leaving = connect();
        let query = serde_urlencoded::to_string([("query", product())]).unwrap();
        write!(
            leaving,
            "GET /sparql?{query} HTTP/1.1\r\nhost: localhost\r\n\r\n"
        )
        .unwrap();
        std::thread::sleep(Duration::from_millis(50));
        drop(leaving);
        innocent(&server);
    }
    drop((silent, slow, unread, hungry));
    innocent(&server);
}

#[test]
fn nonsense_on_the_wire_is_refused() {
    let server = Server::start(&["--workers", "1"]);
    for nonsense in [
        &b"\x16\x03\x01\x02\x00\x01\x00"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nASK{}",
        b"GET /%00%ff/../../etc/passwd HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        b"GET /en/ HTTP/1.1\r\nconnection: close\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(nonsense).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || text.starts_with("HTTP/1.1 4"), "{}: {text}", String::from_utf8_lossy(nonsense));
    }
    innocent(&server);
}
