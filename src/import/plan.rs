//! What the columns of a sheet feed: the common form of the one-table form and of mappings.

use std::collections::{HashMap, HashSet};

use regex::Regex;

/// Columns of the native table of programmes that a sheet can feed, apart from the axes.
pub(super) const FIELDS: [&str; 15] = [
    "id",
    "name",
    "kind",
    "country",
    "place",
    "period",
    "earliest_year",
    "latest_year",
    "label",
    "label_lang",
    "trend",
    "description",
    "source",
    "locator",
    "lang",
];

/// Columns of the native table of sources.
pub(super) const SOURCE_FIELDS: [&str; 9] = [
    "id", "title", "authors", "year", "venue", "doi", "url", "type", "licence",
];

/// What a column feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A column of the native table of programmes.
    Field(&'static str),
    /// The values of a question.
    Dimension(usize),
    /// Yes or no to one value of a question.
    Value(usize, usize),
    /// The places on an axis.
    Axis(usize),
    /// A part of the codings of one question, or of all.
    Aspect(Aspect, Option<usize>),
    /// A column of the native table of sources.
    Source(&'static str),
}

/// A part of a coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Aspect {
    Evidence,
    Source,
    Locator,
    Confidence,
    Basis,
    Coder,
}

impl Aspect {
    /// The aspect that a native column holds.
    pub(super) fn of(column: &str) -> Option<Self> {
        Some(match column {
            "evidence" => Self::Evidence,
            "source" => Self::Source,
            "locator" => Self::Locator,
            "confidence" => Self::Confidence,
            "basis" => Self::Basis,
            "coder" => Self::Coder,
            _ => return None,
        })
    }
}

/// What a value or a rule gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Give {
    /// A coding; without a value the question as a whole.
    Coding {
        dimension: usize,
        value: Option<usize>,
        finding: Finding,
    },
    /// A place on an axis.
    Silo { axis: usize, value: usize },
    /// A label of peers with its language.
    Label { text: String, language: String },
    /// A word in a column of programmes.
    Field { column: &'static str, word: String },
}

/// What a coding found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Finding {
    Present,
    Absent,
    NotReported,
}

impl Finding {
    /// The word of the native tables.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Absent => "absent",
            Self::NotReported => "not-reported",
        }
    }
}

/// Text with cells of a row in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Template {
    /// Text that stands before a cell, and the column of the cell.
    pub(super) parts: Vec<(String, usize)>,
    /// Text after the last cell.
    pub(super) end: String,
}

impl Template {
    /// Fills in the cells; nothing when all cells that it names are empty.
    pub(super) fn fill(&self, cells: &[&str]) -> Option<String> {
        let cell = |column: usize| cells.get(column).map_or("", |cell| cell.trim());
        if !self.parts.is_empty() && self.parts.iter().all(|(_, c)| cell(*c).is_empty()) {
            return None;
        }
        let mut text = String::new();
        for (before, column) in &self.parts {
            text.push_str(before);
            text.push_str(cell(*column));
        }
        text.push_str(&self.end);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    }

    /// The column of its first cell.
    pub(super) fn first_column(&self) -> Option<usize> {
        self.parts.first().map(|(_, column)| *column)
    }
}

/// What a cell must be like.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// One of these, compared without case.
    Any(HashSet<String>),
    /// A regular expression finds something.
    Matches(Regex),
    /// A number at least this large.
    AtLeast(f64),
    /// A number at most this large.
    AtMost(f64),
    /// Anything at all.
    Filled,
}

/// A test of some columns; one that holds is enough.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) columns: Vec<usize>,
    pub(super) test: Test,
}

/// A condition with what it gives.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) condition: Condition,
    pub(super) gives: Vec<Give>,
    pub(super) confidence: String,
}

