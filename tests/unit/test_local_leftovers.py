"""Test sessions clear away what killed ones left, and nothing else."""

import os
import tempfile
import time
from pathlib import Path

import pytest

from config.local.state import StateFolder
from tests import servers


def test_only_abandoned_folders_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, used, fresh, stranger = (tmp_path / name for name in ("vigil-tests-a", "vigil-tests-b", "vigil-tests-c", "x"))
    for folder in (old, used, fresh, stranger):
        folder.mkdir()
    holder = StateFolder(used, None)
    holder.hold()
    long_ago = time.time() - 2 * servers.ABANDONED_SECONDS
    for folder in (old, used, stranger):
        os.utime(folder, (long_ago, long_ago))
    servers._remove_abandoned()
    assert not old.exists()
    assert all(folder.exists() for folder in (used, fresh, stranger))
    holder.let_go()
