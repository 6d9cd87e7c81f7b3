"""From histories against the dollar to a chart of any pair: which way round, which days, the words around it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from bot.briefing import html
from bot.briefing.changes import percent_between
from bot.briefing.chart import ChartOrder
from bot.briefing.html import Html
from bot.briefing.rate_alerts import PRICED_IN_DOLLARS
from bot.briefing.rates_table import change_words, credit_lines, presentable
from bot.catalogue import Catalogue
from bot.language import Tongue, capitalised
from bot.model import Button, Message, Quote
from bot.rate_choice import USD

History = tuple[tuple[date, Decimal], ...]

YEAR = 365
_NEARLY = Decimal("0.7")
"""A period of which so much is there may keep its name: weekends and holidays lie at its ends."""


def usual_pair(code: str, other: str = USD) -> tuple[str, str]:
    """How people say a pair: (USD, KZT) is tenge for a dollar, but (EUR, USD) dollars for a euro."""
    if USD in (code, other):
        foreign = other if code == USD else code
        return (foreign, USD) if foreign in PRICED_IN_DOLLARS else (USD, foreign)
    return other, code


def pair_history(per_dollar: Mapping[str, History], base: str, against: str) -> History:
    """How much ``against`` one ``base`` was on each day on which either was fixed, once both were."""
    legs = {code: dict(per_dollar.get(code, ())) for code in (base, against) if code != USD}
    last: dict[str, Decimal] = {USD: Decimal(1)}
    points = []
    for day in sorted({day for leg in legs.values() for day in leg}):
        last |= {code: leg[day] for code, leg in legs.items() if day in leg and leg[day] > 0}
        if base in last and against in last:
            points.append((day, last[against] / last[base]))
    return tuple(points)


def readable_way(base: str, against: str, last: Decimal) -> tuple[str, str]:
    """The pair so that its price is no string of zeros: lira for a euro, not euros for a lira.

    ``last`` is how much ``against`` one ``base`` is. Pairs with the dollar stay: people know those by heart.
    """
    return (against, base) if last < 1 and USD not in (base, against) else (base, against)


def chart_order(
    history: History,
    base: str,
    against: str,
    days: int,
    used: Sequence[Quote],
    tongue: Tongue,
    catalogue: Catalogue,
) -> ChartOrder:
    """The picture: title, history, and where it comes from."""
    sources = " · ".join(dict.fromkeys(html.shortened(html.one_line(quote.source), 60) for quote in used))
    return ChartOrder(
        history,
        f"{pair_words(base, against, tongue, catalogue)} · {period_words(covered(history, days), tongue)}",
        against,
        f"{sources} · {tongue.date(history[-1][0])}",
    )


def pair_words(base: str, against: str, tongue: Tongue, catalogue: Catalogue) -> str:
    """Name a pair: "US Dollar → Kazakhstani Tenge"."""
    return " → ".join(capitalised(catalogue.currency_name(code, tongue.code)) for code in (base, against))


def covered(history: History, days: int) -> int:
    """The days to name a chart of ``days`` by: fewer, where history begins later than the period does."""
    there = (history[-1][0] - history[0][0]).days
    return days if there >= days * _NEARLY else max(there, 1)


def period_words(days: int, tongue: Tongue) -> str:
    """Name a period: "30 days", "1 year"."""
    if days == YEAR:
        return tongue.gettext("1 year")
    return tongue.ngettext("{count} day", "{count} days", days).format(count=tongue.number(days))


def chart_caption(
    order: ChartOrder,
    base: str,
    days: int,
    credits: Iterable[str],
    tongue: Tongue,
    catalogue: Catalogue,
    buttons: tuple[tuple[Button, ...], ...],
) -> Message:
    """What stands below the picture, for those who cannot see it, and for searching."""
    first, last = order.history[0][1], order.history[-1][1]
    period = period_words(covered(order.history, days), tongue)
    rate = f"1 {base} = {tongue.number(presentable(last))} {order.unit}"
    lowest = min(order.history, key=lambda point: point[1])
    highest = max(order.history, key=lambda point: point[1])
    extremes = [
        _extreme(tongue.gettext("Lowest: {value}, {date}"), lowest, tongue),
        _extreme(tongue.gettext("Highest: {value}, {date}"), highest, tongue),
    ]
    lines = (
        html.joined(" ", (html.text("📈"), html.bold(html.text(rate)))),
        html.text(pair_words(base, order.unit, tongue, catalogue)),
        html.text(f"{period}: {change_words(percent_between(first, last), tongue)}"),
        *(extremes if lowest[1] != highest[1] else ()),
        html.italic(html.text(order.footer)),
        credit_lines(credits),
    )
    return Message(html.joined("\n", lines), buttons)


def _extreme(phrase: str, point: tuple[date, Decimal], tongue: Tongue) -> Html:
    day, value = point
    return html.text(phrase.format(value=tongue.number(presentable(value)), date=tongue.date(day)))
