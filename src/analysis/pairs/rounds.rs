//! Work in pieces over threads, with results in order.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Pieces a thread takes in a round.
const PIECES: usize = 4;

/// Works on `0..items` in pieces of `piece`, and takes the results in order.
///
/// A few pieces a thread are worked on, then their results are taken, and so on: memory is bounded
/// by the results of one round. Stops at the first error of `take`.
pub(super) fn in_rounds<R: Send, E>(
    items: usize,
    piece: usize,
    threads: usize,
    work: impl Fn(Range<usize>) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let pieces = items.div_ceil(piece);
    let range = |at: usize| at * piece..((at + 1) * piece).min(items);
    let threads = threads.clamp(1, pieces.max(1));
    if threads == 1 {
        return (0..pieces).try_for_each(|at| take(work(range(at))));
    }
    let mut done = 0;
    while done < pieces {
        let end = (done + threads * PIECES).min(pieces);
        let next = AtomicUsize::new(done);
        let run = || {
            let mut results = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= end {
                    return results;
                }
                results.push((at, work(range(at))));
            }
        };
        let mut results = thread::scope(|scope| {
            let handles: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
            let mut all = Vec::new();
            for handle in handles {
                match handle.join() {
                    Ok(results) => all.extend(results),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            all
        });
        results.sort_by_key(|&(at, _)| at);
        for (_, result) in results {
            take(result)?;
        }
        done = end;
    }
    Ok(())
}
