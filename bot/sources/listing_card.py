"""One card of an HTML listing → a story: headline, link, excerpt, date, picture.

A headline is a heading, or what is called a title, or the longest link that is no category, author or "read
more". The excerpt is what is called one, else the longest running text. Reading takes the card apart: it is
read once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from selectolax.lexbor import LexborNode

from bot.sources.dates import find_date, parse_time
from bot.sources.links import clean_link
from bot.sources.listed import ListedStory
from bot.sources.listing_words import LONGEST_DATE, excerpt_of, is_date_line, is_noise, is_role
from bot.sources.plain_text import one_line
from bot.sources.relative_time import is_relative_time

_TITLE_CLASS = re.compile(r"(?:^|[\s_-])(?:title|headline|heading)(?:$|[\s_-])", re.IGNORECASE)
_EXCERPT_CLASS = re.compile(
    r"excerpt|summary|(?:^|[\s_-])dek(?:$|[\s_-])|teaser|description|standfirst|storycontent", re.IGNORECASE
)
_META_CLASS = re.compile(
    r"(?:^|[\s_-])(?:meta|postmetadata|byline|authors?|date|time|cat|cats|category|categories|tags?|comments?)"
    r"(?:$|[\s_-])|screen-reader-text|more-link|read-?more|more-text",
    re.IGNORECASE,
)
_META_LINK = re.compile(
    r"/(?:category|categories|tags?|authors?|topics?|section|user|rubric)/|#(?:respond|comments?)\b|^mailto:|^javascript:",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\W*(?:continue reading|read (?:more|on|full|the)|more|читать|подробнее|далее|батафсил|batafsil|davomi|to.liq|"
    r"толығырақ|толугу|муфассал|giňişleýin)\b",
    re.IGNORECASE,
)
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_SMALL = "time, small, td, span, div, p, i, em, b, dt"
_LOUD = ("a", "h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = "p, div, span, dd, blockquote, td, section"
_CLOCK = re.compile(r"\d\d?:\d\d")
_WORD = re.compile(r"[^\W\d_]{3}")
_SENTENCE = re.compile(r"\w\s+\w.*[.!?…][\"”»’)\]]*$")
_DAY_CLASS = re.compile(r"(?:^|[\s_-])(?:date|day|data|sana)(?:$|[\s_-])", re.IGNORECASE)
_SHORTEST_HEADLINE = 12
_SHORTEST_EXCERPT = 25
_MOST_SIBLINGS = 100


def read_card(card: LexborNode, base: str) -> ListedStory | None:
    """The story of a card; None if the card is a box of the page (newsletter, author, nothing found)."""
    published, image = _published(card), _image(card, base)
    when = "" if published else _when(card)
    clocks = [] if published or when else list(_small_print(card))
    title, link = _headline(card)
    excerpt, cut = excerpt_of(_running_text(card, title))
    is_dated = published is not None or bool(when) or any(map(_CLOCK.fullmatch, clocks))
    if is_dated and (is_date_line(excerpt) or not _WORD.search(excerpt)):
        excerpt = ""
    if (
        (title and (is_role(title) or is_noise(title)))
        or len(excerpt)
        < (_SHORTEST_EXCERPT if not (title and link) else 0 if is_dated else _SHORTEST_HEADLINE)
        or is_noise(excerpt[:300])
    ):
        return None
    return ListedStory(title or None, clean_link(link, base), excerpt, cut, published, image, when)


def _headline(card: LexborNode) -> tuple[str, str | None]:
    """The headline and the address it leads to; a card may have one without the other."""
    for node in (*card.css(_HEADINGS), *(node for node in card.css("[class]") if _is_called_title(node))):
        title = one_line(node.text())
        if title and not is_date_line(title):
            inside = node.css_first("a[href]") or _link_around(node, card)
            return title, inside.attributes.get("href") if inside is not None else _likely_link(card)
    links = [link for link in card.css("a[href]") if not _is_meta(link)]
    texts = [_link_text(link) for link in links]
    longest = max(texts, key=len, default="")
    if _SHORTEST_HEADLINE <= len(longest) <= 300 and not _MORE.match(longest):
        return longest, links[texts.index(longest)].attributes.get("href")
    return "", _likely_link(card)


def _link_text(link: LexborNode) -> str:
    """What a link says; of one that is a whole card, its first line that could be a headline."""
    lines = [one_line(block.text()) for block in link.css("div, p, span") if not _holds_blocks(block)]
    long_enough = (line for line in lines if len(line) >= _SHORTEST_HEADLINE and not is_date_line(line))
    whole = one_line(link.text())
    return next(long_enough, whole) if len(lines) > 1 else whole


def _likely_link(card: LexborNode) -> str | None:
    """Where most of a card's links lead that are no category, author or comment."""
    own = [card] if card.tag == "a" else []
    links = [link.attributes.get("href") or "" for link in (*own, *card.css("a[href]")) if not _is_meta(link)]
    addresses = [link.partition("#")[0] for link in links]
    return max(addresses, key=addresses.count, default=None)


def _link_around(node: LexborNode, card: LexborNode) -> LexborNode | None:
    """The link that a headline stands in, as in cards that are one large link."""
    above = node.parent
    while above is not None and above.mem_id != card.mem_id:
        if above.tag == "a":
            return above
        above = above.parent
    return card if card.tag == "a" else None


