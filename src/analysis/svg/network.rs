//! The picture of a network.

use std::fmt::Write as _;

use super::marks::{Group, line, mark};
use super::{Canvas, Caption, Picture, TEXT, counted, shortened, text_width};

/// The square that the nodes are drawn in, and the width of the legend beside it.
const SIDE: f64 = 800.0;
const LEGEND: f64 = 260.0;
const LEFT: f64 = 40.0;
const TOP: f64 = 60.0;
const LINE: f64 = 22.0;

/// Characters of a line of the legend.
const ROOM: usize = 33;

/// How many groups the legend names and the text lists.
const NAMED: usize = 24;

/// A node of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Text for people.
    pub label: String,
    /// From 0, left, to 1, right.
    pub x: f64,
    /// From 0, top, to 1, bottom.
    pub y: f64,
    /// What gives colour and shape.
    pub group: Group,
}

/// A link of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Position of a node.
    pub a: usize,
    /// Position of the other.
    pub b: usize,
    /// How alike they are, from 0 to 1: the width of the line.
    pub score: f64,
    /// Whether it joins two silos; `None` when that cannot be said.
    pub across: Option<bool>,
}

/// What to draw.
#[derive(Clone, Copy, Debug)]
pub struct NetworkPicture<'a> {
    /// Identifier and heading.
    pub caption: Caption<'a>,
    /// What the groups are, such as the name of a silo axis.
    pub grouping: &'a str,
    /// Names of the groups. There are 56 different marks; then they start again.
    pub groups: &'a [String],
    /// The nodes.
    pub nodes: &'a [Mark],
    /// The links.
    pub links: &'a [Link],
}

/// Draws a network. Links and nodes that do not fit each other or have no finite place are left
/// out. Fit for a few thousand nodes: each is an element.
pub fn network(picture: &NetworkPicture) -> Picture {
    let degree = degrees(picture);
    let alternative = in_words(picture, &degree);
    let placed = |node: &Mark| node.x.is_finite() && node.y.is_finite();
    let heights = || {
        picture
            .nodes
            .iter()
            .filter(|node| placed(node))
            .map(|node| node.y)
    };
    let (top, bottom) = (heights().fold(1.0, f64::min), heights().fold(0.0, f64::max));
    let drawing = TOP + SIDE * (bottom - top).max(0.0) + 40.0;
    let beside = TOP + LINE * (used(picture).len().min(NAMED + 1) + 6) as f64;
    let width = LEFT + SIDE + 40.0 + LEGEND;
    let mut canvas = Canvas::new(picture.caption, &alternative, width, drawing.max(beside));
    let at = |node: &Mark| [LEFT + SIDE * node.x, TOP + SIDE * (node.y - top)];

    canvas.out.push_str("<g fill=\"none\">\n");
    // Links across silos are drawn last, over the others.
    for across in [None, Some(false), Some(true)] {
        for link in picture.links.iter().filter(|link| link.across == across) {
            let (Some(a), Some(b)) = (picture.nodes.get(link.a), picture.nodes.get(link.b)) else {
                continue;
            };
            if placed(a) && placed(b) {
                line(&mut canvas, at(a), at(b), across, link.score);
            }
        }
    }
    canvas.out.push_str("</g>\n");

    let radius = match picture.nodes.len() {
        0..=60 => 8.0,
        61..=300 => 6.0,
        _ => 4.0,
    };
    for node in picture.nodes.iter().filter(|node| placed(node)) {
        let group = name_of(picture, node.group);
        let hint = format!("{} ({}: {group})", node.label, picture.grouping);
        mark(&mut canvas, at(node), radius, node.group, &hint);
    }
    let places: Vec<Option<[f64; 2]>> = picture
        .nodes
        .iter()
        .map(|node| placed(node).then(|| at(node)))
        .collect();
    labels(&mut canvas, picture, &degree, &places, radius);
    legend(&mut canvas, picture);
    Picture {
        svg: canvas.close(),
        alternative,
    }
}

