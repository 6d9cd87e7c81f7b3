"""How much of what every element of a page holds: running text, links, headings, dates → :class:`Weight`.

One pass down and one pass up, however deep the page is nested. What looks like a story's card is decided from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from bot.sources.listing_words import is_date_line

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SHORTEST_TEXT = 60
"""Characters of running text that make a card without further signs."""
SHORTEST_LEAD = 20
"""And under a headline."""
SHORTEST_HEADLINE = 15
_LONGEST_CARD = 20_000  # a whole article may stand in one, no whole page
_SIGN = 20  # characters of running text that a headline and a date are worth


@dataclass(slots=True)
class Weight:
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
        is_brief = self.headline >= SHORTEST_HEADLINE and (self.is_dated or self.text >= SHORTEST_LEAD)
        return self.text >= SHORTEST_TEXT or is_brief

    @property
    def worth(self) -> float:
        """How much it looks like a story: its running text, less where it holds several headlines."""
        signs = _SIGN * (self.headline >= SHORTEST_HEADLINE) + _SIGN * self.is_dated
        return (min(self.text, 500) + signs) / max(1, self.headings)

    def add(self, part: Weight) -> None:
        """Take in what a part of it holds."""
        self.text += part.text
        self.loud += part.loud
        self.links += part.links
        self.headings += part.headings
        self.headline = max(self.headline, part.headline)
        self.is_dated = self.is_dated or part.is_dated


def weigh(nodes: list[LexborNode]) -> dict[int, Weight]:
    """The weight of every element, by its ``mem_id``."""
    weights: dict[int, Weight] = {}
    # Inside links and headings no text is running text, unless a link is a whole card.
    quiet: set[int] = set()
    for node in nodes:
        parent = node.parent.mem_id if node.parent is not None else 0
        own = weights[node.mem_id] = Weight()
        if node.tag == "-text":
            words = (node.text_content or "").strip()
            own.loud, own.text = (len(words), 0) if parent in quiet else (0, len(words))
            own.is_dated = parent not in quiet and is_date_line(words)
            continue
        own.links = int(node.tag == "a")
        own.headings = int(node.tag in HEADINGS)
        own.is_dated = "datetime" in node.attributes or node.attributes.get("itemprop") == "datePublished"
        in_card_link = node.tag in ("p", "div", "span") and parent in quiet and not own.headings
        if (own.links or own.headings or parent in quiet) and not in_card_link:
            quiet.add(node.mem_id)
    for node in reversed(nodes):
        own = weights[node.mem_id]
        if node.tag == "a" or node.tag in HEADINGS:
            own.headline = max(own.headline, own.loud)
        if node.tag == "a":
            own.headings = min(own.headings, 1)  # a headline and its subtitle
        if node.parent is not None and (above := weights.get(node.parent.mem_id)):
            above.add(own)
    return weights
