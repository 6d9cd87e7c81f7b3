"""Search in the articles of the retention: every word typed must begin a word of the title or summary.

Each process that answers people keeps the folded texts in memory (a few hundred bytes an article), reads what is new
at each search, and looks through all of them in milliseconds; an index in Redis would cost ten times the memory of
the articles themselves. Beginnings of words match, because in our languages words change at their end.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress

from bot.errors import StoreUnavailable
from bot.model import Article, Page
from bot.store import keys
from bot.store.articles import Articles
from bot.store.connect import Database

_APOSTROPHES = re.compile("['’‘ʻʼ`´]")
"""Within words: people leave them out, or type another one, when they search."""

READ_AT_ONCE = 100
MOST_WORDS = 6
SHORTEST_WORD = 2


class Search:
    """The articles of the retention, searchable."""

    def __init__(self, database: Database, articles: Articles) -> None:
        self._database = database
        self._articles = articles
        self._texts: dict[str, str] = {}
        self._state: tuple[int, object] = (0, None)
        self._reading = asyncio.Lock()

    async def warm(self) -> None:
        """Read all articles before anybody searches, if Redis is there."""
        with suppress(StoreUnavailable):
            async with self._reading:
                await self._refresh()

    async def find(self, words: Sequence[str], *, offset: int, limit: int) -> Page:
        """The articles that have all these (folded) words, newest first. Raises StoreUnavailable."""
        async with self._reading:
            await self._refresh()
        found = [
            article_id
            for article_id, text in self._texts.items()
            if all(f" {word}" in text for word in words)
        ]
        shown = await self._articles.get(found[offset : offset + limit])
        return Page([article for article in shown if article], offset, len(found))

    async def _refresh(self) -> None:
        """Read what is new, if anything is; texts stay in the order of /latest."""
        listed = keys.latest(keys.EVERYTHING)
        total, newest = await self._database.run_many([("ZCARD", listed), ("ZREVRANGE", listed, 0, 0)])
        state = (int(total), newest[0] if newest else None)
        if state == self._state:
            return
        ids = [member.decode() for member in await self._database.run(("ZREVRANGE", listed, 0, -1))]
        texts = {article_id: self._texts.get(article_id, "") for article_id in ids}
        missing = [article_id for article_id in ids if not texts[article_id]]
        for at in range(0, len(missing), READ_AT_ONCE):
            for article in await self._articles.get(missing[at : at + READ_AT_ONCE]):
                if article:
                    texts[article.id] = searchable(article)
        self._texts, self._state = texts, state


def searchable(article: Article) -> str:
    """An article's words, each with a space before it."""
    return " " + " ".join(folded_words(f"{article.title} {article.summary}"))


def folded_words(text: str) -> list[str]:
    """Words without case, accents and punctuation: ``Oʻzbekiston, Türkmen`` → ``ozbekiston``, ``turkmen``."""
    plain = _APOSTROPHES.sub("", text.casefold().replace("ё", "е"))
    decomposed = unicodedata.normalize("NFKD", plain)
    kept = (char if char.isalnum() else " " for char in decomposed if not unicodedata.combining(char))
    return "".join(kept).split()


def search_words(typed: str, most_bytes: int) -> tuple[str, ...]:
    """The words to look for, short enough that they fit behind a button together with spaces.

    Only beginnings of words are compared, so what is too long is shortened, the longest word first.
    """
    distinct = dict.fromkeys(word for word in folded_words(typed) if len(word) >= SHORTEST_WORD)
    words = list(distinct)[:MOST_WORDS]
    while words and len(" ".join(words).encode()) > most_bytes:
        longest = max(range(len(words)), key=lambda at: len(words[at].encode()))
        words[longest] = words[longest][:-1]
    return tuple(word for word in words if word)
