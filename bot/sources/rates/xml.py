"""XML as banks write it, a list of flat rows, turned into plain values.

Bytes in, an :class:`XmlTable` out. lxml does the reading, strictly: half a document would give half a number
(``<Value>87,4``), so whatever is not whole is refused. A document type is refused too: no bank sends one, and
everything dangerous in XML (entity bombs, foreign entities) needs one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from bot.errors import FormatError


@dataclass(frozen=True, slots=True)
class XmlTable:
    """``head`` is what the root says of itself, ``rows`` are the lines below it.

    Both hold attributes and the texts of children, by their names without namespace.
    """

    head: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]


def read_table(body: bytes, *, root: str, rows: tuple[str, ...]) -> XmlTable:
    """The elements named in ``rows`` under a root named ``root``. Raises FormatError for any other page."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        top = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise FormatError(f"no readable XML: {error}{_hint(body)}") from error
    if top.getroottree().docinfo.doctype:
        raise FormatError(f"XML with a document type, which no bank sends{_hint(body)}")
    if _name(top) != root:
        raise FormatError(f"XML of another kind: <{_name(top)[:40]}> where <{root}> should be")
    elements = top.iter(*("{*}" + name for name in rows))
    return XmlTable(_flat(top), tuple(_flat(element) for element in elements))


def _flat(element: Any) -> dict[str, str]:
    """Attributes and children's texts as one mapping; children win, as they are the longer spelling."""
    cells = {etree.QName(key).localname: value.strip() for key, value in element.attrib.items()}
    for child in element.iterchildren(tag=etree.Element):
        cells[_name(child)] = (child.text or "").strip()
    return cells


def _name(element: Any) -> str:
    return str(etree.QName(element).localname)


def _hint(body: bytes) -> str:
    looks = body[:500].lstrip().lower()
    return " (it looks like a web page)" if looks.startswith((b"<!doctype html", b"<html")) else ""
