"""What a person's choice makes of a chat: pure functions from chat to chat, no Redis, no Telegram.

The handlers pass them to ``Chats.update``, which gives them the stored chat and the end of the log. That is the place
of its newest story, perhaps of hours ago: what needs the time of day gets the ``clock`` besides.
Rules that hold everywhere: nothing older than the choice is owed, and no choice changes what it is not
about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.briefing.timetable import first_day
from bot.model import BriefingPlan, Chat, Mode, Position, QuietHours, RateAlert, RateRule, Side, Tag


def follow(chat: Chat, tags: Iterable[Tag], now: Position) -> Chat:
    """Follow the tags from now on; those followed already keep their place in the log."""
    fresh = {tag: now for tag in tags if tag not in chat.follows}
    return replace(chat, follows={**chat.follows, **fresh})


def unfollow(chat: Chat, tags: Iterable[Tag]) -> Chat:
    """Stop following the tags."""
    dropped = frozenset(tags)
    return replace(chat, follows={tag: since for tag, since in chat.follows.items() if tag not in dropped})


def unfollow_all(chat: Chat) -> Chat:
    """Stop following everything."""
    return replace(chat, follows={})


def set_mode(chat: Chat, mode: Mode, now: Position, plan: BriefingPlan, clock: datetime) -> Chat:
    """Choose how stories come. A mode with a briefing gets ``plan`` unless one is set.

    Who had only the briefing and wants pushes again gets the stories from now on, none of the past ones.
    """
    follows = chat.follows
    if mode.pushes and not chat.mode.pushes:
        follows = dict.fromkeys(follows, now)
    chosen = replace(chat, mode=mode, follows=follows)
    if mode is Mode.INSTANT or (chat.briefing and chat.mode is not Mode.INSTANT):
        return chosen
    return replace(chosen, briefing=_begun(chat, chat.briefing or plan, clock))


def plan_briefing(chat: Chat, plan: BriefingPlan, clock: datetime) -> Chat:
    """Have the briefing at this time. Who got only pushes now gets both.

    A plan that is new begins with its next occurrence; one that is changed loses and doubles nothing of today.
    """
    if chat.briefing is None or chat.mode is Mode.INSTANT:
        mode = Mode.BOTH if chat.mode is Mode.INSTANT else chat.mode
        taste = chat.briefing or plan
        plan = replace(plan, skip_empty=taste.skip_empty, rates=taste.rates)
        return replace(chat, briefing=_begun(chat, plan, clock), mode=mode)
    if (plan.at, plan.weekdays) == (chat.briefing.at, chat.briefing.weekdays):
        return chat
    return replace(
        chat, briefing=replace(chat.briefing, at=plan.at, weekdays=plan.weekdays, since=clock.astimezone(UTC))
    )


def _begun(chat: Chat, plan: BriefingPlan, clock: datetime) -> BriefingPlan:
    """The plan as one that starts now."""
    first = first_day(plan, ZoneInfo(chat.timezone), chat.address, clock)
    return replace(plan, first_day=first, since=None)


def stop_briefing(chat: Chat) -> Chat:
    """Have no briefing. Who got both keeps the pushes; who got only the briefing gets no pushes instead."""
    mode = Mode.INSTANT if chat.mode is Mode.BOTH else chat.mode
    return replace(chat, briefing=None, mode=mode)


def skip_empty_days(chat: Chat, skip: bool) -> Chat:
    """Have a briefing only on days with news, or every day; without a briefing there is nothing to skip."""
    return replace(chat, briefing=replace(chat.briefing, skip_empty=skip)) if chat.briefing else chat


def show_rates(chat: Chat, shown: bool) -> Chat:
    """Have exchange rates below the briefing, or not; without a briefing there is nothing to put them under."""
    return replace(chat, briefing=replace(chat.briefing, rates=shown)) if chat.briefing else chat


def set_quiet(chat: Chat, quiet: QuietHours | None) -> Chat:
    """Let pushes wait between two local times, or never."""
    return replace(chat, quiet=quiet)


def set_timezone(chat: Chat, zone: str, clock: datetime) -> Chat:
    """Live by the clock of this IANA zone; today's briefing is neither doubled nor lost by it."""
    if zone == chat.timezone or chat.briefing is None:
        return replace(chat, timezone=zone)
    return replace(chat, timezone=zone, briefing=replace(chat.briefing, since=clock.astimezone(UTC)))


def set_language(chat: Chat, code: str) -> Chat:
    """Speak this language."""
    return replace(chat, language=code)


def post_silently(chat: Chat, silent: bool) -> Chat:
    """Let pushes arrive without a sound, or with one."""
    return replace(chat, silent=silent)


def sign(chat: Chat, signature: str) -> Chat:
    """Put this line below each push; an empty one is none."""
    return replace(chat, signature=signature)


def come_back(chat: Chat, now: Position) -> Chat:
    """Take up a chat that Telegram had refused us; what was missed meanwhile is not owed."""
    return replace(_from_now(chat, now), gone_since=None) if chat.gone_since else chat


def _from_now(chat: Chat, now: Position) -> Chat:
    """Owe nothing that was logged before now."""
    alerts = tuple(replace(rule, since=now) for rule in chat.alerts)
    return replace(chat, follows=dict.fromkeys(chat.follows, now), alerts=alerts)


def set_alert(chat: Chat, rule: RateRule, now: Position) -> Chat:
    """Hear of a rate from now on; the rule takes the place of one of its kind about the same currency."""
    if any(known == rule for known in chat.alerts):
        return chat
    kept = (known for known in chat.alerts if _kind(known) != _kind(rule))
    return replace(chat, alerts=(*kept, replace(rule, since=now)))


def drop_alerts(chat: Chat, currency: str | None) -> Chat:
    """Hear no more of a currency, or of any."""
    return replace(chat, alerts=tuple(rule for rule in chat.alerts if currency and rule.currency != currency))


def _kind(rule: RateRule) -> tuple[str, Side | None]:
    return rule.currency, None if isinstance(rule, RateAlert) else rule.side


def resume(chat: Chat, now: Position) -> Chat:
    """Undo ``pause``; what was missed meanwhile is not owed."""
    if not chat.paused:
        return chat
    return replace(_from_now(chat, now), paused=False)


def pause(chat: Chat) -> Chat:
    """Get nothing until /start; all settings stay."""
    return replace(chat, paused=True)
