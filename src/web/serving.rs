//! Listening, accepting, and ending well.

use std::ffi::OsString;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::front::router;
use super::options::Serve;
use super::pool::{Launch, Pool};
use crate::error::{Error, Result};

/// Connections at a time.
const CONNECTIONS: usize = 1024;
/// How long a client may take to send the headers of a request.
const HEADERS_TIME: Duration = Duration::from_secs(15);
/// How long answers under way may go on when the server is told to end.
const ENDING: Duration = Duration::from_secs(10);

/// Serves until it is told to end, by Ctrl-C or SIGTERM. `data` are the arguments with which a
/// worker finds the same data; `talk` is told the address.
///
/// # Errors
/// Data that cannot be used; an address that cannot be listened on.
pub fn serve(options: &Serve, data: Vec<OsString>, talk: &mut dyn Write) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Error::Output)?;
    runtime.block_on(run(options, data, talk))
}

async fn run(options: &Serve, mut data: Vec<OsString>, talk: &mut dyn Write) -> Result<()> {
    let listener = TcpListener::bind(&options.bind).await.map_err(|error| {
        Error::usage(
            format!("cannot listen on {}: {error}", options.bind),
            "choose another port with -b, or port 0 for any free one",
        )
    })?;
    data.push("worker".into());
    let launch = Launch {
        program: std::env::current_exe().map_err(Error::Output)?,
        arguments: data,
        workers: std::thread::available_parallelism().map_or(2, |n| n.get().clamp(2, 8)),
        waiting: 512,
        timeout: options.timeout,
    };
    let pool = Pool::start(launch)
        .await
        .map_err(|report| Error::Ontology {
            reason: report,
            hint: None,
        })?;
    let address = listener.local_addr().map_err(Error::Output)?;
    writeln!(
        talk,
        "peermap serves {} on http://{address}/ (Ctrl-C ends it)",
        pool.ready().summary
    )
    .and_then(|()| talk.flush())
    .map_err(Error::Output)?;
    accept(listener, pool).await;
    Ok(())
}

async fn accept(listener: TcpListener, pool: Pool) {
    let service = router(pool);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADERS_TIME)
        .max_buf_size(64 << 10);
    let end = told_to_end();
    tokio::pin!(end);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut end => break,
        };
        let Ok((stream, _)) = stream else {
            // Out of file handles, most likely: let some come free.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            let _ = stream.try_write(b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
            continue;
        };
        let _ = stream.set_nodelay(true);
        let connection = http.serve_connection(
            TokioIo::new(stream),
            TowerToHyperService::new(service.clone()),
        );
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
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
