//! Style sheet and scripts, which are part of the program.

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "src/pages/assets/"]
struct Assets;

/// A style sheet, script or picture.
pub struct Asset {
    /// Its content.
    pub body: Vec<u8>,
    /// Its media type with character set.
    pub media_type: String,
    /// SHA-256 of the content, hexadecimal: changes only with it.
    pub digest: String,
}

/// The asset of this name, such as `peermap.css` or `vendor/map.js`.
pub fn asset(name: &str) -> Option<Asset> {
    use std::fmt::Write as _;
    let file = Assets::get(name)?;
    let media_type = file.metadata.mimetype();
    let text = media_type.starts_with("text/") || media_type.ends_with("javascript");
    let mut digest = String::with_capacity(64);
    for byte in file.metadata.sha256_hash() {
        let _ = write!(digest, "{byte:02x}");
    }
    Some(Asset {
        media_type: if text {
            format!("{media_type}; charset=utf-8")
        } else {
            media_type.to_owned()
        },
        digest,
        body: file.data.into_owned(),
    })
}

/// The names of all assets, sorted.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = Assets::iter().map(std::borrow::Cow::into_owned).collect();
    names.sort();
    names
}
