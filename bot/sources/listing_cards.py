"""Which elements of a page are the cards of its list. No theme is known by name; what repeats is the list.

The cards are the group of alike siblings that look most like stories: each carries a link and some running text, or a
headline and a date.
"""

from __future__ import annotations

import re
from collections import defaultdict

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.sources.listing_weight import SHORTEST_HEADLINE, SHORTEST_LEAD, SHORTEST_TEXT, Weight, weigh

_POST_CLASS = re.compile(
    r"(?:^|[\s_-])(?:post|hentry|article|story|card|item|module|entry)(?:$|[\s_-])", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_CARD_TAGS = ("article", "li", "div", "section", "tr", "td", "dl", "a", "figure", "p")
_LEVELS = 3
_ALONE = 0.5  # a group of one needs to be twice as good


def cards_of(tree: LexborHTMLParser) -> tuple[float, list[LexborNode]]:
    """The group of alike siblings that looks most like stories, and how much it does."""
    if tree.body is None:
        return 0.0, []
    nodes = list(tree.body.traverse(include_text=True))
    weights = weigh(nodes)
    groups: dict[tuple[object, ...], list[LexborNode]] = defaultdict(list)
    for node in nodes:
        if node.parent is not None and _is_card(node, weights[node.mem_id]):
            groups[_family(node)].append(node)
    best = max(groups.values(), key=lambda group: _worth(group, weights), default=[])
    worth = _worth(best, weights)
    return worth, [*_leading(best, nodes, weights), *best] if worth > 0 else []


def _is_card(node: LexborNode, weight: Weight) -> bool:
    """A paragraph is one only if it has a date and a headline: those of a text may hold links, too."""
    if node.tag == "p" and not (weight.is_dated and weight.headline >= SHORTEST_HEADLINE):
        return False
    return node.tag in _CARD_TAGS and weight.is_card


def _leading(
    cards: list[LexborNode], nodes: list[LexborNode], weights: dict[int, Weight]
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


def _is_leading(weight: Weight) -> bool:
    return weight.is_card and weight.is_dated and weight.headings == 1 and weight.text >= SHORTEST_LEAD


def _worth(cards: list[LexborNode], weights: dict[int, Weight]) -> float:
    """How much a group looks like the list."""
    worth = sum(weights[card.mem_id].worth for card in cards)
    if len(cards) != 1:
        return worth
    is_alone = weights[cards[0].mem_id].text >= SHORTEST_TEXT and (
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
