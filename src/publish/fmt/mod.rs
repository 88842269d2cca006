//! Hand-written Turtle and `TriG` in one layout, with comments, order and grouping as they are.
//!
//! Only white space changes, and semicolons that end nothing go. So a file says what it said: the
//! tokens stay. Statements begin at the margin, predicates stand one a line, four spaces in, and
//! objects that the author put on lines of their own eight. Brackets and lists stay on one line
//! where they were, and are opened fully where they had a line break. Of several empty lines one
//! stays. A second run changes nothing.

mod lex;

use self::lex::{Kind, Token, tokens};

/// Spaces a step to the right.
const STEP: usize = 4;

/// A text that a parser has accepted, in the layout. O(n).
pub fn format(text: &str) -> String {
    let tokens = without_idle_semicolons(&tokens(text));
    let open = opened(&tokens);
    let mut printer = Printer::default();
    for (at, token) in tokens.iter().enumerate() {
        printer.put(token, open[at]);
    }
    if !printer.text.is_empty() {
        printer.text.push('\n');
    }
    printer.text
}

/// Leaves out each semicolon that no predicate follows.
fn without_idle_semicolons<'t>(tokens: &[Token<'t>]) -> Vec<Token<'t>> {
    let mut kept: Vec<Token<'_>> = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens[at + 1..]
            .iter()
            .find(|token| token.kind != Kind::Comment);
        let idle = is(token, ";")
            && next.is_none_or(|next| {
                next.kind == Kind::Mark && matches!(next.text, ";" | "." | "]" | "|}" | "}")
            });
        if idle {
            continue;
        }
        kept.push(*token);
    }
    kept
}

fn is(token: &Token<'_>, mark: &str) -> bool {
    token.kind == Kind::Mark && token.text == mark
}

/// For each bracket, opening and closing, whether there is a line break inside.
fn opened(tokens: &[Token<'_>]) -> Vec<bool> {
    let mut open = vec![false; tokens.len()];
    let mut waiting: Vec<(usize, bool)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        // A comment needs the rest of its line, so what holds one is open.
        if token.breaks > 0 || token.kind == Kind::Comment {
            for bracket in waiting.iter_mut().rev() {
                if bracket.1 {
                    break;
                }
                bracket.1 = true;
            }
        }
        if token.kind != Kind::Mark {
            continue;
        }
        match token.text {
            "[" | "(" | "{|" | "<<(" | "<<" => waiting.push((at, false)),
            "]" | ")" | "|}" | ")>>" | ">>" => {
                if let Some((start, has_break)) = waiting.pop() {
                    open[start] = has_break;
                    open[at] = has_break;
                }
            }
            _ => {}
        }
    }
    open
}

/// A bracket that is not closed yet.
struct Bracket {
    open: bool,
    /// Whether its items are separated by nothing, as in a list.
    list: bool,
    /// The indentation of the line that it began on.
    indent: usize,
}

#[derive(Default)]
struct Printer {
    text: String,
    /// Spaces before a statement: more inside a graph.
    margin: usize,
    /// Spaces at the start of the line.
    indent: usize,
    brackets: Vec<Bracket>,
    last: Option<(Kind, String)>,
    /// A statement is not ended yet.
    inside: bool,
    /// Tokens until a directive without a dot ends.
    directive: Option<usize>,
    /// The last line break was for an object after a comma.
    after_comma: bool,
}

impl Printer {
    fn last_is(&self, mark: &str) -> bool {
        matches!(&self.last, Some((Kind::Mark, text)) if text == mark)
    }

    /// Spaces before what stands in the current bracket or statement.
    fn content(&self) -> usize {
        match self.brackets.iter().rev().find(|bracket| bracket.open) {
            Some(bracket) => bracket.indent + STEP,
            None if self.inside => self.margin + STEP,
            None => self.margin,
        }
    }

    fn put(&mut self, token: &Token<'_>, open: bool) {
        let closes =
            token.kind == Kind::Mark && matches!(token.text, "]" | ")" | "|}" | ")>>" | ">>");
        let ends_graph = is(token, "}");
        if ends_graph {
            self.margin = self.margin.saturating_sub(STEP);
            self.inside = false;
        }
        let closed = if closes { self.brackets.pop() } else { None };
        self.space(token, closed.as_ref(), ends_graph);
        self.text.push_str(token.text);
        self.follow(token, open);
    }

    /// Writes what stands between the last token and this one.
    fn space(&mut self, token: &Token<'_>, closed: Option<&Bracket>, ends_graph: bool) {
        let Some((last, last_text)) = self.last.clone() else {
            return;
        };
        let comma = self.last_is(",") || (last == Kind::Comment && self.after_comma);
        let in_open_bracket = self.brackets.last().is_some_and(|bracket| bracket.open);
        let in_open_list = self
            .brackets
            .last()
            .is_some_and(|bracket| bracket.open && bracket.list);
        let flat = self.brackets.last().is_some_and(|bracket| !bracket.open);
        let after_opening =
            last == Kind::Mark && matches!(last_text.as_str(), "[" | "(" | "{|" | "<<(" | "<<");
        let line = if token.kind == Kind::Comment {
            token.breaks > 0 || last == Kind::Comment
        } else if last == Kind::Comment || ends_graph {
            true
        } else if let Some(bracket) = closed {
            bracket.open
        } else if !self.inside {
            true
        } else if self.last_is(";") {
            !flat
        } else if self.last_is(",") || in_open_list {
            token.breaks > 0 || (in_open_list && after_opening)
        } else {
            in_open_bracket && after_opening
        };
        if line {
            let own_comment = token.kind == Kind::Comment || last == Kind::Comment;
            let keeps_empty = !self.inside || own_comment;
            self.text.push('\n');
            if token.breaks > 1 && keeps_empty && !ends_graph && closed.is_none() {
                self.text.push('\n');
            }
            self.indent = match closed {
                Some(bracket) => bracket.indent,
                None if comma && self.inside => self.content() + STEP,
                None => self.content(),
            };
            self.after_comma = comma;
            self.text.extend(std::iter::repeat_n(' ', self.indent));
            return;
        }
        let glued = token.text == "^^"
            || last_text == "^^"
            || (token.kind == Kind::At && last == Kind::Text)
            || (after_opening && closed.is_some());
        if !glued {
            self.text.push(' ');
        }
    }

    /// Takes note of what the token begins or ends.
    fn follow(&mut self, token: &Token<'_>, open: bool) {
        self.last = Some((token.kind, token.text.to_owned()));
        if token.kind == Kind::Comment {
            return;
        }
        if token.text != "," {
            self.after_comma = false;
        }
        let starts = !self.inside;
        self.inside = true;
        if let Some(left) = self.directive {
            self.directive = (left > 1).then_some(left - 1);
            self.inside = left > 1;
            return;
        }
        if token.kind == Kind::Word && starts {
            self.directive = match token.text.to_ascii_uppercase().as_str() {
                "PREFIX" => Some(2),
                "BASE" | "VERSION" => Some(1),
                _ => None,
            };
        }
        if token.kind != Kind::Mark {
            return;
        }
        match token.text {
            "[" | "(" | "{|" | "<<(" | "<<" => self.brackets.push(Bracket {
                open,
                list: token.text == "(",
                indent: self.indent,
            }),
            "{" => {
                self.margin += STEP;
                self.inside = false;
            }
            "}" => self.inside = false,
            "." if self.brackets.is_empty() => self.inside = false,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
