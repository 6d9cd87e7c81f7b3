"""/chart KZT [EUR] [7d|30d|90d|1y]: the history of a rate as a picture, with buttons for other periods."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import partial

from bot.briefing.chart_order import chart_caption, chart_order, pair_history, readable_way, usual_pair
from bot.errors import UserError
from bot.model import Button
from bot.rate_choice import USD
from handlers.buttons import ShowChart, TurnChart, encode
from handlers.keyboards import ticked
from handlers.rates import credits_of, read_currency
from handlers.request import EditPhoto, Photo, Request
from handlers.services import Services

EXAMPLE = "/chart KZT 90d"
PERIODS: Mapping[str, int] = {"7d": 7, "30d": 30, "90d": 90, "1y": 365}
USUAL_DAYS = 30
LONGEST_DAYS = 400
_PERIOD = re.compile(r"(\d{1,3})\s?([dwmyдн]|г)\b", re.IGNORECASE)
_DAYS = {"d": 1, "д": 1, "w": 7, "н": 7, "m": 30, "y": 365, "г": 365}
_JOINERS = re.compile(r"\b(?:vs|to|in|в|к)\b|[/→]", re.IGNORECASE)


async def chart(request: Request, services: Services) -> Photo:
    """Draw what was typed."""
    days, words = _read_period(request.args)
    codes = [read_currency(word, request, services, EXAMPLE) for word in _JOINERS.sub(" ", words).split()]
    if not 1 <= len(codes) <= 2 or not 1 <= days <= LONGEST_DAYS or codes == [USD] or codes[1:] == codes[:1]:
        phrase = request.tongue.gettext("Which currency, and over how long? For example: {example}")
        raise UserError(phrase.format(example=EXAMPLE))
    base, against = usual_pair(*codes)
    return await _photo(base, against, days, request, services)


async def show_chart(tap: ShowChart, request: Request, services: Services) -> Photo:
    """Draw it as a message of its own; from below the rates."""
    return await _photo(tap.base, tap.quote, tap.days, request, services)


async def turn_chart(tap: TurnChart, request: Request, services: Services) -> EditPhoto:
    """Show another period in the place of this one."""
    return EditPhoto(await _photo(tap.base, tap.quote, tap.days, request, services))


async def _photo(base: str, against: str, days: int, request: Request, services: Services) -> Photo:
    """The chart of how much ``against`` one ``base`` was. Raises UserError where there is no history."""
    quotes, tongue = await services.rates.latest(), request.tongue
    codes = [code for code in (base, against) if code != USD]
    used = [quotes[code] for code in codes if code in quotes]
    # A source that has been silent for a while is shown up to its last word, not as an empty picture.
    last_words = [quote.as_of for quote in used] or [request.now.date()]
    first, last = min(last_words) - dt.timedelta(days=days), max(last_words)
    per_dollar = {
        code: await services.history.read(code, quote.source, first, last)
        for code, quote in zip(codes, used, strict=False)
    }
    history = pair_history(per_dollar, base, against) if len(used) == len(codes) else ()
    if not history:
        code = next((code for code in codes if not per_dollar.get(code)), codes[0])
        phrase = tongue.gettext("There is no history of {code} yet. For example: {example}")
        raise UserError(phrase.format(code=code, example=EXAMPLE))
    if (way := readable_way(base, against, history[-1][1])) != (base, against):
        (base, against), history = way, pair_history(per_dollar, *way)
    order = chart_order(history, base, against, days, used, tongue, services.catalogue)
    key = order.content_key(tongue.code)
    credits = await credits_of(used, services)
    buttons = _buttons(base, against, days)
    return Photo(
        caption=chart_caption(order, base, days, credits, tongue, services.catalogue, buttons),
        file_id=await services.pictures.name_of(key),
        draw=partial(services.charts.draw, order, tongue),
        remember=partial(services.pictures.remember, key),
    )


def _read_period(args: str) -> tuple[int, str]:
    """The days that are asked for, and the other words."""
    match = _PERIOD.search(args)
    if not match:
        return USUAL_DAYS, args
    days = int(match[1]) * _DAYS[match[2].casefold()]
    return days, f"{args[: match.start()]} {args[match.end() :]}"


def _buttons(base: str, against: str, days: int) -> tuple[tuple[Button, ...], ...]:
    return (
        tuple(
            Button(ticked(label, length == days), data=encode(TurnChart(base, against, length)))
            for label, length in PERIODS.items()
        ),
    )
