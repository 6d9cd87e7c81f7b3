"""Every answer that Telegram, or something that stands before it, may give to a push."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Gone, GoneReason, Later, Moved, Outcome, Refused, RefusedReason, Sent
from bot.telegram.outcomes import find_refusal, read_outcome
from bot.telegram.refusals import OPERATOR_PAUSE_S, REFUSALS, Pause


def refused(code: int, description: str, **parameters: Any) -> Outcome:
    reply = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return read_outcome(code, orjson.dumps(reply))


@pytest.mark.parametrize(
    "body",
    [
        b'{"ok":true,"result":{"message_id":77,"date":1}}',
        b'{"ok": true, "result": {"message_id": 77}}',
        b'{"result":{"date":1,"message_id":77},"ok":true}',
        b' {\n"ok" : true,\n"result" : {"message_id" : 77 , "text":"{\\"message_id\\":5}"}}',
    ],
)
def test_the_message_id_is_found_however_the_answer_is_written(body: bytes) -> None:
    assert read_outcome(200, body) == Sent(77)


@pytest.mark.parametrize(
    ("code", "description", "reason"),
    [
        (403, "Forbidden: bot was blocked by the user", GoneReason.BLOCKED),
        (400, "Bad Request: ALLOW_PAYMENT_REQUIRED_100", GoneReason.BLOCKED),
        (403, "Forbidden: user is deactivated", GoneReason.DEACTIVATED),
        (403, "Forbidden: the group chat was deleted", GoneReason.DEACTIVATED),
        (400, "Bad Request: group chat was deactivated", GoneReason.DEACTIVATED),
        (403, "Forbidden: bot was kicked from the group chat", GoneReason.KICKED),
        (403, "Forbidden: bot was kicked from the supergroup chat", GoneReason.KICKED),
        (403, "Forbidden: bot was kicked from the channel chat", GoneReason.KICKED),
        (403, "Forbidden: bot is not a member of the channel chat", GoneReason.KICKED),
        (400, "Bad Request: CHANNEL_PRIVATE", GoneReason.KICKED),
        (400, "Bad Request: chat not found", GoneReason.NOT_FOUND),
        (400, "Bad Request: PEER_ID_INVALID", GoneReason.NOT_FOUND),
        (403, "Forbidden: PEER_ID_INVALID", GoneReason.NOT_FOUND),
        (403, "Forbidden: bot can't initiate conversation with a user", GoneReason.NOT_FOUND),
        (403, "Forbidden: bot can't send messages to bots", GoneReason.NOT_FOUND),
        (400, "Bad Request: not enough rights to send text messages to the chat", GoneReason.NO_RIGHTS),
        (400, "Bad Request: have no rights to send a message", GoneReason.NO_RIGHTS),
        (403, "Forbidden: CHAT_WRITE_FORBIDDEN", GoneReason.NO_RIGHTS),
        (400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN", GoneReason.NO_RIGHTS),
        (400, "Bad Request: CHAT_RESTRICTED", GoneReason.NO_RIGHTS),
        (400, "Bad Request: need administrator rights in the channel chat", GoneReason.NO_RIGHTS),
        (400, "Bad Request: TOPIC_CLOSED", GoneReason.TOPIC_CLOSED),
        (400, "Bad Request: TOPIC_DELETED", GoneReason.TOPIC_DELETED),
        (400, "Bad Request: message thread not found", GoneReason.TOPIC_DELETED),
        (403, "Forbidden: something new under the sun", GoneReason.FORBIDDEN),
    ],
)
def test_a_chat_that_is_gone_says_why(code: int, description: str, reason: GoneReason) -> None:
    assert refused(code, description) == Gone(description, reason)


@pytest.mark.parametrize(
    ("code", "description", "reason"),
    [
        (400, "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0", RefusedReason.MARKUP),
        (400, "Bad Request: ENTITY_BOUNDS_INVALID", RefusedReason.MARKUP),
        (400, "Bad Request: BUTTON_DATA_INVALID", RefusedReason.KEYBOARD),
        (400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed", RefusedReason.KEYBOARD),
        (400, "Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL", RefusedReason.KEYBOARD),
        (400, "Bad Request: reply markup is too long", RefusedReason.KEYBOARD),
        (400, "Bad Request: message is too long", RefusedReason.TOO_LONG),
        (400, "Bad Request: message text is empty", RefusedReason.EMPTY),
        (413, "Request Entity Too Large", RefusedReason.TOO_LONG),
        (400, "Bad Request: something new under the sun", RefusedReason.UNKNOWN),
        (500, "Internal Server Error: sent message was immediately deleted", RefusedReason.UNKNOWN),
    ],
)  # fmt: skip
def test_a_message_that_is_refused_says_why(code: int, description: str, reason: RefusedReason) -> None:
    assert refused(code, description) == Refused(description, reason)


def test_a_group_that_became_a_supergroup_tells_its_new_id() -> None:
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    assert refused(400, words, migrate_to_chat_id=-1001234567890) == Moved(-1001234567890)
    assert refused(400, words) == Gone(words, GoneReason.NOT_FOUND)


@pytest.mark.parametrize(
    ("parameters", "header", "seconds"),
    [
        ({"retry_after": 37}, None, 37),
        ({"retry_after": 37}, "5", 37),
        ({"retry_after": "37"}, None, 37),
        ({}, "12", 12),
        ({}, "Wed, 21 Oct 2026 07:28:00 GMT", 5),
        ({"retry_after": 0}, None, 5),
        ({"retry_after": None}, None, 5),
        (None, None, 5),
    ],
)
def test_a_429_is_obeyed_to_the_second_and_never_taken_for_less_than_one(
    parameters: dict[str, object] | None, header: str | None, seconds: float
) -> None:
    body = orjson.dumps({"ok": False, "error_code": 429, "description": "Too Many", "parameters": parameters})
    assert read_outcome(429, body, header) == Later(seconds, "Too Many", limited=True)


def test_a_429_from_a_gateway_is_obeyed_too() -> None:
    outcome = read_outcome(429, b"<html>429 Too Many Requests</html>", "9")
    assert isinstance(outcome, Later)
    assert (outcome.after_s, outcome.limited) == (9, True)


@pytest.mark.parametrize("code", [401, 404])
def test_a_wrong_token_costs_no_chat_and_no_message(code: int) -> None:
    outcome = refused(code, "Unauthorized")
    assert outcome == Later(OPERATOR_PAUSE_S, "Telegram does not know our token: Unauthorized")


@pytest.mark.parametrize(
    ("status", "body", "unsure"),
    [
        (500, b'{"ok":false,"error_code":500,"description":"Internal Server Error: restart"}', False),
        (502, b"<html>502 Bad Gateway</html>", False),
        (503, b"", False),
        (504, b"<html>504 Gateway Timeout</html>", True),
        (200, b'{"ok":true,"resu', True),
        (200, b"<html>Please log in to the hotel's wireless network</html>", True),
        (200, b'{"ok":true,"result":true}', True),
        (302, b"", False),
        (400, b"<html>400 Bad Request</html>", False),
        (403, b"<html>Forbidden by the office firewall</html>", False),
        (404, b"not found", False),
    ],
)
def test_trouble_on_the_way_is_never_success_and_never_the_chats_fault(
    status: int, body: bytes, unsure: bool
) -> None:
    outcome = read_outcome(status, body)
    assert isinstance(outcome, Later)
    assert (outcome.unsure, outcome.limited) == (unsure, False)
    assert outcome.after_s > 0


@given(st.integers(100, 599), st.binary(max_size=300), st.none() | st.text(max_size=20))
def test_any_answer_at_all_has_an_outcome(status: int, body: bytes, header: str | None) -> None:
    outcome = read_outcome(status, body, header)
    assert not isinstance(outcome, Sent | Moved | Gone)


json = st.recursive(st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=9), lambda inner: (
    st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["ok", "result", "message_id", "error_code", "description", "parameters",
                                       "retry_after", "migrate_to_chat_id"]), inner)))  # fmt: skip


@given(st.integers(100, 599), json)
def test_any_json_at_all_has_an_outcome(status: int, reply: object) -> None:
    outcome = read_outcome(status, orjson.dumps(reply))
    if isinstance(outcome, Later):
        assert outcome.after_s > 0


def test_no_row_of_the_table_hides_behind_an_earlier_one() -> None:
    for row in REFUSALS:
        assert find_refusal(f"Bad Request: {row.text}") is row


def test_every_row_of_the_table_leads_to_its_verdict() -> None:
    for row in REFUSALS:
        outcome = refused(400, f"Bad Request: {row.text}")
        match row.verdict:
            case GoneReason():
                assert isinstance(outcome, Gone)
                assert outcome.reason is row.verdict
            case RefusedReason():
                assert isinstance(outcome, Refused)
                assert outcome.reason is row.verdict
            case Pause(after_s):
                assert isinstance(outcome, Later)
                assert outcome.after_s == after_s


def test_a_long_winded_cause_is_cut() -> None:
    outcome = refused(400, "Bad Request: " + "x" * 10_000)
    assert isinstance(outcome, Refused)
    assert len(outcome.cause) == 200
