from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.briefing.latest_page import latest_page
from bot.model import Article, Message, Page
from tests.briefing.examples import CATALOGUE, ENGLISH, NOW, articles, as_seen, story


def _page(page: Page) -> Message:
    return latest_page(page, "🇰🇿 Kazakhstan", ENGLISH, CATALOGUE, NOW, lambda offset: f"p:{offset}")


def _turns(message: Message) -> dict[str, str | None]:
    return {button.label: button.data for row in message.buttons for button in row}


def test_a_page_says_which_part_of_the_whole_it_shows() -> None:
    seen = as_seen(_page(Page([story(n) for n in range(6)], 6, 497)))
    assert seen.startswith("🇰🇿 Kazakhstan\n7–12 of 497\n\n🇰🇿 Story number 0\nThe plant near")


def test_each_story_has_title_summary_source_and_age() -> None:
    seen = as_seen(_page(Page([story(1)], 0, 1)))
    assert seen.endswith("goes abroad.\nThe Steppe Courier · 3 hours ago")


def test_the_first_page_only_leads_on_and_the_last_only_back() -> None:
    six = [story(n) for n in range(6)]
    assert _turns(_page(Page(six, 0, 15))) == {"›": "p:6"}
    assert _turns(_page(Page(six, 6, 15))) == {"‹": "p:0", "›": "p:12"}
    assert _turns(_page(Page(six[:3], 12, 15))) == {"‹": "p:6"}
    assert _turns(_page(Page(six, 0, 6))) == {}


def test_an_empty_list_says_so() -> None:
    message = _page(Page([], 0, 0))
    assert "Nothing here yet" in as_seen(message)
    assert message.buttons == ()


def test_a_page_past_the_end_leads_back_to_the_last_one() -> None:
    message = _page(Page([], 600, 15))
    assert "last page" in as_seen(message)
    assert _turns(message) == {"‹": "p:12"}


@given(st.lists(articles, max_size=6), st.integers(0, 10**9))
def test_any_page_is_taken_by_telegram(stories: list[Article], offset: int) -> None:
    assert as_seen(_page(Page(stories, offset, offset + len(stories))))


def test_a_corrected_story_says_so() -> None:
    seen = as_seen(_page(Page([replace(story(1), corrected=NOW)], 0, 1)))
    assert seen.endswith("hours ago · corrected")
