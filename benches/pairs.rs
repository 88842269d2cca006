//! All pairs of programmes: how fast, against a good plain loop in the same run.
//!
//! `cargo bench --bench pairs` prints ratios and rates; `-- --big` adds a million profiles,
//! `-- --write FOLDER` writes the profiles and answers that `benches/peers/numpy_bits.py` reads.
//! Times are processor seconds of one thread, the median of five, after the answers are compared.
//!
//! The data are random, of seed 42: 100 values in 6 dimensions (24, 10, 18, 14, 16 and 18), of
//! which each profile has one and more, 12 in the mean, drawn without replacement with weights
//! rank⁻⁰·⁸.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::inline_always,
    reason = "a benchmark stops when it cannot measure"
)]

use std::convert::Infallible;
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use peermap::analysis::columns::{Columns, DimensionColumn, Row, Schema, ValueColumn};
use peermap::analysis::pairs::{AllPairs, Work};
use peermap::analysis::similarity::{Comparison, InformationContent, Measure};
use pulp::Arch;

const DIMENSIONS: [(usize, f64); 6] = [
    (24, 3.5),
    (10, 1.2),
    (18, 2.0),
    (14, 1.5),
    (16, 1.3),
    (18, 2.5),
];
const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--one") {
        let count = arguments.get(at + 1).and_then(|count| count.parse().ok());
        return one(count.expect("--one needs a number"));
    }
    println!("{} bits a register, load {}", width(), load());
    let large = generate(50_000);
    threshold(&large);
    nearest(&large, Measure::Jaccard, false);
    nearest(&large, Measure::Gower, false);
    nearest(&large, Measure::Gower, true);
    growth(&[20_000, 40_000, 80_000, 160_000]);
    if let Some(at) = arguments.iter().position(|argument| argument == "--write") {
        let folder = arguments.get(at + 1).expect("--write needs a folder");
        write(Path::new(folder), &large);
    }
    if arguments.iter().any(|argument| argument == "--big") {
        growth(&[1_000_000]);
    }
}

/// Distinct random profiles.
fn generate(count: usize) -> Vec<u128> {
    let mut random = fastrand::Rng::with_seed(42);
    let mut profiles: Vec<u128> = Vec::with_capacity(count + count / 50);
    while profiles.len() < count {
        let missing = count - profiles.len();
        profiles.extend((0..missing + missing / 50).map(|_| profile(&mut random)));
        profiles.sort_unstable();
        profiles.dedup();
    }
    random.shuffle(&mut profiles);
    profiles.truncate(count);
    profiles
}

fn profile(random: &mut fastrand::Rng) -> u128 {
    let (mut profile, mut base) = (0, 0);
    for (size, mean) in DIMENSIONS {
        let count = (1 + poisson(random, mean - 1.0)).min(size);
        // The first to arrive of exponential times is a weighted draw without replacement.
        let mut arrivals: Vec<(f64, usize)> = (0..size)
            .map(|value| {
                (
                    -(1.0 - random.f64()).ln() * ((value + 1) as f64).powf(0.8),
                    value,
                )
            })
            .collect();
        arrivals.sort_by(|a, b| a.0.total_cmp(&b.0));
        for &(_, value) in &arrivals[..count] {
            profile |= 1 << (base + value);
        }
        base += size;
    }
    profile
}

fn poisson(random: &mut fastrand::Rng, mean: f64) -> usize {
    let (limit, mut count, mut product) = ((-mean).exp(), 0, random.f64());
    while product > limit {
        count += 1;
        product *= random.f64();
    }
    count
}

/// The six dimensions; with `tree`, a fifth of the values of each are broader than the rest.
fn schema(tree: bool) -> Schema {
    let mut schema = Schema::default();
    for (scheme, (size, _)) in DIMENSIONS.into_iter().enumerate() {
        let start = schema.values.len();
        let tops = size.div_ceil(5);
        schema.dimensions.push(DimensionColumn {
            notation: scheme.to_string(),
            weight: 1.0,
            values: start..start + size,
        });
        schema.values.extend((0..size).map(|value| ValueColumn {
            notation: value.to_string(),
            scheme,
            ancestors: if tree && value >= tops {
                vec![start + value % tops]
            } else {
                Vec::new()
            },
        }));
    }
    schema
}

