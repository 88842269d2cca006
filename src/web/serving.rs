//! Listening, accepting, and ending well.

use std::ffi::OsString;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc};

use super::changes::Changes;
use super::front::{Front, router};
use super::impatient::Impatient;
use super::options::Serve;
use super::pool::{Launch, Pool};
use crate::cli::show_with;
use crate::error::{Error, Result};

/// Characters that a token must have, so that it is not found by trying.
const SHORTEST_TOKEN: usize = 16;
/// Connections at a time.
const CONNECTIONS: usize = 1024;
/// What a client beyond them is told.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
/// How long a client may take to send the headers of a request.
const HEADERS_TIME: Duration = Duration::from_secs(15);
/// How long answers under way may go on when the server is told to end.
const ENDING: Duration = Duration::from_secs(10);

/// Serves until it is told to end, by Ctrl-C or SIGTERM. `data` are the arguments with which a
/// worker finds the same data; `talk` is told the address, or why the data cannot be used. Returns
/// the exit code.
///
/// # Errors
/// An address that cannot be listened on.
pub fn serve(options: &Serve, data: Vec<OsString>, talk: &mut dyn Write) -> Result<u8> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Error::Output)?;
    runtime.block_on(run(options, data, talk))
}

async fn run(options: &Serve, mut data: Vec<OsString>, talk: &mut dyn Write) -> Result<u8> {
    let listener = TcpListener::bind(&options.bind).await.map_err(|error| {
        Error::usage(
            format!("cannot listen on {}: {error}", options.bind),
            "choose another port with -b, or port 0 for any free one",
        )
    })?;
    data.extend(settings(options));
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let launch = Launch {
        program: std::env::current_exe().map_err(Error::Output)?,
        arguments: data,
        workers: options.workers.unwrap_or(cores.clamp(2, 8)).max(1),
        waiting: options.waiting,
        timeout: options.timeout,
        memory: options.memory,
    };
    let token = token(options)?;
    let changes = match &options.journal {
        Some(path) => Changes::open(path)?,
        None => Changes::default(),
    };
    let pool = match Pool::start(launch, changes).await {
        Ok(pool) => pool,
        Err(unusable) => {
            talk.write_all(unusable.report.as_bytes())
                .map_err(Error::Output)?;
            return Ok(unusable.code);
        }
    };
    let address = listener.local_addr().map_err(Error::Output)?;
    writeln!(
        talk,
        "peermap serves {} on http://{address}/ (Ctrl-C ends it)",
        pool.ready().summary
    )
    .and_then(|()| talk.flush())
    .map_err(Error::Output)?;
    if options.open {
        open_browser(&format!("http://{address}/"));
    }
    let (log, mut lines) = mpsc::unbounded_channel();
    let front = Front {
        pool,
        hosts: options.hosts.clone(),
        cors: options.cors.clone(),
        token,
        max_body: usize::try_from(options.max_body).unwrap_or(usize::MAX),
        metrics: Arc::default(),
        log: options.access_log.then_some(log),
    };
    let end = told_to_end();
    tokio::pin!(end);
    let accepting = accept(&listener, Arc::new(front), &mut end);
    tokio::pin!(accepting);
    loop {
        tokio::select! {
            () = &mut accepting => break,
            Some(line) = lines.recv() => {
                let _ = talk.write_all(line.as_bytes());
            }
        }
    }
    Ok(0)
}

/// The token that writing takes; none where nobody may write.
///
/// # Errors
/// Writing without a token, or with one that is easily guessed.
fn token(options: &Serve) -> Result<Option<String>> {
    if !options.write {
        return Ok(None);
    }
    let text = match &options.token_file {
        Some(path) => std::fs::read_to_string(path).map_err(Error::unreadable(path))?,
        None => std::env::var("PEERMAP_TOKEN").unwrap_or_default(),
    };
    let token = text.trim();
    if token.len() < SHORTEST_TOKEN {
        return Err(Error::usage(
            format!("--write takes a token of {SHORTEST_TOKEN} characters or more"),
            "set PEERMAP_TOKEN, or name a file with --token-file",
        ));
    }
    Ok(Some(token.to_owned()))
}

/// The arguments of a worker.
fn settings(options: &Serve) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec![
        "worker".into(),
        format!("--base={}", options.base).into(),
        format!("--max-rows={}", options.max_rows).into(),
        format!("--max-bytes={}", options.max_bytes).into(),
    ];
    if options.write {
        arguments.push("--write".into());
    }
    arguments
}

/// Opens a browser, by the program that the system has for it.
fn open_browser(address: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    show_with(program, address);
}

async fn accept(
    listener: &TcpListener,
    front: Arc<Front>,
    end: &mut (impl Future<Output = ()> + Unpin),
) {
    let metrics = Arc::clone(&front.metrics);
    let service = router(front);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADERS_TIME)
        .max_buf_size(64 << 10);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut *end => break,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file handles, most likely: let some come free.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            let _ = stream.try_write(FULL);
            continue;
        };
        let _ = stream.set_nodelay(true);
        let io = TokioIo::new(Impatient::new(stream));
        let connection = http.serve_connection(io, TowerToHyperService::new(service.clone()));
        let connection = graceful.watch(connection);
        let metrics = Arc::clone(&metrics);
        metrics.connections.fetch_add(1, Relaxed);
        tokio::spawn(async move {
            let _ = connection.await;
            metrics.connections.fetch_sub(1, Relaxed);
            drop(place);
        });
    }
    let _ = tokio::time::timeout(ENDING, graceful.shutdown()).await;
}

/// Ends when the process is asked to end.
async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminated) = signal(SignalKind::terminate()) else {
            let _ = tokio::signal::ctrl_c().await;
            return;
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = tokio::signal::ctrl_c().await;
}