/// What is done with one column.
#[derive(Clone, Debug, Default)]
pub(super) struct ColumnPlan {
    pub(super) column: usize,
    pub(super) target: Option<Target>,
    /// What stands between several values of a cell; `None` takes the cell whole.
    pub(super) split: Option<String>,
    /// Cells that are written anew before anything looks at them.
    pub(super) replace: HashMap<String, String>,
    /// What each value gives; a value that is not here is an unknown term.
    pub(super) values: Option<HashMap<String, Vec<Give>>>,
    /// Confidence of what its values give.
    pub(super) confidence: String,
}

/// How the rows of a sheet become programmes and codings.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Short name; rules are cited by it.
    pub(super) name: String,
    /// Who is answerable for the codings.
    pub(super) coder: String,
    /// The basis of codings that do not say.
    pub(super) basis: String,
    /// The confidence of codings that do not say.
    pub(super) confidence: String,
    /// Language of descriptions and evidence.
    pub(super) language: String,
    /// Rows of one programme are put together.
    pub(super) merge: bool,
    /// Whether numbers have a decimal comma.
    pub(super) decimal_comma: bool,
    /// Cells that mean nothing, without case.
    pub(super) missing: HashSet<String>,
    pub(super) keep: Vec<Condition>,
    pub(super) drop: Vec<Condition>,
    /// Fields of programmes: the first template that gives a text counts.
    pub(super) fields: Vec<(&'static str, Vec<Template>)>,
    /// Fields of the source of a row.
    pub(super) source: Vec<(&'static str, Vec<Template>)>,
    pub(super) columns: Vec<ColumnPlan>,
    pub(super) rules: Vec<Rule>,
}

/// A number as people of this plan write it.
pub(super) fn number(text: &str, decimal_comma: bool) -> Option<f64> {
    let text = text.trim().trim_end_matches('%').trim();
    let text = if decimal_comma {
        text.replace(['.', '\u{a0}', ' '], "").replace(',', ".")
    } else {
        text.replace(['\u{a0}', ' '], "")
    };
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

impl Condition {
    /// The column whose cell passes, with the text that did.
    pub(super) fn matched<'a>(&self, cells: &[&'a str], plan: &Plan) -> Option<(usize, &'a str)> {
        self.columns.iter().find_map(|&column| {
            let cell = cells.get(column)?.trim();
            if cell.is_empty() {
                return None;
            }
            let found = match &self.test {
                Test::Any(words) => {
                    if words.contains(&cell.to_lowercase()) {
                        Some(cell)
                    } else {
                        let split = plan.columns.iter().find(|c| c.column == column);
                        parts(cell, split.and_then(|c| c.split.as_deref()))
                            .into_iter()
                            .find(|part| words.contains(&part.to_lowercase()))
                    }
                }
                Test::Matches(regex) => regex.find(cell).map(|found| found.as_str()),
                Test::AtLeast(least) => number(cell, plan.decimal_comma)
                    .filter(|n| n >= least)
                    .map(|_| cell),
                Test::AtMost(most) => number(cell, plan.decimal_comma)
                    .filter(|n| n <= most)
                    .map(|_| cell),
                Test::Filled => Some(cell),
            };
            found.map(|text| (column, text))
        })
    }
}

/// The values of a cell.
pub(super) fn parts<'a>(cell: &'a str, split: Option<&str>) -> Vec<&'a str> {
    let Some(split) = split.filter(|split| !split.is_empty()) else {
        return vec![cell.trim()];
    };
    cell.split(|c| split.contains(c))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        assert_eq!(number("47,4", true), Some(47.4));
        assert_eq!(number("1 234,5", true), Some(1234.5));
        assert_eq!(number("47.4 %", false), Some(47.4));
        assert_eq!(number("47,4", false), None);
        assert_eq!(number("inf", false), None);
    }

    #[test]
    fn templates_without_any_cell_filled_give_nothing() {
        let template = Template {
            parts: vec![("a ".to_owned(), 0), (" b ".to_owned(), 1)],
            end: " c".to_owned(),
        };
        assert_eq!(template.fill(&["x", ""]).as_deref(), Some("a x b c"));
        assert_eq!(template.fill(&["", " "]), None);
    }
}
