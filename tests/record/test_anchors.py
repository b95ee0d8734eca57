"""Anchors: a token of a real time-stamping authority, made here by OpenSSL, and a proof of OpenTimestamps."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from detente.errors import LedgerError
from detente.record.anchors import checked, opentimestamps
from detente.record.chain import now, read
from detente.record.ledger import Ledger
from tests.record.test_ledger import LATER, T3, ledger  # noqa: F401 - a fixture

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="no OpenSSL on this machine; install it to run this test"
)
AUTHORITY = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
[stamping]
extendedKeyUsage = critical,timeStamping
[req]
distinguished_name = named
[named]
"""


def run(folder: Path, *arguments: str) -> None:
    """Run OpenSSL in a folder."""
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a time-stamping authority: its root in ca.pem, its own certificate in tsa.pem."""
    folder: Path = tmp_path_factory.mktemp("authority")
    (folder / "tsa.cnf").write_text(AUTHORITY.format(folder=folder), "utf-8")
    (folder / "serial").write_text("01", "utf-8")
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-config", "tsa.cnf")
    for name in ("ca", "other"):
        subject = f"/CN={name} of a test"
        root = ("-x509", "-days", "2", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", subject)
        run(folder, "req", *made, *root, "-addext", "basicConstraints=critical,CA:TRUE")
    run(folder, "req", *made, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=clock of a test")
    signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "tsa.cnf")
    run(folder, "x509", "-req", "-in", "tsa.csr", "-out", "tsa.pem", *signing, "-extensions", "stamping")
    return folder


def stamped(authority: Path, digest: str) -> Path:
    """Return a token of the authority over a hash."""
    run(authority, "ts", "-query", "-digest", digest, "-sha256", "-cert", "-out", "asked.tsq")
    token = authority / f"{digest[:8]}.tsr"
    signer = ("-signer", "tsa.pem", "-inkey", "tsa.key", "-config", "tsa.cnf", "-section", "own")
    run(authority, "ts", "-reply", "-queryfile", "asked.tsq", *signer, "-out", token.name)
    return token


@needs_openssl
def test_a_token_over_the_head_is_noted_with_its_own_time(authority: Path, ledger: Ledger) -> None:  # noqa: F811
    chain = ledger.chain()
    token = stamped(authority, chain.lines[-1].hash)
    told = checked(chain, "clock of a test", None, token, authority / "ca.pem")
    assert (told["kind"], told["head"]) == ("rfc3161", chain.head)
    apart = datetime.now(UTC) - datetime.strptime(told["before"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(0) <= apart < timedelta(minutes=10)
    ledger.anchor(told, at=LATER)
    followed, fault = ledger.verified()
    assert fault is None
    assert followed.anchors[-1]["before"] == told["before"]
    assert checked(chain, "clock of a test", LATER, token, authority / "ca.pem")["before"] == told["before"]


@needs_openssl
def test_a_token_over_another_head_by_another_authority_or_changed_is_refused(
    authority: Path,
    ledger: Ledger,  # noqa: F811
) -> None:
    chain = ledger.chain()
    token, root = stamped(authority, chain.lines[-1].hash), authority / "ca.pem"
    of_another = stamped(authority, chain.lines[0].hash)
    changed = authority / "changed.tsr"
    content = bytearray(token.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    for proof, trust in ((of_another, root), (token, authority / "other.pem"), (changed, root), (root, root)):
        with pytest.raises(LedgerError, match="does not verify"):
            checked(chain, "clock of a test", None, proof, trust)
    with pytest.raises(LedgerError, match="proves nothing of a time before"):
        checked(chain, "clock of a test", T3, token, root)
    with pytest.raises(LedgerError, match="give its certificates"):
        checked(chain, "clock of a test", None, token, None)


# A proof of OpenTimestamps: its magic bytes and version, SHA-256 of a file, and the attestation that this very
# hash is the root of the transactions of a block of Bitcoin. Block 800,000 is played by a server of our own.
MAGIC = bytes.fromhex("004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294") + b"\x01\x08"
ATTESTATION = bytes.fromhex("000588960d73d71901") + b"\x03" + bytes.fromhex("80ea30")
DAY = datetime(2026, 3, 5, 12, tzinfo=UTC)


class Node(BaseHTTPRequestHandler):
    """Answers the three questions that the client asks of a node."""

    root: ClassVar[bytes] = b""

    def do_POST(self) -> None:
        """Answer one question."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        stamp = int(DAY.timestamp()).to_bytes(4, "little")
        header = b"\x02\x00\x00\x00" + bytes(32) + self.root + stamp + bytes(8)
        block = hashlib.sha256(hashlib.sha256(header).digest()).digest()[::-1].hex()
        answers = {"getblockcount": 900_000, "getblockhash": block, "getblockheader": header.hex()}
        said = json.dumps({"result": answers[asked["method"]], "error": None, "id": asked["id"]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.skipif(
    shutil.which(opentimestamps()) is None, reason="no client of OpenTimestamps; install it to run this test"
)
def test_a_proof_of_opentimestamps_is_noted_with_its_day(
    tmp_path: Path,
    ledger: Ledger,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = HTTPServer(("127.0.0.1", 0), Node)
    Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / ".bitcoin").mkdir()
    told = f"rpcuser=a\nrpcpassword=b\nrpcconnect=127.0.0.1\nrpcport={server.server_port}\n"
    (tmp_path / ".bitcoin" / "bitcoin.conf").write_text(told, "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    chain = ledger.chain()
    digest = bytes.fromhex(chain.lines[-1].hash)
    proof = tmp_path / "head.ots"
    proof.write_bytes(MAGIC + digest + ATTESTATION)
    Node.root = digest
    noted = checked(chain, "Bitcoin", None, proof, None)
    assert (noted["kind"], noted["before"]) == ("opentimestamps", "2026-03-05T23:59:59Z")
    with pytest.raises(LedgerError, match="proves nothing of a time before"):
        checked(chain, "Bitcoin", "2026-03-01T00:00:00Z", proof, None)
    proof.write_bytes(MAGIC + bytes.fromhex(chain.lines[0].hash) + ATTESTATION)  # of another head
    with pytest.raises(LedgerError, match="does not verify"):
        checked(chain, "Bitcoin", None, proof, None)
    proof.write_bytes(MAGIC + digest + ATTESTATION)
    Node.root = bytes(32)  # of another block
    with pytest.raises(LedgerError, match="does not verify"):
        checked(chain, "Bitcoin", None, proof, None)
    server.shutdown()
    server.server_close()


def test_what_proves_nothing_is_refused(tmp_path: Path, ledger: Ledger) -> None:  # noqa: F811
    chain = ledger.chain()
    assert checked(chain, "a colleague", T3, None, None)["head"] == chain.head
    with pytest.raises(LedgerError, match="--before"):
        checked(chain, "a colleague", None, None, None)
    proof = tmp_path / "head.ots"
    proof.write_bytes(b"no proof")
    with pytest.raises(LedgerError, match=r"does not verify|not installed"):
        checked(chain, "a calendar", T3, proof, None)
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"")
    with pytest.raises(LedgerError, match="is empty"):
        checked(read(empty), "a colleague", T3, None, None)


def test_an_anchor_of_a_head_that_never_was_is_found(ledger: Ledger) -> None:  # noqa: F811
    told = {"head": f"2:{'0' * 64}", "by": "nobody", "before": now(), "kind": "kept"}
    ledger.anchor(told, at=LATER)
    assert "anchor of a head that is not on the chain" in str(ledger.verified()[1])
