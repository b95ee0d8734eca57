"""Which files make up a domain of automated negotiation? The domain and, beside it, the profile of each party."""

from __future__ import annotations

from pathlib import Path

from detente.case.files import CASE_FILE, SUFFIXES, read_bytes
from detente.case.formats.elements import read_elements
from detente.case.formats.genius import DOMAIN, PROFILE, read_genius
from detente.case.formats.negmas import is_domain, is_profile, read_domain, read_profile
from detente.case.formats.profiles import Domain, Profile, read_profiles
from detente.case.formats.sheet import decoded
from detente.case.reading import Document, read_yaml
from detente.errors import CaseError, FormatError, Problem

MOST_FILES = 200
_KINDS = (b"<" + DOMAIN.encode(), b"<" + PROFILE.encode())


def is_genius(content: bytes) -> bool:
    """Tell whether an XML file is a domain or a profile of Genius."""
    return any(kind in content[:4_000] for kind in _KINDS)


def domain_of(path: Path) -> str:
    """Return the name of the format, ``genius`` or ``negmas``, if a folder holds files of one, else ``""``."""
    if (path / CASE_FILE).exists():
        return ""
    for file in _files(path):
        if file.suffix.casefold() == ".xml" and is_genius(_start(file)):
            return "genius"
        if file.suffix.casefold() in SUFFIXES and b"OutcomeSpace" in _start(file):
            return "negmas"
    return ""


def read_folder(folder: Path, kind: str) -> Document:
    """Return the data of the case that the files of a folder say.

    Raises:
        FormatError: a file cannot be read, or there is not one domain.
    """
    domains, profiles, rest = list[Domain](), list[Profile](), list[str]()
    problems: list[Problem] = []
    endings = (".xml",) if kind == "genius" else SUFFIXES
    files = [file for file in _files(folder) if file.suffix.casefold() in endings]
    for file in sorted(files, key=lambda one: b"OutcomeSpace" not in _start(one)):  # the domain first
        try:
            part = _part(file, kind, domains[0] if domains else None)
        except CaseError as error:
            problems += error.problems
            continue
        if isinstance(part, Domain):
            domains.append(part)
        elif part is not None:
            profiles.append(part)
        else:
            rest.append(file.name)
    if problems:
        raise FormatError(problems)
    if len(domains) > 1:
        raise FormatError([Problem("holds two domains", file=str(folder), hint="keep one in a folder")])
    if not domains and profiles:  # a profile lists the options too
        first = profiles[0]
        domains = [Domain(folder.resolve().name, {name: list(of) for name, of in first.values.items()})]
    if not domains:
        raise FormatError([Problem("holds no domain", file=str(folder))])
    document = read_profiles(domains[0], profiles, str(folder))
    read_too = ", ".join(Path(profile.file).name for profile in profiles)
    told = [f"the parties were read from {read_too}"]
    told += [f"not read: {', '.join(rest)}"] if rest else []
    document.problems += [Problem(text, file=str(folder), severity="warning") for text in told]
    return document


def _part(file: Path, kind: str, domain: Domain | None) -> Domain | Profile | None:
    """Return what a file says, ``None`` where it is neither a domain nor a profile."""
    content, name = read_bytes(file), str(file)
    if kind == "genius":
        return read_genius(read_elements(content, name), name, file.stem) if is_genius(content) else None
    document = read_yaml(decoded(content, name), name)
    if document.problems:
        raise FormatError(document.problems)
    if is_domain(document.data):
        return read_domain(document, name, file.stem)
    if is_profile(document.data) and domain is not None:
        return read_profile(document, domain, name, file.stem)
    return None


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.is_file())[:MOST_FILES]


def _start(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(20_000)
