"""Every error this project raises on purpose. Foreign errors become one of these at the border, once.

    BriefingError
    ├── SettingsError        what the operator wrote (environment, .env, sources file) is wrong; exit code 2
    ├── StoreError
    │   ├── StoreUnavailable Redis does not answer: try again later, nothing was lost
    │   └── StoreCorrupted   Redis answered with something that this program never writes
    ├── EmbeddedRedisError   our own redis-server could not be started, or another process owns its folder
    ├── SourceError
    │   ├── FetchError       the source could not be reached, refused, or sent too much
    │   └── FormatError      the source answered, but not in the format that it is declared to have
    ├── TelegramRefused      the Bot API does not accept our token: only the operator can mend that
    └── UserError            what a person typed makes no sense; the text is theirs to read, in their language

Expected outcomes (not modified, rate limited, chat gone) are values, not errors.
"""


class BriefingError(Exception):
    """The root: catching it catches everything that this project raises on purpose."""


class SettingsError(BriefingError):
    """A setting or a line of the sources file is wrong; each problem names the variable or entry."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class StoreError(BriefingError):
    """Something is wrong between us and Redis."""


class StoreUnavailable(StoreError):
    """Redis does not answer (down, unreachable, loading, failing over). Try again later."""


class StoreCorrupted(StoreError):
    """A stored value cannot be read: another program, or a newer version of this one, wrote it."""


class EmbeddedRedisError(BriefingError):
    """The redis-server of our own did not start; the message says why, in the server's own words."""


class SourceError(BriefingError):
    """One source failed this time; the others are not touched."""


class FetchError(SourceError):
    """The source could not be fetched.

    ``retry_after_s`` is the server's own wish, where it named one (``Retry-After``).
    """

    def __init__(
        self, message: str, *, status: int | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after_s = retry_after_s


class FormatError(SourceError):
    """The answer could not be read as the format that the sources file declares."""


class TelegramRefused(BriefingError):
    """The Bot API does not know our token, or the address is no Bot API. The message never carries the token."""


class UserError(BriefingError):
    """What a person typed cannot be done. The message is one friendly line, already translated."""
