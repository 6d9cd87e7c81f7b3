"""A source's entry → an article: tagged, summarised, under a short id and the identities that it must not
repeat.

The worker calls :func:`to_article` for every entry of a poll. How a summary is made is a parameter, because
the room that does it well (``briefing``) and this one do not know each other; :func:`first_sentences` is the
plain way.
"""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import blake2b

from bot.datelines import split_dateline
from bot.model import Article, FeedEntry, Tag
from bot.sources.links import canonical_link
from bot.sources.outline import Outline
from bot.sources.sources_file import NewsSource
from bot.tagging import Tagger

Summarise = Callable[[str, str], str]
"""Title and plain text of a story → a few whole sentences."""

_LONGEST_TITLE = 300
_SUMMARY = 300
_TITLE_FROM_TEXT = 90
_SENTENCE = re.compile(r".+?(?:[.!?…]+[\"”»’)\]]*(?=\s+[\"“«(\[]?[^\W\d_a-zа-яё]|\s*$)|$)", re.DOTALL)
_ABBREVIATION = re.compile(
    r"\b(?:[A-ZА-Я]|Dr|Mr|Mrs|Ms|St|No|Gen|Sen|Gov|Prof|vs|Jan|Feb|Aug|Sept|Oct|Nov|Dec|г|ул)\.$"
)


def is_story(entry: Outline) -> bool:
    """Whether there is anything to show a reader: a headline, or words to make one of."""
    return bool(entry.title or entry.whole().text)


def to_article(
    entry: FeedEntry, source: NewsSource, tagger: Tagger, now: datetime, summarise: Summarise | None = None
) -> Article:
    """The article of an entry for which :func:`is_story` holds; undated ones are as old as ``now``."""
    title = entry.title or opening_words(entry.text)
    tags = tagger.tag(title, entry.text, entry.categories)
    identities = identities_of(entry, source.name)
    return Article(
        id=identities[0],
        title=title if len(title) <= _LONGEST_TITLE else opening_words(title, _LONGEST_TITLE - 1),
        link=entry.link,
        published=entry.published or now,
        source=source.name,
        summary=(summarise or first_sentences)(title, entry.text),
        countries=_merged(tags.countries, source.countries),
        topics=_merged(tags.topics, source.topics),
        image_url=entry.image_url,
        aliases=identities,
        said=said_by(entry, entry.raw_mark),
    )


def said_by(entry: FeedEntry, raw_mark: str) -> str:
    """Sixteen letters and digits of what the source says: eight of the plain words, eight of how they came.

    The first half changes when a person would see a change; the second is had without reading the entry whole.
    """
    return entry.said[:8] + raw_mark


def first_sentences(title: str, text: str, limit: int = _SUMMARY) -> str:
    """The first whole sentences of ``text``, about ``limit`` characters; the dateline and a repeated title go."""
    text = " ".join(split_dateline(text)[1].split())
    if title and text.startswith(title):
        text = text[len(title) :].lstrip(" .:—–-")
    summary = ""
    for sentence in _sentences(text[: limit * 4]):
        if summary and len(summary) + 1 + len(sentence) > limit:
            break
        summary = f"{summary} {sentence}".strip()
    return summary if len(summary) <= limit * 1.5 else opening_words(summary, limit)


def opening_words(text: str, limit: int = _TITLE_FROM_TEXT) -> str:
    """As many whole words as fit into ``limit`` characters, with an ellipsis if that is not all of them."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line.rfind(" ", limit // 2, limit)
    return line[: cut if cut > 0 else limit - 1].rstrip(" ,;:—–-") + "…"


def _sentences(text: str) -> Iterable[str]:
    """Sentences in their order; a dot after "Dr" or an initial does not end one."""
    pending = ""
    for match in _SENTENCE.finditer(text):
        pending += match[0]
        if not _ABBREVIATION.search(pending):
            yield pending.strip()
            pending = ""
    if pending.strip():
        yield pending.strip()


def identities_of(entry: Outline, source: str) -> tuple[str, ...]:
    """Hashes of the entry's identity and of its canonical link; the first is the article's id.

    A guid that is no address means something within its own source only, so the source's name goes in.
    """
    worldwide = entry.identity.startswith(("http://", "https://", "urn:", "tag:"))
    keys = [canonical_link(entry.identity) if entry.identity.startswith("http") else entry.identity]
    if not worldwide:
        keys = [f"{source}\n{entry.identity}"]
    if entry.link:
        keys.append(canonical_link(entry.link))
    return tuple(dict.fromkeys(map(short_hash, keys)))


def short_hash(text: str) -> str:
    """Twelve letters and digits (56 bits): one chance in a million of a clash among 370,000 stories."""
    return (
        b32encode(blake2b(text.encode("utf-8", "replace"), digest_size=7).digest())
        .decode()
        .rstrip("=")
        .lower()
    )


def _merged(found: tuple[Tag, ...], given: tuple[Tag, ...]) -> tuple[Tag, ...]:
    return tuple(dict.fromkeys((*found, *given)))
