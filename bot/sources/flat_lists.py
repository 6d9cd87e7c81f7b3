"""Lists in which nothing holds a story together → the same stories, each in a ``<div>``.

Old pages write headline, date and text one after the other, or a line for each story. What repeats there is a heading
that begins a story, or a ``<br>`` or ``<hr>`` that ends one. Asked only about pages on which no cards were found.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

_BEGINS = ("h2", "h3", "h4", "h5")
_ENDS = ("br", "hr")
_BLOCKS = ("h1", *_BEGINS, "div", "section", "header", "nav", "footer", "aside", "table", "ul", "ol", "form")
_FEWEST = 3  # stories; fewer are a text with headings
_MOST_CHILDREN = 5000


def unfolded(tree: LexborHTMLParser) -> LexborHTMLParser | None:
    """A page of the longest such list alone; None if there is none."""
    if tree.body is None:
        return None
    longest = max(tree.body.traverse(), key=lambda node: _marks(_children(node))[0], default=None)
    if longest is None:
        return None
    children = _children(longest)
    found, mark = _marks(children)
    if not found:
        return None
    pieces = _begun_by(mark, children) if mark else _ended_by(_ENDS, children)
    return LexborHTMLParser(
        "".join(f"<div class='unfolded'>{piece}</div>" for piece in pieces if "<a " in piece)
    )


def _marks(children: list[LexborNode]) -> tuple[int, str]:
    """How many stories begin or end between them, and with which heading, if they do with one; 0 if too few do."""
    tags = [child.tag for child in children]
    for heading in _BEGINS:
        linked = sum(child.tag == heading and child.css_first("a[href]") is not None for child in children)
        if linked >= _FEWEST and linked == tags.count(heading):
            return linked, heading
    ends = sum(map(tags.count, _ENDS))
    return (ends, "") if ends >= _FEWEST - 1 else (0, "")


def _children(parent: LexborNode) -> list[LexborNode]:
    children: list[LexborNode] = []
    child = parent.child
    while child is not None and len(children) < _MOST_CHILDREN:
        children.append(child)
        child = child.next
    return children


def _begun_by(mark: str, children: list[LexborNode]) -> Iterator[str]:
    piece = ""
    for child in children:
        if child.tag == mark:
            yield piece
            piece = ""
        piece += _markup(child)
    yield piece


def _ended_by(marks: tuple[str, ...], children: list[LexborNode]) -> Iterator[str]:
    piece = ""
    for child in children:
        if child.tag in marks:
            yield piece
            piece = ""
        elif child.tag in _BLOCKS:
            piece = ""  # of the page, not of the story that follows
        else:
            piece += _markup(child)
    yield piece


def _markup(node: LexborNode) -> str:
    return escape(node.text_content or "") if node.tag == "-text" else node.html or ""
