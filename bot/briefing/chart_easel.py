"""The drawing of a rate's history, with matplotlib.

An :class:`Easel` is a figure that is set up once and then only gets new numbers and words: twice as fast as a new
figure for each chart, and nothing is left for the garbage collector. matplotlib is used by its object interface
(pyplot keeps every figure in a global list) and imported by the first drawing, for that takes half a second.
The picture brings its own calm background, so that it looks the same in light and dark chats.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from bot.briefing.changes import percent_between
from bot.briefing.chart_axis import date_ticks
from bot.briefing.chart_home import settle_matplotlib
from bot.briefing.rates_table import presentable
from bot.language import Tongue

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon
    from matplotlib.text import Annotation, Text

_INCHES, _DPI = (6.0, 4.0), 200  # 1200 × 800
_LEFT, _RIGHT = 0.045, 0.965  # the margins of everything, in parts of the width
_FLOOR, _HEIGHT, _GUTTER = 0.17, 0.515, 0.02  # of the plot; between it and its figures
# In points. A phone shows the picture at a third of its size: what is 13 here is 11 there.
_TITLE, _PRICE, _CHANGE, _SMALL, _FOOTER = 14, 29, 18, 13, 10
_PAPER, _INK, _SOFT, _FAINT, _GRID = "#f7f5f0", "#22313f", "#4f5d69", "#626d77", "#e3dfd6"
_LINE, _UP, _DOWN = "#1f6f8b", "#2e8b57", "#c0504d"
_MANY_POINTS = 120  # from here on a thick line would hide its own turns
_CHARTS_REMEMBERED = 50
"""matplotlib keeps the width of every text that a canvas ever showed, up to 4,096: some 4 kB a chart."""
_NEARLY_A_YEAR = 330  # days; from here on a day without its year could be two days

History = Sequence[tuple[date, Decimal]]


@dataclass(frozen=True, slots=True)
class _Words:
    title: Text
    price: Text
    change: Text
    footer: Text


@dataclass(frozen=True, slots=True)
class _Mark:
    """The ring on the lowest or highest day, and what stands beside it."""

    ring: Line2D
    note: Annotation


@dataclass(frozen=True, slots=True)
class _Plot:
    axes: Axes
    area: Polygon
    line: Line2D
    last: Line2D
    lowest: _Mark
    highest: _Mark


class Easel:
    """A figure to draw on again and again, by one thread at a time."""

    def __init__(self) -> None:
        self._drawn = 0

    def draw(self, history: History, title: str, unit: str, footer: str, tongue: Tongue) -> bytes:
        """Draw a history that is not empty, oldest day first; PNG."""
        self._drawn += 1
        if self._drawn % _CHARTS_REMEMBERED == 0:
            _forget_widths(self._canvas)
        self._write(history, title, unit, footer, tongue)
        self._trace(history)
        self._mark_extremes(history, tongue)
        self._scale(history, tongue)
        picture = io.BytesIO()
        self._figure.savefig(picture, format="png")
        return picture.getvalue()

    @cached_property
    def _canvas(self) -> FigureCanvasAgg:
        settle_matplotlib()
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        return FigureCanvasAgg(Figure(figsize=_INCHES, dpi=_DPI, facecolor=_PAPER))

    @property
    def _figure(self) -> Figure:
        return self._canvas.figure

    @cached_property
    def _words(self) -> _Words:
        def place(y: float, color: str, weight: str = "normal") -> Text:
            # A dollar sign starts no formula here.
            return self._figure.text(_LEFT, y, "", color=color, weight=weight, parse_math=False)

        return _Words(
            place(0.915, _SOFT), place(0.775, _INK, "bold"), place(0.775, _FAINT, "bold"), place(0.03, _FAINT)
        )

    @cached_property
    def _plot(self) -> _Plot:
        from matplotlib.patches import Polygon

        axes = self._figure.add_axes((_LEFT, _FLOOR, 0.82, _HEIGHT), facecolor=_PAPER)
        axes.set_autoscale_on(False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.grid(axis="y", color=_GRID, linewidth=1)
        axes.set_axisbelow(True)
        axes.yaxis.tick_right()
        axes.tick_params(length=0, labelsize=_SMALL, labelcolor=_FAINT, pad=6)
        area = Polygon([(0, 0)], facecolor=_LINE, alpha=0.10, linewidth=0)
        axes.add_patch(area)
        (line,) = axes.plot([], [], color=_LINE, solid_joinstyle="round", clip_on=False)
        (last,) = axes.plot([], [], "o", color=_LINE, markersize=6, clip_on=False)
        return _Plot(axes, area, line, last, _new_mark(axes, above=False), _new_mark(axes, above=True))

    def _write(self, history: History, title: str, unit: str, footer: str, tongue: Tongue) -> None:
        """Title, the last value, how far it is from the first one, and where it comes from."""
        first, last = history[0][1], history[-1][1]
        change = percent_between(first, last)
        mark, color = ("▲", _UP) if change > 0 else ("▼", _DOWN) if change < 0 else ("•", _FAINT)
        self._fit(self._words.title, title, _TITLE)
        end = self._fit(self._words.price, f"{tongue.number(presentable(last))} {unit}", _PRICE)
        self._words.change.set_x(end + 0.03)
        self._words.change.set_color(color)
        self._fit(self._words.change, f"{mark} {tongue.percent(round(abs(change), 2))}", _CHANGE)
        self._fit(self._words.footer, footer, _FOOTER)

    def _fit(self, text: Text, words: str, size: float) -> float:
        """Set the words, smaller if they would not fit; give the x (in parts of the width) where they end."""
        text.set_text(_drawable(words))
        text.set_fontsize(size)
        x, room = text.get_position()[0], _RIGHT - text.get_position()[0]
        width = text.get_window_extent().width / self._figure.bbox.width
        if width > room:
            text.set_fontsize(size * room / width)
        return x + min(width, room)

    def _trace(self, history: History) -> None:
        """The curve, the area under it, and the frame of numbers that they lie in."""
        days, values = [day.toordinal() for day, _ in history], [float(value) for _, value in history]
        low, high, span = min(values), max(values), days[-1] - days[0]
        room = (high - low) * 0.25 or high * 0.01  # for what is written at the extremes
        plot = self._plot
        plot.axes.set_ylim(low - room, high + room)
        plot.axes.set_xlim(days[0] - (0 if span else 1), days[-1] + (span * 0.015 or 1))
        plot.area.set_xy([(days[0], low - room), *zip(days, values, strict=True), (days[-1], low - room)])
        plot.line.set_data(days, values)
        plot.line.set_linewidth(2.2 if len(days) <= _MANY_POINTS else 1.5)
        plot.last.set_data(days[-1:], values[-1:])

    def _mark_extremes(self, history: History, tongue: Tongue) -> None:
        """Mark the lowest and the highest day, unless all days are alike."""
        lowest = min(history, key=lambda point: point[1])
        highest = max(history, key=lambda point: point[1])
        long = (history[-1][0] - history[0][0]).days >= _NEARLY_A_YEAR
        for mark, (day, value) in ((self._plot.lowest, lowest), (self._plot.highest, highest)):
            at = (day.toordinal(), float(value))
            mark.ring.set_data([at[0]], [at[1]])
            mark.note.xy = at
            when = tongue.date(day) if long else tongue.day(day)
            mark.note.set_text(_drawable(f"{tongue.number(presentable(value))} · {when}"))
            mark.note.set_horizontalalignment(_edge(at[0], self._plot.axes.get_xlim(), 0.24))
            mark.ring.set_visible(lowest[1] != highest[1])
            mark.note.set_visible(lowest[1] != highest[1])

    def _scale(self, history: History, tongue: Tongue) -> None:
        """Dates below, and a few round numbers at the right, all with as many decimals as they need."""
        from matplotlib.ticker import MaxNLocator

        axes = self._plot.axes
        # Between the extremes only: what is written above and below them is not struck through.
        low, high = (float(pick(value for _, value in history)) for pick in (min, max))
        if low == high:
            low, high = axes.get_ylim()
        places = MaxNLocator(nbins=4, min_n_ticks=3).tick_values(low, high)
        marks = [Decimal(f"{place:.10g}") for place in places if low <= place <= high]
        decimals = max(-int(mark.normalize().as_tuple().exponent) for mark in marks)
        figures = [_drawable(tongue.number(round(mark, max(decimals, 0)))) for mark in marks]
        axes.set_yticks([float(mark) for mark in marks], figures)
        widest = max(label.get_window_extent().width for label in axes.get_yticklabels())
        width = _RIGHT - _GUTTER - _LEFT - widest / self._figure.bbox.width
        axes.set_position((_LEFT, _FLOOR, width, _HEIGHT))
        ticks = date_ticks(history[0][0], history[-1][0], tongue)
        axes.set_xticks([tick.day.toordinal() for tick in ticks], [_drawable(tick.label) for tick in ticks])
        for tick, label in zip(ticks, axes.get_xticklabels(), strict=True):
            label.set_horizontalalignment(_edge(tick.day.toordinal(), axes.get_xlim(), 0.06))


def _forget_widths(canvas: FigureCanvasAgg) -> None:
    """Drop what matplotlib remembers of the texts that this canvas showed.

    There is no public way, and a new canvas costs more memory than the widths do: its 4 MB leave holes behind. A
    version of matplotlib that remembers otherwise only grows a little.
    """
    from matplotlib import text

    remembered = getattr(text, "_get_text_metrics_function", None)
    if remembered:
        remembered(canvas.get_renderer()).cache_clear()  # type: ignore[no-untyped-call]


def _new_mark(axes: Axes, *, above: bool) -> _Mark:
    (ring,) = axes.plot([], [], "o", color=_PAPER, mec=_INK, ms=5.5, mew=1.5, clip_on=False)
    note = axes.annotate(
        "",
        (0, 0),
        (0, 9 if above else -9),
        textcoords="offset points",
        va="bottom" if above else "top",
        size=_SMALL,
        color=_INK,
        parse_math=False,
        annotation_clip=False,
    )
    return _Mark(ring, note)


def _edge(at: float, limits: tuple[float, float], margin: float) -> Literal["left", "center", "right"]:
    """How words at this place of the axis stand: within ``margin`` (a part of it) of an end they turn inwards."""
    place = (at - limits[0]) / (limits[1] - limits[0])
    return "left" if place < margin else "right" if place > 1 - margin else "center"


def _drawable(words: str) -> str:
    """What the font can draw: no flags, and a plain space for each of the many kinds."""
    plain = "".join(" " if letter.isspace() else letter for letter in words)
    return "".join(letter for letter in plain if ord(letter) < 0x10000 and letter.isprintable())
