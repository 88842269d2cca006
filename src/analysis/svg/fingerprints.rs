//! The work behind names, one row a name: its fingerprint.

use std::fmt::Write as _;

use super::matrix::{Frame, tile};
use super::{Canvas, Caption, Picture, counted};

/// Names of the strongest columns in the text alternative.
const NAMED: usize = 3;

/// Draws what share of the things behind each row has each column, darker for more, hatched where
/// nobody states it: the darker columns of a row are its fingerprint. `share` gives a number from
/// 0 to 1 for a row and a column, or `None`. Takes rows × columns elements.
pub fn fingerprints(
    caption: Caption,
    rows: &[String],
    columns: &[String],
    share: impl Fn(usize, usize) -> Option<f64>,
) -> Picture {
    const STEP: f64 = 20.0;
    let mut alternative = format!(
        "A table of {} and {}: the share of each row that has a value.",
        counted(rows.len(), "row"),
        counted(columns.len(), "value")
    );
    for (row, name) in rows.iter().enumerate() {
        let known = (0..columns.len()).filter_map(|column| Some((share(row, column)?, column)));
        let mut most: Vec<(f64, usize)> = known.filter(|(share, _)| *share > 0.0).collect();
        most.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let most: Vec<String> = (most.iter().take(NAMED))
            .map(|&(share, column)| format!("{} ({:.0} %)", columns[column], 100.0 * share))
            .collect();
        if !most.is_empty() {
            let _ = write!(alternative, " {name}: {}.", most.join(", "));
        }
    }
    let told = |share: Option<f64>| {
        share.map_or_else(
            || "not stated".to_owned(),
            |share| format!("{:.0} %", 100.0 * share),
        )
    };
    let frame = Frame::new(rows, columns, STEP);
    let (width, height) = (frame.width(caption.title), frame.height() + 60.0);
    let mut canvas = Canvas::new(caption, &alternative, width, height);
    frame.headings(&mut canvas, rows, columns);
    for (row, name) in rows.iter().enumerate() {
        for (column, value) in columns.iter().enumerate() {
            let share = share(row, column);
            let hint = format!("{name} – {value}: {}", told(share));
            tile(&mut canvas, frame.centre(row, column), STEP, share, &hint);
        }
    }
    frame.legend(&mut canvas, told);
    Picture {
        svg: canvas.close(),
        alternative,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_says_its_share_and_the_words_say_the_most() {
        let names = |list: &[&str]| list.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let caption = Caption {
            id: "f",
            title: "Fingerprints",
        };
        let shares = [[Some(0.25), Some(1.0)], [Some(0.0), None]];
        let picture = fingerprints(
            caption,
            &names(&["peer", "mentor"]),
            &names(&["a<b", "c"]),
            |row, column| shares[row][column],
        );
        assert_eq!(
            picture.alternative,
            "A table of 2 rows and 2 values: the share of each row that has a value. peer: c (100 %), a<b (25 %)."
        );
        assert!(picture.svg.contains("peer – a&lt;b: 25 %"));
        assert!(picture.svg.contains("mentor – c: not stated"));
    }
}
