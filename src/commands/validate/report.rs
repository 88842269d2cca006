//! The findings as people read them: the heaviest first, a rule an entry, its places below.

use oxrdf::{NamedNode, Term};
use serde_json::{Value, json};

use super::Placed;
use crate::dataset::Dataset;
use crate::map::Language;
use crate::output::cell::{text, whole};
use crate::output::findings::{Finding, Severity as Level, Spot};
use crate::output::{Block, Field, Inline, Report, Table};
use crate::terms::{Prefixes, short_name};
use crate::validate::Severity;

/// Words of the report in a language.
struct Words {
    violation: [&'static str; 2],
    warning: [&'static str; 2],
    info: [&'static str; 2],
    conforms: &'static str,
    found: &'static str,
    more: &'static str,
    rule: &'static str,
    place: &'static str,
    /// Whether nothing is counted in the plural.
    zero_is_many: bool,
}

const EN: Words = Words {
    violation: ["violation", "violations"],
    warning: ["warning", "warnings"],
    info: ["remark", "remarks"],
    conforms: "The data meets the shapes: nothing was found.",
    found: "found",
    more: "more; --all shows them, and so do csv and json",
    rule: "rule",
    place: "at",
    zero_is_many: true,
};

const FR: Words = Words {
    violation: ["violation", "violations"],
    warning: ["avertissement", "avertissements"],
    info: ["remarque", "remarques"],
    conforms: "Les données respectent les formes : rien à signaler.",
    found: "à voir",
    more: "de plus ; --all les montre, csv et json aussi",
    rule: "règle",
    place: "à",
    zero_is_many: false,
};

impl Words {
    const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::Fr => &FR,
        }
    }

    fn counted(&self, severity: &Severity, count: usize) -> String {
        let names = match severity {
            Severity::Violation | Severity::Other(_) => &self.violation,
            Severity::Warning => &self.warning,
            Severity::Info => &self.info,
        };
        let many = count > 1 || (count == 0 && self.zero_is_many);
        format!("{count} {}", names[usize::from(many)])
    }
}

/// Lays the findings out, with at most `shown` places a rule for people.
pub(super) fn write(
    dataset: &Dataset,
    placed: &[Placed],
    language: Language,
    shown: usize,
) -> Report {
    let words = Words::of(language);
    let prefixes = dataset.graph.prefixes();
    let count = |severity: &dyn Fn(&Severity) -> bool| {
        placed
            .iter()
            .filter(|p| severity(&p.result.severity))
            .count()
    };
    let violations = count(&|s| matches!(s, Severity::Violation | Severity::Other(_)));
    let warnings = count(&|s| *s == Severity::Warning);
    let infos = count(&|s| *s == Severity::Info);
    let title = if placed.is_empty() {
        words.conforms.to_owned()
    } else {
        [
            words.counted(&Severity::Violation, violations),
            words.counted(&Severity::Warning, warnings),
            words.counted(&Severity::Info, infos),
        ]
        .join(", ")
    };
    Report {
        title,
        blocks: blocks(placed, prefixes, language, shown),
        table: table(placed, language),
        data: json!({
            "conforms": placed.is_empty(),
            "violations": violations,
            "warnings": warnings,
            "infos": infos,
            "results": placed.iter().map(result_json).collect::<Vec<_>>(),
        }),
        findings: Some(
            placed
                .iter()
                .map(|placed| finding(placed, prefixes, language))
                .collect(),
        ),
        ..Report::default()
    }
}

fn rule_name(placed: &Placed) -> String {
    match placed.result.rule() {
        Term::NamedNode(node) => short_name(node.as_str()).to_owned(),
        _ => short_name(placed.result.component.as_str()).to_owned(),
    }
}

fn blocks(placed: &[Placed], prefixes: &Prefixes, language: Language, shown: usize) -> Vec<Block> {
    let words = Words::of(language);
    let mut blocks = Vec::new();
    let mut last = None;
    // Results of a rule stand together, since the report is sorted by weight and rule.
    for group in placed.chunk_by(|a, b| {
        a.result.severity == b.result.severity && a.result.rule() == b.result.rule()
    }) {
        let Some(first) = group.first() else { continue };
        let severity = &first.result.severity;
        if last != Some(severity) {
            let total = placed.iter().filter(|p| p.result.severity == *severity);
            blocks.push(Block::Heading(words.counted(severity, total.count())));
            last = Some(severity);
        }
        // A message may differ from node to node; what all share is said once.
        let message = first.result.message(language);
        let shared = group.iter().all(|p| p.result.message(language) == message);
        let mut lines: Vec<Vec<Inline>> = Vec::new();
        for placed in group.iter().take(shown) {
            lines.push(line(placed, prefixes, language, shared));
        }
        if group.len() > shown {
            lines.push(vec![Inline::faint(format!(
                "+ {} {}",
                group.len() - shown,
                words.more
            ))]);
        }
        let rule = match first.result.rule() {
            Term::NamedNode(node) => Inline::link(rule_name(first), node.as_str()),
            _ => Inline::text(rule_name(first)),
        };
        let title = if shared {
            vec![Inline::strong(message)]
        } else {
            vec![Inline::strong(rule_name(first))]
        };
        blocks.push(Block::Entry {
            title,
            fields: vec![
                Field::line(words.rule, vec![rule]),
                Field {
                    name: format!("{} {}", group.len(), words.found),
                    lines,
                },
            ],
        });
    }
    blocks
}

/// One result: the node, what is wrong, and where it stands.
fn line(placed: &Placed, prefixes: &Prefixes, language: Language, shared: bool) -> Vec<Inline> {
    let result = &placed.result;
    let mut line = match &result.focus_node {
        Term::NamedNode(node) => vec![Inline::link(
            prefixes.display(&result.focus_node),
            node.as_str(),
        )],
        other => vec![Inline::text(prefixes.display(other))],
    };
    if let Some(path) = &result.path {
        let name = |node: &NamedNode| prefixes.display_iri(node.as_str());
        line.push(Inline::text(format!("  {}", path.text(&name))));
    }
    if let Some(value) = result.value.as_ref().filter(|v| **v != result.focus_node) {
        let value = prefixes.display(value);
        let short: String = value.chars().take(80).collect();
        let cut = if short.len() < value.len() { "…" } else { "" };
        line.push(Inline::text(format!("  {short}{cut}")));
    }
    if !shared {
        line.push(Inline::text(format!("  {}", result.message(language))));
    }
    if let Some(place) = &placed.place {
        let words = Words::of(language);
        line.push(Inline::faint(format!("  {} {}", words.place, place.text())));
    }
    line
}

fn table(placed: &[Placed], language: Language) -> Table {
    let columns = [
        "severity",
        "rule",
        "message",
        "focus_node",
        "path",
        "value",
        "file",
        "line",
        "column",
    ];
    let row = |placed: &Placed| {
        let place = placed.place.as_ref();
        let path = placed.result.path.as_ref();
        vec![
            text(short_name(placed.result.severity.iri().as_str()).to_lowercase()),
            text(rule_name(placed)),
            text(placed.result.message(language)),
            Some(placed.result.focus_node.clone()),
            path.and_then(|path| match path.property() {
                Some(property) => Some(property.clone().into()),
                None => text(path.to_string()),
            }),
            placed.result.value.clone(),
            place.and_then(|place| text(place.file.as_str())),
            place
                .and_then(|place| place.line)
                .and_then(|line| usize::try_from(line).ok())
                .and_then(whole),
            place
                .and_then(|place| place.column.as_deref())
                .and_then(text),
        ]
    };
    Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: placed.iter().map(row).collect(),
    }
}

