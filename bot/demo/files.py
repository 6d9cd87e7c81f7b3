"""Pictures that were uploaded, by file id. They live as long as the process."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field

from bot.demo.refusals import bad_request
from bot.demo.who import Json

BIGGEST_PHOTO_BYTES = 10 * 1024 * 1024
LONGEST_SIDES_SUM = 10_000
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One picture and what ``PhotoSize`` says about it."""

    file_id: str
    content: bytes
    width: int
    height: int

    @property
    def path(self) -> str:
        """Where ``getFile`` says it can be downloaded."""
        extension = "png" if self.content.startswith(PNG) else "jpg"
        return f"photos/{self.file_id}.{extension}"

    @property
    def content_type(self) -> str:
        """What a browser wants to know."""
        return "image/png" if self.content.startswith(PNG) else "image/jpeg"

    def as_json(self) -> Json:
        """A ``PhotoSize`` object."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.file_id[-16:],
            "width": self.width,
            "height": self.height,
            "file_size": len(self.content),
        }


@dataclass(slots=True)
class FileStore:
    """Every uploaded picture."""

    files: dict[str, StoredFile] = field(default_factory=dict)

    def keep(self, content: bytes) -> StoredFile:
        """Store an upload. Raises Refusal for what Telegram would not take as a photo."""
        if len(content) > BIGGEST_PHOTO_BYTES:
            raise bad_request("file is too big for a photo")
        size = picture_size(content)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        if sum(size) > LONGEST_SIDES_SUM:
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        file_id = f"AgACAgIAAx{hashlib.sha256(content).hexdigest()[:40]}"
        stored = StoredFile(file_id, content, *size)
        self.files[file_id] = stored
        return stored

    def get(self, file_id: str) -> StoredFile:
        """The file with this id. Raises Refusal."""
        try:
            return self.files[file_id]
        except KeyError:
            raise bad_request("wrong file identifier/HTTP URL specified") from None


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG, read from its header; ``None`` for anything else."""
    if content.startswith(PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 < len(content) and content[position] == 0xFF:
        marker, length = content[position + 1], int.from_bytes(content[position + 2 : position + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return None
