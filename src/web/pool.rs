//! Worker processes: started, given requests, stopped, replaced.
//!
//! A fixed number of workers answers. One that is busy for longer than [`PATIENCE`] leaves the
//! circle and a fresh one takes its place, so that others do not wait; a few such slow answers may
//! run beside, further ones are refused. A worker past its time is told to stop and, if it does not
//! listen, ended.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::body::Bytes;
use tokio::io::BufReader;
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::changes::Changes;
use super::message::{self, Done, Head, Kind, Ready, Request};

/// How long an answer may take before its worker leaves the circle.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a worker has to heed a stop.
const GRACE: Duration = Duration::from_millis(250);
/// How long a reader may take nothing of an answer.
const STALL: Duration = Duration::from_secs(20);
/// Addresses that a worker takes without using memory, in bytes: stacks and the allocator's reserve.
const RESERVED: u64 = 1536 << 20;
/// Parts of an answer on their way to a reader.
const AHEAD: usize = 4;

/// How to start a worker, and what it may use.
#[derive(Clone, Debug)]
pub(super) struct Launch {
    /// The program.
    pub(super) program: PathBuf,
    /// Its arguments.
    pub(super) arguments: Vec<OsString>,
    /// How many workers answer.
    pub(super) workers: usize,
    /// How many requests may wait for one.
    pub(super) waiting: usize,
    /// How long an answer may take.
    pub(super) timeout: Duration,
    /// How much memory a worker may use, in bytes.
    pub(super) memory: u64,
}

/// Why there is no answer, or only a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Nobody is free to answer.
    Busy,
    /// It took too long.
    Late(Duration),
    /// The worker ended.
    Ended,
    /// A change could not be kept.
    Unwritable,
    /// It broke off, with the reason.
    Broken(String),
}

/// Why a worker cannot answer at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unusable {
    /// The exit code that says so.
    pub(super) code: u8,
    /// The report for people.
    pub(super) report: String,
}

impl Unusable {
    fn because(reason: &str) -> Self {
        Self {
            code: 3,
            report: format!("error: {reason}\n"),
        }
    }
}

/// An answer that has begun.
pub(super) struct Begun {
    /// Status and headers.
    pub(super) head: Head,
    /// Its parts; a refusal as the last one means that it is not whole.
    pub(super) parts: mpsc::Receiver<Result<Bytes, Refusal>>,
}

struct Worker {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    ready: Ready,
    /// How many changes it has followed.
    followed: usize,
}

/// The workers. Clones are the same workers.
#[derive(Clone)]
pub(super) struct Pool(Arc<Inner>);

struct Inner {
    launch: Launch,
    free: Mutex<mpsc::UnboundedReceiver<Worker>>,
    back: mpsc::UnboundedSender<Worker>,
    slow: Arc<Semaphore>,
    waiting: AtomicUsize,
    ready: RwLock<Ready>,
    changes: Changes,
    /// Held while data change: one change at a time.
    writing: Mutex<()>,
}

impl Pool {
    /// Starts the first worker, waits until it has its data, and starts the others.
    ///
    /// # Errors
    /// A process that cannot be started, or the report of a worker that cannot use the data.
    pub(super) async fn start(launch: Launch, changes: Changes) -> Result<Self, Unusable> {
        let first = Worker::start(&launch).await?;
        let (back, free) = mpsc::unbounded_channel();
        let pool = Self(Arc::new(Inner {
            slow: Arc::new(Semaphore::new(launch.workers)),
            waiting: AtomicUsize::new(0),
            ready: RwLock::new(first.ready.clone()),
            free: Mutex::new(free),
            back,
            launch,
            changes,
            writing: Mutex::new(()),
        }));
        for _ in 1..pool.0.launch.workers {
            pool.add_one();
        }
        pool.give_back(first);
        Ok(pool)
    }