fn result_json(placed: &Placed) -> Value {
    let result = &placed.result;
    let term = |term: &Term| match term {
        Term::NamedNode(node) => json!(node.as_str()),
        Term::Literal(literal) => json!(literal.value()),
        other => json!(other.to_string()),
    };
    json!({
        "severity": short_name(result.severity.iri().as_str()).to_lowercase(),
        "focusNode": term(&result.focus_node),
        "path": result.path.as_ref().map(ToString::to_string),
        "value": result.value.as_ref().map(term),
        "sourceShape": term(&result.source_shape),
        "sourceConstraint": result.source_constraint.as_ref().map(term),
        "component": result.component.as_str(),
        "messages": {
            "en": result.message(Language::En),
            "fr": result.message(Language::Fr),
        },
        "place": placed.place.as_ref().map(|place| json!({
            "file": place.file, "line": place.line, "column": place.column,
        })),
    })
}

fn finding(placed: &Placed, prefixes: &Prefixes, language: Language) -> Finding {
    let place = placed.place.as_ref();
    let node = prefixes.display(&placed.result.focus_node);
    let line = place.and_then(|place| place.line);
    Finding {
        severity: match placed.result.severity {
            _ if placed.fails => Level::Error,
            Severity::Warning => Level::Warning,
            _ => Level::Note,
        },
        kind: rule_name(placed),
        file: place.map_or_else(String::new, |place| place.file.clone()),
        spot: line.map_or_else(
            || Spot::Named(node.clone()),
            |line| Spot::Line { line, column: 1 },
        ),
        field: place
            .and_then(|place| place.column.clone())
            .unwrap_or_default(),
        value: node.clone(),
        reason: placed
            .result
            .message(language)
            .trim_end_matches('.')
            .to_owned(),
        near: Vec::new(),
        hint: None,
    }
}