def _running_text(card: LexborNode, title: str) -> str:
    """What is left when everything with another purpose is gone: called an excerpt, or else the longest block."""
    subtitles = [text for node in card.css(_HEADINGS) if (text := one_line(node.text())) not in (title, "")]
    for node in card.css(f"{_HEADINGS}, time, figure, small, button"):
        if node.mem_id != card.mem_id:
            node.decompose()
    for node in card.css("a, [class]"):
        is_more = node.tag == "a" and _MORE.match(node.text(strip=True))
        is_headline = _is_called_title(node) and one_line(node.text()) == title
        if node.mem_id != card.mem_id and (is_more or is_headline or _META_CLASS.search(_names(node))):
            node.decompose()
    called = [one_line(block.text()) for block in card.css(_BLOCKS) if _EXCERPT_CLASS.search(_names(block))]
    blocks = [text for text in called if len(text) >= _SHORTEST_HEADLINE] or [
        text
        for block in card.css("p, dd, blockquote")
        if block.mem_id != card.mem_id
        and (text := one_line(block.text())) != title
        and not is_date_line(text)
    ]
    longest = max(blocks, key=len, default="") or _longest_leaf(card, title)
    if (
        len(longest) < _SHORTEST_EXCERPT
        and not _SENTENCE.search(longest)
        and not is_date_line("".join(subtitles))
    ):
        longest = max(subtitles, key=len, default=longest)
    return longest.removeprefix(title).strip() if title else longest


def _longest_leaf(card: LexborNode, title: str) -> str:
    """The longest text in which no other block stands, where it is most of what the card says; else all of that."""
    for link in card.css("a"):
        if _is_meta(link) or one_line(link.text()) == title:
            link.decompose()
    for line in card.css(_SMALL):
        if line.mem_id != card.mem_id and is_date_line(one_line(line.text())) and len(line.css("*")) == 1:
            line.decompose()
    everything = one_line(card.text(separator=" "))
    leaves = [one_line(block.text()) for block in card.css(_BLOCKS) if not _holds_blocks(block)]
    sentences = [leaf for leaf in leaves if len(leaf) >= _SHORTEST_HEADLINE and _SENTENCE.search(leaf)]
    if sentences:
        return max(sentences, key=len)
    longest = max(leaves, key=len, default="")
    return longest if 2 * len(longest) > len(everything) else everything


def _published(card: LexborNode) -> datetime | None:
    """A machine-readable time, else the first date written in the card's small print."""
    for node in card.css("time[datetime], [data-date], [data-time], [itemprop=datePublished][content]"):
        stamp = next(
            filter(None, (node.attributes.get(name) for name in ("datetime", "data-date", "content"))), None
        )
        if moment := parse_time(stamp):
            return moment
    for node in card.css("time, small, [class]"):
        if node.tag in ("time", "small") or _META_CLASS.search(_names(node)):
            found = find_date(one_line(node.text())[:200])
            if found:
                return datetime(found.year, found.month, found.day, tzinfo=UTC)
    for line in (*_small_print(card), *_lines_above(card)):
        if found := find_date(line):
            return datetime(found.year, found.month, found.day, tzinfo=UTC)
    return None


def _lines_above(card: LexborNode) -> Iterator[str]:
    """The headings in which the card has a day, and under which it stands: lists by day say the day there."""
    yield from filter(is_date_line, (one_line(heading.text()) for heading in card.css(_HEADINGS)))
    node: LexborNode | None = card
    for _ in range(2):
        sibling = node.prev if node is not None else None
        for _ in range(_MOST_SIBLINGS):
            if sibling is None:
                break
            if sibling.tag in _LOUD[1:] or (sibling.tag != "-text" and _DAY_CLASS.search(_names(sibling))):
                yield one_line(sibling.text())[:LONGEST_DATE]
            sibling = sibling.prev
        node = node.parent if node is not None else None


def _when(card: LexborNode) -> str:
    """The words of the first line that dates the card from the reader's day."""
    return next(filter(is_relative_time, _small_print(card)), "")


def _small_print(card: LexborNode) -> Iterator[str]:
    """Its short lines: of elements, and of text that stands beside them."""
    for node in card.css(_SMALL):
        line = one_line(node.text())
        if len(line) <= LONGEST_DATE:
            yield line
    for node in card.traverse(include_text=True):
        if node.tag == "-text" and node.parent is not None and node.parent.tag not in _LOUD:
            line = one_line(node.text_content or "")
            if len(line) <= LONGEST_DATE:
                yield line


def _image(card: LexborNode, base: str) -> str | None:
    for node in card.css("img"):
        for name in ("data-src", "data-lazy-src", "src"):
            if link := clean_link(node.attributes.get(name), base):
                return link
    return None


def _holds_blocks(block: LexborNode) -> bool:
    return any(inner.mem_id != block.mem_id for inner in block.css(_BLOCKS))


def _is_called_title(node: LexborNode) -> bool:
    return bool(_TITLE_CLASS.search(node.attributes.get("class") or ""))


def _is_meta(link: LexborNode) -> bool:
    rel = link.attributes.get("rel") or ""
    return "tag" in rel or "author" in rel or bool(_META_LINK.search(link.attributes.get("href") or ""))


def _names(node: LexborNode) -> str:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
