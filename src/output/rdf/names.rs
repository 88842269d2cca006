//! IRIs and literals as Turtle writes them.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use oxrdf::vocab::xsd;
use oxrdf::{LiteralRef, NamedNodeRef};

use crate::terms::Prefixes;

/// Writes IRIs by their short names and remembers which prefixes that took.
pub(super) struct Names<'p> {
    prefixes: &'p Prefixes,
    known: HashMap<String, String>,
    used: BTreeSet<String>,
}

impl<'p> Names<'p> {
    pub(super) fn new(prefixes: &'p Prefixes) -> Self {
        Self {
            prefixes,
            known: HashMap::new(),
            used: BTreeSet::new(),
        }
    }

    /// `prefix:name`, or `<iri>`.
    pub(super) fn iri(&mut self, iri: &str) -> String {
        if let Some(known) = self.known.get(iri) {
            return known.clone();
        }
        let written = match self.prefixes.shorten(iri) {
            Some(short) => {
                if let Some((prefix, _)) = short.split_once(':') {
                    self.used.insert(prefix.to_owned());
                }
                short
            }
            None => whole_iri(iri),
        };
        self.known.insert(iri.to_owned(), written.clone());
        written
    }

    /// A literal; bare where Turtle reads the bare form back as the same literal.
    /// Inside triple terms texts stay on one line: not every parser takes others there.
    pub(super) fn literal(&mut self, literal: LiteralRef<'_>, one_line: bool) -> String {
        let value = literal.value();
        let quoted = |value: &str| quoted(value, !one_line && value.contains('\n'));
        if let Some(language) = literal.language() {
            let mut text = quoted(value);
            text.push('@');
            text.push_str(language);
            match literal.direction() {
                Some(oxrdf::BaseDirection::Ltr) => text.push_str("--ltr"),
                Some(oxrdf::BaseDirection::Rtl) => text.push_str("--rtl"),
                None => {}
            }
            return text;
        }
        let datatype = literal.datatype();
        if datatype == xsd::STRING {
            quoted(value)
        } else if is_bare(value, datatype) {
            value.to_owned()
        } else {
            format!("{}^^{}", quoted(value), self.iri(datatype.as_str()))
        }
    }

    /// The prefixes that were needed, with their namespaces.
    pub(super) fn used(&self) -> impl Iterator<Item = (&str, &'p str)> {
        self.used
            .iter()
            .filter_map(|prefix| Some((prefix.as_str(), self.prefixes.namespace(prefix)?)))
    }
}

/// `<iri>`, with the characters escaped that cannot stand in it.
pub(super) fn whole_iri(iri: &str) -> String {
    let mut text = String::with_capacity(iri.len() + 2);
    text.push('<');
    for c in iri.chars() {
        if c <= ' ' || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`' | '\\') {
            let _ = write!(text, "\\u{:04X}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text.push('>');
    text
}

/// Whether Turtle reads the bare text as a literal of this type.
fn is_bare(value: &str, datatype: NamedNodeRef<'_>) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    if datatype == xsd::INTEGER {
        !unsigned.is_empty() && digits(unsigned)
    } else if datatype == xsd::DECIMAL {
        unsigned
            .split_once('.')
            .is_some_and(|(whole, part)| digits(whole) && !part.is_empty() && digits(part))
    } else if datatype == xsd::DOUBLE {
        unsigned
            .split_once(['e', 'E'])
            .is_some_and(|(number, power)| {
                let power = power.strip_prefix(['+', '-']).unwrap_or(power);
                let (whole, part) = number.split_once('.').unwrap_or((number, ""));
                !power.is_empty()
                    && digits(power)
                    && digits(whole)
                    && digits(part)
                    && !(whole.is_empty() && part.is_empty())
            })
    } else {
        datatype == xsd::BOOLEAN && (value == "true" || value == "false")
    }
}

/// Text in quotes; in three of them where it is long, so that lines stay lines.
fn quoted(value: &str, long: bool) -> String {
    let quotes = if long { "\"\"\"" } else { "\"" };
    let mut text = String::with_capacity(value.len() + 6);
    text.push_str(quotes);
    let mut rest = value.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' if long => text.push('\n'),
            '"' if long && rest.peek().is_some_and(|next| *next != '"') => text.push('"'),
            '\n' => text.push_str("\\n"),
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{C}' => text.push_str("\\f"),
            // What cannot be seen, or turns the text around it, is spelt out.
            c if c.is_control()
                || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{2028}' | '\u{2029}') =>
            {
                let _ = write!(text, "\\u{:04X}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push_str(quotes);
    text
}
