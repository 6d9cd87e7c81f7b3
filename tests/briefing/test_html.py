import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefing import html
from bot.demo.markup import read_text
from tests.briefing.examples import any_text

DIRECTION_CONTROLS = ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")
WRAPPERS = (
    html.bold,
    html.italic,
    html.quote,
    html.folded_quote,
    lambda inner: html.link(inner, "https://a.example/"),
)


@given(any_text)
def test_any_text_arrives_as_it_was_after_cleaning(raw: str) -> None:
    assert html.plain(html.text(raw)) == html.clean(raw)


@given(any_text.filter(lambda raw: html.clean(raw).strip()), st.lists(st.sampled_from(WRAPPERS), max_size=4))
def test_any_text_in_any_markup_is_read_by_telegram_as_the_same_text(raw: str, wrappers: list) -> None:  # type: ignore[type-arg]
    markup = html.text(raw)
    for wrap in wrappers:
        markup = wrap(markup)
    assert read_text(markup, "HTML").text == html.clean(raw).strip()


@given(any_text)
def test_visible_length_counts_utf16_units_of_what_is_seen(raw: str) -> None:
    seen = html.clean(raw)
    assert html.visible_length(html.bold(html.text(raw))) == len(seen.encode("utf-16-le")) // 2


@given(any_text)
def test_clean_text_can_be_encoded_and_turns_nothing_round(raw: str) -> None:
    clean = html.clean(raw)
    clean.encode()
    assert not set(clean) & set("\x00\u202e\u202d\u2066\u2067\x1b\r\t")


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("a\x00b", "ab"),
        ("safe \u202egnp.exe", "safe gnp.exe"),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("half \ud83d pair", "half  pair"),
        ("👨‍👩‍👧 stays one family", "👨‍👩‍👧 stays one family"),
        ("می‌خواهم keeps its joiner", "می‌خواهم keeps its joiner"),
    ],
)
def test_harmful_characters_go_and_letters_stay(raw: str, seen: str) -> None:
    assert html.clean(raw) == seen


def test_a_right_to_left_title_keeps_its_direction_to_itself() -> None:
    assert html.isolated("تهران today") == "\u2068تهران today\u2069"
    assert html.isolated("Tehran today") == "Tehran today"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "news.example/a",
        "https://",
        "https://a b/",
        "http://[::1",
    ],
)
def test_what_is_no_web_address_is_not_linked(url: str | None) -> None:
    assert html.link(html.text("Title"), url) == "Title"


def test_a_link_keeps_its_query_and_breaks_out_of_nothing() -> None:
    link = html.link(html.text("T"), 'https://a.example/?x="><b>&y=1')
    (entity,) = read_text(link, "HTML").entities
    assert entity["url"] == 'https://a.example/?x="><b>&y=1'


@given(any_text, st.integers(2, 300))
def test_shortened_text_fits_and_begins_like_the_original(raw: str, limit: int) -> None:
    short = html.shortened(raw, limit)
    assert html.utf16_length(short) <= limit
    assert raw.startswith(short.removesuffix(html.ELLIPSIS))


def test_shortening_ends_at_a_word() -> None:
    assert html.shortened("Kazakhstan opens its first hydrogen plant", 25) == "Kazakhstan opens its…"
    assert html.shortened("Kazakhstan opens", 16) == "Kazakhstan opens"
    assert html.shortened("哈" * 30, 10) == "哈" * 9 + "…"


def test_phrases_take_markup_only_at_their_placeholders() -> None:
    filled = html.fill(
        "You follow <{what}> & {rest}", what=html.bold(html.text("A{B}")), rest=html.text("<x>")
    )
    assert filled == "You follow &lt;<b>A{B}</b>&gt; &amp; &lt;x&gt;"


def test_a_message_fits_by_saying_less() -> None:
    parts = [html.text(f"{number} " + "x" * 998) for number in range(9)]
    message = html.fitting(parts, lambda shown, hidden: html.joined("\n", (*shown, html.text(f"+{hidden}"))))
    assert message.startswith("0 x")
    assert message.endswith("+5")
    assert html.visible_length(message) <= html.LONGEST_MESSAGE


@given(st.characters())
def test_what_is_harmful_is_what_unicode_says(char: str) -> None:
    harmful = (
        unicodedata.category(char) in ("Cc", "Cs") or unicodedata.bidirectional(char) in DIRECTION_CONTROLS
    )
    if char not in "\n\r\t\x85":
        assert (html.clean(char) == "") == harmful


@given(st.characters())
def test_no_letter_written_from_right_to_left_escapes_isolation(char: str) -> None:
    if unicodedata.bidirectional(char) in ("R", "AL") and char != "\u200f":
        assert html.isolated(char) == f"\u2068{char}\u2069"
