//! DOT, Cytoscape JSON and tables.

use std::fmt::Write as _;

use serde_json::{Map, json};

use super::{Document, EDGE_ATTRIBUTES, Kind, Value, edge_values};

/// The DOT language of Graphviz, where the name of a node is its identifier; `pos` holds the positions for `neato -n`, in points, y up.
pub fn dot(document: &Document) -> String {
    let mut out = format!("graph {} {{\n", quoted(&document.title));
    let names = document.node_attributes();
    for node in &document.nodes {
        let mut list: Vec<String> = names
            .iter()
            .zip(document.node_values(node))
            .skip(1)
            .filter_map(|((name, _), value)| Some(format!("{}={}", id(name), dotted(&value?))))
            .collect();
        if node.x.is_finite() && node.y.is_finite() {
            let (x, y) = (720.0 * node.x, 720.0 * (1.0 - node.y));
            list.push(format!("pos=\"{x:.2},{y:.2}\""));
        }
        let _ = writeln!(out, "  {} [{}];", quoted(&node.name), list.join(", "));
    }
    for edge in document.links() {
        let list: Vec<String> = EDGE_ATTRIBUTES
            .iter()
            .zip(edge_values(edge))
            .filter_map(|((name, _), value)| Some(format!("{name}={}", dotted(&value?))))
            .collect();
        let [a, b] = [edge.a, edge.b].map(|end| quoted(&document.nodes[end].name));
        let _ = writeln!(out, "  {a} -- {b} [{}];", list.join(", "));
    }
    out.push_str("}\n");
    out
}

/// A name as it is, or in quotes when DOT does not allow it bare.
fn id(name: &str) -> String {
    let bare = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if bare { name.to_owned() } else { quoted(name) }
}

fn dotted(value: &Value) -> String {
    match value.kind() {
        // DOT has no exponents outside quotes.
        Kind::Text | Kind::Number => quoted(&value.plain()),
        Kind::Whole => value.plain(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The JSON of Cytoscape and Cytoscape.js; positions are 1000 units wide, y down.
pub fn cytoscape(document: &Document) -> String {
    let names = document.node_attributes();
    let nodes: Vec<serde_json::Value> = document
        .nodes
        .iter()
        .enumerate()
        .map(|(at, node)| {
            let mut data = Map::new();
            data.insert("id".to_owned(), json!(at.to_string()));
            // What networkx takes for the node.
            data.insert("value".to_owned(), json!(at.to_string()));
            let values = names.iter().zip(document.node_values(node));
            data.extend(
                values.filter_map(|((name, _), value)| Some((name.clone(), value?.json()))),
            );
            json!({
                "data": data,
                "position": { "x": 1000.0 * node.x, "y": 1000.0 * node.y },
            })
        })
        .collect();
    let edges: Vec<serde_json::Value> = document
        .links()
        .enumerate()
        .map(|(at, edge)| {
            let mut data = Map::new();
            data.insert("id".to_owned(), json!(format!("e{at}")));
            data.insert("source".to_owned(), json!(edge.a.to_string()));
            data.insert("target".to_owned(), json!(edge.b.to_string()));
            let values = EDGE_ATTRIBUTES.iter().zip(edge_values(edge));
            data.extend(
                values.filter_map(|((name, _), value)| Some(((*name).to_owned(), value?.json()))),
            );
            json!({ "data": data })
        })
        .collect();
    let whole = json!({
        "data": { "name": document.title },
        "directed": false,
        "multigraph": false,
        "elements": { "nodes": nodes, "edges": edges },
    });
    format!("{whole:#}\n")
}

impl Value {
    fn json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Whole(whole) => json!(whole),
            Self::Number(number) => json!(number),
        }
    }
}

/// Nodes as CSV (RFC 4180 with line feeds).
pub fn node_csv(document: &Document) -> String {
    let header = document.node_attributes().into_iter().map(|(name, _)| name);
    let rows = document
        .nodes
        .iter()
        .map(|node| cells(&document.node_values(node)));
    table(std::iter::once(header.collect()).chain(rows))
}

/// Links as CSV; `source` and `target` are names of nodes.
pub fn edge_csv(document: &Document) -> String {
    let mut header = vec!["source".to_owned(), "target".to_owned()];
    header.extend(EDGE_ATTRIBUTES.iter().map(|(name, _)| (*name).to_owned()));
    let rows = document.links().map(|edge| {
        let ends = [edge.a, edge.b].map(|end| document.nodes[end].name.clone());
        let mut row = ends.to_vec();
        row.extend(cells(&edge_values(edge)));
        row
    });
    table(std::iter::once(header).chain(rows))
}

fn cells(values: &[Option<Value>]) -> Vec<String> {
    let cell = |value: &Option<Value>| value.as_ref().map(Value::plain).unwrap_or_default();
    values.iter().map(cell).collect()
}

fn table(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut out = String::new();
    for row in rows {
        let fields: Vec<String> = row.iter().map(|field| field_text(field)).collect();
        out.push_str(&fields.join(","));
        out.push('\n');
    }
    out
}

fn field_text(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
