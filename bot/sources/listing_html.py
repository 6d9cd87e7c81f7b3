"""An HTML listing page of an unknown theme → its stories. No theme is known by name; what repeats is the
list.

The cards are the largest group of alike siblings that each carry a link and some running text. Menus, side
bars, footers and boxes are taken out first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.sources.links import clean_link
from bot.sources.listed import ListedStory
from bot.sources.listing_card import read_card

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
_POST_CLASS = re.compile(
    r"(?:^|[\s_-])(?:post|hentry|article|story|card|item|module|entry)(?:$|[\s_-])", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_SHORTEST_TEXT = 60
_CARD_TAGS = ("article", "li", "div", "section", "tr", "td", "dl", "a")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ALONE = 0.5  # a group of one needs to be twice as good


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
    cards = _cards(tree)
    stories = [read_card(card, base) for card in cards]
    for card in cards:
        card.decompose()
    return [story for story in stories if story is not None]


@dataclass(slots=True)
class _Weight:
    """What an element holds: characters of running text (no link, no heading), links, headings."""

    text: int = 0
    links: int = 0
    headings: int = 0


def _cards(tree: LexborHTMLParser) -> list[LexborNode]:
    """The group of alike siblings that holds most of the page's running text."""
    if tree.body is None:
        return []
    nodes = list(tree.body.traverse(include_text=True))
    weights = _weigh(nodes)
    groups: dict[tuple[int, str], list[LexborNode]] = defaultdict(list)
    for node in nodes:
        weight = weights[node.mem_id]
        if (
            node.parent is not None
            and node.tag in _CARD_TAGS
            and weight.links
            and weight.text >= _SHORTEST_TEXT
        ):
            groups[node.parent.mem_id, _kind(node)].append(node)
    best = max(groups.values(), key=lambda group: _worth(group, weights), default=[])
    return best if _worth(best, weights) > 0 else []


def _weigh(nodes: list[LexborNode]) -> dict[int, _Weight]:
    """The weight of every element, in one pass down and one pass up, however deep the page is nested."""
    weights: dict[int, _Weight] = {}
    quiet: set[int] = (
        set()
    )  # inside links and headings no text is running text, unless a link is a whole card
    for node in nodes:
        parent = node.parent.mem_id if node.parent is not None else 0
        own = weights[node.mem_id] = _Weight()
        if node.tag == "-text":
            own.text = 0 if parent in quiet else len((node.text_content or "").strip())
            continue
        own.links = int(node.tag == "a")
        own.headings = int(node.tag in _HEADINGS)
        in_card_link = node.tag in ("p", "div") and parent in quiet and not own.headings
        if (own.links or own.headings or parent in quiet) and not in_card_link:
            quiet.add(node.mem_id)
    for node in reversed(nodes):
        if node.parent is not None and (above := weights.get(node.parent.mem_id)):
            own = weights[node.mem_id]
            above.text += own.text
            above.links += own.links
            above.headings += own.headings
    return weights


def _worth(cards: list[LexborNode], weights: dict[int, _Weight]) -> float:
    """How much a group looks like the list: its running text, less where a card holds several headlines."""
    if not cards:
        return 0.0
    held = [weights[card.mem_id] for card in cards]
    worth = sum(min(weight.text, 500) / max(1, weight.headings) for weight in held)
    if len(cards) > 1:
        return worth
    return worth * _ALONE if cards[0].tag == "article" or _POST_CLASS.search(_names(cards[0])) else 0.0


def _kind(node: LexborNode) -> str:
    """What alike siblings have in common: the tag and the first class, without numbers."""
    classes = (node.attributes.get("class") or "").split()
    return f"{node.tag} {_DIGITS.sub('', classes[0]) if classes else ''}"


def _names(node: LexborNode) -> str:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
