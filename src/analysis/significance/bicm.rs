//! The bipartite configuration model of one dimension.
//!
//! Among all random tables of ones and zeros it is the one that keeps the expected degree of every
//! row (programme) and column (value) equal to the observed degree and is otherwise as random as
//! possible: the cell is one with probability p = xy / (1 + xy), independently of all others, with
//! one multiplier x a row and one y a column (Saracco, Straka, Di Clemente, Gabrielli, Caldarelli
//! and Squartini 2017). As a null model of projections it is the stochastic degree sequence model
//! (Neal 2014). Rows of the same degree have the same x, so everything is kept by distinct degree.
//!
//! Cells that the margins leave no choice get 0 or 1 exactly. A row or column that is empty or
//! full is the simple case; the general one is a place where the inequality of Gale (1957) and
//! Ryser (1957) holds with equality: the rows of highest degree then have all columns of highest
//! degree, and the remaining rows none of the remaining columns. Such places cut the table into
//! blocks, and inside a block without one the multipliers exist and are finite.

use std::cmp::Ordering;
use std::ops::Range;

/// Relative distance between expected and observed degrees at which the search stops.
const TARGET: f64 = 1e-12;
/// The greatest such distance that still counts as a solution, when rounding stops progress.
const ACCEPTED: f64 = 1e-9;
/// Newton steps; ten are usual.
const STEPS: u32 = 200;
/// The most that a logarithm changes in one step.
const LONGEST: f64 = 4.0;
/// What is added to the diagonal when nothing less will do.
const DAMPING: [f64; 4] = [0.0, 1e-12, 1e-8, 1e-4];
/// How often a step is halved before the search gives up.
const HALVINGS: u32 = 60;

/// Rows or columns of one degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class {
    /// How many ones each has.
    pub(super) degree: u64,
    /// How many there are, at least 1.
    pub(super) count: u64,
}

/// Groups degrees: distinct ones from highest to lowest, with how many have each.
pub(super) fn classes(degrees: impl IntoIterator<Item = (u64, u64)>) -> Vec<Class> {
    let mut degrees: Vec<(u64, u64)> = degrees.into_iter().filter(|&(_, n)| n > 0).collect();
    degrees.sort_unstable_by(|a, b| b.cmp(a));
    let mut classes: Vec<Class> = Vec::new();
    for (degree, count) in degrees {
        match classes.last_mut() {
            Some(last) if last.degree == degree => last.count += count,
            _ => classes.push(Class { degree, count }),
        }
    }
    classes
}

/// A fitted model of one dimension.
#[derive(Clone, Debug, Default)]
pub(super) struct Bicm {
    /// Distinct row degrees, highest first.
    pub(super) rows: Vec<Class>,
    /// Distinct column degrees, highest first.
    pub(super) columns: Vec<Class>,
    /// Probability of a one, a row class after the other.
    probabilities: Vec<f64>,
    /// Dimension of the space of tables with these margins: (rows − 1)(columns − 1), summed over
    /// the blocks; 0 when the margins fix every cell.
    pub(super) degrees_of_freedom: u64,
}

/// How far a search that failed had come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stalled {
    pub(super) residual: f64,
    pub(super) steps: u32,
}

impl Bicm {
    /// Fits the model to the degrees of an actual table. Newton's method on distinct degrees: one
    /// step takes O((r + c)³) for r and c distinct degrees, whatever the size of the table.
    pub(super) fn fit(rows: Vec<Class>, columns: Vec<Class>) -> Result<Self, Stalled> {
        let mut model = Self {
            probabilities: vec![0.0; rows.len() * columns.len()],
            degrees_of_freedom: 0,
            rows,
            columns,
        };
        let mut blocks = vec![Block {
            rows: 0..model.rows.len(),
            columns: 0..model.columns.len(),
            full_columns: 0,
            full_rows: 0,
        }];
        while let Some(block) = blocks.pop() {
            if block.rows.is_empty() || block.columns.is_empty() {
                continue;
            }
            let (rows, columns) = block.margins(&model);
            if let Some((row, column)) = tight(&rows, &columns) {
                let (row, column) = (block.rows.start + row, block.columns.start + column);
                for r in block.rows.start..row {
                    for c in block.columns.start..column {
                        model.probabilities[r * model.columns.len() + c] = 1.0;
                    }
                }
                let count = |classes: &[Class]| classes.iter().map(|c| c.count).sum::<u64>();
                blocks.push(Block {
                    rows: block.rows.start..row,
                    columns: column..block.columns.end,
                    full_columns: block.full_columns
                        + count(&model.columns[block.columns.start..column]),
                    full_rows: block.full_rows,
                });
                blocks.push(Block {
                    rows: row..block.rows.end,
                    columns: block.columns.start..column,
                    full_columns: block.full_columns,
                    full_rows: block.full_rows + count(&model.rows[block.rows.start..row]),
                });
                continue;
            }
            let solved = Newton::new(rows, columns).solve()?;
            let width = block.columns.len();
            for (at, r) in block.rows.clone().enumerate() {
                let from = r * model.columns.len() + block.columns.start;
                model.probabilities[from..from + width]
                    .copy_from_slice(&solved.probabilities[at * width..(at + 1) * width]);
            }
            let size = |classes: &[Class]| classes.iter().map(|c| c.count).sum::<u64>() - 1;
            model.degrees_of_freedom += size(&solved.rows) * size(&solved.columns);
        }
        Ok(model)
    }

