"""A program may be started without the streams that it writes to."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="the shell of POSIX closes streams")
@pytest.mark.parametrize("streams", [">&-", ">&- 2>&-"])
def test_a_closed_standard_output_is_told(streams: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -m detente check chicken {streams}'],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr == "" if "2>" in streams else "standard output is closed" in done.stderr
