//! Turtle and `TriG` cut into tokens, comments among them.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// From `#` to the end of the line.
    Comment,
    /// A string in quotes of any sort.
    Text,
    /// `@en`, `@prefix`.
    At,
    /// IRIs, names, numbers, keywords, labels of blank nodes.
    Word,
    /// Everything else.
    Mark,
}

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    /// Line breaks between it and the token before.
    pub(super) breaks: usize,
}

/// Marks, longer ones before those that they begin with.
const MARKS: &[&str] = &[
    "<<(", ")>>", "<<", ">>", "{|", "|}", "^^", "[", "]", "(", ")", "{", "}", ";", ",", ".", "~",
    "^", "!", "|",
];

/// Cuts a text that a parser has accepted. Nothing is lost but white space.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches('\u{FEFF}');
    loop {
        let trimmed = rest.trim_start();
        let breaks = rest[..rest.len() - trimmed.len()].matches('\n').count();
        rest = trimmed;
        if rest.is_empty() {
            return found;
        }
        let (kind, length) = next(rest);
        let (text, after) = rest.split_at(length);
        let text = if kind == Kind::Comment {
            text.trim_end()
        } else {
            text
        };
        found.push(Token { kind, text, breaks });
        rest = after;
    }
}

fn next(text: &str) -> (Kind, usize) {
    if text.starts_with('#') {
        return (Kind::Comment, text.find('\n').unwrap_or(text.len()));
    }
    if let Some(length) = quoted(text) {
        return (Kind::Text, length);
    }
    if let Some(after) = text.strip_prefix('@') {
        let length = after
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(after.len());
        return (Kind::At, 1 + length);
    }
    if text.starts_with('<') && !text.starts_with("<<") {
        return (Kind::Word, text.find('>').map_or(text.len(), |end| end + 1));
    }
    let number = number(text);
    if number > 0 {
        return (Kind::Word, number);
    }
    if let Some(mark) = MARKS.iter().find(|mark| text.starts_with(**mark)) {
        return (Kind::Mark, mark.len());
    }
    (Kind::Word, name(text))
}

/// The length of a string with its quotes.
fn quoted(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let three: String = std::iter::repeat_n(quote, 3).collect();
    let end = if text.starts_with(&three) {
        three
    } else {
        quote.to_string()
    };
    let mut at = end.len();
    while at < text.len() {
        let rest = &text[at..];
        if let Some(escaped) = rest.strip_prefix('\\') {
            at += 1 + escaped.chars().next().map_or(0, char::len_utf8);
        } else if rest.starts_with(&end) {
            return Some(at + end.len());
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    Some(text.len())
}

/// The length of a number, or nothing. A dot belongs to it only before a digit or an exponent.
fn number(text: &str) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut at = usize::from(text.starts_with(['+', '-']));
    let whole = digits(&text[at..]);
    at += whole;
    let mut part = 0;
    if text[at..].starts_with('.') {
        part = digits(&text[at + 1..]);
        if part > 0 || (whole > 0 && exponent(&text[at + 1..]) > 0) {
            at += 1 + part;
        }
    }
    if whole + part == 0 {
        return 0;
    }
    at + exponent(&text[at..])
}

fn exponent(text: &str) -> usize {
    let Some(after) = text.strip_prefix(['e', 'E']) else {
        return 0;
    };
    let sign = usize::from(after.starts_with(['+', '-']));
    let digits = after[sign..].bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 { 0 } else { 1 + sign + digits }
}

/// The length of a name or keyword: dots at its end end the statement.
fn name(text: &str) -> usize {
    let mut end = 0;
    let mut dots = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            end = chars
                .next()
                .map_or(text.len(), |(at, escaped)| at + escaped.len_utf8());
            dots = 0;
        } else if c.is_whitespace() || "<>\"'{}[](),;#^|~!@".contains(c) {
            break;
        } else {
            end = at + c.len_utf8();
            dots = if c == '.' { dots + 1 } else { 0 };
        }
    }
    let length = end - dots;
    if length == 0 {
        text.chars().next().map_or(0, char::len_utf8)
    } else {
        length
    }
}
