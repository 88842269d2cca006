//! A network in the formats of other tools, deterministic byte for byte.
//!
//! Every format has the same attributes. Of a node: `name` (an IRI or other unique name), `label`,
//! `silo_` with the short code of each axis (several values joined by `|`, not stated left out),
//! `community` (a number from 0) and `x`, `y` (0 to 1, y down). Of a link: `score`, `low`, `high`,
//! `comparable`, `p`, `q`; what was not computed, or is no finite number, is left out.

mod text;
mod xml;

use std::io::{self, Write};

use super::{Body, Format};

pub use text::{cytoscape, dot, edge_csv, node_csv};
pub use xml::{gexf, graphml};

/// Writes the network or the picture of a report.
pub(super) fn write(body: &Body, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let Body::Report(report) = body else {
        return Ok(());
    };
    if format == Format::Svg {
        return report.picture.as_ref().map_or(Ok(()), |picture| {
            writeln!(out, "{}", picture.svg.trim_end())
        });
    }
    let Some(document) = &report.network else {
        return Ok(());
    };
    let text = match format {
        Format::GraphMl => graphml(document),
        Format::Gexf => gexf(document),
        Format::Dot => dot(document),
        Format::Cytoscape => cytoscape(document),
        Format::Nodes => node_csv(document),
        _ => edge_csv(document),
    };
    out.write_all(text.as_bytes())
}

/// A network ready to be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// What it is called.
    pub title: String,
    /// Short codes of the silo axes.
    pub axes: Vec<String>,
    /// The nodes.
    pub nodes: Vec<NodeRecord>,
    /// The links.
    pub edges: Vec<EdgeRecord>,
}

/// A node with its attributes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeRecord {
    /// IRI or other unique name.
    pub name: String,
    /// Text for people.
    pub label: String,
    /// For each axis the short codes of its values; empty when not stated.
    pub silos: Vec<Vec<String>>,
    /// Number of its community.
    pub community: Option<usize>,
    /// From 0, left, to 1, right.
    pub x: f64,
    /// From 0, top, to 1, bottom.
    pub y: f64,
}

/// A link with its attributes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EdgeRecord {
    /// Position of a node.
    pub a: usize,
    /// Position of the other node.
    pub b: usize,
    /// Similarity.
    pub score: f64,
    /// Least similarity that the unknown dimensions allow.
    pub low: Option<f64>,
    /// Greatest similarity that they allow.
    pub high: Option<f64>,
    /// How many dimensions both state.
    pub comparable: Option<usize>,
    /// Probability by chance.
    pub p: Option<f64>,
    /// The same after correction for many tests.
    pub q: Option<f64>,
}

/// A value of an attribute.
enum Value {
    Text(String),
    Whole(usize),
    Number(f64),
}

impl Value {
    fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Whole(_) => Kind::Whole,
            Self::Number(_) => Kind::Number,
        }
    }

    /// The value without quotes.
    fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Whole(whole) => whole.to_string(),
            Self::Number(number) => self::number(*number),
        }
    }
}

/// What an attribute holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    Number,
}

/// The shortest text that reads back as the same number.
fn number(x: f64) -> String {
    if x != 0.0 && x.abs() < 1e-5 {
        format!("{x:e}")
    } else {
        format!("{x}")
    }
}

impl Document {
    /// Attributes of nodes, with what they hold.
    fn node_attributes(&self) -> Vec<(String, Kind)> {
        let fixed = |name: &str, kind| (name.to_owned(), kind);
        let mut attributes = vec![fixed("name", Kind::Text), fixed("label", Kind::Text)];
        let silo = |axis: &String| (format!("silo_{axis}"), Kind::Text);
        attributes.extend(self.axes.iter().map(silo));
        attributes.push(fixed("community", Kind::Whole));
        attributes.extend([fixed("x", Kind::Number), fixed("y", Kind::Number)]);
        attributes
    }

    /// The values of a node, in the order of [`Self::node_attributes`].
    fn node_values(&self, node: &NodeRecord) -> Vec<Option<Value>> {
        let mut values = vec![
            Some(Value::Text(node.name.clone())),
            Some(Value::Text(node.label.clone())),
        ];
        for axis in 0..self.axes.len() {
            let silos = node.silos.get(axis).filter(|silos| !silos.is_empty());
            values.push(silos.map(|silos| Value::Text(silos.join("|"))));
        }
        values.push(node.community.map(Value::Whole));
        values.extend([finite(Some(node.x)), finite(Some(node.y))]);
        values
    }

