//! `GraphML` and GEXF.

use std::fmt::Write as _;

use super::{Document, EDGE_ATTRIBUTES, Kind, Value, edge_values};
use crate::output::escaped;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// `GraphML` 1.0 (<http://graphml.graphdrawing.org>).
pub fn graphml(document: &Document) -> String {
    let mut out = DECLARATION.to_owned();
    out.push_str("<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    let kind = |kind| match kind {
        Kind::Text => "string",
        Kind::Whole => "int",
        Kind::Number => "double",
    };
    let mut key = |id: String, whose: &str, name: &str, holds: Kind| {
        let _ = writeln!(
            out,
            "  <key id=\"{id}\" for=\"{whose}\" attr.name=\"{}\" attr.type=\"{}\"/>",
            escaped(name),
            kind(holds)
        );
    };
    key("title".to_owned(), "graph", "title", Kind::Text);
    for (at, (name, holds)) in document.node_attributes().iter().enumerate() {
        key(format!("n{at}"), "node", name, *holds);
    }
    for (at, (name, holds)) in EDGE_ATTRIBUTES.iter().enumerate() {
        key(format!("e{at}"), "edge", name, *holds);
    }
    out.push_str("  <graph id=\"network\" edgedefault=\"undirected\">\n");
    let _ = writeln!(
        out,
        "    <data key=\"title\">{}</data>",
        escaped(&document.title)
    );
    for (at, node) in document.nodes.iter().enumerate() {
        let _ = writeln!(out, "    <node id=\"{at}\">");
        data(&mut out, 'n', &document.node_values(node));
        out.push_str("    </node>\n");
    }
    for edge in document.links() {
        let _ = writeln!(
            out,
            "    <edge source=\"{}\" target=\"{}\">",
            edge.a, edge.b
        );
        data(&mut out, 'e', &edge_values(edge));
        out.push_str("    </edge>\n");
    }
    out.push_str("  </graph>\n</graphml>\n");
    out
}

fn data(out: &mut String, key: char, values: &[Option<Value>]) {
    for (at, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let text = escaped(&value.plain());
            let _ = writeln!(out, "      <data key=\"{key}{at}\">{text}</data>");
        }
    }
}

/// GEXF 1.3 (<https://gexf.net>), with the positions for drawing too: 1000 units wide, y up as in
/// Gephi.
pub fn gexf(document: &Document) -> String {
    let mut out = DECLARATION.to_owned();
    out.push_str(
        "<gexf xmlns=\"http://gexf.net/1.3\" xmlns:viz=\"http://gexf.net/1.3/viz\" version=\"1.3\">\n",
    );
    let _ = writeln!(
        out,
        "  <meta>\n    <description>{}</description>\n  </meta>",
        escaped(&document.title)
    );
    out.push_str("  <graph defaultedgetype=\"undirected\" mode=\"static\">\n");
    let nodes = document.node_attributes();
    attributes(
        &mut out,
        "node",
        nodes.iter().map(|(name, kind)| (name.as_str(), *kind)),
    );
    attributes(&mut out, "edge", EDGE_ATTRIBUTES.into_iter());
    out.push_str("    <nodes>\n");
    for (at, node) in document.nodes.iter().enumerate() {
        let _ = writeln!(
            out,
            "      <node id=\"{at}\" label=\"{}\">",
            escaped(&node.label)
        );
        attribute_values(&mut out, &document.node_values(node));
        if node.x.is_finite() && node.y.is_finite() {
            let _ = writeln!(
                out,
                "        <viz:position x=\"{}\" y=\"{}\" z=\"0\"/>",
                super::number(1000.0 * node.x),
                super::number(1000.0 * (1.0 - node.y))
            );
        }
        out.push_str("      </node>\n");
    }
    out.push_str("    </nodes>\n    <edges>\n");
    for (at, edge) in document.links().enumerate() {
        let weight = if edge.score.is_finite() {
            format!(" weight=\"{}\"", super::number(edge.score))
        } else {
            String::new()
        };
        let _ = writeln!(
            out,
            "      <edge id=\"{at}\" source=\"{}\" target=\"{}\"{weight}>",
            edge.a, edge.b
        );
        attribute_values(&mut out, &edge_values(edge));
        out.push_str("      </edge>\n");
    }
    out.push_str("    </edges>\n  </graph>\n</gexf>\n");
    out
}

fn attributes<'a>(out: &mut String, class: &str, list: impl Iterator<Item = (&'a str, Kind)>) {
    let _ = writeln!(out, "    <attributes class=\"{class}\" mode=\"static\">");
    for (at, (name, kind)) in list.enumerate() {
        let kind = match kind {
            Kind::Text => "string",
            Kind::Whole => "integer",
            Kind::Number => "double",
        };
        let _ = writeln!(
            out,
            "      <attribute id=\"{at}\" title=\"{}\" type=\"{kind}\"/>",
            escaped(name)
        );
    }
    out.push_str("    </attributes>\n");
}

fn attribute_values(out: &mut String, values: &[Option<Value>]) {
    out.push_str("        <attvalues>\n");
    for (at, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let text = escaped(&value.plain());
            let _ = writeln!(out, "          <attvalue for=\"{at}\" value=\"{text}\"/>");
        }
    }
    out.push_str("        </attvalues>\n");
}
