"""The operator's list of sources, and what is said about every mistake in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.sources.polling import NEWS_FORMATS
from bot.sources.sources_file import NewsSource, Sources, load_sources

GOOD = '[[news]]\nname = "A"\nurl = "http://127.0.0.1:8000/feed"\nformat = "feed"\n'


def load(tmp_path: Path, text: str) -> Sources:
    path = tmp_path / "sources.toml"
    path.write_text(text, "utf-8")
    return load_sources(path)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert all("sources.toml" in problem and "\n" not in problem for problem in caught.value.problems)
    return caught.value.problems


def test_the_bundled_list_is_valid() -> None:
    sources = load_sources(None)
    assert sources.news[0].name == "The Times of Central Asia"
    assert any(source.format == "ticker" for source in sources.rates)


def test_every_bundled_bank_is_polled_by_the_hours_at_which_it_publishes() -> None:
    without = {source.format for source in load_sources(None).rates if source.hours is None}
    assert without == {"ticker"}, "a ticker ticks all day"


def test_hours_that_are_none_are_told_with_the_entry_and_an_example(tmp_path: Path) -> None:
    text = '[[rates]]\nname = "B"\nurl = "http://x/"\nformat = "ecb"\nhours = "afternoons"\n'
    (problem,) = problems(tmp_path, text)
    assert "'B', key hours: " in problem
    assert "mon-fri 15:30-18:00 Europe/Berlin" in problem


def test_an_entry_is_read_with_its_defaults(tmp_path: Path) -> None:
    (source,) = load(tmp_path, GOOD).news
    assert (source.every_s, source.countries, source.topics, source.full_text) == (300.0, (), (), False)


@pytest.mark.parametrize(("written", "seconds"), [("30s", 30), ("5m", 300), ("2h", 7200), ("1d", 86400)])
def test_every_is_a_number_and_a_unit(tmp_path: Path, written: str, seconds: float) -> None:
    assert load(tmp_path, f'{GOOD}every = "{written}"\n').news[0].every_s == seconds


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('every = "soon"', "every"),
        ("every = 5", "every"),
        ('every = "0s"', "every"),
        ('countries = ["XX"]', "countries"),
        ('countries = "KZ"', "countries"),
        ('topics = ["KZ"]', "topics"),
        ('colour = "red"', "colour"),
        ('full_text = "yes"', "full_text"),
        ('language = "de"', "language"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_entry_and_key(tmp_path: Path, line: str, key: str) -> None:
    (problem,) = problems(tmp_path, f"{GOOD}{line}\n")
    assert "'A'" in problem
    assert f"key {key}" in problem


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x/",
        "timesca.com",
        "http://",
        "http://x y/",
        "http://[::1/",
        "file:///etc/passwd",
        "http://x:0/",
    ],
)
def test_only_http_addresses_are_sources(tmp_path: Path, url: str) -> None:
    (problem,) = problems(tmp_path, GOOD.replace("http://127.0.0.1:8000/feed", url))
    assert "key url" in problem


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = (
        '[[news]]\nname = "A"\n[[rates]]\nurl = "http://x/"\nname = "B"\nformat = "tea leaves"\n[weather]\n'
    )
    told = "\n".join(problems(tmp_path, text))
    for words in ("key url: is missing", "key format: is missing", "must be one of", "[[weather]]"):
        assert words in told


def test_two_entries_of_one_name_are_a_mistake(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, GOOD + GOOD)
    assert "2 entries" in problem


@pytest.mark.parametrize("text", ["[[news]\n", 'name = "\\q"', "news = 3"])
def test_what_is_no_list_of_sources_is_said_in_one_line(tmp_path: Path, text: str) -> None:
    assert len(problems(tmp_path, text)) == 1


def test_a_file_that_is_not_there_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SOURCES_FILE"):
        load_sources(tmp_path / "none.toml")


def test_an_entry_can_be_switched_off(tmp_path: Path) -> None:
    assert load(tmp_path, f"{GOOD}enabled = false\n").news == ()


def test_a_rates_address_can_ask_for_a_day(tmp_path: Path) -> None:
    text = '[[rates]]\nname = "B"\nurl = "http://x/?d={date:%d.%m.%Y}&e={date}"\nformat = "ticker"\n'
    (source,) = load(tmp_path, text).rates
    assert source.dated
    assert source.url_for(date(2026, 6, 5)) == "http://x/?d=05.06.2026&e=2026-06-05"


def test_every_news_format_that_a_file_may_name_can_be_read() -> None:
    field = NewsSource.model_fields["format"].annotation
    assert set(NEWS_FORMATS) == set(field.__args__)  # type: ignore[union-attr]
