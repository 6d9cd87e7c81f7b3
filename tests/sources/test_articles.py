"""From an entry to the article that a chat will see."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import load_catalogue
from bot.model import FeedEntry
from bot.sources.articles import first_sentences, is_story, opening_words, to_article
from bot.tagging import Tagger
from tests.sources.conftest import NOW, news

TAGGER = Tagger(load_catalogue())
SOURCE = news("https://courier.example/feed", countries=["UZ"], topics=["transport"])
ENTRY = FeedEntry(
    identity="https://courier.example/?p=7",
    title="Railway Reaches Aktau",
    link="https://courier.example/railway/",
    published=None,
    text="AKTAU (TCA) — The first train arrived on Monday. It carried wheat. Nobody was hurt.",
)


def test_an_article_carries_what_the_source_is_about_after_what_the_story_is_about() -> None:
    article = to_article(ENTRY, SOURCE, TAGGER, NOW)
    assert article.countries == ("KZ", "UZ")
    assert article.topics[0] == "transport"
    assert article.published == NOW
    assert article.summary == "The first train arrived on Monday. It carried wheat. Nobody was hurt."


def test_the_id_is_short_and_the_same_tomorrow() -> None:
    article = to_article(ENTRY, SOURCE, TAGGER, NOW)
    edited = to_article(replace(ENTRY, title="Corrected", text="Other."), SOURCE, TAGGER, NOW)
    assert article.id == edited.id
    assert len(article.id) <= 12
    assert article.id.isalnum()


def test_two_sources_that_link_to_one_page_share_an_alias() -> None:
    other = SOURCE.model_copy(update={"name": "Other"})
    copy = replace(ENTRY, identity="42", link="http://www.courier.example/railway?utm_source=x")
    ours, theirs = to_article(ENTRY, SOURCE, TAGGER, NOW), to_article(copy, other, TAGGER, NOW)
    assert ours.id != theirs.id
    assert set(ours.aliases) & set(theirs.aliases)


def test_a_number_for_an_id_means_something_within_its_source_only() -> None:
    numbered = replace(ENTRY, identity="42", link=None)
    other = SOURCE.model_copy(update={"name": "Other"})
    assert to_article(numbered, SOURCE, TAGGER, NOW).id != to_article(numbered, other, TAGGER, NOW).id


def test_a_story_without_a_title_is_called_by_its_first_words() -> None:
    article = to_article(replace(ENTRY, title="", text="One two three. " * 30), SOURCE, TAGGER, NOW)
    assert article.title.startswith("One two three.")
    assert article.title.endswith("…")
    assert not is_story(replace(ENTRY, title="", text=""))


def test_how_to_summarise_can_be_handed_in() -> None:
    article = to_article(ENTRY, SOURCE, TAGGER, NOW, summarise=lambda title, text: title.upper())
    assert article.summary == "RAILWAY REACHES AKTAU"


def test_a_summary_is_whole_sentences_about_three_hundred_characters() -> None:
    text = "Dr. A. Sample of the U.S. office spoke. " + "This sentence has some words in it. " * 30
    summary = first_sentences("", text)
    assert summary.startswith("Dr. A. Sample of the U.S. office spoke.")
    assert summary.endswith(".")
    assert len(summary) <= 300


@given(st.text(max_size=1500), st.integers(10, 300))
def test_opening_words_fit_and_are_one_line(text: str, limit: int) -> None:
    words = opening_words(text, limit)
    assert len(words) <= limit
    assert "\n" not in words


@given(st.text(max_size=200), st.text(max_size=2000))
def test_a_summary_of_anything_is_short(title: str, text: str) -> None:
    assert len(first_sentences(title, text)) <= 450
