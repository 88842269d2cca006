//! Pictures of tables of numbers.

use std::fmt::Write as _;

use super::{Canvas, Caption, GREY, INK, PALE, Picture, TEXT, counted, shortened, text_width};

/// Longest row and column heading, in characters.
const HEADING: usize = 36;

/// Cells named in the text alternative.
const NAMED: usize = 5;

/// A cell of a bubble matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Position of the row.
    pub row: usize,
    /// Position of the column.
    pub column: usize,
    /// How many there are: the area of the bubble. `None` when nobody states it.
    pub count: Option<u32>,
    /// Whether the cell is empty against expectation.
    pub gap: bool,
}

/// Draws a table of counts as bubbles, such as an evidence-gap map: one bubble a cell, its area
/// and a number for the count, a dashed square for a surprising gap, a question mark for a cell
/// that nobody states. Cells outside the table are left out; cells not given are empty.
pub fn bubble_matrix(
    caption: Caption,
    rows: &[String],
    columns: &[String],
    cells: &[Cell],
) -> Picture {
    const STEP: f64 = 44.0;
    let inside = |cell: &&Cell| cell.row < rows.len() && cell.column < columns.len();
    let cells: Vec<&Cell> = cells.iter().filter(inside).collect();
    let alternative = bubbles_in_words(rows, columns, &cells);
    let frame = Frame::new(rows, columns, STEP);
    let mut canvas = Canvas::new(
        caption,
        &alternative,
        frame.width(caption.title),
        frame.height() + 70.0,
    );
    frame.headings(&mut canvas, rows, columns);

    let most = cells
        .iter()
        .filter_map(|cell| cell.count)
        .max()
        .unwrap_or(0)
        .max(1);
    let radius = |count: u32| 19.0 * (f64::from(count) / f64::from(most)).sqrt();
    for cell in cells {
        let [x, y] = frame.centre(cell.row, cell.column);
        let name = format!("{} × {}", rows[cell.row], columns[cell.column]);
        match cell.count {
            None => canvas.text(
                [x, y + 4.0],
                "?",
                &format!("text-anchor=\"middle\" fill=\"{GREY}\""),
            ),
            Some(0) if cell.gap => gap(&mut canvas, [x, y], &format!("{name}: surprising gap")),
            Some(0) => {}
            Some(count) => bubble(&mut canvas, [x, y], radius(count), count, &name),
        }
    }

    let y = frame.height() + 30.0;
    bubble(&mut canvas, [36.0, y], 19.0, most, "");
    canvas.text([62.0, y + 4.0], "programmes (area)", "");
    gap(&mut canvas, [200.0, y], "");
    canvas.text([220.0, y + 4.0], "surprising gap", "");
    canvas.text(
        [330.0, y + 4.0],
        "?",
        &format!("text-anchor=\"middle\" fill=\"{GREY}\""),
    );
    canvas.text([344.0, y + 4.0], "not stated", "");
    Picture {
        svg: canvas.close(),
        alternative,
    }
}

fn bubble(canvas: &mut Canvas, [x, y]: [f64; 2], radius: f64, count: u32, name: &str) {
    let hint = if name.is_empty() {
        String::new()
    } else {
        format!("{name}: {count}")
    };
    canvas.element(
        &format!(
            "circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"#56B4E9\" stroke=\"{INK}\""
        ),
        &hint,
    );
    // Inside when there is room for the digits, else beside.
    let text = count.to_string();
    if text_width(&text) + 4.0 < 2.0 * radius {
        canvas.text([x, y + 4.0], &text, "text-anchor=\"middle\"");
    } else {
        canvas.text([x + radius + 2.0, y + 4.0], &text, "");
    }
}

