"""Telegram's HTML: what becomes an entity, and how Telegram complains about what does not."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.markup import Formatted, read_text, utf16_length
from bot.demo.refusals import Refusal


def entities(text: str) -> list[tuple[str, str]]:
    formatted = read_text(text, "HTML")
    return [(str(e["type"]), part(formatted, e["offset"], e["length"])) for e in formatted.entities]


def part(formatted: Formatted, offset: int, length: int) -> str:
    return formatted.text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<b>bold</b> <i>i</i>", [("bold", "bold"), ("italic", "i")]),
        ("<strong>a</strong><em>b</em>", [("bold", "a"), ("italic", "b")]),
        (
            "<u>a</u><s>b</s><del>c</del>",
            [("underline", "a"), ("strikethrough", "b"), ("strikethrough", "c")],
        ),
        ("<b>out <i>in</i></b>", [("bold", "out in"), ("italic", "in")]),
        ('🇰🇿 <a href="https://a.kz/?x=1&amp;y=2">link</a>', [("text_link", "link")]),
        ("<blockquote>q</blockquote>", [("blockquote", "q")]),
        ("<blockquote expandable>q</blockquote>", [("expandable_blockquote", "q")]),
        ('<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', [("spoiler", "x"), ("spoiler", "y")]),
        ('<pre><code class="language-python">x = 1</code></pre>', [("pre", "x = 1")]),
        ("<code>x</code>", [("code", "x")]),
        ("<b>  </b>text", []),
        (
            "see https://timesca.com/a, /help and @somebody",
            [
                ("url", "https://timesca.com/a"),
                ("bot_command", "/help"),
                ("mention", "@somebody"),
            ],
        ),
        ("no command: a/b, 1/2", []),
        ("<B>loud</B>", [("bold", "loud")]),
    ],
)
def test_tags_become_entities(markup: str, expected: list[tuple[str, str]]) -> None:
    assert entities(markup) == expected


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("12 letters: <foo>", 'Unsupported start tag "foo" at byte offset 12'),
        ("тире <foo>", 'Unsupported start tag "foo" at byte offset 9'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>never ended", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_markup_is_refused_in_telegrams_words(markup: str, complaint: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_text(markup, "HTML")
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


def test_a_code_block_keeps_its_language() -> None:
    (entity,) = read_text('<pre><code class="language-sql">select 1</code></pre>', "HTML").entities
    assert entity == {"type": "pre", "offset": 0, "length": 8, "language": "sql"}


def test_white_space_at_both_ends_is_trimmed_and_entities_move_along() -> None:
    formatted = read_text("\n  <b>bold</b> \n", "HTML")
    assert formatted == Formatted("bold", [{"type": "bold", "offset": 0, "length": 4}])


def test_offsets_count_utf16_units() -> None:
    formatted = read_text("🇰🇿 <b>x</b>", "HTML")
    assert formatted.entities == [{"type": "bold", "offset": 5, "length": 1}]


@given(st.text())
def test_escaped_text_arrives_as_it_was_written(text: str) -> None:
    assert read_text(html.escape(text), "HTML").text == text.strip()


@given(st.text())
def test_the_length_is_the_number_of_utf16_units(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(alphabet="<>/abi \"'=&;🇰"))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        formatted = read_text(text, "HTML")
    except Refusal:
        return
    end = utf16_length(formatted.text)
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= end for e in formatted.entities)
