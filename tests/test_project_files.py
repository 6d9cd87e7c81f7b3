"""The files around the code say what the code says: settings, compose, image, constraints, Makefile."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.__main__ import ROLES
from bot.settings import Settings, load_settings
from bot.store.embedded import redis_options
from tests.processes import REPOSITORY

VARIABLES = {name.upper() for name in Settings.model_fields}


def read(name: str) -> str:
    return (REPOSITORY / name).read_text()


# ── .env.example ─────────────────────────────────────────────────────────────────────────────────────


def example_variables() -> list[str]:
    return re.findall(r"^([A-Z_]+)=", read(".env.example"), re.MULTILINE)


def test_every_setting_is_in_the_example_and_nothing_else_in_the_same_order() -> None:
    assert example_variables() == [name.upper() for name in Settings.model_fields]


def test_every_variable_of_the_example_has_a_line_of_meaning() -> None:
    blocks = re.split(r"\n\n+", read(".env.example").strip())
    for block in blocks[1:]:
        *meaning, assignment = block.splitlines()
        assert re.match(r"[A-Z_]+=", assignment), block
        assert len(meaning) == 1, block
        assert meaning[0].startswith("# "), block


def test_the_example_as_it_stands_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    unsaid = {"webhook_secret"}  # another one at each start
    example = load_settings(REPOSITORY / ".env.example")
    assert example.model_dump(exclude=unsaid) == load_settings(None).model_dump(exclude=unsaid)


# ── compose.yaml and the image (the schema and hadolint are run by `make test` itself) ───────────────


def compose() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load(read("compose.yaml"))["services"]
    return services


def test_compose_runs_each_role_in_a_service_of_its_name() -> None:
    roles = {name: service["command"] for name, service in compose().items() if name != "redis"}
    assert roles == {role: [role] for role in ROLES}


def test_every_service_has_a_health_check_and_comes_back() -> None:
    for name, service in compose().items():
        assert service["healthcheck"]["test"], name
        assert service["restart"] == "unless-stopped", name


def test_roles_wait_for_redis_and_have_time_to_drain() -> None:
    for role in ROLES:
        service = compose()[role]
        assert service["depends_on"]["redis"]["condition"] == "service_healthy"
        assert int(service["stop_grace_period"].removesuffix("s")) > 10


def test_compose_and_the_image_set_only_variables_that_exist() -> None:
    for role in ROLES:
        assert set(compose()[role]["environment"]) <= VARIABLES
    pythons_own = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PIP_NO_CACHE_DIR"}
    pips_own = {"PIP_DISABLE_PIP_VERSION_CHECK", "PIP_ROOT_USER_ACTION"}
    in_image = set(re.findall(r"(?:ENV |^ +|\s)([A-Z][A-Z_]+)=", read("Dockerfile"), re.MULTILINE))
    assert in_image - pythons_own - pips_own <= VARIABLES


def test_redis_in_compose_keeps_data_as_the_embedded_one_does() -> None:
    words = compose()["redis"]["command"][1:]
    in_compose = dict(zip((word.removeprefix("--") for word in words[::2]), words[1::2], strict=True))
    where = {"port", "unixsocket", "unixsocketperm", "dir"}
    embedded = {k: v for k, v in redis_options(Path("data"), Path("data/s")).items() if k not in where}
    assert in_compose == embedded
    assert compose()["redis"]["volumes"] == ["redis:/data"]


def test_the_image_runs_as_nobody_special_and_reports_its_health() -> None:
    dockerfile = read("Dockerfile")
    user = re.search(r"^USER (\d+)", dockerfile, re.MULTILINE)
    assert user is not None
    assert int(user[1]) > 0
    assert "HEALTHCHECK" in dockerfile
    assert "/healthz" in dockerfile
    assert 'ENTRYPOINT ["briefing-bot"]' in dockerfile


def test_no_secret_can_slip_into_the_image() -> None:
    lines = [line for line in read(".dockerignore").splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    assert ".env" not in {line.removeprefix("!") for line in lines}


# ── pyproject.toml and constraints.txt ───────────────────────────────────────────────────────────────


def pins() -> dict[str, set[str]]:
    """Every pinned name with its versions (there may be one for each Python)."""
    found: dict[str, set[str]] = {}
    for line in read("constraints.txt").splitlines():
        if line.startswith("#"):
            continue
        requirement = Requirement(line)
        [specifier] = requirement.specifier
        assert specifier.operator == "==", line
        assert requirement.url is None, line
        found.setdefault(canonicalize_name(requirement.name), set()).add(specifier.version)
    return found


def wanted() -> list[Requirement]:
    project = tomllib.loads(read("pyproject.toml"))
    dependencies = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["dev"]
    return [Requirement(text) for text in dependencies + project["build-system"]["requires"]]


def test_everything_we_ask_for_is_pinned() -> None:
    pinned = pins()
    assert [str(wish) for wish in wanted() if canonicalize_name(wish.name) not in pinned] == []


def test_the_constraints_name_no_index() -> None:
    text = read("constraints.txt")
    assert "://" not in text
    assert not re.search(r"^\s*-", text, re.MULTILINE)


def needed_by(distribution: str, extras: frozenset[str]) -> list[Requirement]:
    """What an installed distribution requires on this Python, with these extras."""
    wishes = map(Requirement, importlib.metadata.requires(distribution) or [])
    return [
        wish
        for wish in wishes
        if wish.marker is None or any(wish.marker.evaluate({"extra": extra}) for extra in {"", *extras})
    ]


def test_what_is_installed_here_is_what_is_pinned_down_to_the_last_dependency() -> None:
    pinned, wrong = pins(), set()
    seen: set[tuple[str, frozenset[str]]] = set()
    to_visit = [wish for wish in wanted() if wish.marker is None or wish.marker.evaluate()]
    while to_visit:
        wish = to_visit.pop()
        node = (canonicalize_name(wish.name), frozenset(wish.extras))
        if node in seen:
            continue
        seen.add(node)
        version = importlib.metadata.version(node[0])
        if version not in pinned.get(node[0], set()):
            wrong.add(f"{node[0]} {version}")
        to_visit += needed_by(*node)
    assert wrong == set()


def test_the_changelogs_newest_chapter_is_our_version_or_what_comes_next() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    chapters = re.findall(r"^## \[?([\w.]+)", read("CHANGELOG.md"), re.MULTILINE)
    assert chapters[0] in (version, "Unreleased")


# ── Makefile and CI ──────────────────────────────────────────────────────────────────────────────────

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")


def make(*arguments: str, path: str | None = None) -> str:
    environment = {"PATH": path} if path else None
    command = [str(shutil.which("make")), "--no-print-directory", "-C", str(REPOSITORY), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


@needs_make
def test_make_help_lists_every_target() -> None:
    targets = set(re.findall(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)[0].split())
    listed = set(re.findall(r"^  make ([a-z-]+)", make("help"), re.MULTILINE))
    assert listed == targets


@needs_make
def test_make_passes_over_pythons_that_only_complain(tmp_path: Path) -> None:
    for name, answer in (("python3.12", 127), ("python3.11", 1), ("python3", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\necho complaining; exit {answer}\n")
        (tmp_path / name).chmod(0o755)
    show = "--eval=show-python: ; @echo $(PYTHON)"
    assert make(show, "show-python", path=f"{tmp_path}:/usr/bin:/bin").strip() == "python3"


def test_ci_runs_what_a_developer_runs() -> None:
    script = read(".ci/run")
    assert script.rstrip().endswith("make test")
    assert "|| true" not in script
