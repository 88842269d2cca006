//! Stacked bars: how a whole falls into parts, row by row.

use super::{COLOURS, Canvas, Caption, INK, Picture, shortened, text_width};

/// A part of every bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What it is called.
    pub name: String,
}

/// Height of a row and of a bar, the room for names and the length of a whole bar.
const STEP: f64 = 34.0;
const HIGH: f64 = 24.0;
const NAMES: usize = 28;
const LONG: f64 = 460.0;

/// Draws stacked bars, all of the same length, with the numbers on them. Parts are told apart by
/// colour, by the lines between them and by their order, which the legend repeats. A row without
/// numbers is left empty.
pub fn bars(caption: Caption, series: &[Series], rows: &[(String, Vec<u32>)]) -> Picture {
    let alternative = in_words(series, rows);
    let left = 24.0
        + rows
            .iter()
            .map(|(name, _)| text_width(&shortened(name, NAMES)))
            .fold(0.0, f64::max);
    let top = 50.0;
    let legend = top + STEP * rows.len() as f64 + 10.0;
    let height = legend + 24.0 * series.len() as f64 + 10.0;
    let width = (left + LONG + 24.0).max(text_width(caption.title) * 1.4 + 32.0);
    let mut canvas = Canvas::new(caption, &alternative, width, height);
    for (at, (name, parts)) in rows.iter().enumerate() {
        let y = top + STEP * at as f64;
        canvas.text([16.0, y + 16.0], &shortened(name, NAMES), "");
        let whole: u32 = parts.iter().sum();
        if whole == 0 {
            continue;
        }
        let mut x = left;
        for (number, &part) in parts.iter().enumerate().filter(|(_, part)| **part > 0) {
            let long = LONG * f64::from(part) / f64::from(whole);
            let hint = series.get(number).map_or_else(String::new, |series| {
                format!("{name}, {}: {part}", series.name)
            });
            piece(&mut canvas, [x, y], long, number, &hint);
            let text = part.to_string();
            if text_width(&text) + 6.0 < long {
                canvas.text(
                    [x + long / 2.0, y + 16.0],
                    &text,
                    &format!("text-anchor=\"middle\" fill=\"{}\"", ink(number)),
                );
            }
            x += long;
        }
    }
    for (number, series) in series.iter().enumerate() {
        let y = legend + 24.0 * number as f64;
        piece(&mut canvas, [left, y], 24.0, number, "");
        canvas.text([left + 34.0, y + 16.0], &series.name, "");
    }
    Picture {
        svg: canvas.close(),
        alternative,
    }
}

fn piece(canvas: &mut Canvas, [x, y]: [f64; 2], long: f64, number: usize, hint: &str) {
    canvas.element(
        &format!(
            "rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{long:.1}\" height=\"{HIGH}\" fill=\"{}\" stroke=\"{INK}\"",
            fill(number)
        ),
        hint,
    );
}

/// The last parts say what is not known: paler than the first.
fn fill(number: usize) -> &'static str {
    match number {
        0 => COLOURS[0],
        1 => COLOURS[1],
        2 => "#DDDDDD",
        _ => "#FFFFFF",
    }
}

fn ink(number: usize) -> &'static str {
    if number == 0 { "#FFFFFF" } else { INK }
}

fn in_words(series: &[Series], rows: &[(String, Vec<u32>)]) -> String {
    let row = |(name, parts): &(String, Vec<u32>)| {
        let parts = parts.iter().zip(series);
        let parts: Vec<String> = parts
            .map(|(part, series)| format!("{} {part}", series.name))
            .collect();
        format!("{name}: {}.", parts.join(", "))
    };
    rows.iter().map(row).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_parts_and_the_text_says_the_same() {
        let series = ["told", "silent"].map(|name| Series {
            name: name.to_owned(),
        });
        let rows = [
            ("first".to_owned(), vec![3, 1]),
            ("none".to_owned(), vec![0, 0]),
        ];
        let caption = Caption {
            id: "x",
            title: "Bars",
        };
        let picture = bars(caption, &series, &rows);
        assert_eq!(
            picture.alternative,
            "first: told 3, silent 1. none: told 0, silent 0."
        );
        assert!(picture.svg.contains("width=\"345.0\""), "{}", picture.svg);
        assert!(picture.svg.contains("width=\"115.0\""));
    }
}
