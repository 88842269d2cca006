//! From the TOML of a mapping to a plan for one sheet, with all mistakes in one go.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use regex::{Regex, RegexBuilder};
use toml::Spanned;

use super::bundled::TERMS;
use super::{DeclaredCondition, Mapping, Terms, Texts};
use crate::error::{CellError, Error, Place, Result};
use crate::import::headers::{Header, Headers};
use crate::import::plan::{
    ColumnPlan, Condition, FIELDS, Finding, Give, Plan, Rule, SOURCE_FIELDS, Template, Test,
};
use crate::import::read::Sheet;
use crate::import::run::Importer;
use crate::nearest::{did_you_mean, near_or_all};

/// How much memory a regular expression may take, in bytes.
const REGEX_SIZE: usize = 1 << 20;

struct Compiler<'a> {
    mapping: &'a Mapping,
    sheet: &'a Sheet,
    importer: &'a Importer<'a>,
    errors: Vec<CellError>,
}

pub(super) fn plan(mapping: &Mapping, sheet: &Sheet, importer: &Importer<'_>) -> Result<Plan> {
    let mut compiler = Compiler {
        mapping,
        sheet,
        importer,
        errors: Vec::new(),
    };
    let plan = compiler.plan();
    if compiler.errors.is_empty() {
        Ok(plan)
    } else {
        Err(Error::Cells(compiler.errors))
    }
}

