//! Entities that RDF/XML declares: short names for namespaces, or a way to fill the memory.

use std::collections::HashMap;
use std::path::Path;

use crate::error::{Error, Result};

/// The longest text that one entity may stand for, in bytes.
const LONGEST: usize = 1 << 16;
/// What all uses of entities may come to, in bytes.
const ALL: usize = 1 << 26;

/// Refuses a file whose entities stand for far more than is written. The parser replaces them where
/// they are declared and where they are used, so this is looked at before it starts. Linear in the
/// file.
///
/// # Errors
/// A limit, naming the entity.
pub(super) fn check(bytes: &[u8], path: &Path) -> Result<()> {
    let text = String::from_utf8_lossy(bytes);
    if !text.contains("<!ENTITY") {
        return Ok(());
    }
    let refuse = |name: &str| {
        Err(Error::Limit {
            reason: format!(
                "the entities of {} stand for too much text: {name}",
                path.display()
            ),
            hint: Some("a file like this can fill the memory; write the texts out".to_owned()),
        })
    };
    let mut lengths: HashMap<&str, usize> = HashMap::new();
    let mut rest = text.as_ref();
    while let Some(at) = rest.find("<!ENTITY") {
        rest = &rest[at + "<!ENTITY".len()..];
        let declaration = rest.trim_start();
        let Some((name, value)) = declaration.split_once(char::is_whitespace) else {
            break;
        };
        let value = value.trim_start();
        let Some(quote @ ('"' | '\'')) = value.chars().next() else {
            continue;
        };
        let Some((value, after)) = value[1..].split_once(quote) else {
            break;
        };
        let length = expanded(value, &lengths);
        if length > LONGEST {
            return refuse(name);
        }
        lengths.insert(name, length);
        rest = after;
    }
    if expanded(rest, &lengths).saturating_sub(rest.len()) > ALL {
        return refuse("all together");
    }
    Ok(())
}

/// How long a text is with its entities replaced, in bytes.
fn expanded(text: &str, lengths: &HashMap<&str, usize>) -> usize {
    let mut length = text.len();
    for (at, _) in text.match_indices('&') {
        if let Some((name, _)) = text[at + 1..].split_once(';')
            && let Some(further) = lengths.get(name)
        {
            length = length.saturating_add(*further);
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_pass_and_bombs_do_not() {
        let path = Path::new("a.rdf");
        let usual =
            "<!DOCTYPE r [<!ENTITY owl \"http://www.w3.org/2002/07/owl#\">]><a b=\"&owl;x\"/>";
        assert!(check(usual.as_bytes(), path).is_ok());
        let mut bomb = "<!DOCTYPE r [<!ENTITY a0 \"0123456789\">".to_owned();
        for level in 1..9 {
            let inner = format!("&a{};", level - 1).repeat(10);
            bomb.extend([format!("<!ENTITY a{level} '{inner}'>")]);
        }
        let error = check(bomb.as_bytes(), path).expect_err("refused");
        assert!(
            error.report().contains("entities of a.rdf"),
            "{}",
            error.report()
        );
        let mut wide = format!("<!ENTITY a \"{}\">", "x".repeat(60_000));
        wide.push_str(&"&a;".repeat(2_000));
        assert!(check(wide.as_bytes(), path).is_err());
    }
}