fn words(profile: u128) -> Vec<u64> {
    vec![profile as u64, (profile >> 64) as u64]
}

fn lay_out(profiles: &[u128], measure: Measure) -> AllPairs {
    let schema = schema(false);
    let ic = InformationContent::uniform(&schema);
    let comparison = Comparison {
        measure,
        ..Comparison::default()
    };
    let profiles = profiles.iter().map(|&profile| (words(profile), 0b11_1111));
    AllPairs::from_profiles(&schema, &ic, &comparison, profiles)
}

fn one_thread() -> Work {
    Work {
        threads: 1,
        ..Work::default()
    }
}

fn threshold(profiles: &[u128]) {
    let pairs = (profiles.len() * (profiles.len() - 1) / 2) as f64;
    let sorted = BySize::new(profiles);
    let laid_out = lay_out(profiles, Measure::Jaccard);
    let (mut whole, mut kernel, mut plain, mut naive) = (vec![], vec![], vec![], vec![]);
    for round in 0..ROUNDS {
        let (edges, seconds) =
            timed_often(|| lay_out(profiles, Measure::Jaccard).predict(0.5, &one_thread()));
        whole.push(seconds);
        let (again, seconds) = timed_often(|| laid_out.predict(0.5, &one_thread()));
        kernel.push(seconds);
        let (expected, seconds) = timed(|| Arch::new().dispatch(|| sorted.count(0.5)));
        plain.push(seconds);
        assert_eq!(
            (edges, again),
            (expected, expected),
            "the answers are the same"
        );
        if round == 0 {
            let some = &profiles[..10_000];
            let (count, seconds) = timed(|| Arch::new().dispatch(|| count_naively(some, 0.5)));
            naive.push(seconds * 25.0);
            assert_eq!(
                count,
                lay_out(some, Measure::Jaccard).predict(0.5, &one_thread())
            );
            println!("T50 {}: {edges} edges; 10000: {count}", profiles.len());
        }
    }
    let [whole, kernel, plain, naive] = [whole, kernel, plain, naive].map(median);
    let rate = |seconds: f64| pairs / seconds / 1e9;
    println!(
        "  kernel                     {kernel:8.4} s {:7.2} G pairs/s",
        rate(kernel)
    );
    println!(
        "  with layout                {whole:8.4} s {:7.2} G pairs/s",
        rate(whole)
    );
    println!(
        "  u128 popcount, by size     {plain:8.4} s {:7.2} G pairs/s  B1 {:.1}x",
        rate(plain),
        plain / kernel
    );
    println!(
        "  u128 popcount and division {naive:8.4} s {:7.2} G pairs/s     {:.1}x",
        rate(naive),
        naive / kernel
    );
    // The bound by operations: two a cycle.
    let [least, sketch] = operations(profiles).map(|operations| operations / 2.0 / clock());
    println!(
        "  B2: {:.0}% of the bound of the first sketch, {:.0}% of the least there can be",
        100.0 * sketch / kernel,
        100.0 * least / kernel
    );
}

fn nearest(profiles: &[u128], measure: Measure, tree: bool) {
    let schema = schema(tree);
    let rows = profiles.iter().enumerate().map(|(at, &profile)| Row {
        name: format!("{at:07}"),
        values: (0..100).filter(|value| profile >> value & 1 == 1).collect(),
        ..Row::default()
    });
    let columns = Columns::new(schema, rows.collect());
    let ic = InformationContent::from_columns(&columns);
    let comparison = Comparison {
        measure,
        ..Comparison::default()
    };
    let (laid_out, layout) = timed(|| AllPairs::new(&columns, &ic, &comparison, &[]));
    let (sum, seconds) = timed(|| top_ten(&laid_out));
    let name = format!(
        "K10 {} {}",
        measure.name(),
        if tree { "tree" } else { "flat" }
    );
    let rate = (profiles.len() as f64).powi(2) / seconds / 1e9;
    println!("{name:<27} {seconds:8.4} s {rate:7.2} G pairs/s  layout {layout:.3} s  sum {sum:.4}");
    if measure == Measure::Gower {
        let (edges, seconds) = timed(|| laid_out.predict(0.5, &one_thread()));
        println!("  S>=0.5                     {seconds:8.4} s {edges} edges");
    }
}

