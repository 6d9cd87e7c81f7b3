"""The systemd unit: known directives, the exit codes of the code, nothing as root. Checked by systemd where it is."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.__main__ import WRONG_SETTINGS
from bot.running import STOP_S
from bot.settings import Settings
from tests.processes import REPOSITORY

UNIT = REPOSITORY / "deploy" / "systemd" / "briefing-bot@.service"


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(UNIT.read_text())
    return parser


def test_it_runs_a_role_and_stops_it_in_good_order() -> None:
    service = unit()["Service"]
    assert service["ExecStart"].endswith("/briefing-bot %i")
    assert service["KillSignal"] == "SIGTERM"
    assert int(service["TimeoutStopSec"]) > STOP_S


def test_wrong_settings_are_not_tried_again() -> None:
    assert unit()["Service"]["RestartPreventExitStatus"] == str(WRONG_SETTINGS)
    assert unit()["Service"]["Restart"] == "always"


def test_it_is_nobody_and_may_write_its_own_folder_only() -> None:
    service = unit()["Service"]
    assert service["DynamicUser"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert service["StateDirectory"] == "briefing-bot"


def test_only_variables_that_exist_are_set() -> None:
    names = {pair.partition("=")[0] for pair in unit()["Service"]["Environment"].split()}
    assert names - {"PYTHONUNBUFFERED"} <= {name.upper() for name in Settings.model_fields}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    copy = tmp_path / "briefing-bot@worker.service"
    copy.write_text(UNIT.read_text().replace("/opt/briefing-bot/.venv/bin/briefing-bot", "/bin/true"))
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False
    )
    assert "Unknown" not in said.stderr
