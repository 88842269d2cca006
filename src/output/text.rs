//! Text for people: aligned tables, one-cell-a-line rows, reports.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, LineStyle, Table as Grid, TableStyle};
use unicode_width::UnicodeWidthStr as _;

use super::cell::count;
use super::report::{Block, Field, Inline, Report, Tone};
use super::{Body, Style, Table, one_line};

/// A line under the header and nothing else, so that columns can be read and copied.
const TABLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Writes for a screen, or at full width when the style names none.
pub(super) fn write(body: &Body, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match body {
        Body::Boolean(value) => writeln!(out, "{value}"),
        Body::Table(table) => write_table(table, style, out),
        Body::Text(text) => writeln!(out, "{}", text.trim_end()),
        Body::Rows(_) | Body::Graph(_) | Body::Dataset(_) => Ok(()),
        Body::Report(report) => write_report(report, style, out),
    }
}

/// Writes rows one cell a line.
pub(super) fn write_lines(body: &Body, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let table = match body {
        Body::Table(table) => table,
        Body::Report(report) => &report.table,
        other => return write(other, style, out),
    };
    let width = table
        .columns
        .iter()
        .map(|name| name.width())
        .max()
        .unwrap_or(0);
    let shown = style.max_rows.unwrap_or(usize::MAX);
    for (number, row) in table.rows.iter().take(shown).enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        for (name, cell) in table.columns.iter().zip(row) {
            let pad = " ".repeat(width.saturating_sub(name.width()));
            writeln!(out, "{pad}{name} = {}", style.cell(cell.as_ref()))?;
        }
    }
    match &style.footer {
        Some(footer) => writeln!(out, "{footer}"),
        None => Ok(()),
    }
}

fn write_table(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = style.max_rows.unwrap_or(usize::MAX);
    let rows = table
        .rows
        .iter()
        .take(shown)
        .map(|row| row.iter().map(|cell| style.cell(cell.as_ref())).collect());
    write_grid(&table.columns, rows, style, "", out)?;
    match &style.footer {
        Some(footer) => writeln!(out, "{footer}"),
        None => writeln!(out, "{}", count(table.rows.len(), "row")),
    }
}

fn write_grid(
    columns: &[String],
    rows: impl Iterator<Item = Vec<String>>,
    style: &Style,
    indent: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut grid = Grid::new();
    grid.load_style(TABLE);
    grid.set_header(columns.iter().map(|name| one_line(name)));
    for row in rows {
        grid.add_row(row);
    }
    match style.width {
        Some(width) => {
            grid.set_content_arrangement(ContentArrangement::Dynamic);
            grid.set_width(u16::try_from(width.saturating_sub(indent.len())).unwrap_or(u16::MAX));
        }
        None => {
            grid.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    for line in grid.lines() {
        writeln!(out, "{}", format!("{indent}{line}").trim_end())?;
    }
    Ok(())
}

fn write_report(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{}",
        paint(&one_line(&report.title), Tone::Strong, style)
    )?;
    for block in &report.blocks {
        match block {
            Block::Section { title, .. } => {
                let title = one_line(title);
                let rule = "=".repeat(title.chars().count());
                writeln!(out, "\n\n{}\n{rule}", paint(&title, Tone::Strong, style))?;
            }
            Block::Picture(picture) => {
                wrap(
                    out,
                    style,
                    "",
                    "",
                    &[Inline::faint(picture.alternative.as_str())],
                )?;
            }
            Block::Heading(text) => {
                writeln!(out, "\n{}", paint(&one_line(text), Tone::Strong, style))?;
            }
            Block::Paragraph(text) => wrap(out, style, "", "", text)?,
            Block::Entry { title, fields } => {
                writeln!(out)?;
                if !title.is_empty() {
                    wrap(out, style, "", "    ", title)?;
                }
                let width = fields
                    .iter()
                    .map(|field| field.name.width())
                    .max()
                    .unwrap_or(0);
                for field in fields {
                    write_field(field, width, style, out)?;
                }
            }
            Block::Grid { columns, rows } => {
                let rows = rows
                    .iter()
                    .map(|row| row.iter().map(|cell| one_line(&cell.text)).collect());
                write_grid(columns, rows, style, "", out)?;
            }
        }
    }
    Ok(())
}

fn write_field(field: &Field, width: usize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let pad = " ".repeat(width + 6);
    for (number, line) in field.lines.iter().enumerate() {
        let name = if number == 0 { field.name.as_str() } else { "" };
        let lead = format!("    {name:width$}  ");
        wrap(out, style, &lead, &pad, line)?;
    }
    Ok(())
}

/// Writes inlines with a lead on the first line and a hanging indent on the others.
fn wrap(
    out: &mut dyn Write,
    style: &Style,
    lead: &str,
    hang: &str,
    text: &[Inline],
) -> io::Result<()> {
    let width = style.width.unwrap_or(usize::MAX);
    let mut used = lead.width();
    let mut fresh = true;
    write!(out, "{lead}")?;
    let mut gap = false;
    for inline in text {
        let clean = one_line(&inline.text);
        let mut first = true;
        for word in clean.split(' ') {
            if !first {
                gap = true;
            }
            first = false;
            if word.is_empty() {
                continue;
            }
            let length = word.width();
            let space = usize::from(gap && !fresh);
            if !fresh && gap && used.saturating_add(space + length) > width {
                write!(out, "\n{hang}")?;
                used = hang.width();
            } else if space == 1 {
                write!(out, " ")?;
                used += 1;
            }
            write!(out, "{}", paint(word, inline.tone, style))?;
            used += length;
            fresh = false;
            gap = false;
        }
    }
    writeln!(out)
}

fn paint(text: &str, tone: Tone, style: &Style) -> String {
    match tone {
        _ if !style.colour => text.to_owned(),
        Tone::Plain => text.to_owned(),
        Tone::Strong => format!("\u{1b}[1m{text}\u{1b}[0m"),
        Tone::Faint => format!("\u{1b}[2m{text}\u{1b}[0m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxrdf::{Literal, NamedNode};

    fn table() -> Table {
        Table {
            columns: vec!["p".to_owned(), "label".to_owned()],
            rows: vec![
                vec![
                    Some(NamedNode::new_unchecked("https://a.b/c").into()),
                    Some(Literal::new_simple_literal("é 你").into()),
                ],
                vec![None, Some(Literal::new_simple_literal("x").into())],
            ],
        }
    }

    fn text(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes).expect("memory can be written");
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn lines_name_their_columns() {
        let body = Body::Table(table());
        assert_eq!(
            text(|out| write_lines(&body, &Style::default(), out)),
            "    p = <https://a.b/c>\nlabel = é 你\n\n    p = \nlabel = x\n"
        );
    }

    #[test]
    fn words_wrap_with_a_hanging_indent() {
        let style = Style {
            width: Some(16),
            ..Style::default()
        };
        assert_eq!(
            text(|out| wrap(
                out,
                &style,
                "a: ",
                "   ",
                &[Inline::text("one two"), Inline::text(", three four")]
            )),
            "a: one two,\n   three four\n"
        );
    }
}
