"""The table of /rates: each currency against the US dollar, both ways, with the day's change.

Quotes come in as their source published them, in either direction (``KZT/USD = 0.00198`` from a ticker,
``USD/KZT = 505.05`` from a bank). All reckoning is in Decimal; rounding happens here, when a number is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.briefing import html
from bot.briefing.html import Html
from bot.catalogue import Catalogue
from bot.language import Tongue, capitalised
from bot.model import Button, Message, Quote

USD = "USD"
ONE = Decimal(1)

UP, DOWN = "▲", "▼"


@dataclass(frozen=True, slots=True)
class DollarRate:
    """What a quote says about ``currency``: the price of a dollar in it, its price in dollars, the change.

    ``change_percent`` is that of the dollar's price, so that ▲ means: the dollar became dearer.
    """

    currency: str
    per_dollar: Decimal
    in_dollars: Decimal
    change_percent: Decimal | None


def dollar_rate(quote: Quote) -> DollarRate | None:
    """Read a quote in either direction; None for one without the dollar, or with a value that is no price."""
    if not (quote.value.is_finite() and quote.value > 0) or USD not in (quote.base, quote.quote):
        return None
    if quote.base == USD:
        return DollarRate(quote.quote, quote.value, ONE / quote.value, quote.change_percent)
    return DollarRate(quote.base, ONE / quote.value, quote.value, _reversed_change(quote.change_percent))


def rates_table(
    quotes: Sequence[Quote],
    tongue: Tongue,
    catalogue: Catalogue,
    buttons: tuple[tuple[Button, ...], ...] = (),
) -> Message:
    """Word the table, a block for each quote in the order given; quotes without the dollar are left out."""
    priced = [(quote, rate) for quote in quotes if (rate := dollar_rate(quote))]
    if not priced:
        return Message(
            html.text(tongue.gettext("No exchange rates have come in yet. Try again in a minute."))
        )
    origins = {(quote.source, quote.as_of) for quote, _ in priced}
    rates = [rate for _, rate in priced]
    one_origin = len(origins) == 1
    blocks = [_block(rate, rates, tongue, catalogue, None if one_origin else quote) for quote, rate in priced]
    heading = html.joined(" ", (html.text("💱"), html.bold(html.text(tongue.gettext("Exchange rates")))))
    footer = _origin(priced[0][0], tongue) if one_origin else html.EMPTY

    def assemble(shown: Iterable[Html], _: int) -> Html:
        return html.joined("\n\n", (heading, *shown, footer))

    return Message(html.fitting(blocks, assemble), buttons)


def presentable(value: Decimal) -> Decimal:
    """Round to what people read: two decimals from 10 up, four from 1 up, five significant digits below.

    Zeros that carry nothing are dropped, but from 1 up two decimals stay: 505.05, 3.50, 9.5782, 0.00198.
    """
    places = 2 if value >= 10 else 4 if value >= 1 else 4 - value.adjusted()
    shown = round(value, places).normalize()
    exponent = shown.as_tuple().exponent
    too_short = isinstance(exponent, int) and exponent > -2 and shown >= 1
    return shown.quantize(Decimal("0.01")) if too_short else shown


def rate_line(rate: DollarRate, others: Sequence[DollarRate], tongue: Tongue) -> str:
    """Write the price of a dollar and its change, so that the changes of ``others`` stand below each other."""
    width = max(len(_price_of_dollar(other, tongue)) for other in (rate, *others))
    return f"{_price_of_dollar(rate, tongue):{width}}  {_change(rate.change_percent, tongue)}".rstrip()


def _block(
    rate: DollarRate,
    others: Sequence[DollarRate],
    tongue: Tongue,
    catalogue: Catalogue,
    origin: Quote | None,
) -> Html:
    name = capitalised(catalogue.currency_name(rate.currency, tongue.code))
    flag = currency_flag(rate.currency, catalogue)
    lines = (
        html.joined(" ", (html.text(flag), html.bold(html.text(name)))),
        html.code(rate_line(rate, others, tongue)),
        html.code(f"1 {rate.currency} = {tongue.number(presentable(rate.in_dollars))} USD"),
        _origin(origin, tongue) if origin else html.EMPTY,
    )
    return html.joined("\n", lines)


def currency_flag(code: str, catalogue: Catalogue) -> str:
    """Give the flag of the country whose currency this is, or nothing."""
    countries = (currency.country for currency in catalogue.currencies if currency.code == code)
    return catalogue.flag(next(countries, None) or "")


def _price_of_dollar(rate: DollarRate, tongue: Tongue) -> str:
    return f"1 USD = {tongue.number(presentable(rate.per_dollar))} {rate.currency}"


def _change(percent: Decimal | None, tongue: Tongue) -> str:
    if percent is None:
        return ""
    rounded = round(percent, 2)
    if rounded == 0:
        return f"±{tongue.percent(Decimal(0))}"
    return f"{UP if rounded > 0 else DOWN} {tongue.percent(abs(rounded))}"


def _origin(quote: Quote, tongue: Tongue) -> Html:
    return html.italic(html.text(f"{html.one_line(quote.source)} · {tongue.date(quote.as_of)}"))


def _reversed_change(percent: Decimal | None) -> Decimal | None:
    """Turn the change of a value into the change of its reciprocal: −50 % becomes +100 %."""
    if percent is None or percent <= -100:
        return None
    return (ONE / (ONE + percent / 100) - ONE) * 100