fn top_ten(pairs: &AllPairs) -> f64 {
    let mut sum = 0.0;
    let done: Result<(), Infallible> = pairs.top_k(10, &one_thread(), |_, nearest| {
        sum += nearest
            .iter()
            .map(|neighbour| neighbour.similarity.score)
            .sum::<f64>();
        Ok(())
    });
    match done {
        Ok(()) => sum,
    }
}

/// A process of its own for each size, so that nothing before it fills the memory.
fn growth(counts: &[usize]) {
    let program = std::env::current_exe().expect("this program");
    let mut points = Vec::new();
    for &count in counts {
        let run = Command::new(&program)
            .args(["--one", &count.to_string()])
            .output();
        let line = String::from_utf8(run.expect("this program runs").stdout).expect("numbers");
        let numbers: Vec<f64> = line
            .split_whitespace()
            .filter_map(|n| n.parse().ok())
            .collect();
        let &[edges, layout, search, memory, process] = &numbers[..] else {
            panic!("not five numbers: {line}");
        };
        println!(
            "T50 {count:>7}: {edges} edges, layout {layout:.3} s, search {search:.3} s, {memory:.1} MB (process {process:.1} MB)"
        );
        points.push((count as f64, search, memory));
    }
    if let [first, .., last] = points[..] {
        let slope = |a: f64, b: f64| (b / a).ln() / (last.0 / first.0).ln();
        let (time, memory) = (slope(first.1, last.1), slope(first.2, last.2));
        println!("  B8 slopes: time {time:.2}, memory {memory:.2}");
    }
}

/// Edges, seconds of the layout and of the search, megabytes of both beside the profiles, and
/// megabytes of the process.
fn one(count: usize) {
    let profiles = generate(count);
    let before = resident();
    reset_peak();
    let (laid_out, layout) = timed(|| lay_out(&profiles, Measure::Jaccard));
    let (edges, search) = timed_often(|| laid_out.predict(0.5, &one_thread()));
    let (memory, process) = ((peak() - before) / 1e6, peak() / 1e6);
    println!("{edges} {layout} {search} {memory} {process}");
}

/// Writes profiles as two little-endian words each, and the answers.
fn write(folder: &Path, profiles: &[u128]) {
    fs::create_dir_all(folder).expect("a folder to write to");
    let mut answers = String::from("profiles\tt50\tk10\tt50_seconds\tk10_seconds\n");
    for count in [10_000, 50_000] {
        let some = &profiles[..count];
        let bytes: Vec<u8> = some
            .iter()
            .flat_map(|profile| profile.to_le_bytes())
            .collect();
        fs::write(folder.join(format!("profiles-{count}.bin")), bytes).expect("room to write");
        let (mut t50, mut k10) = (vec![], vec![]);
        let (mut edges, mut sum) = (0, 0.0);
        for _ in 0..ROUNDS {
            let (some_edges, seconds) =
                timed_often(|| lay_out(some, Measure::Jaccard).predict(0.5, &one_thread()));
            edges = some_edges;
            t50.push(seconds);
            let (some_sum, seconds) = timed_often(|| top_ten(&lay_out(some, Measure::Jaccard)));
            sum = some_sum;
            k10.push(seconds);
        }
        let (t50, k10) = (median(t50), median(k10));
        let _ = writeln!(answers, "{count}\t{edges}\t{sum:.6}\t{t50:.6}\t{k10:.6}");
    }
    fs::write(folder.join("answers.tsv"), &answers).expect("room to write");
    print!("{answers}");
}

/// The rival: profiles by size, so that the least intersection is a constant for each run.
///
/// Dispatch reaches no instruction that counts bits in vectors. Where a processor has one, the same
/// loop built with `RUSTFLAGS="-C target-cpu=native"` is many times faster: compare there too.
struct BySize {
    low: Vec<u64>,
    high: Vec<u64>,
    starts: Vec<usize>,
}

impl BySize {
    fn new(profiles: &[u128]) -> Self {
        let mut sorted = profiles.to_vec();
        sorted.sort_by_key(|profile| profile.count_ones());
        let start = |size: u32| sorted.partition_point(|profile| profile.count_ones() < size);
        Self {
            starts: (0..=129).map(start).collect(),
            low: sorted.iter().map(|&profile| profile as u64).collect(),
            high: sorted
                .iter()
                .map(|&profile| (profile >> 64) as u64)
                .collect(),
        }
    }

