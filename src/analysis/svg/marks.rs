//! How nodes and links look.

use super::{COLOURS, Canvas, GREY, INK, PALE};

/// The group of a node, which gives its colour and shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The one at this position of [`super::NetworkPicture::groups`].
    One(usize),
    /// Several at once.
    Several,
    /// Nobody says.
    NotStated,
}

/// A link: dark across silos, pale inside one, dashed when it cannot be judged; wider for a higher
/// score.
pub(super) fn line(
    canvas: &mut Canvas,
    from: [f64; 2],
    to: [f64; 2],
    across: Option<bool>,
    score: f64,
) {
    let look = match across {
        Some(true) => format!("stroke=\"{INK}\""),
        Some(false) => format!("stroke=\"{PALE}\""),
        None => format!("stroke=\"{PALE}\" stroke-dasharray=\"4 3\""),
    };
    let width = 0.6
        + 2.0
            * if score.is_finite() {
                score.clamp(0.0, 1.0)
            } else {
                0.0
            };
    canvas.element(
        &format!(
            "line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke-width=\"{width:.1}\" {look}",
            from[0], from[1], to[0], to[1]
        ),
        "",
    );
}

/// Corners of the shapes that are not round, for a radius of 1.
const SHAPES: [&[[f64; 2]]; 7] = [
    &[[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
    &[[0.0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
    &[[0.0, -1.25], [1.25, 0.0], [0.0, 1.25], [-1.25, 0.0]],
    &[[0.0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
    &[
        [-0.4, -1.1],
        [0.4, -1.1],
        [0.4, -0.4],
        [1.1, -0.4],
        [1.1, 0.4],
        [0.4, 0.4],
        [0.4, 1.1],
        [-0.4, 1.1],
        [-0.4, 0.4],
        [-1.1, 0.4],
        [-1.1, -0.4],
        [-0.4, -0.4],
    ],
    &[
        [-0.55, -0.95],
        [0.55, -0.95],
        [1.1, 0.0],
        [0.55, 0.95],
        [-0.55, 0.95],
        [-1.1, 0.0],
    ],
    &[
        [0.0, -1.3],
        [0.35, -0.48],
        [1.24, -0.4],
        [0.56, 0.18],
        [0.76, 1.05],
        [0.0, 0.58],
        [-0.76, 1.05],
        [-0.56, 0.18],
        [-1.24, -0.4],
        [-0.35, -0.48],
    ],
];

/// A node: filled in the colour of its group, ringed when there are several, hollow when unknown.
pub(super) fn mark(canvas: &mut Canvas, at: [f64; 2], radius: f64, group: Group, hint: &str) {
    let [x, y] = at;
    let circle = |radius: f64| format!("circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"");
    let element = match group {
        Group::NotStated => format!(
            "{} fill=\"#FFFFFF\" stroke=\"{GREY}\" stroke-dasharray=\"2 2\"",
            circle(radius)
        ),
        Group::Several => format!(
            "{} fill=\"#FFFFFF\" stroke=\"{INK}\" stroke-width=\"3\"",
            circle(radius)
        ),
        Group::One(number) => {
            let colour = COLOURS[number % COLOURS.len()];
            // Seven colours and eight shapes have no common divisor: 56 pairs.
            let shape = match number % (SHAPES.len() + 1) {
                0 => circle(radius),
                shape => {
                    let points: Vec<String> = SHAPES[shape - 1]
                        .iter()
                        .map(|[dx, dy]| format!("{:.1},{:.1}", x + radius * dx, y + radius * dy))
                        .collect();
                    format!("polygon points=\"{}\"", points.join(" "))
                }
            };
            format!("{shape} fill=\"{colour}\" stroke=\"{INK}\"")
        }
    };
    canvas.element(&element, hint);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_differ_in_colour_and_shape() {
        let look = |group| {
            let mut canvas = Canvas { out: String::new() };
            mark(&mut canvas, [0.0, 0.0], 5.0, group, "");
            canvas.out
        };
        let mut looks: Vec<String> = (0..56).map(|number| look(Group::One(number))).collect();
        looks.extend([look(Group::Several), look(Group::NotStated)]);
        looks.sort();
        looks.dedup();
        assert_eq!(looks.len(), 58);
    }
}
