"""Summaries: what a story carries, in whole sentences, whatever stood around them. All stories are invented."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefing.summary import LONGEST, SHORTEST, opening_words, summarise
from bot.briefing.summary_sentences import sentences
from tests.shared_data import require_shared_data

NEWS = (
    "Kazakhstan will build 12 bridges over the Ural by 2030, the Transport Ministry said on Monday. "
    "The first one, near Atyrau, costs 48 billion tenge and takes two years."
)
SCENE = (
    "The ferry leaves at six. A boy holds a goat by the horns, and nobody speaks because of the wind. "
    "On the far shore a dog waits, as it does every morning, rain or not.\n\n"
)
MORE = "\n\n" + " ".join(
    f"Somebody there remembered winter number {n} and was not sure of it." for n in range(9)
)


def test_a_short_text_is_its_own_summary() -> None:
    assert summarise("Bridges", NEWS) == NEWS


@pytest.mark.parametrize(
    ("around", "kind"),
    [
        (SCENE + NEWS, "a scene"),
        (
            "“We have waited for this since my father was young,” says Marat, a fisherman.\n\n" + NEWS,
            "a quotation",
        ),
        ("ATYRAU (TCA) — " + NEWS, "a dateline"),
        ("By Aliya Omarova\n\n" + NEWS, "a byline"),
        ("By Aliya Omarova ATYRAU, May 3 — " + NEWS, "a byline and a dateline in one line"),
        ('[caption id="x_1" align="left"]Image: a bridge[/caption] ' + NEWS, "a caption code"),
        ("Photo: the Steppe Agency\n" + NEWS, "a picture credit"),
        ("Bridges for the Ural\n" + NEWS, "the headline again"),
        ("Key Points " + NEWS, "a heading that lost its line"),
        ("The Plan " + NEWS, "another one"),
        (
            "As The Steppe Courier previously reported, talks about bridges had stalled in May.\n\n" + NEWS,
            "background",
        ),
    ],
)
def test_a_summary_opens_with_the_news_not_with(around: str, kind: str) -> None:
    summary = summarise("Bridges for the Ural", around + MORE)
    assert summary.startswith("Kazakhstan will build 12 bridges"), kind
    assert SHORTEST <= len(summary) <= LONGEST


def test_a_summary_does_not_open_with_what_rests_on_something_else() -> None:
    for resting in (
        "Under it lay 12 bridges of the Ural, said the Transport Ministry on Monday in Kazakhstan. ",
        "Why does the Ural need 12 bridges by 2030, the Transport Ministry of Kazakhstan was asked? ",
        "“We build 12 bridges over the Ural in Kazakhstan by 2030.” ",
    ):
        summary = summarise("Bridges for the Ural", SCENE + resting + NEWS + MORE)
        assert summary.startswith("Kazakhstan will build 12 bridges"), resting


def test_what_a_page_says_about_itself_and_who_told_it_is_left_out() -> None:
    text = "Банк сохранил ставку 18%. Об этом сообщает пресс-служба банка. Подписывайтесь на наш канал."
    assert summarise("Ставка", text) == "Банк сохранил ставку 18%."
    assert summarise("T", NEWS + " Follow us on the web. All rights reserved.") == NEWS


def test_short_sentences_are_four_rather_than_a_short_summary() -> None:
    text = " ".join(f"Station number {n} of the metro opened on Monday in Almaty." for n in range(1, 12))
    assert SHORTEST <= len(summarise("Metro", text)) <= LONGEST


def test_headings_that_lost_their_line_are_recognised_by_the_capitals_after_them() -> None:
    text = (
        "A New Duty From May banks must call back. Banks Object The association calls it a present. "
        "Why It Matters On average a call takes a minute. The Three Peaks resort opens in May. "
        "The President of Kazakhstan spoke."
    )
    assert [sentence.text for sentence in sentences("", text)] == [
        "From May banks must call back.",
        "The association calls it a present.",
        "On average a call takes a minute.",
        "The Three Peaks resort opens in May.",
        "The President of Kazakhstan spoke.",
    ]


def test_abbreviations_and_initials_end_no_sentence() -> None:
    text = "Dr. A. Smith of St. Petersburg came on Jan. 5. В г. Алматы А. С. Иванов открыл парк."
    assert len(sentences("", text)) == 2


def test_what_the_source_cut_off_is_left_out() -> None:
    assert summarise("T", "Osh has a new park. It has 300 trees and a pond that […]") == "Osh has a new park."


def test_what_has_no_whole_sentence_says_that_it_goes_on() -> None:
    assert summarise("T", "Astana will host the games in [...]") == "Astana will host the games in…"
    assert summarise("T", "Something happened there today") == "Something happened there today"
    assert opening_words("word " * 200).endswith("word…")
    assert len(opening_words("x" * 1000)) == LONGEST


def test_an_empty_text_has_no_summary() -> None:
    assert summarise("Osh has a new park", " \n ") == ""
    assert summarise("Osh has a new park", "Osh has a new park") == ""


_word = st.text("abcdefgйцукенABCDЁ0123456789%’-", min_size=1, max_size=9)
_sentence = st.lists(_word, min_size=3, max_size=30).map(" ".join).map("The {}.".format)


@given(
    st.text(max_size=60), st.lists(st.lists(_sentence, max_size=6).map(" ".join), max_size=6).map("\n".join)
)
def test_every_summary_is_made_of_whole_sentences_in_their_order(title: str, text: str) -> None:
    summary = summarise(title, text)
    pieces = [sentence.text for sentence in sentences(title, text)]
    assert made_of(summary, pieces) or summary == opening_words(text)


def made_of(summary: str, pieces: list[str]) -> bool:
    """Whether the summary is some of the pieces, whole and in their order."""
    if not summary:
        return True
    return any(
        summary.startswith(piece) and made_of(summary[len(piece) :].lstrip(), pieces[number + 1 :])
        for number, piece in enumerate(pieces)
    )


@given(st.text(max_size=300), st.text(max_size=3000))
def test_any_text_is_survived(title: str, text: str) -> None:
    summary = summarise(title, text)
    assert len(summary) <= 600
    assert "\n" not in summary


def test_invented_stories_are_summed_up_as_their_readers_would() -> None:
    judge = _judge()
    gold = judge.load(require_shared_data() / "gold")["summaries"]
    told = {key: summarise(item["title"], item["text"]) for key, item in gold.items()}
    figures = judge.summaries(told, gold)
    assert figures["key_facts"] >= 0.9, figures
    assert figures["length_ok"] >= 0.98, figures
    assert figures["good_opener"] == 1.0, figures


def _judge() -> ModuleType:
    found = importlib.util.spec_from_file_location("gold_score", require_shared_data() / "gold" / "score.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