    #[inline(always)]
    fn count(&self, threshold: f64) -> u64 {
        let mut edges = 0;
        for at in 0..self.low.len() {
            let (low, high) = (self.low[at], self.high[at]);
            let size = low.count_ones() + high.count_ones();
            for other in size..=128 {
                let least =
                    (threshold * f64::from(size + other) / (1.0 + threshold) - 1e-9).ceil() as u32;
                let run = self.starts[other as usize].max(at + 1)..self.starts[other as usize + 1];
                if least > size {
                    break;
                }
                if run.is_empty() {
                    continue;
                }
                let words = self.low[run.clone()].iter().zip(&self.high[run]);
                let reach =
                    words.map(|(l, h)| (l & low).count_ones() + (h & high).count_ones() >= least);
                edges += u64::from(reach.map(u32::from).sum::<u32>());
            }
        }
        edges
    }
}

#[inline(always)]
fn count_naively(profiles: &[u128], threshold: f64) -> u64 {
    let mut edges = 0;
    for (at, a) in profiles.iter().enumerate() {
        for b in &profiles[at + 1..] {
            let score = f64::from((a & b).count_ones()) / f64::from((a | b).count_ones());
            edges += u64::from(score >= threshold);
        }
    }
    edges
}

/// Three-input operations to add up all pairs once, for the width of this run: the least there can
/// be, since a full adder is two and n values need n − popcount(n) of them; and what a first sketch
/// took, 2.75 a value and 6 to compare.
fn operations(profiles: &[u128]) -> [f64; 2] {
    let registers = profiles.len() as f64 / width() as f64 / 2.0;
    let sizes = profiles.iter().map(|profile| profile.count_ones());
    let least = |size: u32| f64::from(2 * (size - size.count_ones()));
    let sketch = |size: u32| 2.75 * f64::from(size) + 6.0;
    [
        sizes.clone().map(least).sum::<f64>() * registers,
        sizes.map(sketch).sum::<f64>() * registers,
    ]
}

/// Bits of a register in this run.
fn width() -> usize {
    struct Lanes;
    impl pulp::WithSimd for Lanes {
        type Output = usize;
        fn with_simd<S: pulp::Simd>(self, _: S) -> usize {
            S::U64_LANES * 64
        }
    }
    Arch::new().dispatch(Lanes)
}

/// Cycles a second, by multiplications that wait for each other.
fn clock() -> f64 {
    let mut best = 0.0f64;
    for _ in 0..5 {
        let steps = 20_000_000u64;
        let ((), seconds) = timed(|| {
            let (mut sum, flip, factor) = black_box((1u64, 5u64, 7u64));
            for _ in 0..steps / 8 {
                for _ in 0..8 {
                    sum = (sum ^ flip).wrapping_mul(factor);
                }
            }
            black_box(sum);
        });
        // An exclusive or and a multiplication: four cycles.
        best = best.max(4.0 * steps as f64 / seconds);
    }
    best
}

/// Runs something until a quarter of a second has gone, and gives the processor seconds of one run:
/// the system counts them in steps of some milliseconds.
fn timed_often<T>(mut run: impl FnMut() -> T) -> (T, f64) {
    let (mut result, mut seconds) = timed(&mut run);
    let mut runs = 1.0;
    while seconds < 0.25 {
        let (again, more) = timed(&mut run);
        result = again;
        seconds += more;
        runs += 1.0;
    }
    (result, seconds / runs)
}

/// Runs something and gives its processor seconds; wall seconds where the system does not say.
fn timed<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let (cpu, wall) = (processor(), Instant::now());
    let result = run();
    let wall = wall.elapsed().as_secs_f64();
    let seconds = processor()
        .zip(cpu)
        .map_or(wall, |(after, before)| after - before);
    (result, seconds)
}

fn processor() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

fn status(field: &str) -> f64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field));
    let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    number.map_or(f64::NAN, |kilobytes| kilobytes * 1024.0)
}

fn resident() -> f64 {
    status("VmRSS")
}

fn peak() -> f64 {
    status("VmHWM")
}

fn reset_peak() {
    // Where this cannot be done, the peak is that of the whole run.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

fn load() -> String {
    fs::read_to_string("/proc/loadavg")
        .unwrap_or_default()
        .trim()
        .to_owned()
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