fn degrees(picture: &NetworkPicture) -> Vec<usize> {
    let mut degrees = vec![0; picture.nodes.len()];
    for link in picture.links {
        for end in [link.a, link.b] {
            if let Some(degree) = degrees.get_mut(end) {
                *degree += 1;
            }
        }
    }
    degrees
}

fn name_of<'a>(picture: &NetworkPicture<'a>, group: Group) -> &'a str {
    match group {
        Group::One(at) => picture.groups.get(at).map_or("?", String::as_str),
        Group::Several => "several",
        Group::NotStated => "not stated",
    }
}

/// Groups that have nodes, with how many, in the order of the groups.
fn used(picture: &NetworkPicture) -> Vec<(Group, usize)> {
    let mut groups: Vec<Group> = picture.nodes.iter().map(|node| node.group).collect();
    groups.sort_unstable();
    groups
        .chunk_by(|a, b| a == b)
        .map(|chunk| (chunk[0], chunk.len()))
        .collect()
}

fn crossings(picture: &NetworkPicture) -> [usize; 3] {
    let count = |across| {
        picture
            .links
            .iter()
            .filter(|link| link.across == across)
            .count()
    };
    [count(Some(true)), count(Some(false)), count(None)]
}

fn in_words(picture: &NetworkPicture, degree: &[usize]) -> String {
    let [across, inside, unknown] = crossings(picture);
    let mut text = format!(
        "A network of {} and {}. A link is a resemblance, not a contact.",
        counted(picture.nodes.len(), "programme"),
        counted(picture.links.len(), "link")
    );
    let groups = used(picture);
    let mut parts: Vec<String> = groups
        .iter()
        .take(NAMED)
        .map(|&(group, count)| format!("{} {count}", name_of(picture, group)))
        .collect();
    if groups.len() > NAMED {
        let rest = groups[NAMED..]
            .iter()
            .map(|(_, count)| count)
            .sum::<usize>();
        parts.push(format!("{} further groups {rest}", groups.len() - NAMED));
    }
    if !parts.is_empty() {
        let _ = write!(
            text,
            " Colour and shape show {}: {}.",
            picture.grouping,
            parts.join(", ")
        );
    }
    if !picture.links.is_empty() {
        let _ = write!(
            text,
            " Links across silos: {across}; inside a silo: {inside}; not to be judged: {unknown}."
        );
        let most: Vec<String> = by_degree(degree)
            .take(5)
            .map(|node| format!("{} ({})", picture.nodes[node].label, degree[node]))
            .collect();
        let _ = write!(text, " Most links: {}.", most.join(", "));
    }
    text
}

/// Nodes with links, the most linked first, ties by position.
fn by_degree(degree: &[usize]) -> impl Iterator<Item = usize> {
    let mut order: Vec<usize> = (0..degree.len()).filter(|&node| degree[node] > 0).collect();
    order.sort_by_key(|&node| (std::cmp::Reverse(degree[node]), node));
    order.into_iter()
}

/// Names of nodes where there is room, the most linked first.
fn labels(
    canvas: &mut Canvas,
    picture: &NetworkPicture,
    degree: &[usize],
    places: &[Option<[f64; 2]>],
    radius: f64,
) {
    let mut taken: Vec<[f64; 4]> = places
        .iter()
        .flatten()
        .map(|[x, y]| [x - radius, y - radius, x + radius, y + radius])
        .collect();
    let alone = (0..degree.len()).filter(|&node| degree[node] == 0);
    for node in by_degree(degree).chain(alone) {
        let Some([x, y]) = places[node] else { continue };
        let label = shortened(&picture.nodes[node].label, 28);
        let width = text_width(&label);
        let right = x + radius + 3.0;
        let left = x - radius - 3.0;
        for (from, edge, anchor) in [(right, right, "start"), (left, left - width, "end")] {
            let space = [edge, y - TEXT / 2.0, edge + width, y + TEXT / 2.0];
            let meets = |other: &[f64; 4]| {
                space[0] < other[2]
                    && other[0] < space[2]
                    && space[1] < other[3]
                    && other[1] < space[3]
            };
            if edge < 4.0 || edge + width > LEFT + SIDE + 40.0 || taken.iter().any(meets) {
                continue;
            }
            taken.push(space);
            // A halo keeps the text apart from links; not every program knows `paint-order`.
            let look = format!("font-size=\"11\" text-anchor=\"{anchor}\"");
            let halo = format!("{look} stroke=\"#FFFFFF\" stroke-width=\"3\"");
            canvas.text([from, y + 4.0], &label, &halo);
            canvas.text([from, y + 4.0], &label, &look);
            break;
        }
    }
}

