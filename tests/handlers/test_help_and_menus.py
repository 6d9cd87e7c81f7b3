import pytest
from telegram import Bot

from bot.demo.local_telegram import LocalTelegram
from bot.demo.people import Someone
from bot.language import Tongues
from bot.settings import LANGUAGES
from handlers import COMMANDS, FOR_OPERATORS
from handlers.menu import MENU, OPERATORS_MENU
from handlers.menus import publish_menus
from tests.handlers.conftest import World


async def test_help_lists_every_command_with_a_line(world: World, aigul: Someone) -> None:
    text = await world.says(aigul, "/help")
    assert all(f"\n/{command} — " in text for command in COMMANDS)
    assert "/subscribe uzbekistan energy" in text


async def test_help_gives_examples_that_work_in_the_readers_language(world: World) -> None:
    for number, code in enumerate(LANGUAGES):
        reader = world.telegram.user(100 + number, language_code=code)
        lines = (await world.says(reader, "/help")).splitlines()
        await world.ask(
            reader, next(line for line in lines if line.startswith("/subscribe ") and "—" not in line)
        )
        assert set((await world.stored(reader)).follows) == {"UZ", "energy"}


def test_the_menu_names_what_is_registered() -> None:
    assert {entry.command for entry in MENU} == {*COMMANDS, "channel"}
    assert {entry.command for entry in OPERATORS_MENU} == set(FOR_OPERATORS)


@pytest.fixture
async def bot(telegram: LocalTelegram) -> Bot:
    return Bot(telegram.token, base_url=f"{telegram.api_url}/bot")


async def test_menus_and_descriptions_are_set_in_every_language(bot: Bot, telegram: LocalTelegram) -> None:
    async with bot:
        await publish_menus(bot, Tongues())
        assert [command.command for command in await bot.get_my_commands()] == [
            entry.command for entry in MENU
        ]
        russian = await bot.get_my_commands(language_code="ru")
        assert russian[0].description == "Последние новости"
        assert (await bot.get_my_description(language_code="kk")).description.startswith("Орталық Азия")
        await publish_menus(bot, Tongues())
    sets = [call.method for call in telegram.journal.calls if call.method.startswith("setMyDescription")]
    assert len(sets) == len(LANGUAGES), "descriptions that are right already are left alone"


LONG = "я" * 4000


@pytest.mark.parametrize(
    "command",
    ["subscribe", "unsubscribe", "latest", "rates", "briefing", "quiet", "timezone", "language", "mode"],
)
async def test_the_longest_thing_that_can_be_typed_gets_one_line(
    world: World, aigul: Someone, command: str
) -> None:
    for typed in (f"/{command} {LONG}", f"/{command} {'🇽🇽 <b> ' * 300}", f"/{command} 08:00 {LONG}"):
        answer = await world.says(aigul, typed)
        assert "\n" not in answer
        assert len(answer) < 300
