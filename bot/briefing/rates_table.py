"""The table of /rates: each currency against the US dollar, both ways, with the day's change.

Quotes come in as their source published them, in either direction (``KZT/USD = 0.00198`` from a ticker,
``USD/KZT = 505.05`` from a bank). All reckoning is in Decimal; rounding happens here, when a number is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.briefing import html
from bot.briefing.digits import money, readable_lot
from bot.briefing.html import Html
from bot.catalogue import Catalogue
from bot.language import Tongue, capitalised
from bot.model import Button, Message, Quote
from bot.rate_choice import OFFICIAL_PEG, USD

ONE = Decimal(1)
SMALLEST_LOT = 100
"""One unit of a currency of which a hundred make a dime is worth no line."""

OLD_AFTER_DAYS = 3
"""From here on a quote is marked with its age: a weekend is shorter."""

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
    *,
    today: date | None = None,
    credits: Iterable[str] = (),
) -> Message:
    """Word the table, a block for each quote in the order given; quotes without the dollar are left out.

    By ``today`` old quotes are marked with their age; ``credits`` are texts that sources ask for.
    """
    priced = [(quote, rate) for quote in quotes if (rate := dollar_rate(quote))]
    if not priced:
        return Message(
            html.text(tongue.gettext("No exchange rates have come in yet. Try again in a minute."))
        )
    origins = {(quote.source, quote.as_of) for quote, _ in priced}
    rates = [rate for _, rate in priced]
    one_origin = len(origins) == 1
    few = len(priced) == 1
    blocks = [
        _block(
            rate,
            rates,
            tongue,
            catalogue,
            html.EMPTY if one_origin else origin_line(quote, tongue, today),
            few,
        )
        for quote, rate in priced
    ]
    heading = html.joined(" ", (html.text("💱"), html.bold(html.text(tongue.gettext("Exchange rates")))))
    footer = origin_line(priced[0][0], tongue, today) if one_origin else html.EMPTY
    thanks = credit_lines(credits)

    def assemble(shown: Iterable[Html], _: int) -> Html:
        return html.joined("\n\n", (heading, *shown, footer, thanks))

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
    return f"{_price_of_dollar(rate, tongue):{width}}  {change_words(rate.change_percent, tongue)}".rstrip()


def _block(
    rate: DollarRate,
    others: Sequence[DollarRate],
    tongue: Tongue,
    catalogue: Catalogue,
    origin: Html,
    lots: bool,
) -> Html:
    name = capitalised(catalogue.currency_name(rate.currency, tongue.code))
    flag = currency_flag(rate.currency, catalogue)
    lines = (
        html.joined(" ", (html.text(flag), html.bold(html.text(name)))),
        html.code(rate_line(rate, others, tongue)),
        html.code(f"1 {rate.currency} = {tongue.number(presentable(rate.in_dollars))} USD"),
        _lot(rate, tongue) if lots else html.EMPTY,
        origin,
    )
    return html.joined("\n", lines)


def currency_flag(code: str, catalogue: Catalogue) -> str:
    """Give the flag of the country whose currency this is, or nothing."""
    countries = (currency.country for currency in catalogue.currencies if currency.code == code)
    return catalogue.flag(next(countries, None) or "")


def _price_of_dollar(rate: DollarRate, tongue: Tongue) -> str:
    return f"1 USD = {tongue.number(presentable(rate.per_dollar))} {rate.currency}"


def change_words(percent: Decimal | None, tongue: Tongue) -> str:
    """Say a change: "▲ 0.31%", "±0%"; nothing where it is not known."""
    if percent is None:
        return ""
    rounded = round(percent, 2)
    if rounded == 0:
        return f"±{tongue.percent(Decimal(0))}"
    return f"{UP if rounded > 0 else DOWN} {tongue.percent(abs(rounded))}"


def _lot(rate: DollarRate, tongue: Tongue) -> Html:
    """The price of a round number of units, where that of one is a string of zeros."""
    lot = readable_lot(rate.in_dollars)
    if lot < SMALLEST_LOT:
        return html.EMPTY
    return html.code(
        f"{tongue.number(lot)} {rate.currency} = {tongue.number(money(rate.in_dollars * lot))} USD"
    )


def source_name(quote: Quote, tongue: Tongue) -> str:
    """What a source is called; a peg is labelled as one in the reader's language."""
    return tongue.gettext("official peg") if quote.source == OFFICIAL_PEG else html.one_line(quote.source)


def credits_for(quotes: Iterable[Quote], credits: Mapping[str, str]) -> tuple[str, ...]:
    """What the sources of these quotes want to be named with; ``credits`` are such texts by source."""
    sources = dict.fromkeys(quote.source for quote in quotes)
    return tuple(credits[source] for source in sources if source in credits)


def credit_lines(credits: Iterable[str]) -> Html:
    """The texts that sources ask for."""
    return html.joined("\n", (html.italic(html.text(html.one_line(text))) for text in credits))


def origin_line(quote: Quote, tongue: Tongue, today: date | None) -> Html:
    """Say whose word a quote is and of which day; one that is OLD_AFTER_DAYS or older is marked with its age."""
    words = f"{source_name(quote, tongue)} · {tongue.date(quote.as_of)}"
    days = (today - quote.as_of).days if today else 0
    if days >= OLD_AFTER_DAYS:
        words += " · " + tongue.ngettext("{count} day old", "{count} days old", days).format(
            count=tongue.number(days)
        )
    return html.italic(html.text(words))


def _reversed_change(percent: Decimal | None) -> Decimal | None:
    """Turn the change of a value into the change of its reciprocal: −50 % becomes +100 %."""
    if percent is None or percent <= -100:
        return None
    return (ONE / (ONE + percent / 100) - ONE) * 100
