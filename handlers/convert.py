"""/convert 100 USD KZT: an amount in another currency, as people write amounts and name money; and the way back."""

from __future__ import annotations

from babel.numbers import get_decimal_symbol

from bot.briefing.conversion import ConversionProblem, ConversionRequest, convert, read_request
from bot.briefing.conversion_card import conversion_card, conversion_problem
from bot.errors import UserError
from bot.model import Button, Message
from handlers.buttons import Convert, SendConversion, encode
from handlers.rates import credits_of
from handlers.request import Edit, Request
from handlers.services import Services


async def convert_typed(request: Request, services: Services) -> Message:
    """Convert what was typed."""
    asked = read_request(
        request.args,
        services.currency_names,
        language=request.tongue.code,
        decimal_sign=get_decimal_symbol(request.tongue.locale),
    )
    if isinstance(asked, ConversionProblem):
        raise UserError(conversion_problem(asked, request.tongue))
    return await _converted(asked, request, services)


async def convert_tapped(tap: Convert, request: Request, services: Services) -> Edit:
    """Convert the same amount the other way round, in place."""
    return Edit(await _converted(ConversionRequest(tap.amount, tap.base, tap.quote), request, services))


async def convert_beside(tap: SendConversion, request: Request, services: Services) -> Message:
    """Convert as a message of its own; from below the rates."""
    return await _converted(ConversionRequest(tap.amount, tap.base, tap.quote), request, services)


async def _converted(asked: ConversionRequest, request: Request, services: Services) -> Message:
    quotes = await services.rates.latest()
    conversion = convert(asked, quotes.values())
    if isinstance(conversion, ConversionProblem):
        raise UserError(conversion_problem(conversion, request.tongue))
    return conversion_card(
        conversion,
        request.tongue,
        services.catalogue,
        _swap_button(asked),
        await credits_of(conversion.used, services),
        today=request.now.date(),
    )


def _swap_button(asked: ConversionRequest) -> tuple[tuple[Button, ...], ...]:
    swapped = asked.swapped
    try:
        data = encode(Convert(swapped.amount, swapped.base, swapped.quote))
    except ValueError:  # an amount of dozens of digits does not fit behind a button
        return ()
    return ((Button(f"🔄 {swapped.base} → {swapped.quote}", data=data),),)
