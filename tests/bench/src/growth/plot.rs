//! Cost against size, both on scales where each step is ten times the one before.

use std::fmt::Write;

use crate::table::grouped;

/// A plot of several lines.
pub(crate) struct Plot {
    pub(crate) title: String,
    /// What is on the horizontal axis.
    pub(crate) across: &'static str,
    pub(crate) series: Vec<Series>,
}

/// One line: a name and points of size and cost.
pub(crate) struct Series {
    pub(crate) name: &'static str,
    pub(crate) points: Vec<(usize, i64)>,
}

/// The width and height of the text, and of the drawing, with the room beside it.
const TEXT: (usize, usize) = (64, 16);
const DRAWN: (f64, f64) = (560.0, 320.0);
const MARGIN: (f64, f64) = (70.0, 40.0);
const LEGEND: f64 = 150.0;

/// Told apart by everybody (Okabe and Ito).
const COLOURS: [&str; 7] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000",
];

impl Plot {
    /// The plot as characters: each line is drawn with its own letter, `*` where several meet.
    pub(crate) fn text(&self) -> String {
        let (width, height) = TEXT;
        let mut grid = vec![vec![' '; width]; height];
        for (letter, series) in ('a'..).zip(&self.series) {
            for point in &series.points {
                let (x, y) = self.place(*point, size(width - 1), size(height - 1));
                let cell = &mut grid[height - 1 - index(y)][index(x)];
                *cell = if *cell == ' ' { letter } else { '*' };
            }
        }
        let (lowest, highest) = self.costs();
        let mut text = format!("{}\n", self.title);
        for (row, line) in grid.iter().enumerate() {
            let label = match row {
                0 => grouped(highest),
                row if row + 1 == height => grouped(lowest),
                _ => String::new(),
            };
            let line: String = line.iter().collect();
            let _ = writeln!(text, "{label:>10} |{}", line.trim_end());
        }
        let (first, last) = self.sizes();
        let room = width - grouped(first).len();
        let _ = writeln!(text, "{:>10} +{}", "", "-".repeat(width));
        let _ = writeln!(
            text,
            "{:>12}{}{:>room$}  {}",
            "",
            grouped(first),
            grouped(last),
            self.across
        );
        for (letter, series) in ('a'..).zip(&self.series) {
            let _ = writeln!(text, "{letter:>12} {}", series.name);
        }
        text
    }

    /// The plot as a drawing.
    pub(crate) fn svg(&self) -> String {
        let ((width, height), (left, top)) = (DRAWN, MARGIN);
        let (whole, bottom) = (left + width + LEGEND, top + height);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {}\" \
             font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n\
             <title>{title} against {across}</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
             <text x=\"{left}\" y=\"20\" font-size=\"14\">{title}</text>\n\
             <path d=\"M{left} {top}V{bottom}H{}\" fill=\"none\" stroke=\"#888\"/>\n",
            bottom + 40.0,
            left + width,
            title = self.title,
            across = self.across,
        );
        self.scale(&mut svg);
        for (index, series) in self.series.iter().enumerate() {
            self.line(&mut svg, index, series);
        }
        svg + "</svg>\n"
    }

    /// The powers of ten on both axes.
    fn scale(&self, svg: &mut String) {
        let ((width, height), (left, top)) = (DRAWN, MARGIN);
        let bottom = top + height;
        let ((first, last), (lowest, highest)) = (self.sizes(), self.costs());
        for power in (0..10).map(|power| 10_i64.pow(power)) {
            let size = usize::try_from(power).unwrap_or(usize::MAX);
            let (x, y) = self.place((size, power), width, height);
            if (first..=last).contains(&size) {
                let _ = writeln!(
                    svg,
                    "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>",
                    left + x,
                    bottom + 16.0,
                    grouped(size)
                );
            }
            if (lowest..=highest).contains(&power) {
                let _ = writeln!(
                    svg,
                    "<path d=\"M{left} {y:.0}h{width}\" stroke=\"#ddd\"/>\
                     <text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>",
                    left - 6.0,
                    bottom - y + 4.0,
                    grouped(power),
                    y = bottom - y,
                );
            }
        }
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>",
            left + width,
            bottom + 32.0,
            self.across
        );
    }

    fn line(&self, svg: &mut String, index: usize, series: &Series) {
        let ((width, height), (left, top)) = (DRAWN, MARGIN);
        let colour = COLOURS[index % COLOURS.len()];
        let place = |point: &(usize, i64)| {
            let (x, y) = self.place(*point, width, height);
            format!("{:.1},{:.1}", left + x, top + height - y)
        };
        let points: Vec<String> = series.points.iter().map(place).collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\
             <text x=\"{:.0}\" y=\"{}\" fill=\"{colour}\">{}</text>",
            points.join(" "),
            left + width + 12.0,
            60 + 18 * index,
            series.name
        );
    }

    fn sizes(&self) -> (usize, usize) {
        let sizes = self
            .series
            .iter()
            .flat_map(|it| &it.points)
            .map(|point| point.0);
        (sizes.clone().min().unwrap_or(1), sizes.max().unwrap_or(1))
    }

    /// The least and the most cost, widened to powers of ten.
    fn costs(&self) -> (i64, i64) {
        let costs = self
            .series
            .iter()
            .flat_map(|it| &it.points)
            .map(|point| point.1.max(1));
        let (least, most) = (costs.clone().min().unwrap_or(1), costs.max().unwrap_or(1));
        let below = 10_i64.pow(least.ilog10());
        let above = 10_i64.pow(most.ilog10());
        (below, if above == most { above } else { above * 10 })
    }

    /// Where a point lies, from the lower left.
    fn place(&self, (size_of, cost): (usize, i64), width: f64, height: f64) -> (f64, f64) {
        let ((first, last), (lowest, highest)) = (self.sizes(), self.costs());
        let across = share(size(size_of), size(first), size(last));
        let up = share(whole(cost.max(1)), whole(lowest), whole(highest));
        (across * width, up * height)
    }
}

/// How far a figure lies between two others, each step being ten times the one before.
fn share(figure: f64, least: f64, most: f64) -> f64 {
    if most <= least {
        return 0.0;
    }
    (figure.log10() - least.log10()) / (most.log10() - least.log10())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a place on paper needs few digits"
)]
fn size(figure: usize) -> f64 {
    figure as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a place on paper needs few digits"
)]
fn whole(figure: i64) -> f64 {
    figure as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places are small and to the right of zero"
)]
fn index(place: f64) -> usize {
    place.round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot() -> Plot {
        let series = |name, points: [(usize, i64); 2]| Series {
            name,
            points: points.to_vec(),
        };
        Plot {
            title: "rows of one request".to_owned(),
            across: "tickets",
            series: vec![
                series("flat", [(1000, 10), (1_000_000, 10)]),
                series("steep", [(1000, 10), (1_000_000, 10_000)]),
            ],
        }
    }

    #[test]
    fn what_does_not_grow_stays_on_the_ground() {
        let text = plot().text();
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines[1].starts_with("    10,000 |") && lines[1].ends_with('b'),
            "{text}"
        );
        assert!(
            lines[16].starts_with("        10 |*") && lines[16].ends_with('a'),
            "{text}"
        );
    }

    #[test]
    fn a_drawing_has_a_line_for_each_series() {
        let svg = plot().svg();
        assert_eq!(svg.matches("<polyline").count(), 2);
        assert!(svg.contains("points=\"70.0,360.0 630.0,40.0\""), "{svg}");
    }
}
