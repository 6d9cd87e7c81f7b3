"""The answer to /convert: what an amount comes to, and by which rates of which day; or what was wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest

from bot.briefing import html
from bot.briefing.conversion import Conversion, ConversionProblem, Trouble
from bot.briefing.digits import money
from bot.briefing.html import Html
from bot.briefing.rates_table import credit_lines, dollar_rate, origin_line, rate_line
from bot.catalogue import Catalogue
from bot.language import N_, Tongue, capitalised
from bot.model import Button, Message, Quote

EXAMPLE = "/convert 100 USD KZT"

_PROBLEMS: Mapping[Trouble, str] = {
    Trouble.EMPTY: N_("How much of what, in which currency? For example: {example}"),
    Trouble.TOO_FEW: N_("I need an amount and two currencies. For example: {example}"),
    Trouble.TOO_MANY: N_("One amount and two currencies at a time, please. For example: {example}"),
    Trouble.NOT_A_NUMBER: N_("“{detail}” is no number to me. For example: {example}"),
    Trouble.NEGATIVE: N_("The amount must be more than zero. For example: {example}"),
    Trouble.ZERO: N_("The amount must be more than zero. For example: {example}"),
    Trouble.TOO_LARGE: N_("There isn’t that much money in the world. For example: {example}"),
    Trouble.UNKNOWN_CURRENCY: N_("I know no currency called “{detail}”. For example: {example}"),
    Trouble.SAME_CURRENCY: N_("{detail} in {detail} stays what it is. For example: {example}"),
    Trouble.NO_RATE: N_("No rate of {detail} has come in yet. For example: {example}"),
}


def conversion_card(
    conversion: Conversion,
    tongue: Tongue,
    catalogue: Catalogue,
    buttons: tuple[tuple[Button, ...], ...] = (),
    credits: Iterable[str] = (),
    *,
    today: date | None = None,
) -> Message:
    """Word what an amount comes to, and the quotes that were used; ``credits`` are texts that their sources ask for.

    By ``today`` old quotes are marked with their age.
    """
    asked = conversion.request
    result = (
        f"{tongue.number(money(asked.amount))} {asked.base} = "
        f"{tongue.number(money(conversion.result))} {asked.quote}"
    )
    name = capitalised(catalogue.currency_name(asked.quote, tongue.code))
    heading = html.joined(" ", (html.text("💱"), html.bold(html.text(result))))
    rates = html.joined("\n", _used(conversion.used, tongue, today))
    parts = (html.joined("\n", (heading, html.text(name))), rates, credit_lines(credits))
    return Message(html.joined("\n\n", parts), buttons)


def conversion_problem(problem: ConversionProblem, tongue: Tongue) -> str:
    """Say in one line what was wrong, with an example that works."""
    if problem.trouble is Trouble.UNKNOWN_CURRENCY and problem.suggestions:
        phrase = tongue.gettext(
            "I know no currency called “{detail}”. Did you mean {codes}? For example: {example}"
        )
    else:
        phrase = tongue.gettext(_PROBLEMS[problem.trouble])
    codes = ", ".join(problem.suggestions)
    detail = html.shortened(html.one_line(problem.detail), 40)
    return phrase.format(detail=detail, codes=codes, example=EXAMPLE)


def _used(quotes: Sequence[Quote], tongue: Tongue, today: date | None) -> Iterator[Html]:
    """Each rate and where it comes from; two from one place and day name it once."""
    for quote, following in zip_longest(quotes, quotes[1:]):
        if rate := dollar_rate(quote):  # always: what convert() used has the dollar on one side, and a price
            yield html.code(rate_line(rate, (), tongue))
        if following is None or (following.source, following.as_of) != (quote.source, quote.as_of):
            yield origin_line(quote, tongue, today)
