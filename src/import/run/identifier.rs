//! Identifiers that stay the same from one import to the next.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::import::tables::{is_slug, slug};

/// How far a name goes into an identifier, in bytes.
const LONGEST_ID: usize = 80;

/// An identifier made from a text; a text without usable letters, or a long one, gets a part of
/// its digest, so that the same text always gives the same identifier.
pub(super) fn identifier_of(text: &str) -> String {
    let made = slug(text);
    if is_slug(&made) && made.len() <= LONGEST_ID {
        return made;
    }
    let digest = Sha256::digest(text.as_bytes());
    let tail = digest.iter().take(4).fold(String::new(), |mut tail, byte| {
        let _ = write!(tail, "{byte:02x}");
        tail
    });
    let head: String = made
        .chars()
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-')
        .take(LONGEST_ID - 10)
        .collect();
    let head = head.trim_matches('-');
    if head.is_empty() {
        format!("n-{tail}")
    } else {
        format!("{head}-{tail}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_stable_and_always_allowed() {
        assert_eq!(
            identifier_of("Pairs aidants du Québec"),
            "pairs-aidants-du-quebec"
        );
        for text in ["互助小组", "x".repeat(300).as_str(), "", "---"] {
            let id = identifier_of(text);
            assert!(is_slug(&id), "{id}");
            assert!(id.len() <= LONGEST_ID, "{id}");
            assert_eq!(id, identifier_of(text));
        }
        assert_ne!(identifier_of("互助"), identifier_of("小组"));
    }
}