fn gap(canvas: &mut Canvas, [x, y]: [f64; 2], hint: &str) {
    canvas.element(
        &format!(
            "rect x=\"{:.1}\" y=\"{:.1}\" width=\"24\" height=\"24\" fill=\"#FFFFFF\" \
             stroke=\"#D55E00\" stroke-width=\"2\" stroke-dasharray=\"4 3\"",
            x - 12.0,
            y - 12.0
        ),
        hint,
    );
}

fn bubbles_in_words(rows: &[String], columns: &[String], cells: &[&Cell]) -> String {
    let name = |cell: &Cell| format!("{} × {}", rows[cell.row], columns[cell.column]);
    let mut filled: Vec<(u32, &Cell)> = cells
        .iter()
        .filter_map(|cell| {
            cell.count
                .filter(|&count| count > 0)
                .map(|count| (count, *cell))
        })
        .collect();
    filled.sort_by_key(|(count, cell)| (std::cmp::Reverse(*count), cell.row, cell.column));
    let unknown = cells.iter().filter(|cell| cell.count.is_none()).count();
    let mut gaps: Vec<&&Cell> = cells
        .iter()
        .filter(|cell| cell.gap && cell.count == Some(0))
        .collect();
    gaps.sort_by_key(|cell| (cell.row, cell.column));
    let mut text = format!(
        "A table of {} and {}: {} of {} filled, {unknown} not stated.",
        counted(rows.len(), "row"),
        counted(columns.len(), "column"),
        filled.len(),
        counted(rows.len() * columns.len(), "cell")
    );
    if !filled.is_empty() {
        let most: Vec<String> = filled
            .iter()
            .take(NAMED)
            .map(|(count, cell)| format!("{} ({count})", name(cell)))
            .collect();
        let _ = write!(text, " Most: {}.", most.join(", "));
    }
    if !gaps.is_empty() {
        let first: Vec<String> = gaps.iter().take(NAMED).map(|cell| name(cell)).collect();
        let more = if gaps.len() > NAMED {
            " and others"
        } else {
            ""
        };
        let _ = write!(
            text,
            " {}: {}{more}.",
            counted(gaps.len(), "surprising gap"),
            first.join(", ")
        );
    }
    text
}

/// Draws how alike the things of a list are: a square of cells, darker for more alike, hatched
/// where they cannot be compared. `score` gives a number from 0 to 1 for two positions, or `None`.
/// Numbers are printed for up to 25 things. Takes n² elements: fit for a few hundred.
pub fn similarity_matrix(
    caption: Caption,
    names: &[String],
    score: impl Fn(usize, usize) -> Option<f64>,
) -> Picture {
    let step = if names.len() <= 25 { 34.0 } else { 14.0 };
    let mut scores: Vec<Vec<Option<f64>>> = Vec::new();
    for a in 0..names.len() {
        let row = (0..names.len()).map(|b| score(a, b).filter(|s| s.is_finite()));
        scores.push(row.collect());
    }
    let alternative = scores_in_words(names, &scores);
    let frame = Frame::new(names, names, step);
    let mut canvas = Canvas::new(
        caption,
        &alternative,
        frame.width(caption.title),
        frame.height() + 60.0,
    );
    frame.headings(&mut canvas, names, names);
    for (a, row) in scores.iter().enumerate() {
        for (b, &score) in row.iter().enumerate() {
            let hint = match score {
                Some(score) => format!("{} – {}: {score:.2}", names[a], names[b]),
                None => format!("{} – {}: not comparable", names[a], names[b]),
            };
            let hint = if names.len() <= 60 {
                hint
            } else {
                String::new()
            };
            let centre = frame.centre(a, b);
            tile(&mut canvas, centre, step, score, &hint);
            if let (Some(score), 0..=25) = (score, names.len()) {
                let fill = if score > 0.6 { "#FFFFFF" } else { INK };
                let attributes = format!("text-anchor=\"middle\" font-size=\"10\" fill=\"{fill}\"");
                canvas.text(
                    [centre[0], centre[1] + 3.5],
                    &format!("{score:.2}"),
                    &attributes,
                );
            }
        }
    }
    frame.legend(&mut canvas, |score| {
        score.map_or_else(|| "not comparable".to_owned(), |s| format!("{s:.2}"))
    });
    Picture {
        svg: canvas.close(),
        alternative,
    }
}

