"""Request bodies that remember whether they were sent: bytes of JSON, or a form with files.

"Did my request get out?" decides whether a broken connection may mean a message sent twice. aiohttp's
exceptions do not tell; a body that is asked to write itself knows.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from typing import IO, cast

from aiohttp import BytesPayload, MultipartWriter, Payload, get_payload
from aiohttp.abc import AbstractStreamWriter


class TellingBody(Payload):
    """A payload whose ``begun`` says whether the connection was there and writing had started."""

    begun = False
    write_timeout_s: float | None = None

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """Write the body; a peer that stops reading raises TimeoutError after ``write_timeout_s``."""
        self.begun = True
        if self.write_timeout_s is None:
            await super().write_with_length(writer, content_length)
            return
        async with asyncio.timeout(self.write_timeout_s):
            await super().write_with_length(writer, content_length)


class JsonBody(TellingBody, BytesPayload):
    """JSON that is already bytes."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content, content_type="application/json")


class FormBody(TellingBody, MultipartWriter):
    """A ``multipart/form-data`` body: text fields, then files as (file name, content, MIME type)."""

    def __init__(
        self, fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes | IO[bytes], str]]
    ) -> None:
        super().__init__("form-data")
        for name, text in fields.items():
            part = get_payload(text, content_type="text/plain; charset=utf-8")
            part.set_content_disposition("form-data", name=name)
            self.append_payload(part)
        for name, (file_name, content, mime_type) in files.items():
            # As a stream: aiohttp writes large bytes in one go, and warns about it.
            stream = io.BytesIO(content) if isinstance(content, bytes) else cast(io.BufferedReader, content)
            part = get_payload(stream, content_type=mime_type)
            part.set_content_disposition("form-data", name=name, filename=file_name)
            self.append_payload(part)
