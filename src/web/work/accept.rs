//! The header `Accept`: which of the offered media types a client likes best.

/// The first of the offers that the client likes best, by position; none when it likes none.
///
/// Each offer takes the weight of the most specific range that fits it, as RFC 9110 says. A header
/// that is empty, or in which nothing can be read, accepts everything.
pub(super) fn choose(header: &str, offers: &[&str]) -> Option<usize> {
    let ranges: Vec<Range<'_>> = header.split(',').filter_map(Range::read).collect();
    if ranges.is_empty() {
        return (!offers.is_empty()).then_some(0);
    }
    let mut best: Option<(usize, u16)> = None;
    for (at, offer) in offers.iter().enumerate() {
        let fitting = ranges.iter().filter(|range| range.fits(offer));
        let weight = fitting
            .max_by_key(|range| (range.specific(), range.weight))
            .map_or(0, |range| range.weight);
        if weight > best.map_or(0, |(_, held)| held) {
            best = Some((at, weight));
        }
    }
    best.map(|(at, _)| at)
}

struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// In thousandths.
    weight: u16,
}

impl<'a> Range<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let (kind, subtype) = (kind.trim(), subtype.trim());
        if kind.is_empty() || subtype.is_empty() || (kind == "*" && subtype != "*") {
            return None;
        }
        let weight = parts
            .find_map(|part| {
                let (name, value) = part.split_once('=')?;
                name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
            })
            .map_or(Some(1000), weight)?;
        Some(Self {
            kind,
            subtype,
            weight,
        })
    }

    const fn specific(&self) -> u8 {
        match (self.kind.as_bytes(), self.subtype.as_bytes()) {
            (b"*", _) => 0,
            (_, b"*") => 1,
            _ => 2,
        }
    }

    fn fits(&self, offer: &str) -> bool {
        let bare = offer.split(';').next().unwrap_or(offer).trim();
        let Some((kind, subtype)) = bare.split_once('/') else {
            return false;
        };
        (self.kind == "*" || self.kind.eq_ignore_ascii_case(kind))
            && (self.subtype == "*" || self.subtype.eq_ignore_ascii_case(subtype))
    }
}

/// A weight such as `0.75`, at most three digits after the point, in thousandths.
fn weight(text: &str) -> Option<u16> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    if rest.len() > 3 || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{rest:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn the_best_liked_offer_is_chosen() {
        const OFFERS: [&str; 4] = [
            "application/sparql-results+json",
            "text/csv; charset=utf-8",
            "text/html; charset=utf-8",
            "text/turtle",
        ];
        for (header, wanted) in [
            ("", Some(0)),
            ("*/*", Some(0)),
            ("text/csv", Some(1)),
            ("TEXT/CSV", Some(1)),
            ("text/*", Some(1)),
            ("text/*, text/csv;q=0.1", Some(2)),
            (
                "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8",
                Some(2),
            ),
            ("text/turtle;q=0.5, text/csv;q=0.4", Some(3)),
            ("text/turtle ; q=0.5 , text/csv ; q=0.51", Some(1)),
            ("text/csv;q=0, */*;q=0.1", Some(0)),
            ("application/*;q=0, */*", Some(1)),
            ("text/csv;header=present", Some(1)),
            ("text/turtle;version=1.2;q=0.9, text/csv;q=0.8", Some(3)),
            ("image/png", None),
            ("text/csv;q=0", None),
            ("*/*;q=0", None),
            ("text/csv;q=2", Some(0)),
            ("text/csv;q=0.1234, text/turtle", Some(3)),
            ("nonsense", Some(0)),
            ("*/csv", Some(0)),
            (", ,text/csv,", Some(1)),
        ] {
            assert_eq!(choose(header, &OFFERS), wanted, "{header}");
        }
        assert_eq!(choose("*/*", &[]), None);
    }
}
