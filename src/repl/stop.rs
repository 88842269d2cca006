//! Ctrl-C: what runs is stopped, the prompt stays.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::cli::STACK;
use crate::error::{Error, Result};

/// The one flag that the signal handler of this process raises.
static PRESSED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// How often the flag is looked at while something runs.
const LOOK: Duration = Duration::from_millis(20);

/// Runs work that Ctrl-C can stop.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    pressed: Arc<AtomicBool>,
    /// Ends the query that runs, if one does.
    query: RefCell<crate::query::Stop>,
}

impl Stop {
    /// Takes over Ctrl-C for the whole process, once. Where that is not possible, Ctrl-C ends the
    /// process as usual.
    pub(super) fn new() -> Self {
        let pressed = PRESSED.get_or_init(|| {
            let pressed = Arc::new(AtomicBool::new(false));
            let raised = Arc::clone(&pressed);
            let _ = ctrlc::set_handler(move || raised.store(true, Ordering::SeqCst));
            pressed
        });
        Self {
            pressed: Arc::clone(pressed),
            query: RefCell::default(),
        }
    }

    /// What ends the next query when Ctrl-C is pressed.
    pub(super) fn for_query(&self) -> crate::query::Stop {
        let fresh = crate::query::Stop::default();
        self.query.replace(fresh.clone());
        fresh
    }

    /// Whether Ctrl-C was pressed since the last work began.
    pub(super) fn pressed(&self) -> bool {
        self.pressed.load(Ordering::SeqCst)
    }

    /// Does the work on a thread of its own and waits for it, or for Ctrl-C.
    ///
    /// What was stopped may go on unseen until it ends by itself: sorting, and the analysis, do
    /// not look up from their work.
    ///
    /// # Errors
    /// Those of the work; [`Error::Interrupted`].
    pub(super) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.pressed.store(false, Ordering::SeqCst);
        let (send, receive) = channel();
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || {
                // Nobody listens any more after Ctrl-C.
                let _ = send.send(work());
            })
            .map_err(Error::Output)?;
        loop {
            match receive.recv_timeout(LOOK) {
                Ok(done) => {
                    let _ = thread.join();
                    return done;
                }
                Err(RecvTimeoutError::Timeout) if self.pressed() => {
                    self.query.borrow().stop();
                    return Err(Error::Interrupted);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Error::Limit {
                        reason: "this command broke down; that is a mistake of the program"
                            .to_owned(),
                        hint: Some(
                            "the prompt is as it was; please report what you typed".to_owned(),
                        ),
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_gives_its_answer_or_its_error() {
        let stop = Stop::new();
        assert_eq!(stop.run(|| Ok(1)).ok(), Some(1));
        assert!(matches!(
            stop.run(|| Err::<(), _>(Error::usage("no", "yes"))),
            Err(Error::Usage { .. })
        ));
    }
}