    /// Links whose two ends exist.
    fn links(&self) -> impl Iterator<Item = &EdgeRecord> {
        let nodes = self.nodes.len();
        self.edges
            .iter()
            .filter(move |edge| edge.a < nodes && edge.b < nodes)
    }
}

/// Attributes of links, with what they hold.
const EDGE_ATTRIBUTES: [(&str, Kind); 6] = [
    ("score", Kind::Number),
    ("low", Kind::Number),
    ("high", Kind::Number),
    ("comparable", Kind::Whole),
    ("p", Kind::Number),
    ("q", Kind::Number),
];

/// The values of a link, in the order of [`EDGE_ATTRIBUTES`].
fn edge_values(edge: &EdgeRecord) -> [Option<Value>; 6] {
    [
        finite(Some(edge.score)),
        finite(edge.low),
        finite(edge.high),
        edge.comparable.map(Value::Whole),
        finite(edge.p),
        finite(edge.q),
    ]
}

fn finite(number: Option<f64>) -> Option<Value> {
    number.filter(|x| x.is_finite()).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        let node = |name: &str, silos: &[&str], community| NodeRecord {
            name: name.to_owned(),
            label: format!("{name} & \"co\"\\"),
            silos: vec![silos.iter().map(|&s| s.to_owned()).collect()],
            community,
            x: 0.25,
            y: 0.5,
        };
        Document {
            title: "Two <nodes>".to_owned(),
            axes: vec!["issue".to_owned()],
            nodes: vec![
                node("urn:a", &["hiv", "tb"], Some(0)),
                node("urn:b", &[], None),
            ],
            edges: vec![
                EdgeRecord {
                    a: 0,
                    b: 1,
                    score: 0.75,
                    low: Some(f64::NAN),
                    comparable: Some(5),
                    p: Some(2.5e-9),
                    ..EdgeRecord::default()
                },
                EdgeRecord {
                    b: 7,
                    ..EdgeRecord::default()
                },
            ],
        }
    }

    #[test]
    fn numbers_read_back_as_the_same_number() {
        for x in [0.0, 1.0 / 3.0, 1e-300, 2.5e-9, 1e-5, 0.1 + 0.2, 1.0] {
            assert_eq!(number(x).parse::<f64>(), Ok(x));
            assert!(number(x).len() < 25);
        }
    }

    #[test]
    fn tables_leave_the_unknown_empty() {
        assert_eq!(
            node_csv(&document()),
            "name,label,silo_issue,community,x,y\n\
             urn:a,\"urn:a & \"\"co\"\"\\\",hiv|tb,0,0.25,0.5\n\
             urn:b,\"urn:b & \"\"co\"\"\\\",,,0.25,0.5\n"
        );
        assert_eq!(
            edge_csv(&document()),
            "source,target,score,low,high,comparable,p,q\nurn:a,urn:b,0.75,,,5,2.5e-9,\n"
        );
    }

    #[test]
    fn xml_formats_escape_and_leave_out() {
        let text = graphml(&document());
        assert!(text.contains("<data key=\"n1\">urn:a &amp; &quot;co&quot;\\</data>"));
        assert_eq!(text.matches("<edge ").count(), 1);
        assert!(!text.contains("NaN"));
        let text = gexf(&document());
        assert!(text.contains("version=\"1.3\""));
        assert!(text.contains("<viz:position x=\"250\" y=\"500\""));
    }

    #[test]
    fn other_formats_quote() {
        assert!(dot(&document()).contains("label=\"urn:a & \\\"co\\\"\\\\\""));
        let json: serde_json::Value =
            serde_json::from_str(&cytoscape(&document())).expect("it is JSON");
        assert_eq!(json["elements"]["nodes"][0]["data"]["silo_issue"], "hiv|tb");
        assert_eq!(json["elements"]["edges"].as_array().map(Vec::len), Some(1));
        assert_eq!(json["elements"]["edges"][0]["data"]["p"], 2.5e-9);
    }

    #[test]
    fn an_empty_network_is_a_document() {
        let empty = Document::default();
        for write in [graphml, gexf, dot, cytoscape, node_csv, edge_csv] {
            assert!(write(&empty).ends_with('\n'));
        }
    }
}
