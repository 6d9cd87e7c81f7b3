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

from bot.sources.flat_lists import unfolded
from bot.sources.links import clean_link
from bot.sources.listed import ListedStory
from bot.sources.listing_card import read_card
from bot.sources.listing_words import is_date_line

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
_SHORTEST_TEXT = 60  # characters of running text that make a card without further signs
_LONGEST_CARD = 20_000  # a whole article may stand in one, no whole page
_SHORTEST_LEAD = 20  # under a headline
_SHORTEST_HEADLINE = 15
_LEVELS = 3
_MOST_STORIES = 1000
_SIGN = 20  # characters of running text that a headline and a date are worth
_CARD_TAGS = ("article", "li", "div", "section", "tr", "td", "dl", "a", "figure", "p")
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
    worth, cards = _cards(tree)
    if (flat := unfolded(tree)) is not None:
        worth_of_flat, flat_cards = _cards(flat)
        cards = flat_cards if worth_of_flat > worth else cards
    stories = [read_card(card, base) for card in cards[:_MOST_STORIES]]
    for card in cards:
        card.decompose()
    return [story for story in stories if story is not None]


@dataclass(slots=True)
class _Weight:
    """What an element holds: characters of running text (no link, no heading) and of what is not, links, headings.

    ``headline`` is the length of its longest link or heading; ``is_dated``: one of its lines tells a day or time.
    """

    text: int = 0
    loud: int = 0
    links: int = 0
    headings: int = 0
    headline: int = 0
    is_dated: bool = False

    @property
    def is_card(self) -> bool:
        """A link to something, and either much to read, or a headline with a little of it or a date."""
        if not self.links or self.text + self.loud > _LONGEST_CARD:
            return False
        is_brief = self.headline >= _SHORTEST_HEADLINE and (self.is_dated or self.text >= _SHORTEST_LEAD)
        return self.text >= _SHORTEST_TEXT or is_brief

    @property
    def worth(self) -> float:
        """How much it looks like a story: its running text, less where it holds several headlines."""
        signs = _SIGN * (self.headline >= _SHORTEST_HEADLINE) + _SIGN * self.is_dated
        return (min(self.text, 500) + signs) / max(1, self.headings)

    def add(self, part: _Weight) -> None:
        """Take in what a part of it holds."""
        self.text += part.text
        self.loud += part.loud
        self.links += part.links
        self.headings += part.headings
        self.headline = max(self.headline, part.headline)
        self.is_dated = self.is_dated or part.is_dated


def _cards(tree: LexborHTMLParser) -> tuple[float, list[LexborNode]]:
    """The group of alike siblings that looks most like stories, and how much it does."""
    if tree.body is None:
        return 0.0, []
    nodes = list(tree.body.traverse(include_text=True))
    weights = _weigh(nodes)
    groups: dict[tuple[object, ...], list[LexborNode]] = defaultdict(list)
    for node in nodes:
        if node.parent is not None and _is_card(node, weights[node.mem_id]):
            groups[_family(node)].append(node)
    best = max(groups.values(), key=lambda group: _worth(group, weights), default=[])
    worth = _worth(best, weights)
    return worth, [*_leading(best, nodes, weights), *best] if worth > 0 else []


def _is_card(node: LexborNode, weight: _Weight) -> bool:
    """A paragraph is one only if it has a date and a headline: those of a text may hold links, too."""
    if node.tag == "p" and not (weight.is_dated and weight.headline >= _SHORTEST_HEADLINE):
        return False
    return node.tag in _CARD_TAGS and weight.is_card


def _leading(
    cards: list[LexborNode], nodes: list[LexborNode], weights: dict[int, _Weight]
) -> list[LexborNode]:
    """The large first story of some lists, which is built unlike the others and stands above them."""
    around = [cards[0]]
    while len(around) <= _LEVELS and (above := around[-1].parent) is not None and above.tag != "body":
        around.append(above)
    within = {node.mem_id for node in around[1:]}
    taken: list[LexborNode] = []
    for node in nodes:
        if node.mem_id == cards[0].mem_id:
            break
        if node.parent is None or node.mem_id in within:
            continue
        if node.parent.mem_id in within and node.tag in _CARD_TAGS and _is_leading(weights[node.mem_id]):
            taken.append(node)
    return taken


def _is_leading(weight: _Weight) -> bool:
    return weight.is_card and weight.is_dated and weight.headings == 1 and weight.text >= _SHORTEST_LEAD


def _weigh(nodes: list[LexborNode]) -> dict[int, _Weight]:
    """The weight of every element, in one pass down and one pass up, however deep the page is nested."""
    weights: dict[int, _Weight] = {}
    # Inside links and headings no text is running text, unless a link is a whole card.
    quiet: set[int] = set()
    for node in nodes:
        parent = node.parent.mem_id if node.parent is not None else 0
        own = weights[node.mem_id] = _Weight()
        if node.tag == "-text":
            words = (node.text_content or "").strip()
            own.loud, own.text = (len(words), 0) if parent in quiet else (0, len(words))
            own.is_dated = parent not in quiet and is_date_line(words)
            continue
        own.links = int(node.tag == "a")
        own.headings = int(node.tag in _HEADINGS)
        own.is_dated = "datetime" in node.attributes or node.attributes.get("itemprop") == "datePublished"
        in_card_link = node.tag in ("p", "div", "span") and parent in quiet and not own.headings
        if (own.links or own.headings or parent in quiet) and not in_card_link:
            quiet.add(node.mem_id)
    for node in reversed(nodes):
        own = weights[node.mem_id]
        if node.tag == "a" or node.tag in _HEADINGS:
            own.headline = max(own.headline, own.loud)
        if node.tag == "a":
            own.headings = min(own.headings, 1)  # a headline and its subtitle
        if node.parent is not None and (above := weights.get(node.parent.mem_id)):
            above.add(own)
    return weights


def _worth(cards: list[LexborNode], weights: dict[int, _Weight]) -> float:
    """How much a group looks like the list."""
    worth = sum(weights[card.mem_id].worth for card in cards)
    if len(cards) != 1:
        return worth
    is_alone = weights[cards[0].mem_id].text >= _SHORTEST_TEXT and (
        cards[0].tag == "article" or _POST_CLASS.search(_names(cards[0]))
    )
    return worth * _ALONE if is_alone else 0.0


def _family(node: LexborNode) -> tuple[object, ...]:
    """What the cards of one list have in common: their parent, or in lists by day what holds the days."""
    kind = _kind(node)
    if node.tag == "article" or (" " in kind.strip() and _POST_CLASS.search(_names(node))):
        return (kind,)
    chain = [kind]
    above = node.parent
    while (
        node.tag in ("li", "tr", "dd")
        and len(chain) < _LEVELS
        and above is not None
        and above.parent is not None
    ):
        chain.append(_kind(above))
        above = above.parent
    return (above.mem_id if above is not None else 0, *chain)


def _kind(node: LexborNode) -> str:
    """What alike siblings have in common: the tag and the first class, without numbers."""
    classes = (node.attributes.get("class") or "").split()
    return f"{node.tag} {_DIGITS.sub('', classes[0]) if classes else ''}"


def _names(node: LexborNode) -> str:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
