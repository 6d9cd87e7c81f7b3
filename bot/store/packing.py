"""Articles and rates as the bytes that Redis keeps, and back: msgpack, short field names, defaults left out.

A field that is missing has its default, so old records stay readable when the model grows. Chats are packed in
:mod:`bot.store.chat_record`.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgpack

from bot.errors import StoreCorrupted
from bot.model import Article, Fixing, Quote, RateMove, Tag


def unpacked(packed: bytes, kind: type) -> Any:
    """What msgpack makes of the bytes, if it is of that kind. Raises TypeError and msgpack's own errors."""
    value = msgpack.unpackb(packed)
    if not isinstance(value, kind):
        raise TypeError(f"not a {kind.__name__}")
    return value


def pack_article(article: Article) -> bytes:
    """An article as it is kept once, for every list that names it.

    Scripts read and write some of these letters, too: append_article.lua ``e``, ``p`` and ``z``, fold_article.lua
    ``s``, ``c``, ``o``, ``p`` and ``z``. ``l``, where and with which tags the log names the article, is theirs alone.
    Nothing in here may be bytes: Redis' own msgpack cannot read those. So a move is text.
    """
    fields: dict[str, Any] = {
        "i": article.id,
        "t": article.title,
        "u": article.link,
        "p": int(article.published.timestamp() * 1000),
        "s": article.source,
        "x": article.summary,
        "c": list(article.countries),
        "o": list(article.topics),
        "m": article.image_url,
        "z": list(article.sources),
        "e": int(article.corrected.timestamp() * 1000) if article.corrected else None,
    }
    if article.move:
        fields["r"] = json.dumps(_move_fields(article.move))
    packed: bytes = msgpack.packb({name: value for name, value in fields.items() if value})
    return packed


def unpack_article(packed: bytes) -> Article:
    """The reverse of :func:`pack_article` (aliases are keys of their own and do not come back)."""
    try:
        fields = unpacked(packed, dict)
        return Article(
            id=fields["i"],
            title=fields.get("t", ""),
            link=fields.get("u"),
            published=datetime.fromtimestamp(fields["p"] / 1000, UTC),
            source=fields.get("s", ""),
            summary=fields.get("x", ""),
            countries=tuple(map(Tag, fields.get("c", ()))),
            topics=tuple(map(Tag, fields.get("o", ()))),
            image_url=fields.get("m"),
            sources=tuple(fields.get("z", ())),
            corrected=datetime.fromtimestamp(fields["e"] / 1000, UTC) if "e" in fields else None,
            move=_logged_move(fields["r"]) if "r" in fields else None,
        )
    except (ValueError, ArithmeticError, KeyError, TypeError, msgpack.UnpackException) as error:
        raise StoreCorrupted(f"a stored article cannot be read: {error!r}") from error


def pack_quote(quote: Quote) -> bytes:
    """A quote; decimals travel as text, so that no digit is lost."""
    packed: bytes = msgpack.packb(_quote_fields(quote))
    return packed


def unpack_quote(packed: bytes) -> Quote:
    """The reverse of :func:`pack_quote`. Raises StoreCorrupted."""
    try:
        return _quote(*unpacked(packed, list))
    except _QUOTE_ERRORS as error:
        raise StoreCorrupted(f"a stored rate cannot be read: {error!r}") from error


def pack_fixing(fixing: Fixing) -> bytes:
    """A source's last word."""
    previous = _quote_fields(fixing.previous) if fixing.previous else None
    packed: bytes = msgpack.packb([_quote_fields(fixing.quote), fixing.format, previous])
    return packed


def unpack_fixing(packed: bytes) -> Fixing:
    """The reverse of :func:`pack_fixing`. Raises StoreCorrupted."""
    try:
        quote, source_format, previous = unpacked(packed, list)
        return Fixing(_quote(*quote), source_format, _quote(*previous) if previous else None)
    except _QUOTE_ERRORS as error:
        raise StoreCorrupted(f"a stored rate cannot be read: {error!r}") from error


def pack_move(move: RateMove) -> bytes:
    """A move of a rate."""
    packed: bytes = msgpack.packb(_move_fields(move))
    return packed


def unpack_move(packed: bytes) -> RateMove:
    """The reverse of :func:`pack_move`. Raises StoreCorrupted."""
    try:
        return _move(unpacked(packed, list))
    except _QUOTE_ERRORS as error:
        raise StoreCorrupted(f"a stored rate cannot be read: {error!r}") from error


def _move_fields(move: RateMove) -> list[Any]:
    return [_quote_fields(move.new), _quote_fields(move.old) if move.old else None, move.credit]


def _move(fields: list[Any]) -> RateMove:
    new, old, *credit = fields
    return RateMove(_quote(*new), _quote(*old) if old else None, *credit)


def _logged_move(packed: str | bytes) -> RateMove:
    """The move of a log entry; bytes are those of an earlier version, in the log for as long as it is kept."""
    return unpack_move(packed) if isinstance(packed, bytes) else _move(json.loads(packed))


_QUOTE_ERRORS = (ValueError, ArithmeticError, TypeError, msgpack.UnpackException)


def _quote_fields(quote: Quote) -> list[str | None]:
    change = None if quote.change_percent is None else str(quote.change_percent)
    return [quote.base, quote.quote, str(quote.value), quote.as_of.isoformat(), quote.source, change]


def _quote(base: str, quote: str, value: str, as_of: str, source: str, change: str | None) -> Quote:
    return Quote(
        base=base,
        quote=quote,
        value=Decimal(value),
        as_of=date.fromisoformat(as_of),
        source=source,
        change_percent=None if change is None else Decimal(change),
    )
