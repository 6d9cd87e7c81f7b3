"""Who is due when, and in whose hands: one mechanism for chats and for sources.

A member is *due* at a time, is *claimed* (leased) by one process at a time, and is *settled* when that process is
done with it: not due again, due again later, or *held* (not before a time, whatever happens meanwhile). A claimer
that dies loses its leases when they run out, and its members are due again. Scores are milliseconds of Redis'
clock, so the clocks of several machines need not agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.store.connect import Database
from bot.store.keys import ScheduleKeys
from bot.store.scripts import ScriptCall, script


class Claim(NamedTuple):
    """A member in our hands until ``token`` (the time, in ms, at which the lease runs out).

    ``attempts`` went wrong since the last success; ``refusals`` of them were a plain no to what was brought.
    """

    member: str
    token: int
    due_ms: float
    attempts: int = 0
    refusals: int = 0


@dataclass(frozen=True, slots=True)
class Claims:
    """What one call claimed. ``next_due_ms`` is the due time of the first member that was left, if there is one."""

    claims: tuple[Claim, ...]
    now_ms: int
    next_due_ms: float | None


class Settlement(NamedTuple):
    """How a claimed member goes on.

    ``due_in_s`` is None when nothing is planned. ``hold`` makes that time a floor. ``attempts`` and ``refusals``
    are what the next claim shall know of failures; zero forgets them.
    """

    member: str
    token: int
    due_in_s: float | None = None
    hold: bool = False
    attempts: int = 0
    refusals: int = 0


class Schedule:
    """The schedule that lives under ``keys``."""

    def __init__(self, database: Database, keys: ScheduleKeys) -> None:
        self._database = database
        self._keys = keys

    async def claim(self, limit: int, lease_s: float) -> Claims:
        """Take up to ``limit`` members that are due, the longest due first, for ``lease_s`` seconds."""
        return read_claims(await self._database.run(self.claim_call(limit, lease_s)))

    def claim_call(self, limit: int, lease_s: float) -> ScriptCall:
        """:meth:`claim` as a call for a pipeline; :func:`read_claims` reads the answer."""
        keys = self._keys
        return ScriptCall(
            script("claim"),
            (keys.due, keys.leases, keys.attempts),
            (self._database.clock_shift_ms(), limit, int(lease_s * 1000)),
        )

    async def settle(self, settlements: Sequence[Settlement]) -> list[bool]:
        """Let go of claimed members; False for each whose lease had run out."""
        return [bool(kept) for kept in await self._database.run(self.settle_call(settlements))]

    def settle_call(self, settlements: Iterable[Settlement]) -> ScriptCall:
        """:meth:`settle` as a call for a pipeline; the answer is a list of 1 (kept) and 0 (lease lost)."""
        args: list[str | int] = [self._database.clock_shift_ms()]
        for item in settlements:
            due_in = "" if item.due_in_s is None else int(item.due_in_s * 1000)
            args += (item.member, item.token, due_in, int(item.hold), _tally(item))
        return ScriptCall(script("settle"), tuple(self._keys), tuple(args))

    async def renew(self, claims: Sequence[Claim], lease_s: float) -> tuple[int, bool]:
        """Keep members for ``lease_s`` from now; the new token, and whether all were still ours."""
        token, *kept = await self._database.run(self.renew_call(claims, lease_s))
        return int(token), all(kept)

    def renew_call(self, claims: Iterable[Claim], lease_s: float) -> ScriptCall:
        """Keep members longer; the answer is the new token, then 1 (kept) or 0 (lost) for each."""
        args: list[str | int] = [self._database.clock_shift_ms(), int(lease_s * 1000)]
        for claim in claims:
            args += [claim.member, claim.token]
        return ScriptCall(script("renew"), (self._keys.leases,), tuple(args))

    async def wake(self, members: Sequence[str], in_s: float = 0) -> None:
        """Make members due in ``in_s`` seconds, unless they are due earlier; a hold is waited out."""
        if members:
            shift = self._database.clock_shift_ms()
            call = ScriptCall(
                script("wake"), (self._keys.due, self._keys.held), (shift, int(in_s * 1000), *members)
            )
            await self._database.run(call)

    async def members(self) -> frozenset[str]:
        """Everybody who is due some time, or claimed."""
        due, leased = await self._database.run_many(
            [("ZRANGE", self._keys.due, 0, -1), ("ZRANGE", self._keys.leases, 0, -1)]
        )
        return frozenset(member.decode() for member in (*due, *leased))

    async def remove(self, members: Sequence[str]) -> None:
        """Forget members altogether."""
        if members:
            keys = self._keys
            await self._database.run_many(
                [
                    ("ZREM", keys.due, *members),
                    ("ZREM", keys.leases, *members),
                    ("ZREM", keys.held, *members),
                    ("HDEL", keys.attempts, *members),
                ]
            )


def read_claims(answer: Sequence[object]) -> Claims:
    """What claim.lua answered."""
    token, now_ms, next_due, flat = answer
    assert isinstance(flat, list)
    token_ms = int(_number(token))
    claims = tuple(
        [
            Claim(member.decode(), token_ms, float(due), *(map(int, tally.split()) if tally else ()))
            for member, due, tally in zip(flat[::3], flat[1::3], flat[2::3], strict=True)
        ]
    )
    return Claims(claims, int(_number(now_ms)), _number(next_due) if next_due else None)


def _tally(item: Settlement) -> str:
    """Failures as they are kept: nothing, the number of attempts, or that and the number of refusals."""
    if not item.attempts:
        return ""
    return f"{item.attempts} {item.refusals}" if item.refusals else str(item.attempts)


def _number(value: object) -> float:
    assert isinstance(value, bytes)
    return float(value)
