"""An HTML listing page of an unknown theme → its stories, and where the older ones are.

Menus, side bars, footers and boxes are taken out first; then the cards are found and read.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.sources.flat_lists import unfolded
from bot.sources.links import clean_link
from bot.sources.listed import ListedStory
from bot.sources.listing_card import read_card
from bot.sources.listing_cards import cards_of

_UNSEEN = "script, style, template, noscript, iframe, svg, form, nav, aside, footer, button, select"
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:sidebar|widgets?|newsletter|menu|(?<!card-)footer|related|popular|most[-_]read|breadcrumbs?|pagination|"
    r"page-nav|navigation|share|social|advert|ads|banner|cookies?|screen-reader-text|sr-only|visually-hidden|"
    r"skip-link|author-(?:box|bio))(?:$|[\s_-])",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\W*(?:next(?: page)?|older(?: posts| entries| stories)?|далее|следующая|вперед|keyingi|келесі)\W*",
    re.IGNORECASE,
)
_MOST_STORIES = 1000


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """What relative links are relative to: ``<base href>``, seen from the page's address."""
    base = tree.css_first("base[href]")
    return (clean_link(base.attributes.get("href"), url) if base is not None else None) or url


def next_page(tree: LexborHTMLParser, base: str) -> str | None:
    """The address of the page with older stories, if this one links to it."""
    for node in tree.css("link[rel=next], a[rel=next], a.next"):
        if link := clean_link(node.attributes.get("href"), base):
            return link
    for node in tree.css("a[href]"):
        if _NEXT.fullmatch(node.text(strip=True)[:40]):
            return clean_link(node.attributes.get("href"), base)
    return None


def strip_page(tree: LexborHTMLParser) -> None:
    """Take out of the tree what is no content: scripts, menus, side bars, boxes."""
    for node in tree.css(_UNSEEN):
        node.decompose()
    whole = len(tree.body.text()) if tree.body is not None else 0
    for node in tree.css("[class], [id]"):
        if node.tag in ("html", "body", "main", "article") or not _ASIDE.search(_names(node)):
            continue
        if len(node.text()) < whole / 2:  # a container that says "has-sidebar" is not the side bar
            node.decompose()


def take_stories(tree: LexborHTMLParser, base: str) -> list[ListedStory]:
    """The stories of a stripped page, from top to bottom. Their cards leave the tree: the page's own words stay."""
    worth, cards = cards_of(tree)
    if (flat := unfolded(tree)) is not None:
        worth_of_flat, flat_cards = cards_of(flat)
        cards = flat_cards if worth_of_flat > worth else cards
    stories = [read_card(card, base) for card in cards[:_MOST_STORIES]]
    for card in cards:
        card.decompose()
    return _without_offers([story for story in stories if story is not None], base)


def _without_offers(stories: list[ListedStory], base: str) -> list[ListedStory]:
    """Less what stands among dated stories of this site without a date, and leads to another site."""
    dated = [story for story in stories if story.published or story.when]
    host = urlsplit(base).hostname
    if 2 * len(dated) <= len(stories) or not all(_host(story) == host for story in dated):
        return stories
    return [story for story in stories if story.published or story.when or _host(story) in (host, None)]


def _host(story: ListedStory) -> str | None:
    return urlsplit(story.link or "").hostname


def _names(node: LexborNode) -> str:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
