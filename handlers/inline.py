"""Inline mode: ``@bot kzt``, ``@bot 100 usd kzt``, ``@bot kazakhstan``, ``@bot gas pipeline`` in any chat.

In come the words and the offset that Telegram hands back for the next page; out go results, each a title with a flag
or picture and the message that is sent when it is chosen. Nothing here knows who asks in which chat.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from babel.numbers import get_decimal_symbol

from bot.briefing import html
from bot.briefing.cards import flags, story_card
from bot.briefing.conversion import ConversionProblem, ConversionRequest, convert, read_request
from bot.briefing.conversion_card import conversion_card
from bot.briefing.rates_table import dollar_rate, rate_line, rates_table
from bot.model import Article, Message, Page, Quote, Tag
from bot.store.search import search_words
from handlers.rates import REGION, credits_of
from handlers.request import Request
from handlers.search import MOST_BYTES
from handlers.services import Services

STORIES_PER_PAGE = 20
RATES_CACHE_S = 300
STORIES_CACHE_S = 60
LONGEST_DESCRIPTION = 120


@dataclass(frozen=True, slots=True)
class Result:
    """A line in the list above the input field: ``id`` is unique within the list."""

    id: str
    title: str
    description: str
    message: Message
    thumbnail_url: str | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results; ``next_offset`` comes back with the request for the next, empty is the end."""

    results: tuple[Result, ...]
    next_offset: str = ""
    cache_s: int = STORIES_CACHE_S


async def inline(request: Request, offset: str, services: Services) -> Results:
    """Find what was meant: an amount, a currency, a country or topic, else words. Nothing typed: what is new."""
    start = int(offset) if offset.isdigit() and len(offset) < 7 else 0
    rates: tuple[Result, ...] = () if start else await _rates(request, services)
    if rates and request.args:
        return Results(rates, cache_s=RATES_CACHE_S)
    page = await _stories(request, start, services)
    stories = tuple(_story(article, request, services) for article in page.articles)
    end = start + STORIES_PER_PAGE
    return Results((*rates, *stories), str(end) if end < page.total else "")


async def _stories(request: Request, start: int, services: Services) -> Page:
    tag = services.catalogue.find_tag(request.args) if request.args else None
    if tag is not None or not request.args or _names_the_region(request.args, services):
        return await services.articles.latest(tag, offset=start, limit=STORIES_PER_PAGE)
    words = search_words(request.args, MOST_BYTES)
    if not words:
        return Page((), start, 0)
    return await services.search.find(words, offset=start, limit=STORIES_PER_PAGE)


def _names_the_region(words: str, services: Services) -> bool:
    found: frozenset[Tag] = frozenset(services.catalogue.read(words).found)
    return found == frozenset(services.catalogue.region)


def _story(article: Article, request: Request, services: Services) -> Result:
    card = story_card(article, request.tongue, services.catalogue, request.now)
    title = f"{flags(article, services.catalogue)} {html.one_line(article.title or article.source)}".strip()
    age = request.tongue.age(article.published, request.now)
    picture = article.image_url if article.image_url and html.is_web_address(article.image_url) else None
    return Result(
        f"s{article.id}",
        html.shortened(title, 200),
        html.shortened(f"{html.one_line(article.source)} · {age}", LONGEST_DESCRIPTION),
        card,
        picture,
    )


async def _rates(request: Request, services: Services) -> tuple[Result, ...]:
    """Give the rates or the conversion that the words ask for; without words, the region's table."""
    if not request.args:
        quotes = await services.rates.latest()
        shown = [quotes[code] for code in REGION if code in quotes]
        return (await _table(shown, request, services),) if shown else ()
    code = services.currency_names.find(request.args, request.tongue.code)
    if code is not None:
        quotes = await services.rates.latest()
        return (await _one_rate(quotes[code], request, services),) if code in quotes else ()
    if not any(char.isdigit() for char in request.args) and " " not in request.args:
        return ()
    asked = read_request(
        request.args,
        services.currency_names,
        language=request.tongue.code,
        decimal_sign=get_decimal_symbol(request.tongue.locale),
    )
    if isinstance(asked, ConversionProblem):
        return ()
    quotes = await services.rates.latest()
    both = [await _converted(one, quotes.values(), request, services) for one in (asked, asked.swapped)]
    return tuple(result for result in both if result is not None)


async def _table(quotes: Sequence[Quote], request: Request, services: Services) -> Result:
    title = "💱 " + request.tongue.gettext("Exchange rates")
    codes = ", ".join(rate.currency for quote in quotes if (rate := dollar_rate(quote)))
    return Result("rates", title, codes, await _rates_message(quotes, request, services))


async def _one_rate(quote: Quote, request: Request, services: Services) -> Result:
    rate = dollar_rate(quote)
    line = rate_line(rate, (), request.tongue) if rate else quote.source
    code = rate.currency if rate else quote.quote
    name = services.catalogue.currency_name(code, request.tongue.code)
    return Result(f"r{code}", f"💱 {line}", name, await _rates_message([quote], request, services))


async def _rates_message(quotes: Sequence[Quote], request: Request, services: Services) -> Message:
    credits = await credits_of(quotes, services)
    return rates_table(quotes, request.tongue, services.catalogue, today=request.now.date(), credits=credits)


async def _converted(
    asked: ConversionRequest, quotes: Iterable[Quote], request: Request, services: Services
) -> Result | None:
    conversion = convert(asked, quotes)
    if isinstance(conversion, ConversionProblem):
        return None
    credits = await credits_of(conversion.used, services)
    card = conversion_card(
        conversion, request.tongue, services.catalogue, credits=credits, today=request.now.date()
    )
    title = html.plain(card.html).partition("\n")[0]
    name = services.catalogue.currency_name(asked.quote, request.tongue.code)
    return Result(f"c{asked.base}{asked.quote}", title, name, card)
