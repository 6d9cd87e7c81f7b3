"""/rates [CODE …]: currencies against the US dollar, both ways; unnamed, the region's five."""

from __future__ import annotations

from collections.abc import Mapping

from bot.briefing.rates_table import USD, rates_table
from bot.errors import UserError
from bot.language import Tongue
from bot.model import Message, Quote
from handlers.request import Request
from handlers.services import Services
from handlers.wording import as_typed

REGION = ("KGS", "KZT", "TJS", "UZS", "TMT")
EXAMPLE = "/rates KZT EUR"


async def rates(request: Request, services: Services) -> Message:
    """Show the table."""
    quotes = await services.rates.latest()
    codes = [code for code in REGION if code in quotes]
    if request.args:
        codes = [_read_currency(word, quotes, request.tongue, services) for word in request.args.split()]
    shown = [quotes[code] for code in dict.fromkeys(codes) if code != USD]
    return rates_table(shown, request.tongue, services.catalogue)


def _read_currency(word: str, quotes: Mapping[str, Quote], tongue: Tongue, services: Services) -> str:
    """Give the code of a currency that has a quote. Raises UserError for any other word."""
    _ = tongue.gettext
    code = services.catalogue.find_currency(word) or word.upper()
    if code in quotes or code == USD:
        return code
    if services.catalogue.find_currency(word):
        phrase = _("No rate of {code} has come in yet. For example: {example}")
        raise UserError(phrase.format(code=code, example=EXAMPLE))
    raise UserError(
        _("I know no currency called “{word}”. For example: {example}").format(
            word=as_typed(word), example=EXAMPLE
        )
    )
