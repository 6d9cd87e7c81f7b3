"""The news desk: what a source's page says → stories that are new, tagged, told apart from those of other sources,
and stored once.

An entry that the store knows costs one look and nothing else: it is not even read whole. A new one is tagged and
summarised, then compared with what other sources told in the last seven days (:mod:`bot.duplicates`): a story that is
known is folded into the stored one, which names its source and is pushed to those only who were not owed it before. If
another worker stored something in between, the comparison is made once more, so that two workers never store the same
story twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import structlog

from bot.duplicates.buckets import buckets_of
from bot.duplicates.decision import is_same_story
from bot.duplicates.telling import Telling
from bot.model import Article, FeedEntry
from bot.sources.articles import Summarise, first_sentences, identities_of, said_by, to_article
from bot.sources.full_text import FullText
from bot.sources.links import canonical_link
from bot.sources.outline import Outline
from bot.sources.sources_file import NewsSource
from bot.store.articles import Articles, Near, Sifted, Sighting
from bot.store.tellings import Tellings, pack_telling
from bot.tagging import Tagger

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

MOST_NEW = 10_000
_AT_ONCE = 200  # stories that are read whole at a time: a page of ten thousand must not fill the memory
_LOOKS = 20  # so many workers would have to store something between our look and our word


@dataclass(slots=True)
class TakenIn:
    """What became of the entries of one page that were not known; so many were ``left_out`` as too many."""

    new: list[Article] = field(default_factory=list)
    corrected: list[Article] = field(default_factory=list)
    folded: list[Article] = field(default_factory=list)
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class _Story:
    """``shelves`` is where others that may be like it stand."""

    article: Article
    telling: Telling
    shelves: tuple[str, ...]
    sifted: Sifted


class NewsDesk:
    """Takes in what the worker has read."""

    def __init__(
        self,
        articles: Articles,
        tellings: Tellings,
        tagger: Tagger,
        now: Callable[[], datetime],
        *,
        summarise: Summarise = first_sentences,
        full_text: FullText | None = None,
    ) -> None:
        self._articles = articles
        self._tellings = tellings
        self._tagger = tagger
        self._now = now
        self._summarise = summarise
        self._full_text = full_text

    async def take_in(
        self, source: NewsSource, entries: Sequence[Outline], *, filled: bool, most_new: int = MOST_NEW
    ) -> TakenIn:
        """Store what is new, oldest first, of more than ``most_new`` the latest; before the source is ``filled``,
        nobody is owed it.

        Taking in the same page again changes nothing. Raises StoreUnavailable; then some may have been stored.
        """
        now, unknown = self._now(), await self._unknown(source, entries)
        unknown.sort(key=lambda story: story[0].published or now)
        told = [story for story in unknown if story[1].what != "edited"]
        taken = TakenIn(left_out=max(0, len(told) - most_new))
        too_many = {id(story) for story in told[: taken.left_out]}
        unknown = [story for story in unknown if id(story) not in too_many]
        for start in range(0, len(unknown), _AT_ONCE):
            # Pages are fetched for the newest only: a first fill of thousands is no reason to ask for thousands.
            pages = self._full_text if source.full_text and start + _AT_ONCE >= len(unknown) else None
            stories = await self._tell(source, unknown[start : start + _AT_ONCE], pages)
            for story in sorted(stories, key=lambda story: story.article.published):
                await self._keep(story, "append" if filled else "fill", taken)
        if taken.new or taken.corrected or taken.folded:
            log.info(
                "stories stored",
                source=source.name,
                new=len(taken.new),
                corrected=len(taken.corrected),
                told_before=len(taken.folded),
                pushed=filled,
            )
        return taken

    async def _unknown(self, source: NewsSource, entries: Sequence[Outline]) -> list[tuple[Outline, Sifted]]:
        """Those that the store does not know, or not like that."""
        unknown: list[tuple[Outline, Sifted]] = []
        for start in range(0, len(entries), _AT_ONCE):
            some = entries[start : start + _AT_ONCE]
            sifted = await self._articles.sift(await asyncio.to_thread(_sightings, source, some))
            unknown += [
                (entry, what) for entry, what in zip(some, sifted, strict=True) if what.what != "known"
            ]
        return unknown

    async def _tell(
        self, source: NewsSource, entries: Sequence[tuple[Outline, Sifted]], pages: FullText | None
    ) -> list[_Story]:
        """Tag and summarise, in a thread; with the words of the story's page, where the source allows that."""
        if not entries:
            return []
        read = await asyncio.to_thread(lambda: [entry.whole() for entry, _ in entries])
        said = [said_by(entry, outline.raw_mark) for entry, (outline, _) in zip(read, entries, strict=True)]
        if pages:
            read = await pages.completed(read, source.url)
        now = self._now()

        def story(entry: FeedEntry, words: str, sifted: Sifted) -> _Story:
            article = replace(to_article(entry, source, self._tagger, now, self._summarise), said=words)
            telling = _telling(article, entry)
            return _Story(article, telling, buckets_of(telling), sifted)

        def all_told() -> list[_Story]:
            return [
                story(entry, words, sifted)
                for entry, words, (_, sifted) in zip(read, said, entries, strict=True)
            ]

        return await asyncio.to_thread(all_told)

    async def _keep(self, story: _Story, how: Literal["append", "fill"], taken: TakenIn) -> None:
        if story.sifted.what == "edited":
            taken.corrected += (await self._articles.append([story.article])).changed
            return
        if story.sifted.what == "linked":
            known = story.sifted.known_id
            (told,) = await self._tellings.get([known])
            if told is None or is_same_story(story.telling, told):
                await self._fold(story.article, known, how, taken)
                return
            # Another issue at the same address: its own identity is all that tells it from the last one.
            story = replace(story, article=replace(story.article, aliases=(story.article.id,)))
        await self._keep_unlike(story, how, taken)

    async def _keep_unlike(self, story: _Story, how: Literal["append", "fill"], taken: TakenIn) -> None:
        """Fold a story into its like, or store it if it has none."""
        packed, shelves = pack_telling(story.telling), story.shelves
        for _ in range(_LOOKS):
            likes = await self._tellings.like(shelves)
            # A source that gives two entries means two stories.
            others = {
                key: told for key, told in likes.tellings.items() if told.source != story.telling.source
            }
            like = await asyncio.to_thread(_find_like, story.telling, others) if others else None
            if like is not None:
                await self._fold(story.article, like, how, taken)
                return
            near = Near(likes.edition, packed, shelves)
            became = await self._articles.append_unlike(story.article, how, near)
            if became != "again":
                break
        else:
            became = await self._articles.append_unlike(story.article, how, Near("", packed, shelves))
        if became == "new":
            taken.new.append(story.article)

    async def _fold(
        self, article: Article, into: str, how: Literal["append", "fill"], taken: TakenIn
    ) -> None:
        await self._articles.fold(article, into, how)
        taken.folded.append(article)


def _sightings(source: NewsSource, entries: Sequence[Outline]) -> list[Sighting]:
    identities = [identities_of(entry, source.name) for entry in entries]
    return [Sighting(ids[0], ids, entry.raw_mark) for ids, entry in zip(identities, entries, strict=True)]


def _find_like(telling: Telling, others: dict[str, Telling]) -> str | None:
    """The first that tells the same story."""
    return next((key for key, other in others.items() if is_same_story(telling, other)), None)


def _telling(article: Article, entry: FeedEntry) -> Telling:
    """The article as it is compared with others: with all that the source says."""
    page = canonical_link(entry.link) if entry.link else ""
    return Telling(
        article.title,
        entry.text or article.summary,
        page,
        article.published,
        article.countries,
        article.topics,
        article.source,
    )
