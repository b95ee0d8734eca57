"""Who else can say that a head existed at a time? A person who keeps it, or a time stamp that is verified here.

An RFC 3161 token is verified by OpenSSL, an OpenTimestamps proof by its own client, where these are installed.
What cannot be verified is refused, not noted.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from detente.errors import LedgerError
from detente.record.canonical import sha256
from detente.record.chain import Chain

SECONDS = 120
STAMPED = re.compile(r"Time stamp: (.+)")


def checked(
    chain: Chain, by: str, before: str | None, proof: Path | None, trust: Path | None
) -> dict[str, str]:
    """Return what is noted of an anchor.

    Args:
        chain: whose head is anchored.
        by: who keeps or signed it.
        before: time before which the head existed; a token tells its own.
        proof: a token of a time-stamping authority over the last line's hash, or an ``.ots`` proof over a file
            that holds it.
        trust: certificates of the authority.

    Raises:
        LedgerError: the chain is empty or fails, nothing tells the time, or the proof does not verify.
    """
    if chain.fault is not None or not chain.lines:
        raise LedgerError(f"nothing can be anchored: {chain.fault or 'the ledger is empty'}")
    token = proof is not None and proof.suffix != ".ots"
    if before is None and not token:
        raise LedgerError("say with --before before which time the head existed")
    told = {"head": chain.head, "by": by, "before": before or ""}
    if proof is None:
        return {**told, "kind": "kept"}
    digest, found = chain.lines[-1].hash, sha256(proof.read_bytes())
    if not token:
        _run(["ots", "verify", "-d", digest, str(proof.absolute())], "the client of OpenTimestamps, 'ots'")
        return {**told, "kind": "opentimestamps", "proof": found}
    if trust is None:
        raise LedgerError(
            "a time-stamp token is verified against its authority; give its certificates with --trust"
        )
    verifying = ["openssl", "ts", "-verify", "-digest", digest, "-in", str(proof.absolute())]
    _run([*verifying, "-CAfile", str(trust.absolute())], "OpenSSL")
    shown = _run(["openssl", "ts", "-reply", "-in", str(proof.absolute()), "-text"], "OpenSSL")
    stamped = _time(shown)
    if before is not None and before < stamped:
        raise LedgerError(f"the token is of {stamped}; it proves nothing of a time before {before}")
    return {**told, "before": stamped, "kind": "rfc3161", "proof": found}


def _time(shown: str) -> str:
    """Return the time of a token in the form of a ledger.

    Raises:
        LedgerError: OpenSSL tells none.
    """
    try:
        told = STAMPED.search(shown)
        moment = datetime.strptime(" ".join(told[1].split()) if told else "", "%b %d %H:%M:%S %Y GMT")
    except ValueError:
        raise LedgerError("the proof does not verify: it tells no time") from None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


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
