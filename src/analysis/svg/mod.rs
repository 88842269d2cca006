//! Pictures as SVG text, each with a text that says the same.
//!
//! Meaning is never carried by colour alone: groups have a colour and a shape, numbers are printed.
//! Only presentation attributes are used, so that a strict content security policy shows the
//! pictures as they are.

mod bars;
mod fingerprints;
mod marks;
mod matrix;
mod network;

pub use bars::{Series, bars};
pub use fingerprints::fingerprints;
pub use marks::Group;
pub use matrix::{Cell, bubble_matrix, similarity_matrix};
pub use network::{Link, Mark, NetworkPicture, network};

use std::fmt::Write as _;

pub use crate::output::Picture;
use crate::output::escaped;

/// What every picture is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caption<'a> {
    /// An identifier that is unique on the page: letters, digits and hyphens.
    pub id: &'a str,
    /// The heading.
    pub title: &'a str,
}

/// The colours of Okabe & Ito (2008) without black, which all can tell apart.
const COLOURS: [&str; 7] = [
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442",
];

const INK: &str = "#222222";
const GREY: &str = "#767676";
const PALE: &str = "#C4C4C4";

/// Text height of labels, in pixels, and the width of a letter of it on average.
const TEXT: f64 = 12.0;
const LETTER: f64 = 6.6;

/// An SVG text being written.
struct Canvas {
    out: String,
}

impl Canvas {
    fn new(caption: Caption, alternative: &str, width: f64, height: f64) -> Self {
        let id = escaped(caption.id);
        let mut out = String::new();
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" font-family=\"sans-serif\" \
             font-size=\"{TEXT}\" fill=\"{INK}\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n\
             <rect width=\"{width:.0}\" height=\"{height:.0}\" fill=\"#FFFFFF\"/>\n",
            escaped(caption.title),
            escaped(alternative)
        );
        let mut canvas = Self { out };
        canvas.text(
            [16.0, 26.0],
            caption.title,
            "font-size=\"16\" font-weight=\"bold\"",
        );
        canvas
    }

    fn text(&mut self, at: [f64; 2], text: &str, attributes: &str) {
        let space = if attributes.is_empty() { "" } else { " " };
        let _ = writeln!(
            self.out,
            "<text x=\"{:.1}\" y=\"{:.1}\"{space}{attributes}>{}</text>",
            at[0],
            at[1],
            escaped(text)
        );
    }

    /// An element of attributes that are known to be fit, with a hint that shows on hovering.
    fn element(&mut self, element: &str, hint: &str) {
        let name = element.split(' ').next().unwrap_or(element);
        let _ = if hint.is_empty() {
            writeln!(self.out, "<{element}/>")
        } else {
            writeln!(
                self.out,
                "<{element}><title>{}</title></{name}>",
                escaped(hint)
            )
        };
    }

    fn close(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }
}

/// How wide a text is, roughly.
fn text_width(text: &str) -> f64 {
    LETTER * text.chars().count() as f64
}

/// A text cut to a number of characters.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A number of things in words.
fn counted(count: usize, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_shortened_by_characters() {
        assert_eq!(shortened("été indien", 5), "été…");
        assert_eq!(shortened("été", 3), "été");
        assert_eq!(counted(1, "link"), "1 link");
        assert_eq!(counted(0, "link"), "0 links");
    }

    #[test]
    fn a_canvas_escapes_title_and_description() {
        let caption = Caption {
            id: "x",
            title: "<&>",
        };
        let mut canvas = Canvas::new(caption, "\"quoted\"", 10.0, 20.0);
        canvas.element("rect width=\"1\"", "<hint>");
        let svg = canvas.close();
        assert!(svg.contains("<title id=\"x-title\">&lt;&amp;&gt;</title>"));
        assert!(svg.contains("&quot;quoted&quot;</desc>"));
        assert!(svg.contains("<rect width=\"1\"><title>&lt;hint&gt;</title></rect>"));
        assert!(svg.ends_with("</svg>\n"));
    }
}
