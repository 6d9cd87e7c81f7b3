"""From histories against the dollar to a chart of any pair: which way round, which days, the words around it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from babel.units import format_unit

from bot.briefing import html
from bot.briefing.changes import percent_between
from bot.briefing.chart import ChartOrder
from bot.briefing.html import Html
from bot.briefing.rate_alerts import PRICED_IN_DOLLARS
from bot.briefing.rates_table import DOWN, UP, credit_lines, presentable
from bot.catalogue import Catalogue
from bot.language import Tongue, capitalised
from bot.model import Button, Message, Quote
from bot.rate_choice import USD

History = tuple[tuple[date, Decimal], ...]

YEAR = 365


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


def chart_order(
    history: History, base: str, against: str, days: int, used: Sequence[Quote], tongue: Tongue
) -> ChartOrder:
    """The picture: title, history, and where it comes from."""
    sources = " · ".join(dict.fromkeys(html.shortened(html.one_line(quote.source), 60) for quote in used))
    return ChartOrder(
        history,
        f"1 {base} → {against} · {period_words(days, tongue)}",
        against,
        f"{sources} · {tongue.date(history[-1][0])}",
    )


def period_words(days: int, tongue: Tongue) -> str:
    """Name a period: "30 days", "1 year"."""
    number, unit = (1, "duration-year") if days == YEAR else (days, "duration-day")
    return format_unit(number, unit, locale=tongue.locale)


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
    change = round(percent_between(first, last), 2)
    moved = f"{UP if change > 0 else DOWN if change < 0 else '±'} {tongue.percent(abs(change))}"
    rate = f"1 {base} = {tongue.number(presentable(last))} {order.unit}"
    names = (capitalised(catalogue.currency_name(code, tongue.code)) for code in (base, order.unit))
    lowest = min(order.history, key=lambda point: point[1])
    highest = max(order.history, key=lambda point: point[1])
    lines = (
        html.joined(" ", (html.text("📈"), html.bold(html.text(rate)))),
        html.text(" → ".join(names)),
        html.text(f"{period_words(days, tongue)}: {moved}"),
        _extreme(tongue.gettext("Lowest: {value}, {date}"), lowest, tongue),
        _extreme(tongue.gettext("Highest: {value}, {date}"), highest, tongue),
        html.italic(html.text(order.footer)),
        credit_lines(credits),
    )
    return Message(html.joined("\n", lines), buttons)


def _extreme(phrase: str, point: tuple[date, Decimal], tongue: Tongue) -> Html:
    day, value = point
    return html.text(phrase.format(value=tongue.number(presentable(value)), date=tongue.date(day)))