    /// Probabilities of a row class, one a column class.
    pub(super) fn row(&self, class: usize) -> &[f64] {
        let width = self.columns.len();
        &self.probabilities[class * width..(class + 1) * width]
    }

    /// The class of rows with a degree.
    pub(super) fn row_class(&self, degree: u64) -> Option<usize> {
        find(&self.rows, degree)
    }

    /// The class of columns with a degree.
    pub(super) fn column_class(&self, degree: u64) -> Option<usize> {
        find(&self.columns, degree)
    }
}

fn find(classes: &[Class], degree: u64) -> Option<usize> {
    classes
        .binary_search_by(|class| degree.cmp(&class.degree))
        .ok()
}

/// A part of the table whose cells depend on nothing outside it.
struct Block {
    rows: Range<usize>,
    columns: Range<usize>,
    /// Columns outside the block that are one in all its rows.
    full_columns: u64,
    /// Rows outside the block that are one in all its columns.
    full_rows: u64,
}

impl Block {
    /// Degrees inside the block.
    fn margins(&self, model: &Bicm) -> (Vec<Class>, Vec<Class>) {
        let inside = |classes: &[Class], outside: u64| {
            classes
                .iter()
                .map(|class| Class {
                    degree: class.degree - outside,
                    count: class.count,
                })
                .collect()
        };
        (
            inside(&model.rows[self.rows.clone()], self.full_columns),
            inside(&model.columns[self.columns.clone()], self.full_rows),
        )
    }
}

/// The first place where the inequality of Gale and Ryser is an equality: how many of the highest
/// row classes, and of the highest column classes, form a part of ones. The two places that every
/// table has (all rows and no columns, or the reverse) do not count.
fn tight(rows: &[Class], columns: &[Class]) -> Option<(usize, usize)> {
    // Ones in the columns from each class on, and how many columns come before it.
    let mut below = vec![0; columns.len() + 1];
    for (at, class) in columns.iter().enumerate().rev() {
        below[at] = below[at + 1] + class.count * class.degree;
    }
    let (mut ones, mut height) = (0, 0);
    for row in 0..=rows.len() {
        let mut width = 0;
        for (column, below) in below.iter().enumerate() {
            let always =
                (row == 0 && column == columns.len()) || (row == rows.len() && column == 0);
            if !always && ones == height * width + below {
                return Some((row, column));
            }
            width += columns.get(column).map_or(0, |class| class.count);
        }
        if let Some(class) = rows.get(row) {
            ones += class.count * class.degree;
            height += class.count;
        }
    }
    None
}

/// The search for the logarithms of the multipliers of one block. The likelihood is concave, so a
/// Newton step that is shortened until it helps always arrives.
struct Newton {
    rows: Vec<Class>,
    columns: Vec<Class>,
    /// Logarithms of the multipliers, rows before columns.
    logs: Vec<f64>,
    probabilities: Vec<f64>,
    likelihood: f64,
    /// Observed minus expected ones, by class and summed over it.
    gradient: Vec<f64>,
    /// Greatest relative distance of an expected degree from the observed one.
    residual: f64,
}

impl Newton {
    fn new(rows: Vec<Class>, columns: Vec<Class>) -> Self {
        let total: u64 = rows.iter().map(|class| class.count * class.degree).sum();
        let half = (total as f64).ln() / 2.0;
        let logs = rows
            .iter()
            .chain(&columns)
            .map(|class| (class.degree as f64).ln() - half)
            .collect();
        let mut search = Self {
            rows,
            columns,
            logs: Vec::new(),
            probabilities: Vec::new(),
            likelihood: 0.0,
            gradient: Vec::new(),
            residual: f64::INFINITY,
        };
        search.move_to(logs);
        search
    }

    fn move_to(&mut self, logs: Vec<f64>) {
        let (height, width) = (self.rows.len(), self.columns.len());
        let mut expected = vec![0.0; height + width];
        self.probabilities.clear();
        let mut likelihood = 0.0;
        for (r, row) in self.rows.iter().enumerate() {
            for (c, column) in self.columns.iter().enumerate() {
                let log_odds = logs[r] + logs[height + c];
                let probability = 1.0 / (1.0 + (-log_odds).exp());
                self.probabilities.push(probability);
                expected[r] += column.count as f64 * probability;
                expected[height + c] += row.count as f64 * probability;
                let softplus = log_odds.max(0.0) + (-log_odds.abs()).exp().ln_1p();
                likelihood -= row.count as f64 * column.count as f64 * softplus;
            }
        }
        self.residual = 0.0;
        self.gradient.clear();
        for ((class, expected), log) in self
            .rows
            .iter()
            .chain(&self.columns)
            .zip(expected)
            .zip(&logs)
        {
            let degree = class.degree as f64;
            likelihood += class.count as f64 * degree * log;
            self.gradient.push(class.count as f64 * (degree - expected));
            let distance = (degree - expected).abs() / degree.max(1.0);
            self.residual = match distance.partial_cmp(&self.residual) {
                Some(Ordering::Less | Ordering::Equal) => self.residual,
                Some(Ordering::Greater) => distance,
                None => f64::INFINITY,
            };
        }
        self.likelihood = likelihood;
        self.logs = logs;
    }

