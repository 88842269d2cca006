//! Counts for Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Upper ends of the classes of durations, in milliseconds.
const CLASSES: [u64; 8] = [1, 5, 20, 100, 500, 2_000, 10_000, 60_000];

/// Counts since the start.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    /// Answers by the first digit of their status.
    statuses: [AtomicU64; 6],
    durations: [AtomicU64; CLASSES.len()],
    microseconds: AtomicU64,
    /// Answers refused because nobody was free.
    pub(super) busy: AtomicU64,
    /// Answers stopped for taking too long.
    pub(super) late: AtomicU64,
    /// Workers that ended in the middle of an answer, most likely for want of memory.
    pub(super) ended: AtomicU64,
    /// Open connections.
    pub(super) connections: AtomicU64,
}

impl Metrics {
    /// Counts an answer whose head was sent after this time.
    pub(super) fn answered(&self, status: u16, time: Duration) {
        if let Some(count) = self.statuses.get(usize::from(status / 100)) {
            count.fetch_add(1, Relaxed);
        }
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.microseconds.fetch_add(micros, Relaxed);
        if let Some(class) = CLASSES.iter().position(|end| micros <= end * 1000) {
            self.durations[class].fetch_add(1, Relaxed);
        }
    }

    /// The counts in Prometheus' text form, with how many requests wait now.
    pub(super) fn text(&self, waiting: usize) -> String {
        let mut text = String::new();
        let mut family = |name: &str, kind: &str, help: &str, lines: &[(String, f64)]| {
            let _ = writeln!(
                text,
                "# HELP peermap_{name} {help}\n# TYPE peermap_{name} {kind}"
            );
            for (labels, value) in lines {
                let _ = writeln!(text, "peermap_{name}{labels} {value}");
            }
        };
        let get = |count: &AtomicU64| count.load(Relaxed) as f64;
        let statuses: Vec<(String, f64)> = (1..6)
            .map(|class| {
                (
                    format!("{{status=\"{class}xx\"}}"),
                    get(&self.statuses[class]),
                )
            })
            .collect();
        let total: f64 = statuses.iter().map(|(_, count)| count).sum();
        family(
            "requests_total",
            "counter",
            "Answers by class of status.",
            &statuses,
        );
        let mut below = 0.0;
        let mut durations: Vec<(String, f64)> = Vec::new();
        for (end, count) in CLASSES.iter().zip(&self.durations) {
            below += get(count);
            durations.push((format!("_bucket{{le=\"{}\"}}", *end as f64 / 1000.0), below));
        }
        durations.push(("_bucket{le=\"+Inf\"}".to_owned(), total));
        durations.push(("_sum".to_owned(), get(&self.microseconds) / 1e6));
        durations.push(("_count".to_owned(), total));
        family(
            "request_seconds",
            "histogram",
            "Time until the head of an answer.",
            &durations,
        );
        let plain = |value: f64| [(String::new(), value)];
        family(
            "busy_total",
            "counter",
            "Requests refused because nobody was free.",
            &plain(get(&self.busy)),
        );
        family(
            "late_total",
            "counter",
            "Answers stopped for taking too long.",
            &plain(get(&self.late)),
        );
        family(
            "workers_ended_total",
            "counter",
            "Workers that ended in the middle of an answer.",
            &plain(get(&self.ended)),
        );
        family(
            "connections",
            "gauge",
            "Open connections.",
            &plain(get(&self.connections)),
        );
        family(
            "waiting",
            "gauge",
            "Requests that wait for a worker.",
            &plain(waiting as f64),
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_counted_into_every_class_above_them() {
        let metrics = Metrics::default();
        metrics.answered(200, Duration::from_millis(3));
        metrics.answered(503, Duration::from_secs(120));
        let text = metrics.text(2);
        for line in [
            "peermap_requests_total{status=\"2xx\"} 1",
            "peermap_requests_total{status=\"5xx\"} 1",
            "peermap_request_seconds_bucket{le=\"0.001\"} 0",
            "peermap_request_seconds_bucket{le=\"0.005\"} 1",
            "peermap_request_seconds_bucket{le=\"60\"} 1",
            "peermap_request_seconds_bucket{le=\"+Inf\"} 2",
            "peermap_request_seconds_sum 120.003",
            "peermap_waiting 2",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
    }
}
