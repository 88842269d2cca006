//! One HTML page without scripts, readable offline and in print.

use std::io::{self, Write};

use oxrdf::Term;

use super::report::{Block, Inline, Picture, Tone};
use super::{Body, Style, one_line};

const CSS: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}\
table{border-collapse:collapse;margin:1rem 0}th,td{border:1px solid #bbb;padding:.3rem .6rem;text-align:left;vertical-align:top}\
th{background:#f0f0f0}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0}\
.faint{color:#595959}figure{margin:1rem 0;overflow-x:auto}figure svg{max-width:100%;height:auto}figcaption{color:#595959}\
h2[id]{border-top:1px solid #bbb;padding-top:1rem;margin-top:3rem}\
@media print{body{margin:0}a{color:inherit}nav{display:none}h2[id]{break-before:page}tr,figure,section{break-inside:avoid}}";

/// Writes a whole page.
pub(super) fn write(body: &Body, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let title = match body {
        Body::Report(report) => one_line(&report.title),
        _ => "peermap".to_owned(),
    };
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n<style>{CSS}</style>\n</head>\n<body>\n<main>",
        escape(&title)
    )?;
    match body {
        Body::Boolean(value) => writeln!(out, "<p>{value}</p>")?,
        Body::Rows(_) | Body::Graph(_) | Body::Dataset(_) | Body::Text(_) => {}
        Body::Table(table) => {
            let row = |row: &Vec<Option<Term>>| {
                row.iter()
                    .map(|cell| self::cell(cell.as_ref(), style))
                    .collect()
            };
            grid(&table.columns, table.rows.iter().map(row), out)?;
        }
        Body::Report(report) => {
            writeln!(out, "<h1>{}</h1>", escape(&title))?;
            contents(&report.blocks, out)?;
            if let Some(picture) = &report.picture {
                figure(picture, out)?;
            }
            let mut level = 2;
            for block in &report.blocks {
                match block {
                    Block::Section { id, title } => {
                        level = 3;
                        writeln!(out, "<h2 id=\"{}\">{}</h2>", escape(id), escape(title))?;
                    }
                    Block::Picture(picture) => figure(picture, out)?,
                    Block::Heading(text) => {
                        writeln!(out, "<h{level}>{}</h{level}>", escape(text))?;
                    }
                    Block::Paragraph(text) => writeln!(out, "<p>{}</p>", inlines(text))?,
                    Block::Entry { title, fields } => {
                        let heading = if title.is_empty() {
                            String::new()
                        } else {
                            let level = level + 1;
                            format!("<h{level}>{}</h{level}>\n", inlines(title))
                        };
                        writeln!(out, "<section>\n{heading}<dl>")?;
                        for field in fields {
                            let lines: Vec<String> =
                                field.lines.iter().map(|line| inlines(line)).collect();
                            writeln!(
                                out,
                                "<dt>{}</dt><dd>{}</dd>",
                                escape(&field.name),
                                lines.join("<br>")
                            )?;
                        }
                        writeln!(out, "</dl>\n</section>")?;
                    }
                    Block::Grid { columns, rows } => {
                        let row = |row: &Vec<Inline>| {
                            row.iter()
                                .map(|cell| inlines(std::slice::from_ref(cell)))
                                .collect()
                        };
                        grid(columns, rows.iter().map(row), out)?;
                    }
                }
            }
        }
    }
    writeln!(out, "</main>\n</body>\n</html>")
}

/// Links to the sections of a page that has some.
fn contents(blocks: &[Block], out: &mut dyn Write) -> io::Result<()> {
    let links: Vec<String> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Section { id, title } => Some(format!(
                "<li><a href=\"#{}\">{}</a></li>",
                escape(id),
                escape(title)
            )),
            _ => None,
        })
        .collect();
    if links.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<nav aria-label=\"Contents\">\n<ul>{}</ul>\n</nav>",
        links.concat()
    )
}

/// Our own SVG: every text in it was escaped when it was drawn.
fn figure(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<figure>\n{}\n<figcaption>{}</figcaption>\n</figure>",
        picture.svg,
        escape(&picture.alternative)
    )
}

fn grid(
    columns: &[String],
    rows: impl Iterator<Item = Vec<String>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let header: Vec<String> = columns
        .iter()
        .map(|name| format!("<th scope=\"col\">{}</th>", escape(name)))
        .collect();
    writeln!(
        out,
        "<table>\n<thead><tr>{}</tr></thead>\n<tbody>",
        header.concat()
    )?;
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| format!("<td>{cell}</td>")).collect();
        writeln!(out, "<tr>{}</tr>", cells.concat())?;
    }
    writeln!(out, "</tbody>\n</table>")
}

fn cell(cell: Option<&Term>, style: &Style) -> String {
    let text = escape(&style.cell(cell));
    match cell {
        Some(Term::NamedNode(node)) if is_web(node.as_str()) => {
            format!("<a href=\"{}\">{text}</a>", escape(node.as_str()))
        }
        Some(Term::Literal(literal)) => match literal.language() {
            Some(language) => format!("<span lang=\"{}\">{text}</span>", escape(language)),
            None => text,
        },
        _ => text,
    }
}

fn inlines(text: &[Inline]) -> String {
    text.iter()
        .map(|inline| {
            let text = escape(&one_line(&inline.text));
            match (&inline.iri, inline.tone) {
                (Some(iri), _) if is_web(iri) => format!("<a href=\"{}\">{text}</a>", escape(iri)),
                (_, Tone::Strong) => format!("<strong>{text}</strong>"),
                (_, Tone::Faint) => format!("<span class=\"faint\">{text}</span>"),
                _ => text,
            }
        })
        .collect()
}

/// Only web addresses become links: data must not bring `javascript:` into a page.
fn is_web(iri: &str) -> bool {
    iri.starts_with("https://") || iri.starts_with("http://")
}

/// Text for element content and quoted attributes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Table;
    use oxrdf::{Literal, NamedNode};

    #[test]
    fn data_cannot_bring_markup_or_scripts() {
        let body = Body::Table(Table {
            columns: vec!["a".to_owned()],
            rows: vec![
                vec![Some(Literal::new_simple_literal("<b>\"&").into())],
                vec![Some(NamedNode::new_unchecked("javascript:alert(1)").into())],
            ],
        });
        let mut bytes = Vec::new();
        write(&body, &Style::default(), &mut bytes).expect("memory");
        let page = String::from_utf8_lossy(&bytes);
        assert!(page.contains("<td>&lt;b&gt;&quot;&amp;</td>"), "{page}");
        assert!(
            page.contains("<td>&lt;javascript:alert(1)&gt;</td>"),
            "{page}"
        );
    }
}
