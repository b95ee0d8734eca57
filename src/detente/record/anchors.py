"""Who else can say that a head existed at a time? A person who keeps it, or a time stamp that is verified here.

An RFC 3161 token is verified by OpenSSL, an OpenTimestamps proof by its own client, where these are installed.
What cannot be verified is refused, not noted.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from detente.case.files import readable
from detente.errors import LedgerError
from detente.record.chain import TIME, Chain, sha256

SECONDS = 120
STAMPED = re.compile(r"Time stamp: (.+)")
ATTESTED = re.compile(r"attests existence as of (\S+)")


def checked(
    chain: Chain, by: str, before: str | None, proof: Path | None, trust: Path | None
) -> dict[str, str]:
    """Return what is noted of an anchor.

    Args:
        chain: whose head is anchored.
        by: who keeps or signed it.
        before: time before which the head existed; a proof tells its own.
        proof: a token of a time-stamping authority over the last line's hash, or an ``.ots`` proof over a file
            that holds the last line without its end.
        trust: certificates of the authority.

    Raises:
        LedgerError: the chain is empty or fails, nothing tells the time, or the proof does not verify.
    """
    if chain.fault is not None or not chain.lines:
        raise LedgerError(f"nothing can be anchored: {chain.fault or 'the ledger is empty'}")
    told = {"head": chain.head, "by": by}
    if proof is None:
        if before is None:
            raise LedgerError("say with --before before which time the head existed")
        return {**told, "before": before, "kind": "kept"}
    digest, kind = chain.lines[-1].hash, "opentimestamps" if proof.suffix == ".ots" else "rfc3161"
    proof = readable(proof).absolute()
    stamped = (_opentimestamps if kind == "opentimestamps" else _token)(digest, str(proof), trust)
    if before is not None and before < stamped:
        raise LedgerError(f"the proof is of {stamped}; it proves nothing of a time before {before}")
    return {**told, "before": stamped, "kind": kind, "proof": sha256(proof.read_bytes())}


def _token(digest: str, proof: str, trust: Path | None) -> str:
    """Return the time of a token that verifies."""
    if trust is None:
        told = "a time-stamp token is verified against its authority; give its certificates with --trust"
        raise LedgerError(told)
    proven = ("-digest", digest, "-in", proof, "-CAfile", str(readable(trust).absolute()))
    _run("OpenSSL", "openssl", "ts", "-verify", *proven)
    shown = _run("OpenSSL", "openssl", "ts", "-reply", "-in", proof, "-text")
    return _time(STAMPED, shown, "%b %d %H:%M:%S %Y GMT").strftime(TIME)


def _opentimestamps(digest: str, proof: str, _: Path | None) -> str:
    """Return the last second of the day that a proof attests, by the block that its client looked up."""
    shown = _run("the client of OpenTimestamps, 'ots'", opentimestamps(), "verify", "-d", digest, proof)
    return _time(ATTESTED, shown, "%Y-%m-%d").strftime("%Y-%m-%dT23:59:59Z")


def opentimestamps() -> str:
    """Return the client of OpenTimestamps: the one that was installed beside this Python, else any on the path."""
    beside = Path(sys.executable).with_name("ots")
    return str(beside) if beside.exists() else "ots"


def _time(pattern: re.Pattern[str], shown: str, form: str) -> datetime:
    """Return the time that a program told of a proof."""
    told = pattern.search(shown)
    try:
        return datetime.strptime(" ".join(told[1].split()) if told else "", form)
    except ValueError:
        raise LedgerError("the proof does not verify: it tells no time") from None


def _run(called: str, *command: str) -> str:
    """Return what a program prints, on both of its outputs; what it refuses is no proof."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, no shell
                command, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=folder
            )
        except FileNotFoundError:
            raise LedgerError(f"{called} is needed to verify this proof, and is not installed") from None
        except subprocess.TimeoutExpired:
            raise LedgerError(f"{called} did not answer within {SECONDS} seconds") from None
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())[:300]
        raise LedgerError(f"the proof does not verify: {said}")
    return done.stdout + done.stderr
