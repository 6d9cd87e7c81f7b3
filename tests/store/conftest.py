"""Each store test ends with a look at the keys that it left behind."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store.connect import Database
from tests.store.leaks import leaked_keys


@pytest.fixture
async def database(database: Database) -> AsyncIterator[Database]:
    """The database of all tests; whatever is done with it here, no key stays for ever that is not meant to."""
    yield database
    assert await leaked_keys(database) == []