fn legend(canvas: &mut Canvas, picture: &NetworkPicture) {
    let x = LEFT + SIDE + 50.0;
    let mut y = TOP;
    canvas.text(
        [x, y],
        &shortened(picture.grouping, ROOM),
        "font-weight=\"bold\"",
    );
    let groups = used(picture);
    for &(group, count) in groups.iter().take(NAMED) {
        y += LINE;
        mark(canvas, [x + 8.0, y - 4.0], 7.0, group, "");
        let name = shortened(name_of(picture, group), ROOM - 6);
        canvas.text([x + 24.0, y], &format!("{name} ({count})"), "");
    }
    if groups.len() > NAMED {
        y += LINE;
        let rest = format!("and {} further groups", groups.len() - NAMED);
        canvas.text([x + 24.0, y], &rest, "");
    }
    y += 34.0;
    canvas.text([x, y], "Links (wider: more alike)", "font-weight=\"bold\"");
    let kinds = [Some(true), Some(false), None];
    let names = ["across silos", "inside a silo", "not to be judged"];
    for ((across, name), count) in kinds.into_iter().zip(names).zip(crossings(picture)) {
        y += LINE;
        line(canvas, [x, y - 4.0], [x + 18.0, y - 4.0], across, 0.7);
        canvas.text([x + 24.0, y], &format!("{name} ({count})"), "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(label: &str, x: f64, group: Group) -> Mark {
        Mark {
            label: label.to_owned(),
            x,
            y: 0.5,
            group,
        }
    }

    fn drawn(nodes: &[Mark], links: &[Link], groups: &[String]) -> Picture {
        let caption = Caption {
            id: "map",
            title: "A & B",
        };
        network(&NetworkPicture {
            caption,
            grouping: "issue",
            groups,
            nodes,
            links,
        })
    }

    #[test]
    fn a_picture_says_in_words_what_it_shows() {
        let groups = ["<HIV>".to_owned(), "cancer".to_owned()];
        let nodes = [
            node("A", 0.0, Group::One(0)),
            node("B", 0.5, Group::One(1)),
            node("C", 1.0, Group::NotStated),
        ];
        let link = |a, b, across| Link {
            a,
            b,
            score: 0.5,
            across,
        };
        let links = [link(0, 1, Some(true)), link(1, 2, None)];
        let picture = drawn(&nodes, &links, &groups);
        assert_eq!(
            picture.alternative,
            "A network of 3 programmes and 2 links. A link is a resemblance, not a contact. \
             Colour and shape show issue: <HIV> 1, cancer 1, not stated 1. Links across silos: 1; \
             inside a silo: 0; not to be judged: 1. Most links: B (2), A (1), C (1)."
        );
        assert!(
            picture
                .svg
                .contains("<title id=\"map-title\">A &amp; B</title>")
        );
        assert!(picture.svg.contains("&lt;HIV&gt; (1)"));
        assert!(!picture.svg.contains("<HIV>"));
        // Two links and three lines in the legend.
        assert_eq!(picture.svg.matches("<line ").count(), 5);
    }

    #[test]
    fn what_cannot_be_drawn_is_left_out() {
        let nodes = [
            node("A", f64::NAN, Group::One(9)),
            node("B", 0.5, Group::Several),
        ];
        let links = [Link {
            a: 0,
            b: 5,
            score: f64::NAN,
            across: None,
        }];
        let picture = drawn(&nodes, &links, &[]);
        assert!(!picture.svg.contains("NaN"));
        let empty = drawn(&[], &[], &[]);
        assert!(
            empty
                .alternative
                .starts_with("A network of 0 programmes and 0 links.")
        );
    }
}
