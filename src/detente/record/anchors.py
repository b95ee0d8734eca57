"""Who else can say that a head existed at a time? A person who keeps it, or a time stamp that is verified here.

An RFC 3161 token is verified by OpenSSL, an OpenTimestamps proof by its own client, where these are installed.
What cannot be verified is refused, not noted.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from detente.errors import LedgerError
from detente.record.canonical import sha256
from detente.record.chain import Chain

SECONDS = 120
STAMPED = re.compile(r"Time stamp: (.+)")


def checked(chain: Chain, by: str, before: str, proof: Path | None, trust: Path | None) -> dict[str, str]:
    """Return what is noted of an anchor.

    Args:
        chain: whose head is anchored.
        by: who keeps or signed it.
        before: time before which the head existed.
        proof: a token of a time-stamping authority over the last line's hash, or an ``.ots`` proof over a file
            that holds it.
        trust: certificates of the authority.

    Raises:
        LedgerError: the chain is empty or fails, or the proof does not verify.
    """
    if chain.fault is not None or not chain.lines:
        raise LedgerError(f"nothing can be anchored: {chain.fault or 'the ledger is empty'}")
    told = {"head": chain.head, "by": by, "before": before}
    if proof is None:
        return {**told, "kind": "kept"}
    digest = chain.lines[-1].hash
    if proof.suffix == ".ots":
        _run(["ots", "verify", "-d", digest, str(proof)], "the client of OpenTimestamps, 'ots'")
        return {**told, "kind": "opentimestamps", "proof": sha256(proof.read_bytes())}
    if trust is None:
        raise LedgerError(
            "a time-stamp token is verified against its authority; give its certificates with --trust"
        )
    _run(
        ["openssl", "ts", "-verify", "-digest", digest, "-in", str(proof), "-CAfile", str(trust)],
        "OpenSSL",
    )
    shown = _run(["openssl", "ts", "-reply", "-in", str(proof), "-text"], "OpenSSL")
    stamped = STAMPED.search(shown)
    return {
        **told,
        "kind": "rfc3161",
        "stamped": stamped[1].strip() if stamped else "",
        "proof": sha256(proof.read_bytes()),
    }


def _run(command: list[str], called: str) -> str:
    """Return what a program prints; what it refuses is no proof."""
    if shutil.which(command[0]) is None:
        raise LedgerError(f"{called} is needed to verify this proof, and is not installed")
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, no shell
                command, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=folder
            )
        except subprocess.TimeoutExpired:
            raise LedgerError(f"{called} did not answer within {SECONDS} seconds") from None
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())[:300]
        raise LedgerError(f"the proof does not verify: {said}")
    return done.stdout