    /// What the newest worker said of its data.
    pub(super) fn ready(&self) -> Ready {
        let ready = self.0.ready.read();
        ready.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A short name for exactly the data that answers come from.
    pub(super) fn version(&self) -> String {
        format!("{}.{}", self.ready().version, self.0.changes.len())
    }

    /// How many requests wait for a worker.
    pub(super) fn waiting(&self) -> usize {
        self.0.waiting.load(Ordering::Relaxed)
    }

    /// Asks; the answer goes on arriving after this returns.
    pub(super) async fn ask(&self, request: Request, body: Bytes) -> Result<Begun, Refusal> {
        let (began, begun) = oneshot::channel();
        let (parts, receiver) = mpsc::channel(AHEAD);
        let pool = self.clone();
        tokio::spawn(async move {
            let mut talk = Talk {
                began: Some(began),
                parts,
            };
            if let Err(refusal) = pool.converse(&request, &body, &mut talk).await {
                talk.refuse(refusal).await;
            }
        });
        let head = begun.await.unwrap_or(Err(Refusal::Ended))?;
        Ok(Begun {
            head,
            parts: receiver,
        })
    }

    async fn converse(
        &self,
        request: &Request,
        body: &[u8],
        talk: &mut Talk,
    ) -> Result<(), Refusal> {
        let _one_at_a_time = if request.writes {
            Some(self.0.writing.lock().await)
        } else {
            None
        };
        let mut worker = self.take().await?;
        let mut clock = Clock::new(self.0.launch.timeout);
        let outcome = self
            .exchange(&mut worker, request, body, talk, &mut clock)
            .await;
        let slow = clock.slow.is_some();
        match outcome {
            Ok(()) if slow => {}
            // Another answer should not fail for what this one has left behind.
            Ok(()) if clock.swollen => self.add_one(),
            Ok(()) => self.give_back(worker),
            // The worker is well: it said itself that it broke off.
            Err(Refusal::Broken(reason)) => {
                if !slow {
                    self.give_back(worker);
                }
                return Err(Refusal::Broken(reason));
            }
            Err(refusal) => {
                // What a stopped update has done in its worker, no other worker has.
                let well = refusal != Refusal::Ended && !request.writes && worker.stop().await;
                if well && !slow {
                    self.give_back(worker);
                } else {
                    let _ = worker.child.start_kill();
                    if !slow {
                        self.add_one();
                    }
                }
                return Err(refusal);
            }
        }
        Ok(())
    }

    async fn exchange(
        &self,
        worker: &mut Worker,
        request: &Request,
        body: &[u8],
        talk: &mut Talk,
        clock: &mut Clock,
    ) -> Result<(), Refusal> {
        for change in self.0.changes.since(worker.followed) {
            let sent = message::send(&mut worker.input, Kind::Change, &change).await;
            sent.map_err(|_| Refusal::Ended)?;
            worker.followed += 1;
        }
        let request = serde_json::to_vec(request).map_err(|_| Refusal::Ended)?;
        if !body.is_empty() {
            let sent = message::send(&mut worker.input, Kind::Body, body).await;
            sent.map_err(|_| Refusal::Ended)?;
        }
        let sent = message::send(&mut worker.input, Kind::Request, &request).await;
        sent.map_err(|_| Refusal::Ended)?;
        loop {
            let (kind, content) = self.next(worker, talk, clock).await?;
            match kind {
                Kind::Head => {
                    let head = serde_json::from_slice(&content).map_err(|_| Refusal::Ended)?;
                    talk.begin(head);
                }
                Kind::Change => {
                    let added = tokio::task::block_in_place(|| self.0.changes.add(content));
                    added.map_err(|_| Refusal::Unwritable)?;
                    worker.followed += 1;
                }
                Kind::Part => self.pass_on(Bytes::from(content), talk, clock).await?,
                Kind::Done => {
                    let end: Done = serde_json::from_slice(&content).unwrap_or_default();
                    clock.swollen = end.memory > self.0.launch.memory / 2;
                    return Ok(());
                }
                Kind::Broken => {
                    let reason = String::from_utf8_lossy(&content).into_owned();
                    return Err(Refusal::Broken(reason));
                }
                _ => return Err(Refusal::Ended),
            }
        }
    }

    /// The next frame of a worker, whose time runs meanwhile.
    async fn next(
        &self,
        worker: &mut Worker,
        talk: &Talk,
        clock: &mut Clock,
    ) -> Result<(Kind, Vec<u8>), Refusal> {
        let started = Instant::now();
        let receiving = message::receive(&mut worker.output);
        tokio::pin!(receiving);
        loop {
            tokio::select! {
                biased;
                frame = &mut receiving => {
                    clock.left = clock.left.saturating_sub(started.elapsed());
                    return frame.map_err(|_| Refusal::Ended);
                }
                () = talk.parts.closed() => return Err(Refusal::Busy),
                () = sleep_until(clock.patience), if clock.slow.is_none() => self.slow_down(clock)?,
                () = sleep_until(started + clock.left) => return Err(Refusal::Late(self.0.launch.timeout)),
            }
        }
    }

    /// Hands a part to the reader, whose slowness is not the worker's.
    async fn pass_on(&self, part: Bytes, talk: &Talk, clock: &mut Clock) -> Result<(), Refusal> {
        let started = Instant::now();
        let passing = talk.parts.send(Ok(part));
        tokio::pin!(passing);
        loop {
            tokio::select! {
                biased;
                passed = &mut passing => return passed.map_err(|_| Refusal::Busy),
                () = sleep_until(clock.patience), if clock.slow.is_none() => self.slow_down(clock)?,
                () = sleep_until(started + STALL) => return Err(Refusal::Late(STALL)),
            }
        }
    }

    /// Takes a worker that is busy for long out of the circle.
    fn slow_down(&self, clock: &mut Clock) -> Result<(), Refusal> {
        let place = Arc::clone(&self.0.slow).try_acquire_owned();
        clock.slow = Some(place.map_err(|_| Refusal::Busy)?);
        self.add_one();
        Ok(())
    }

    /// A free worker, or a refusal when too many wait or none comes free in time.
    async fn take(&self) -> Result<Worker, Refusal> {
        let waiting = self.0.waiting.fetch_add(1, Ordering::Relaxed);
        let taken = if waiting >= self.0.launch.waiting {
            None
        } else {
            let free = async { self.0.free.lock().await.recv().await };
            timeout(self.0.launch.timeout, free).await.ok().flatten()
        };
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
        taken.ok_or(Refusal::Busy)
    }

    fn give_back(&self, worker: Worker) {
        let _ = self.0.back.send(worker);
    }

    /// Starts a worker for the circle, however often that takes.
    fn add_one(&self) {
        let pool = self.clone();
        tokio::spawn(async move {
            let mut pause = Duration::from_millis(100);
            loop {
                if let Ok(worker) = Worker::start(&pool.0.launch).await {
                    let ready = pool.0.ready.write();
                    ready
                        .unwrap_or_else(PoisonError::into_inner)
                        .clone_from(&worker.ready);
                    pool.give_back(worker);
                    return;
                }
                sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(10));
            }
        });
    }
}

