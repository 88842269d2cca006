//! A bar for what takes longer than a second, where a person looks on.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long nothing is shown.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the clock is looked at, in steps.
const EVERY: u64 = 256;

/// A progress bar on standard error that appears after a second, at a terminal only.
pub(super) struct Bar {
    started: Instant,
    is_wanted: bool,
    steps: u64,
    shown: Option<ProgressBar>,
}

impl Bar {
    pub(super) fn new(quiet: bool) -> Self {
        Self {
            started: Instant::now(),
            is_wanted: !quiet && std::io::stderr().is_terminal(),
            steps: 0,
            shown: None,
        }
    }

    /// Hears how far the work has come.
    pub(super) fn show(&mut self, done: u64, whole: u64) {
        self.steps += 1;
        if !self.is_wanted || !self.steps.is_multiple_of(EVERY) {
            return;
        }
        match &self.shown {
            Some(bar) => {
                bar.set_length(whole);
                bar.set_position(done);
            }
            None if self.started.elapsed() > PATIENCE => {
                let bar = ProgressBar::with_draw_target(Some(whole), ProgressDrawTarget::stderr());
                if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent}% · {eta} left")
                {
                    bar.set_style(style);
                }
                self.shown = Some(bar);
            }
            None => {}
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}
