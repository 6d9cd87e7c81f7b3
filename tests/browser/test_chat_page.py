"""The demo's chat page, as a person uses it, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.demo import Demo
from bot.demo.demo import YOU
from bot.demo.who import Kind
from tests.browser.conftest import DESK, ScriptedBot
from tests.demo.test_with_a_real_client import picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def say(page: Page, text: str) -> None:
    await page.get_by_role("combobox", name="Message").fill(text)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")


async def test_a_tap_ticks_in_place_and_shows_a_toast(page: Page) -> None:
    await page.get_by_role("combobox", name="Message").press_sequentially("/start")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Kazakhstan").click()
    await expect(page.get_by_role("button", name="✅ Kazakhstan")).to_be_visible()
    await expect(page.get_by_role("status")).to_contain_text("You follow it now")
    await expect(page.locator("article", has_text="Choose")).to_have_count(1)
    await expect(page.locator("article", has_text="Choose")).to_contain_text("edited")


async def test_an_alert_waits_to_be_confirmed(page: Page) -> None:
    await say(page, "/start")
    await page.get_by_role("button", name="Alert").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Careful")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_the_command_menu_opens_with_a_slash_and_is_used_by_keyboard(page: Page) -> None:
    await page.keyboard.press("/")
    options = page.get_by_role("option")
    await expect(options).to_have_text(["/startbegin", "/ratesexchange rates", "/settingseverything"])
    await page.keyboard.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("combobox")).to_have_value("/rates ")
    await page.get_by_role("combobox").fill("/se")
    await page.keyboard.press("Enter")
    await expect(page.locator("article.mine")).to_contain_text("/settings")


async def test_formatting_is_shown_and_markup_in_text_stays_text(page: Page) -> None:
    await say(
        page,
        '/html <b>bold <i>both</i></b> &lt;img src=x onerror=alert(1)&gt; <a href="https://a.kz/x">link</a> '
        "<tg-spoiler>secret</tg-spoiler> <blockquote expandable>long</blockquote>",
    )
    shown = page.locator("article:not(.mine) .text")
    await expect(shown).to_contain_text("bold both <img src=x onerror=alert(1)> link")
    await expect(shown.locator("b i")).to_have_text("both")
    await expect(shown.get_by_role("link")).to_have_attribute("href", "https://a.kz/x")
    await expect(shown.locator("img")).to_have_count(0)
    await expect(page.locator("article:not(.mine) .card")).to_contain_text("a.kz")
    spoiler = shown.locator(".spoiler")
    await spoiler.press("Enter")
    await expect(spoiler).to_have_class("spoiler open")
    await shown.get_by_role("button", name="Show more").click()
    await expect(shown.get_by_role("button", name="Show less")).to_be_visible()


async def test_messages_elsewhere_are_counted_until_they_are_read(
    page: Page, demo: Demo, bot: ScriptedBot
) -> None:
    channel = next(c for c in demo.telegram.world.chats.values() if c.kind is Kind.CHANNEL)
    for text in ("one", "two"):
        await bot.call("sendMessage", chat_id=channel.id, text=text)
    await expect(page.locator("#elsewhere")).to_have_text("2")
    await page.get_by_role("button", name="All chats").click()
    await page.get_by_role("button", name="Steppe Daily, 2 unread").click()
    await expect(page.locator("article")).to_have_count(2)
    await expect(page.locator("#elsewhere")).to_be_hidden()


async def test_topics_of_a_group_are_kept_apart(page: Page, demo: Demo, bot: ScriptedBot) -> None:
    group = next(c for c in demo.telegram.world.chats.values() if c.is_forum)
    energy = next(t for t in group.topics.values() if t.name == "Energy")
    await bot.call("sendMessage", chat_id=group.id, message_thread_id=energy.thread_id, text="Solar news")
    await page.get_by_role("button", name="All chats").click()
    await page.get_by_role("button", name="Silk Road Readers").click()
    await expect(page.locator("#stream").get_by_text("Solar news")).to_have_count(0)
    await page.get_by_role("tab", name="Energy").click()
    await expect(page.locator("article")).to_contain_text("Solar news")
    await say(page, "/latest energy")
    await demo.telegram.wait_for(lambda: list(group.messages.values())[-1].text == "/latest energy")
    assert list(group.messages.values())[-1].thread_id == energy.thread_id


async def test_photos_and_typing_are_shown(page: Page, bot: ScriptedBot) -> None:
    await say(page, "/html hello")
    await expect(page.locator("article:not(.mine)")).to_be_visible()
    await bot.call("sendChatAction", chat_id=YOU, action="upload_photo")
    await expect(page.locator("#subtitle")).to_have_text("typing…")
    file_id = bot.demo.telegram.platform.files.keep(picture(60, 40)).file_id
    await bot.call("sendPhoto", chat_id=YOU, photo=file_id, caption="chart")
    await expect(page.get_by_role("img", name="Picture")).to_be_visible()
    await expect(page.locator("#subtitle")).to_have_text("bot")


async def test_the_language_of_the_menu_follows_the_switch(page: Page, demo: Demo, bot: ScriptedBot) -> None:
    commands = [{"command": "start", "description": "начать"}]
    await bot.call("setMyCommands", commands=commands, language_code="ru")
    await page.get_by_role("button", name="All chats").click()
    await page.get_by_label("Your language").select_option("ru")
    await page.get_by_role("button", name="Briefing Bot").click()
    await page.keyboard.press("/")
    await expect(page.get_by_role("option")).to_have_text(["/startначать"])
    assert demo.telegram.user(YOU).person.language_code == "ru"


async def test_the_bot_can_be_stopped_from_the_menu(page: Page, demo: Demo) -> None:
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Stop the bot").click()
    await expect(page.locator("#subtitle")).to_have_text("bot · the bot is stopped")


async def test_a_desk_shows_both_panes_and_nothing_is_wider_than_the_screen(page: Page) -> None:
    await say(page, f"/html {'x' * 300} <pre>{'y' * 300}</pre>")
    await expect(page.locator("article:not(.mine)")).to_be_visible()
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert await page.evaluate(fits)
    await expect(page.get_by_role("navigation", name="Chats")).to_be_hidden()
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    await expect(page.get_by_role("navigation", name="Chats")).to_be_visible()
    await expect(page.get_by_text("Sample data").first).to_be_visible()
    assert await page.evaluate(fits)


async def test_a_reload_brings_everything_back(page: Page) -> None:
    await say(page, "/start")
    await page.get_by_role("button", name="Kyrgyzstan").click()
    await expect(page.get_by_role("button", name="✅ Kyrgyzstan")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="✅ Kyrgyzstan")).to_be_visible()


async def test_inline_results_are_offered_and_sent(page: Page, demo: Demo, bot: ScriptedBot) -> None:
    await page.get_by_role("combobox").fill("@briefing_demo_bot kzt")
    await expect(page.get_by_role("option", name="1 USD kzt")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator("article.mine")).to_contain_text("505 KZT")


async def test_a_chat_is_chosen_by_a_button_under_the_message(
    page: Page, demo: Demo, bot: ScriptedBot
) -> None:
    keyboard = [[{"text": "Choose a channel", "request_chat": {"request_id": 1, "chat_is_channel": True}}]]
    await say(page, "/html Which channel?")
    markup = {"keyboard": keyboard, "one_time_keyboard": True}
    await bot.call("sendMessage", chat_id=YOU, text="Which?", reply_markup=markup)
    await page.get_by_role("button", name="Choose a channel").click()
    await page.get_by_role("dialog").get_by_role("button", name="Steppe Daily").click()
    await expect(page.locator(".service")).to_contain_text("You chose Steppe Daily")
    await expect(page.get_by_role("button", name="Choose a channel")).to_be_hidden()
