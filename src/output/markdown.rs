//! Markdown: tables in the GitHub form, reports as headings and lists.

use std::io::{self, Write};

use super::report::{Block, Inline, Tone};
use super::{Body, Style, one_line};

/// Writes Markdown.
pub(super) fn write(body: &Body, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match body {
        Body::Boolean(value) => writeln!(out, "{value}"),
        Body::Rows(_) | Body::Graph(_) | Body::Dataset(_) | Body::Text(_) => Ok(()),
        Body::Table(table) => {
            let rows = table.rows.iter().map(|row| {
                row.iter()
                    .map(|cell| escape(&style.cell(cell.as_ref())))
                    .collect()
            });
            grid(&table.columns, rows, out)
        }
        Body::Report(report) => {
            writeln!(out, "# {}", escape(&report.title))?;
            let mut level = "##";
            for block in &report.blocks {
                match block {
                    Block::Section { title, .. } => {
                        level = "###";
                        writeln!(out, "\n## {}", escape(title))?;
                    }
                    Block::Picture(picture) => {
                        writeln!(out, "\n{}", escape(&picture.alternative))?;
                    }
                    Block::Heading(text) => writeln!(out, "\n{level} {}", escape(text))?,
                    Block::Paragraph(text) => writeln!(out, "\n{}", inlines(text))?,
                    Block::Entry { title, fields } => {
                        writeln!(out)?;
                        if !title.is_empty() {
                            writeln!(out, "{level}# {}\n", inlines(title))?;
                        }
                        for field in fields {
                            let lines: Vec<String> =
                                field.lines.iter().map(|line| inlines(line)).collect();
                            writeln!(out, "- **{}:** {}", escape(&field.name), lines.join("; "))?;
                        }
                    }
                    Block::Grid { columns, rows } => {
                        writeln!(out)?;
                        grid(
                            columns,
                            rows.iter()
                                .map(|row| row.iter().map(|cell| escape(&cell.text)).collect()),
                            out,
                        )?;
                    }
                }
            }
            Ok(())
        }
    }
}

fn grid(
    columns: &[String],
    rows: impl Iterator<Item = Vec<String>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let header: Vec<String> = columns.iter().map(|name| escape(name)).collect();
    writeln!(out, "| {} |", header.join(" | "))?;
    writeln!(out, "|{}", " --- |".repeat(columns.len()))?;
    for row in rows {
        writeln!(out, "| {} |", row.join(" | "))?;
    }
    Ok(())
}

fn inlines(text: &[Inline]) -> String {
    text.iter()
        .map(|inline| {
            let escaped = escape(&inline.text);
            match (&inline.iri, inline.tone) {
                (Some(iri), _) => format!("[{escaped}]({iri})"),
                (None, Tone::Strong) => format!("**{}**", escaped.trim()),
                (None, _) => escaped,
            }
        })
        .collect()
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in one_line(text).chars() {
        if matches!(c, '|' | '\\' | '`' | '*' | '_' | '<' | '[' | ']') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