pub(super) fn tile(
    canvas: &mut Canvas,
    [x, y]: [f64; 2],
    step: f64,
    score: Option<f64>,
    hint: &str,
) {
    let (left, top, side) = (x - step / 2.0, y - step / 2.0, step - 1.0);
    let fill = score.map_or_else(|| "#FFFFFF".to_owned(), shade);
    let rect = format!(
        "rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{side:.1}\" height=\"{side:.1}\" \
         fill=\"{fill}\" stroke=\"{PALE}\" stroke-width=\"0.5\""
    );
    canvas.element(&rect, hint);
    if score.is_none() {
        let (right, bottom) = (left + side, top + side);
        canvas.element(
            &format!("path d=\"M{left:.1} {bottom:.1}L{right:.1} {top:.1}\" stroke=\"{GREY}\""),
            "",
        );
    }
}

/// From white, 0, to dark blue, 1.
fn shade(score: f64) -> String {
    let score = score.clamp(0.0, 1.0);
    let [red, green, blue] =
        [0x00, 0x4C, 0x80].map(|dark| 255.0 - score * (255.0 - f64::from(dark)));
    format!("rgb({red:.0},{green:.0},{blue:.0})")
}

fn scores_in_words(names: &[String], scores: &[Vec<Option<f64>>]) -> String {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    let mut unknown = 0;
    for (a, row) in scores.iter().enumerate() {
        for (b, score) in row.iter().enumerate().skip(a + 1) {
            match score {
                Some(score) => pairs.push((*score, a, b)),
                None => unknown += 1,
            }
        }
    }
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let mut text = format!(
        "A square of similarities of {}: {}, of which {unknown} not comparable.",
        counted(names.len(), "thing"),
        counted(pairs.len() + unknown, "pair")
    );
    if let (Some(first), Some(last)) = (pairs.first(), pairs.last()) {
        let most: Vec<String> = pairs
            .iter()
            .take(NAMED)
            .map(|&(score, a, b)| format!("{} – {} ({score:.2})", names[a], names[b]))
            .collect();
        let _ = write!(
            text,
            " Scores from {:.2} to {:.2}. Most alike: {}.",
            last.0,
            first.0,
            most.join(", ")
        );
    }
    text
}

/// The grid of a table with its headings.
pub(super) struct Frame {
    left: f64,
    top: f64,
    step: f64,
    rows: f64,
    columns: f64,
    /// How far the last slanted heading reaches past the grid.
    beyond: f64,
}

impl Frame {
    pub(super) fn new(rows: &[String], columns: &[String], step: f64) -> Self {
        /// Sine and cosine of the slant of column headings, 45 degrees.
        const SLANT: f64 = 0.71;
        let widest = |names: &[String]| {
            let width = |name: &String| text_width(&shortened(name, HEADING));
            names.iter().map(width).fold(0.0, f64::max)
        };
        let slanted = SLANT * widest(columns);
        Self {
            left: 30.0 + widest(rows),
            top: 60.0 + slanted,
            step,
            rows: rows.len() as f64,
            columns: columns.len() as f64,
            beyond: slanted,
        }
    }

    /// Wide enough for the table, the legend and the title, whose letters are larger.
    pub(super) fn width(&self, title: &str) -> f64 {
        let table = self.left + self.step * self.columns + self.beyond + 20.0;
        table.max(460.0).max(32.0 + 1.5 * text_width(title))
    }

    pub(super) fn height(&self) -> f64 {
        self.top + self.step * self.rows
    }

