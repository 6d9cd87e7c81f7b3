"""getMe, and what the bot says about itself: commands, name, descriptions, default rights."""

from __future__ import annotations

import re

from bot.demo.platform import Platform
from bot.demo.profile import scope_key
from bot.demo.refusals import bad_request
from bot.demo.telegram_world import Event
from bot.demo.who import CHANNEL_RIGHTS, GROUP_RIGHTS, RIGHTS, Json

MOST_COMMANDS = 100


def get_me(platform: Platform, params: Json) -> Json:
    """https://core.telegram.org/bots/api#getme."""
    return {
        **platform.world.bot.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": platform.world.sees_all_group_messages,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#setmycommands."""
    commands = params["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    platform.profile.commands[_menu_of(params)] = commands
    platform.world.tell(Event("commands"))
    return True


def get_my_commands(platform: Platform, params: Json) -> list[Json]:
    """https://core.telegram.org/bots/api#getmycommands."""
    return platform.profile.commands.get(_menu_of(params), [])


def delete_my_commands(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands."""
    platform.profile.commands.pop(_menu_of(params), None)
    platform.world.tell(Event("commands"))
    return True


def _menu_of(params: Json) -> tuple[str, str]:
    return scope_key(params.get("scope")), _language(params)


def _language(params: Json) -> str:
    language = str(params.get("language_code", ""))
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language


def set_my_name(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#setmyname."""
    platform.profile.set_text("name", _language(params), params.get("name", ""))
    return True


def get_my_name(platform: Platform, params: Json) -> Json:
    """https://core.telegram.org/bots/api#getmyname."""
    return {"name": platform.profile.text("name", _language(params)) or platform.world.bot.first_name}


def set_my_description(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#setmydescription."""
    platform.profile.set_text("description", _language(params), params.get("description", ""))
    return True


def get_my_description(platform: Platform, params: Json) -> Json:
    """https://core.telegram.org/bots/api#getmydescription."""
    return {"description": platform.profile.text("description", _language(params))}


def set_my_short_description(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#setmyshortdescription."""
    platform.profile.set_text("short_description", _language(params), params.get("short_description", ""))
    return True


def get_my_short_description(platform: Platform, params: Json) -> Json:
    """https://core.telegram.org/bots/api#getmyshortdescription."""
    return {"short_description": platform.profile.text("short_description", _language(params))}


def set_my_default_administrator_rights(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#setmydefaultadministratorrights."""
    platform.profile.rights[params.get("for_channels", False)] = params.get("rights", {})
    return True


def get_my_default_administrator_rights(platform: Platform, params: Json) -> Json:
    """https://core.telegram.org/bots/api#getmydefaultadministratorrights."""
    for_channels = params.get("for_channels", False)
    every = dict.fromkeys((*RIGHTS, *(CHANNEL_RIGHTS if for_channels else GROUP_RIGHTS)), False)
    return {"is_anonymous": False, **every, **platform.profile.rights.get(for_channels, {})}
