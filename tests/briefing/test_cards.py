import datetime as dt
from dataclasses import replace

from hypothesis import given

from bot.briefing.cards import LONGEST_SUMMARY, story_card, whole_sentences
from bot.demo.markup import read_text
from bot.model import Article, Tag
from tests.briefing.examples import CATALOGUE, ENGLISH, NOW, STORY, any_text, articles, as_seen


def test_a_card_shows_flag_title_summary_source_and_age() -> None:
    card = story_card(STORY, ENGLISH, CATALOGUE, NOW)
    assert as_seen(card) == (
        "🇰🇿 Kazakhstan opens its first hydrogen plant\n\n"
        "The plant near Mangystau starts with 2,000 tonnes a year. Half of it goes abroad.\n\n"
        "The Steppe Courier · 3 hours ago"
    )


def test_other_sources_of_a_story_are_named() -> None:
    told = replace(STORY, sources=("Valley <Post>", STORY.source, "Radio"))
    assert as_seen(story_card(told, ENGLISH, CATALOGUE, NOW)).endswith(
        "The Steppe Courier · also: Valley <Post>, Radio · 3 hours ago"
    )


def test_the_title_is_bold_and_linked_and_the_preview_is_the_story() -> None:
    card = story_card(STORY, ENGLISH, CATALOGUE, NOW)
    kinds = {entity["type"]: entity for entity in read_text(card.html, "HTML").entities}
    assert kinds["text_link"]["url"] == STORY.link
    assert kinds["bold"]["offset"] == kinds["text_link"]["offset"]
    assert card.preview_url == STORY.link


def test_a_story_without_link_has_neither_link_nor_preview() -> None:
    card = story_card(replace(STORY, link=None), ENGLISH, CATALOGUE, NOW)
    assert card.preview_url is None
    assert "<a" not in card.html


def test_a_story_without_title_shows_its_address() -> None:
    card = story_card(replace(STORY, title=" \u202e "), ENGLISH, CATALOGUE, NOW)
    assert as_seen(card).startswith(f"🇰🇿 {STORY.link}")


def test_a_story_about_no_country_shows_the_sign_of_its_topic() -> None:
    assert as_seen(story_card(replace(STORY, countries=()), ENGLISH, CATALOGUE, NOW)).startswith("⚡ ")


def test_many_countries_show_three_flags() -> None:
    many = replace(STORY, countries=tuple(map(Tag, ("KZ", "KG", "UZ", "TJ"))))
    assert as_seen(story_card(many, ENGLISH, CATALOGUE, NOW)).startswith("🇰🇿🇰🇬🇺🇿 Kazakhstan")


def test_markup_in_a_title_arrives_as_plain_text() -> None:
    hostile = replace(STORY, title='<b>5 < 6</b> & "quotes" </a><script>')
    assert '<b>5 < 6</b> & "quotes" </a><script>' in as_seen(story_card(hostile, ENGLISH, CATALOGUE, NOW))


def test_a_title_of_400_characters_is_shortened_at_a_word() -> None:
    title = as_seen(story_card(replace(STORY, title="word " * 80), ENGLISH, CATALOGUE, NOW)).split("\n")[0]
    assert len(title) <= 205
    assert title.endswith("word…")


def test_old_stories_show_the_date_of_the_reader() -> None:
    late_evening = replace(STORY, published=dt.datetime(2026, 3, 31, 22, 0, tzinfo=dt.UTC))
    almaty = NOW.astimezone(dt.timezone(dt.timedelta(hours=5)))
    assert as_seen(story_card(late_evening, ENGLISH, CATALOGUE, almaty)).endswith("· 1 Apr")


@given(articles)
def test_any_article_makes_a_card_that_telegram_takes(article: Article) -> None:
    assert as_seen(story_card(article, ENGLISH, CATALOGUE, NOW))


@given(any_text)
def test_a_summary_is_made_of_its_own_first_sentences(raw: str) -> None:
    short = whole_sentences(raw, LONGEST_SUMMARY)
    assert raw.startswith(short.removesuffix("…"))


def test_a_long_summary_ends_with_a_sentence() -> None:
    assert whole_sentences("It met the U.S. envoy. Then it left.", 30) == "It met the U.S. envoy."
    assert whole_sentences("One is here. Two is here. Three is here.", 30) == "One is here. Two is here."
    assert (
        whole_sentences("One enormous sentence that never comes to its end", 30)
        == "One enormous sentence that…"
    )
