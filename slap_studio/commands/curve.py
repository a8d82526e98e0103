"""Gradient evaluations against the number of hidden latents, drawn on two logarithmic axes as an SVG."""

import math
from collections.abc import Iterator
from html import escape

from slap_studio.commands.comparison import Row

Line = dict[int, int]  # N → gradient evaluations

WIDTH, HEIGHT = 860, 420
LEFT, RIGHT, TOP, BOTTOM = 60, 340, 30, 50  # margins; the names of the lines stand on the right
# The light theme of design §7: inferred, observed, V, query, alarm, secondary.
COLOURS = ("#B45F00", "#0072B2", "#A8457F", "#00795a", "#C43E00", "#536170")
GROUND, GRID, TEXT = "#ffffff", "#d5dce3", "#17202a"


def by_length(rows: list[Row]) -> dict[str, Line]:
    """Gradient evaluations of every way of solving that was run at two sizes or more.

    Of the rows with one N the first counts: the evaluations do not depend on d.
    """
    lines: dict[str, Line] = {}
    for row in rows:
        if row["gradient_evaluations"] is not None:
            lines.setdefault(row["name"], {}).setdefault(row["n"], row["gradient_evaluations"])
    return {name: line for name, line in lines.items() if len(line) > 1}


def curve(lines: dict[str, Line]) -> str:
    """The SVG of lines by name, on a ground of its own so that it can be read on any page."""
    most_n = max((n for line in lines.values() for n in line), default=10)
    most_evaluations = max((count for line in lines.values() for count in line.values()), default=10)
    plot = _Plot(_decades(most_n), _decades(most_evaluations))
    parts = [*plot.axes()]
    heights = _apart([plot.place(*list(line.items())[-1])[1] for line in lines.values()])
    for index, ((name, line), height) in enumerate(zip(lines.items(), heights, strict=True)):
        parts += plot.line(name, line, COLOURS[index % len(COLOURS)], height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="Inter, system-ui, sans-serif" font-size="13" fill="{TEXT}">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="10" fill="{GROUND}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


class _Plot:
    """The plane of N and gradient evaluations, each from 1 over some powers of ten."""

    def __init__(self, decades_across: int, decades_up: int) -> None:
        self.decades_across, self.decades_up = decades_across, decades_up

    def place(self, n: int, evaluations: int) -> tuple[float, float]:
        """Where a point lies."""
        across, up = math.log10(n) / self.decades_across, math.log10(evaluations) / self.decades_up
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    def axes(self) -> Iterator[str]:
        """A line and a number at every power of ten, and what the axes are."""
        right, floor = WIDTH - RIGHT, HEIGHT - BOTTOM
        for power in range(self.decades_across + 1):
            x, _ = self.place(10**power, 1)
            yield f'<path d="M{x:.1f} {TOP}V{floor}" stroke="{GRID}"/>'
            yield f'<text x="{x:.1f}" y="{floor + 18}" text-anchor="middle">{10**power:,}</text>'
        for power in range(self.decades_up + 1):
            _, y = self.place(1, 10**power)
            yield f'<path d="M{LEFT} {y:.1f}H{right}" stroke="{GRID}"/>'
            yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:,}</text>'
        yield f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 12}" text-anchor="middle">hidden latents N</text>'
        yield f'<text x="{LEFT}" y="{TOP - 12}">gradient evaluations</text>'

    def line(self, name: str, line: Line, colour: str, height: float) -> Iterator[str]:
        """A line with a dot at every measured point, joined to its name at a height on the right."""
        points = [self.place(*point) for point in line.items()]
        track = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        yield f'<path d="M{track}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for x, y in points:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
        beside, (x, y) = WIDTH - RIGHT + 14, points[-1]
        yield f'<path d="M{x:.1f} {y:.1f}L{beside - 4} {height:.1f}" stroke="{colour}" opacity="0.4"/>'
        yield f'<text x="{beside}" y="{height + 4:.1f}" fill="{colour}">{escape(name)}</text>'


def _decades(most: int) -> int:
    """The first power of ten that holds the most, at least one."""
    return max(math.ceil(math.log10(most)), 1)


def _apart(heights: list[float], gap: float = 17.0) -> list[float]:
    """Heights of the names, moved down where they would touch the name above, then up from the bottom."""
    placed = dict.fromkeys(range(len(heights)), 0.0)
    above = -math.inf
    for index in sorted(placed, key=lambda each: heights[each]):
        above = placed[index] = max(heights[index], above + gap)
    spill = max(above - (HEIGHT - BOTTOM), 0.0) if heights else 0.0
    return [placed[index] - spill for index in range(len(heights))]