    fn solve(mut self) -> Result<Self, Stalled> {
        let mut steps = 0;
        while self.residual > TARGET && steps < STEPS {
            steps += 1;
            if !self.step() {
                break;
            }
        }
        if self.residual <= ACCEPTED {
            Ok(self)
        } else {
            Err(Stalled {
                residual: self.residual,
                steps,
            })
        }
    }

    /// One step; whether it helped.
    fn step(&mut self) -> bool {
        let Some(direction) = self.direction() else {
            return false;
        };
        let slope: f64 = direction
            .iter()
            .zip(&self.gradient)
            .map(|(d, g)| d * g)
            .sum();
        let (start, likelihood, residual) = (self.logs.clone(), self.likelihood, self.residual);
        // Close to the end the likelihood no longer changes in its last digits.
        let close = slope <= 1e-10 * likelihood.abs();
        let longest = direction.iter().fold(0.0, |most: f64, d| most.max(d.abs()));
        let mut length = (LONGEST / longest).min(1.0);
        for _ in 0..HALVINGS {
            let logs = start
                .iter()
                .zip(&direction)
                .map(|(x, d)| x + length * d)
                .collect();
            self.move_to(logs);
            if self.likelihood > likelihood + 1e-4 * length * slope
                || (close && self.residual < residual)
            {
                return true;
            }
            length /= 2.0;
        }
        self.move_to(start);
        false
    }

    /// The Newton direction, by Cholesky's decomposition of the negative Hessian.
    fn direction(&self) -> Option<Vec<f64>> {
        let (height, width) = (self.rows.len(), self.columns.len());
        let size = height + width;
        let mut matrix = vec![0.0; size * size];
        let mut scale = vec![0.0; size];
        for (r, row) in self.rows.iter().enumerate() {
            for (c, column) in self.columns.iter().enumerate() {
                let p = self.probabilities[r * width + c];
                let curvature = row.count as f64 * column.count as f64 * p * (1.0 - p);
                matrix[(height + c) * size + r] = curvature;
                scale[r] += curvature;
                scale[height + c] += curvature;
            }
        }
        // Scaled to a diagonal of ones, so that classes of one and of a million weigh the same.
        let trace: f64 = scale.iter().sum();
        for scale in &mut scale {
            *scale = scale.max(f64::MIN_POSITIVE).sqrt();
        }
        // Raising all row logarithms and lowering all column logarithms changes nothing. A term
        // along that direction makes the matrix invertible and leaves the step as it is.
        let gauge = |at: usize| scale[at] * if at < height { 1.0 } else { -1.0 };
        for r in 0..size {
            for c in 0..r {
                let at = r * size + c;
                matrix[at] = matrix[at] / (scale[r] * scale[c]) + gauge(r) * gauge(c) / trace;
            }
            matrix[r * size + r] = 1.0 + gauge(r) * gauge(r) / trace;
        }
        let right: Vec<f64> = self
            .gradient
            .iter()
            .zip(&scale)
            .map(|(g, s)| g / s)
            .collect();
        // Where cells are all but sure, rounding can make the matrix indefinite.
        let found = DAMPING.into_iter().find_map(|damping| {
            let mut damped = matrix.clone();
            for at in 0..size {
                damped[at * size + at] += damping;
            }
            solve_positive(damped, right.clone())
        })?;
        Some(found.iter().zip(&scale).map(|(x, s)| x / s).collect())
    }
}

/// Solves a symmetric positive definite system given by its lower triangle; `None` when rounding
/// has made it indefinite.
fn solve_positive(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for r in 0..size {
        for c in 0..=r {
            let dot: f64 = (0..c)
                .map(|k| matrix[r * size + k] * matrix[c * size + k])
                .sum();
            let rest = matrix[r * size + c] - dot;
            if r == c {
                if rest.is_nan() || rest <= 0.0 {
                    return None;
                }
                matrix[r * size + r] = rest.sqrt();
            } else {
                matrix[r * size + c] = rest / matrix[c * size + c];
            }
        }
    }
    for r in 0..size {
        let dot: f64 = (0..r).map(|k| matrix[r * size + k] * right[k]).sum();
        right[r] = (right[r] - dot) / matrix[r * size + r];
    }
    for r in (0..size).rev() {
        let dot: f64 = (r + 1..size).map(|k| matrix[k * size + r] * right[k]).sum();
        right[r] = (right[r] - dot) / matrix[r * size + r];
    }
    Some(right)
}
