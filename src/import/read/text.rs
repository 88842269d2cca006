//! Bytes to text: the encoding that is named, marked at the start, or likely.

use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use super::Reading;
use crate::error::{Error, Result};
use crate::nearest::did_you_mean;

/// Encodings that a hint names; every label of the web is known.
const USUAL: [&str; 7] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-15",
    "macintosh",
];

/// Text with what should be known about how it was read.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) notes: Vec<String>,
}

/// Decodes a file.
///
/// # Errors
/// An encoding that is not known, or bytes that do not fit the one that was named.
pub(super) fn decode(path: &Path, bytes: Vec<u8>, reading: &Reading) -> Result<Decoded> {
    let marked = Encoding::for_bom(&bytes).map(|(encoding, length)| (encoding, length, true));
    let named = match &reading.encoding {
        Some(label) => Some(Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            Error::usage(
                format!("no encoding is called `{label}`"),
                did_you_mean(label, USUAL)
                    .unwrap_or_else(|| format!("for example {}", USUAL.join(", "))),
            )
        })?),
        None => None,
    };
    let (encoding, skipped, is_sure) = match (marked, named) {
        (Some(marked), _) => marked,
        (None, Some(named)) => (named, 0, true),
        (None, None) => match String::from_utf8(bytes) {
            Ok(text) => {
                return Ok(Decoded {
                    text,
                    notes: Vec::new(),
                });
            }
            Err(error) => return Ok(guess(path, error.as_bytes())),
        },
    };
    let (text, failed) = encoding.decode_without_bom_handling(&bytes[skipped..]);
    if failed && is_sure {
        let position = bad_byte(encoding, &bytes[skipped..]) + skipped;
        return Err(Error::Syntax {
            reason: format!(
                "{} is not {} text: byte {position} does not fit",
                path.display(),
                encoding.name()
            ),
            place: None,
            path: path.to_owned(),
            hint: Some("name another encoding, for example windows-1252".to_owned()),
        });
    }
    Ok(Decoded {
        text: text.into_owned(),
        notes: Vec::new(),
    })
}

fn guess(path: &Path, bytes: &[u8]) -> Decoded {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Allow);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text: text.into_owned(),
        notes: vec![format!(
            "{} is not UTF-8 and was read as {}, which is a guess; --encoding names another",
            path.display(),
            encoding.name()
        )],
    }
}

/// The position of the first byte that an encoding cannot read.
fn bad_byte(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    if encoding == encoding_rs::UTF_8 {
        return std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    }
    let fits = |end: usize| {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let room = decoder
            .max_utf8_buffer_length_without_replacement(end)
            .unwrap_or(0);
        let mut text = String::with_capacity(room);
        let (result, _) =
            decoder.decode_to_string_without_replacement(&bytes[..end], &mut text, false);
        matches!(result, encoding_rs::DecoderResult::InputEmpty)
    };
    let (mut good, mut bad) = (0, bytes.len());
    while good < bad {
        let middle = good + (bad - good) / 2;
        if fits(middle + 1) {
            good = middle + 1;
        } else {
            bad = middle;
        }
    }
    good
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], label: Option<&str>) -> Result<Decoded> {
        let reading = Reading {
            encoding: label.map(str::to_owned),
            ..Reading::default()
        };
        decode(Path::new("a.csv"), bytes.to_vec(), &reading)
    }

    #[test]
    fn marks_names_and_guesses_are_followed() {
        let text = |bytes: &[u8], label| decoded(bytes, label).expect("text").text;
        assert_eq!(text(b"\xEF\xBB\xBFnom", None), "nom");
        assert_eq!(text(b"\xFF\xFEn\0o\0m\0", None), "nom");
        assert_eq!(text(b"entra\xEEn\xE9e", Some("latin1")), "entraînée");
        let french = "Les pairs aidants sont formés à l'écoute et à l'accompagnement des aînés";
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(french);
        let guessed = decoded(&bytes, None).expect("text");
        assert_eq!(guessed.text, french);
        assert!(guessed.notes[0].contains("was read as windows-1252"));
    }

    #[test]
    fn what_does_not_fit_says_where() {
        let report = |bytes: &[u8], label| match decoded(bytes, Some(label)) {
            Ok(_) => String::new(),
            Err(error) => error.report(),
        };
        assert!(report(b"abc\xFFd", "utf-8").contains("byte 3 does not fit"));
        assert!(report(b"abc\x81\x30d", "shift_jis").contains("does not fit"));
        assert!(report(b"abc", "window-1252").contains("did you mean `windows-1252`?"));
    }
}
