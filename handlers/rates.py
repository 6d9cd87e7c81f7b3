"""/rates [CODE …]: currencies against the US dollar, both ways; unnamed, the region's five. Below: what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.briefing import html
from bot.briefing.chart_order import usual_pair
from bot.briefing.rates_table import credits_for, rates_table
from bot.errors import UserError
from bot.model import Button, Message, Quote
from bot.rate_choice import USD, foreign
from handlers.buttons import OfferAlert, PickCurrency, Purpose, SendConversion, ShowChart, Tap, encode
from handlers.keyboards import in_rows
from handlers.request import Request
from handlers.services import Services
from handlers.wording import as_typed

REGION = ("KGS", "KZT", "TJS", "UZS", "TMT")
EXAMPLE = "/rates KZT EUR"
CHART_DAYS = 30
MOST_PICKED = 10
"""So many codes fit behind a button."""


async def rates(request: Request, services: Services) -> Message:
    """Show the table."""
    quotes = await services.rates.latest()
    codes = [code for code in REGION if code in quotes]
    if request.args:
        codes = [read_currency(word, request, services, EXAMPLE) for word in request.args.split()]
        missing = next((code for code in codes if code not in quotes and code != USD), None)
        if missing:
            phrase = request.tongue.gettext("No rate of {code} has come in yet. For example: {example}")
            raise UserError(phrase.format(code=missing, example=EXAMPLE))
    # The dollar is what all are measured by: who asks for it alone gets the usual table.
    codes = [code for code in codes if code != USD] or [code for code in REGION if code in quotes]
    shown = [quotes[code] for code in dict.fromkeys(codes)]
    return rates_table(
        shown,
        request.tongue,
        services.catalogue,
        _next_steps([foreign(quote) for quote in shown], request),
        today=request.now.date(),
        credits=await credits_of(shown, services),
    )


async def pick_currency(tap: PickCurrency, request: Request, services: Services) -> Message:
    """Ask of which currency, where the table has several."""
    codes = [code for code in tap.codes.split(",") if code in await services.rates.latest()]
    title = request.tongue.gettext("Which currency?")
    buttons = [Button(code, data=encode(_step(tap.purpose, code))) for code in codes]
    return Message(html.bold(html.text(title)), in_rows(buttons, 5))


async def credits_of(quotes: Iterable[Quote], services: Services) -> Sequence[str]:
    """What the sources of these quotes want to be named with."""
    return credits_for(quotes, await services.rates.credits())


def read_currency(word: str, request: Request, services: Services, example: str) -> str:
    """Give the code of the currency that a word names. Raises UserError for any other word."""
    _ = request.tongue.gettext
    names = services.currency_names
    if code := names.find(word, request.tongue.code):
        return code
    suggestions = names.suggest(word)
    if suggestions:
        phrase = _("I know no currency called “{detail}”. Did you mean {codes}? For example: {example}")
    else:
        phrase = _("I know no currency called “{detail}”. For example: {example}")
    raise UserError(phrase.format(detail=as_typed(word), codes=", ".join(suggestions), example=example))


_LABELS = {Purpose.CONVERT: "🔄", Purpose.CHART: "📈", Purpose.ALERT: "🔔"}


def _next_steps(codes: Sequence[str], request: Request) -> tuple[tuple[Button, ...], ...]:
    """Convert, chart, alert: at once where the table has one currency, else after asking of which."""
    if not codes:
        return ()
    _ = request.tongue.gettext
    words = {Purpose.CONVERT: _("Convert"), Purpose.CHART: _("Chart"), Purpose.ALERT: _("Alert")}
    listed = ",".join(codes[:MOST_PICKED])

    def step(purpose: Purpose) -> Tap:
        return _step(purpose, codes[0]) if len(codes) == 1 else PickCurrency(purpose, listed)

    return (
        tuple(
            Button(f"{sign} {words[purpose]}", data=encode(step(purpose)))
            for purpose, sign in _LABELS.items()
        ),
    )


def _step(purpose: Purpose, code: str) -> Tap:
    match purpose:
        case Purpose.CONVERT:
            return SendConversion(Decimal(100), USD, code)
        case Purpose.CHART:
            return ShowChart(*usual_pair(code), CHART_DAYS)
        case Purpose.ALERT:
            return OfferAlert(code)
