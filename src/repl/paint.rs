//! Colours of a line as it is typed.

use std::ops::Range;

use crate::query::editing::{Class, brackets_at, parts};

use super::script::is_dot;

/// The colour of a part; all readable on dark and on light.
const fn colour(class: Class) -> Option<&'static str> {
    match class {
        Class::Keyword => Some("1;34"),
        Class::Variable => Some("36"),
        Class::Prefixed => Some("32"),
        Class::Iri => Some("4;32"),
        Class::Text => Some("33"),
        Class::Number => Some("35"),
        Class::Comment => Some("2"),
        Class::Word | Class::Sign => None,
    }
}

/// How the brackets at the cursor stand out.
const BRACKETS: &str = "1;7";

/// The line in colours, with the brackets at the cursor marked if it stands there. The visible
/// text stays the same, character by character.
pub(super) fn line(text: &str, cursor: Option<usize>) -> String {
    let mut painted = String::with_capacity(text.len() * 2);
    if is_dot(text) {
        let end = text
            .trim_start()
            .find(char::is_whitespace)
            .map_or(text.len(), |end| text.len() - text.trim_start().len() + end);
        put(&mut painted, &text[..end], Some("1;35"));
        painted.push_str(&text[end..]);
        return painted;
    }
    let marked = cursor.and_then(|cursor| brackets_at(text, cursor));
    let is_marked = |range: &Range<usize>| {
        marked.is_some_and(|(one, other)| range.start == one || range.start == other)
    };
    let mut end = 0;
    for (range, class) in parts(text) {
        painted.push_str(&text[end..range.start]);
        end = range.end;
        let code = if is_marked(&range) {
            Some(BRACKETS)
        } else {
            colour(class)
        };
        put(&mut painted, &text[range], code);
    }
    painted.push_str(&text[end..]);
    painted
}

fn put(painted: &mut String, text: &str, code: Option<&str>) {
    match code {
        Some(code) => {
            painted.push_str("\u{1b}[");
            painted.push_str(code);
            painted.push('m');
            painted.push_str(text);
            painted.push_str("\u{1b}[0m");
        }
        None => painted.push_str(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text without what colours it.
    fn bare(painted: &str) -> String {
        let mut bare = String::new();
        let mut rest = painted;
        while let Some(at) = rest.find("\u{1b}[") {
            bare.push_str(&rest[..at]);
            rest = &rest[at..];
            rest = rest.find('m').map_or("", |end| &rest[end + 1..]);
        }
        bare.push_str(rest);
        bare
    }

    #[test]
    fn keywords_variables_and_brackets_stand_out() {
        assert_eq!(
            line("ASK { ?s }", Some(10)),
            "\u{1b}[1;34mASK\u{1b}[0m \u{1b}[1;7m{\u{1b}[0m \u{1b}[36m?s\u{1b}[0m \u{1b}[1;7m}\u{1b}[0m"
        );
        assert_eq!(line(".mode csv", None), "\u{1b}[1;35m.mode\u{1b}[0m csv");
    }

    proptest::proptest! {
        #[test]
        fn the_visible_text_stays_the_same(text in "[^\u{1b}]*", cursor in 0usize..40) {
            proptest::prop_assert_eq!(bare(&line(&text, Some(cursor))), text);
        }
    }
}