impl Compiler<'_> {
    fn error<T>(&mut self, at: &Spanned<T>, reason: impl Into<String>, hint: Option<String>) {
        let Mapping { file, text, .. } = self.mapping;
        let place = Place::at_offset(file, text, at.span().start, 1);
        self.errors.push(CellError {
            file: file.clone(),
            line: place.line,
            spot: None,
            column: place.column.to_string(),
            reason: reason.into(),
            hint,
        });
    }

    fn plan(&mut self) -> Plan {
        let declared = &self.mapping.declared;
        let confidence = declared
            .confidence
            .as_ref()
            .map_or_else(|| "medium".to_owned(), |word| self.confidence(word));
        let lower = |words: &[String]| words.iter().map(|word| word.to_lowercase()).collect();
        let mut plan = Plan {
            name: declared.name.get_ref().clone(),
            coder: format!("mapping {}", declared.name.get_ref()),
            basis: "explicit".to_owned(),
            confidence: confidence.clone(),
            language: declared.lang.clone(),
            merge: declared.merge,
            decimal_comma: declared.decimal == ',',
            missing: lower(&declared.missing),
            ..Plan::default()
        };
        plan.fields = self.fields(&declared.programme, &FIELDS, "a programme");
        plan.source = self.fields(&declared.source, &SOURCE_FIELDS, "a source");
        plan.keep = self.conditions(&declared.keep);
        plan.drop = self.conditions(&declared.drop);
        if !plan.fields.iter().any(|(field, _)| *field == "name") {
            self.error(
                &declared.name,
                "the mapping says nowhere what a programme is called",
                Some("write name = \"{…}\" under [programme]".to_owned()),
            );
        }
        let headers = Headers::new(self.importer.words, self.importer.map);
        for column in &declared.column {
            let Some(at) = self.column(&column.name) else {
                continue;
            };
            let of_column = column
                .confidence
                .as_ref()
                .map_or_else(|| confidence.clone(), |word| self.confidence(word));
            let target = column.to.as_ref().and_then(|to| {
                if let Header::Known(target) = headers.find(to.get_ref()) {
                    return Some(target);
                }
                self.error(
                    to,
                    format!("`{}` is no field, question or axis", to.get_ref()),
                    None,
                );
                None
            });
            let mut values = column.values.as_ref().map(|values| self.values(values));
            if let Some(name) = &column.values_from {
                values.get_or_insert_default().extend(self.shared(name));
            }
            let replace: HashMap<String, String> = column
                .replace
                .iter()
                .map(|(from, to)| (from.to_lowercase(), to.clone()))
                .collect();
            plan.columns.push(ColumnPlan {
                column: at,
                target,
                split: column.split.clone(),
                replace,
                values,
                confidence: of_column,
            });
        }
        let mut ids = HashSet::new();
        for rule in &declared.rule {
            if !ids.insert(rule.id.get_ref().clone()) {
                let reason = format!("two rules are called `{}`", rule.id.get_ref());
                self.error(
                    &rule.id,
                    reason,
                    Some("evidence cites a rule by its id".to_owned()),
                );
            }
            let of_rule = rule
                .confidence
                .as_ref()
                .map_or_else(|| confidence.clone(), |word| self.confidence(word));
            let gives = self.gives(&rule.gives);
            if let Some(condition) = self.condition(&rule.condition(), Some(&rule.id)) {
                plan.rules.push(Rule {
                    id: rule.id.get_ref().clone(),
                    condition,
                    gives,
                    confidence: of_rule,
                });
            }
        }
        plan
    }

    fn confidence(&mut self, word: &Spanned<String>) -> String {
        if let Some(known) = self.importer.words.fixed("Confidence", word.get_ref()) {
            return known.to_owned();
        }
        let known = self.importer.words.fixed_words("Confidence");
        let hint = near_or_all(word.get_ref(), known);
        let reason = format!("`{}` is no confidence", word.get_ref());
        self.error(word, reason, Some(hint));
        String::new()
    }

    fn fields(
        &mut self,
        declared: &BTreeMap<Spanned<String>, Texts>,
        known: &[&'static str],
        of: &str,
    ) -> Vec<(&'static str, Vec<Template>)> {
        let mut fields = Vec::new();
        for (name, texts) in declared {
            let plain = name.get_ref().replace('-', "_");
            let Some(field) = known.iter().find(|field| **field == plain) else {
                let hint = near_or_all(name.get_ref(), known.iter().copied());
                self.error(
                    name,
                    format!("`{}` is no field of {of}", name.get_ref()),
                    Some(hint),
                );
                continue;
            };
            let templates = texts.all().iter().map(|text| self.template(text)).collect();
            fields.push((*field, templates));
        }
        fields
    }

    /// Text with the names of columns in braces; `{{` and `}}` stand for braces.
    fn template(&mut self, text: &Spanned<String>) -> Template {
        let mut template = Template::default();
        let mut before = String::new();
        let mut rest = text.get_ref().as_str();
        while let Some(at) = rest.find(['{', '}']) {
            before.push_str(&rest[..at]);
            let from = &rest[at..];
            if from.starts_with("{{") || from.starts_with("}}") {
                before.push_str(&from[..1]);
                rest = &from[2..];
                continue;
            }
            let Some(end) = from.find('}').filter(|_| from.starts_with('{')) else {
                self.error(
                    text,
                    "a brace is open",
                    Some("write {{ for a brace itself".to_owned()),
                );
                return template;
            };
            let name = Spanned::new(text.span(), from[1..end].trim().to_owned());
            if let Some(column) = self.column(&name) {
                template.parts.push((std::mem::take(&mut before), column));
            }
            rest = &from[end + 1..];
        }
        before.push_str(rest);
        template.end = before;
        template
    }

    /// The position of a column. In JSON and RDF a column that no record has is only empty: a
    /// mapping for such a form may name it all the same.
    fn column(&mut self, name: &Spanned<String>) -> Option<usize> {
        let columns = &self.sheet.columns;
        let wanted = name.get_ref();
        let found = columns
            .iter()
            .position(|column| column == wanted)
            .or_else(|| {
                let lower = wanted.to_lowercase();
                columns
                    .iter()
                    .position(|column| column.to_lowercase() == lower)
            });
        if found.is_none() && !self.sheet.may_lack(wanted) {
            let hint = did_you_mean(wanted, columns.iter().map(String::as_str)).or_else(|| {
                let shown: Vec<&str> = columns.iter().take(12).map(String::as_str).collect();
                Some(format!("{} has {}", self.sheet.file, shown.join(", ")))
            });
            self.error(name, format!("the file has no column `{wanted}`"), hint);
        }
        found.or_else(|| self.sheet.may_lack(wanted).then_some(usize::MAX))
    }

    fn conditions(&mut self, declared: &[DeclaredCondition]) -> Vec<Condition> {
        declared
            .iter()
            .filter_map(|condition| self.condition(condition, None))
            .collect()
    }

    fn condition(
        &mut self,
        declared: &DeclaredCondition,
        of: Option<&Spanned<String>>,
    ) -> Option<Condition> {
        let names: Vec<&Spanned<String>> =
            declared.column.iter().chain(&declared.columns).collect();
        let columns: Vec<usize> = names.iter().filter_map(|name| self.column(name)).collect();
        let anchor = of
            .or(names.first().copied())
            .cloned()
            .unwrap_or_else(|| self.mapping.declared.name.clone());
        let mut tests: Vec<Test> = Vec::new();
        if let Some(word) = &declared.equals {
            tests.push(Test::Any(HashSet::from([word.get_ref().to_lowercase()])));
        }
        if let Some(words) = &declared.any {
            tests.push(Test::Any(
                words
                    .iter()
                    .map(|word| word.get_ref().to_lowercase())
                    .collect(),
            ));
        }
        if let Some(pattern) = &declared.matches {
            match self.regex(pattern) {
                Some(regex) => tests.push(Test::Matches(regex)),
                None => return None,
            }
        }
        tests.extend(declared.at_least.map(Test::AtLeast));
        tests.extend(declared.at_most.map(Test::AtMost));
        tests.extend(
            declared
                .filled
                .filter(|filled| *filled)
                .map(|_| Test::Filled),
        );
        if names.is_empty() {
            let hint = "write column = \"…\" or columns = [\"…\"]";
            self.error(
                &anchor,
                "a condition names no column",
                Some(hint.to_owned()),
            );
            return None;
        }
        if tests.len() != 1 {
            let reason = format!("a condition needs one test and has {}", tests.len());
            let hint = "one of: equals, any, matches, at-least, at-most, filled = true";
            self.error(&anchor, reason, Some(hint.to_owned()));
            return None;
        }
        let test = tests.pop()?;
        Some(Condition { columns, test })
    }

    fn regex(&mut self, pattern: &Spanned<String>) -> Option<Regex> {
        let built = RegexBuilder::new(pattern.get_ref())
            .case_insensitive(true)
            .size_limit(REGEX_SIZE)
            .build();
        match built {
            Ok(regex) => Some(regex),
            Err(error) => {
                let message = error.to_string();
                let last = message.lines().last().unwrap_or("").trim();
                let reason = last.strip_prefix("error: ").unwrap_or(last);
                self.error(
                    pattern,
                    format!("this is no regular expression: {reason}"),
                    Some("put it in single quotes, so that a backslash stays one".to_owned()),
                );
                None
            }
        }
    }

    fn values(&mut self, declared: &BTreeMap<String, Texts>) -> HashMap<String, Vec<Give>> {
        declared
            .iter()
            .map(|(value, texts)| (value.to_lowercase(), self.gives(texts)))
            .collect()
    }

    /// The values of a table of terms that mappings share: one that ships with the program, or a
    /// file beside the mapping.
    fn shared(&mut self, name: &Spanned<String>) -> HashMap<String, Vec<Give>> {
        let wanted = name.get_ref();
        let beside = Path::new(&self.mapping.file).with_file_name(wanted);
        let bundled = TERMS.iter().find(|(known, _)| known == wanted);
        let text = bundled
            .map(|(_, text)| (*text).to_owned())
            .or_else(|| std::fs::read_to_string(&beside).ok());
        let Some(text) = text else {
            let hint = near_or_all(wanted, TERMS.iter().map(|(known, _)| *known));
            let reason = format!("no table of terms is called `{wanted}`");
            self.error(name, reason, Some(hint));
            return HashMap::new();
        };
        match toml::from_str::<Terms>(&text) {
            Ok(terms) => self.values(&terms.values),
            Err(error) => {
                let reason = format!(
                    "the table of terms `{wanted}` cannot be used: {}",
                    error.message()
                );
                self.error(name, reason, None);
                HashMap::new()
            }
        }
    }

    fn gives(&mut self, texts: &Texts) -> Vec<Give> {
        texts
            .all()
            .iter()
            .filter_map(|text| self.give(text))
            .collect()
    }

    /// What a text such as `question:value`, `not question:value`, `axis:value` or
    /// `label:word@en` gives.
    fn give(&mut self, text: &Spanned<String>) -> Option<Give> {
        let (map, words) = (self.importer.map, self.importer.words);
        let whole = text.get_ref().trim();
        let (finding, said) = match whole.strip_prefix("not ") {
            Some(rest) => (Finding::Absent, rest.trim()),
            None => (Finding::Present, whole),
        };
        let Some((scheme, word)) = said.split_once(':').map(|(s, w)| (s.trim(), w.trim())) else {
            let hint = "write question:value, axis:value or label:word@en";
            self.error(
                text,
                format!("`{whole}` gives nothing"),
                Some(hint.to_owned()),
            );
            return None;
        };
        if scheme == "label" {
            let (word, language) = word.rsplit_once('@').unwrap_or((word, "en"));
            return Some(Give::Label {
                text: word.to_owned(),
                language: language.to_owned(),
            });
        }
        if let Some((column, class)) = [("trend", "Trend"), ("kind", "Kind")]
            .into_iter()
            .find(|(column, _)| *column == scheme)
        {
            if let Some(word) = words.fixed(class, word) {
                let word = word.to_owned();
                return Some(Give::Field { column, word });
            }
            let hint = near_or_all(word, words.fixed_words(class));
            self.error(text, format!("`{word}` is no {column}"), Some(hint));
            return None;
        }
        if let Some(dimension) = map.dimension(scheme) {
            if word == "not stated" {
                return Some(Give::Coding {
                    dimension,
                    value: None,
                    finding: Finding::NotReported,
                });
            }
            if let Some(value) = words.value(dimension, word) {
                return Some(Give::Coding {
                    dimension,
                    value: Some(value),
                    finding,
                });
            }
            let range = map.dimensions[dimension].values.clone();
            let known = map.values[range].iter().map(|v| v.name.notation.as_str());
            let hint = near_or_all(word, known);
            self.error(
                text,
                format!("`{word}` is no value of {scheme}"),
                Some(hint),
            );
            return None;
        }
        if let Some(axis) = map.axis(scheme) {
            if let Some(value) = words.silo(axis, word)
                && finding == Finding::Present
            {
                return Some(Give::Silo { axis, value });
            }
            let range = map.axes[axis].values.clone();
            let known = map.silo_values[range]
                .iter()
                .map(|v| v.name.notation.as_str());
            let hint = did_you_mean(word, known)
                .or_else(|| Some("`peermap import template` lists the values".to_owned()));
            self.error(text, format!("`{word}` is no value of {scheme}"), hint);
            return None;
        }
        let known = map.dimensions.iter().map(|d| d.name.notation.as_str());
        let known = known.chain(map.axes.iter().map(|a| a.name.notation.as_str()));
        let hint = near_or_all(scheme, known.chain(["label", "trend", "kind"]));
        self.error(
            text,
            format!("`{scheme}` is no question and no axis"),
            Some(hint),
        );
        None
    }
}