impl Launch {
    /// The command of a worker, with its memory limited by the system where that can be done: the
    /// limit is on addresses, of which a thread's stack and the allocator's reserve take some.
    fn command(&self) -> tokio::process::Command {
        if cfg!(unix) {
            let kilobytes = (self.memory.saturating_add(RESERVED)) / 1024;
            let mut command = tokio::process::Command::new("sh");
            command
                .args(["-c", "ulimit -v \"$0\" 2>/dev/null; exec \"$@\""])
                .arg(kilobytes.to_string())
                .arg(&self.program)
                .args(&self.arguments);
            command
        } else {
            let mut command = tokio::process::Command::new(&self.program);
            command.args(&self.arguments);
            command
        }
    }
}

impl Worker {
    async fn start(launch: &Launch) -> Result<Self, Unusable> {
        let mut child = launch
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| Unusable::because(&format!("a worker cannot be started: {error}")))?;
        let none = || Unusable::because("a worker has no input or output");
        let input = child.stdin.take().ok_or_else(none)?;
        let mut output = BufReader::new(child.stdout.take().ok_or_else(none)?);
        match message::receive(&mut output).await {
            Ok((Kind::Ready, content)) => Ok(Self {
                child,
                input,
                output,
                ready: serde_json::from_slice(&content).unwrap_or_default(),
                followed: 0,
            }),
            Ok((_, told)) => Err(Unusable {
                code: told.first().copied().unwrap_or(3),
                report: String::from_utf8_lossy(told.get(1..).unwrap_or(&[])).into_owned(),
            }),
            Err(_) => Err(Unusable::because(
                "a worker ended before it had the data; allow more with --memory",
            )),
        }
    }

    /// Tells a worker to stop and says whether it is ready for another request.
    async fn stop(&mut self) -> bool {
        let stopping = async {
            message::send(&mut self.input, Kind::Stop, &[]).await?;
            loop {
                let (kind, _) = message::receive(&mut self.output).await?;
                if matches!(kind, Kind::Done | Kind::Broken) {
                    return std::io::Result::Ok(());
                }
            }
        };
        matches!(timeout(GRACE, stopping).await, Ok(Ok(())))
    }
}

/// The time that an answer has left.
struct Clock {
    /// Runs only while the worker works.
    left: Duration,
    /// When the worker leaves the circle.
    patience: Instant,
    /// Held by an answer that runs beside the circle.
    slow: Option<OwnedSemaphorePermit>,
    /// Whether the worker is left with much memory.
    swollen: bool,
}

impl Clock {
    fn new(limit: Duration) -> Self {
        Self {
            left: limit,
            patience: Instant::now() + PATIENCE,
            slow: None,
            swollen: false,
        }
    }
}

/// The way back to whoever asked.
struct Talk {
    began: Option<oneshot::Sender<Result<Head, Refusal>>>,
    parts: mpsc::Sender<Result<Bytes, Refusal>>,
}

impl Talk {
    fn begin(&mut self, head: Head) {
        if let Some(began) = self.began.take() {
            let _ = began.send(Ok(head));
        }
    }

    async fn refuse(&mut self, refusal: Refusal) {
        match self.began.take() {
            Some(began) => {
                let _ = began.send(Err(refusal));
            }
            None => {
                let _ = timeout(STALL, self.parts.send(Err(refusal))).await;
            }
        }
    }
}