    pub(super) fn centre(&self, row: usize, column: usize) -> [f64; 2] {
        [
            self.left + self.step * (column as f64 + 0.5),
            self.top + self.step * (row as f64 + 0.5),
        ]
    }

    /// Below the table, the shades with what `told` says of their numbers.
    pub(super) fn legend(&self, canvas: &mut Canvas, told: impl Fn(Option<f64>) -> String) {
        let y = self.height() + 30.0;
        let shades = [
            Some(0.0),
            Some(0.25),
            Some(0.5),
            Some(0.75),
            Some(1.0),
            None,
        ];
        for (at, score) in (0u8..).zip(shades) {
            let x = 32.0 + 66.0 * f64::from(at);
            tile(canvas, [x, y], 20.0, score, "");
            canvas.text([x + 15.0, y + 4.0], &told(score), "");
        }
    }

    pub(super) fn headings(&self, canvas: &mut Canvas, rows: &[String], columns: &[String]) {
        for (at, name) in rows.iter().enumerate() {
            let [_, y] = self.centre(at, 0);
            let place = [self.left - 10.0, y + TEXT / 3.0];
            canvas.text(place, &shortened(name, HEADING), "text-anchor=\"end\"");
        }
        for (at, name) in columns.iter().enumerate() {
            let [x, _] = self.centre(0, at);
            let y = self.top - 8.0;
            let turn = format!("transform=\"rotate(-45 {x:.1} {y:.1})\"");
            canvas.text([x, y], &shortened(name, HEADING), &turn);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPTION: Caption = Caption {
        id: "m",
        title: "Gaps",
    };

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn a_gap_map_tells_empty_gap_and_unknown_apart() {
        let cell = |row, column, count, gap| Cell {
            row,
            column,
            count,
            gap,
        };
        let cells = [
            cell(0, 0, Some(4), false),
            cell(0, 1, Some(0), true),
            cell(1, 0, None, false),
            cell(1, 1, Some(0), false),
            cell(9, 9, Some(7), false),
        ];
        let picture = bubble_matrix(CAPTION, &names(&["a<", "b"]), &names(&["c", "d"]), &cells);
        assert_eq!(
            picture.alternative,
            "A table of 2 rows and 2 columns: 1 of 4 cells filled, 1 not stated. \
             Most: a< × c (4). 1 surprising gap: a< × d."
        );
        // One of each in the table and one in the legend.
        assert_eq!(picture.svg.matches("<circle ").count(), 2);
        assert_eq!(picture.svg.matches("stroke-dasharray").count(), 2);
        assert_eq!(picture.svg.matches(">?<").count(), 2);
        assert!(!picture.svg.contains("a< "));
    }

    #[test]
    fn a_similarity_matrix_marks_what_cannot_be_compared() {
        let list = names(&["a", "b", "c"]);
        let picture = similarity_matrix(CAPTION, &list, |a, b| match (a.min(b), a.max(b)) {
            (0, 1) => Some(0.5),
            (1, 2) => Some(f64::NAN),
            (a, b) if a == b => Some(1.0),
            _ => None,
        });
        assert_eq!(
            picture.alternative,
            "A square of similarities of 3 things: 3 pairs, of which 2 not comparable. \
             Scores from 0.50 to 0.50. Most alike: a – b (0.50)."
        );
        assert_eq!(picture.svg.matches("<path ").count(), 5);
        assert!(!picture.svg.contains("NaN"));
        assert_eq!(
            (shade(0.0), shade(1.0)),
            ("rgb(255,255,255)".to_owned(), "rgb(0,76,128)".to_owned())
        );
    }

    #[test]
    fn nothing_gives_an_empty_table() {
        let picture = bubble_matrix(CAPTION, &[], &[], &[]);
        assert!(
            picture
                .alternative
                .starts_with("A table of 0 rows and 0 columns")
        );
        let square = similarity_matrix(CAPTION, &[], |_, _| None);
        assert!(square.svg.starts_with("<svg "));
    }
}
