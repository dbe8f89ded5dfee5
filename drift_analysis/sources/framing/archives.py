"""Read the members of zip and tar archives: in memory, one by one, never by their own name.

Nothing is written, so a member named `../x` is a source called `archive.zip!../x` and no more.
"""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections import Counter
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, NamedTuple

from drift_analysis.errors import SourceError

from .endings import ending_of, is_hidden, is_read
from .manifest import MANIFEST, moments_in
from .records import Document, Problem
from .stream import whole
from .unpack import Allowance, is_squeezed, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

__all__ = ["MAX_MEMBERS", "MAX_NESTED", "contents", "is_packed"]

MAX_MEMBERS = 100_000
"""How many members an archive may have."""

MAX_NESTED = 3
"""How deep archives may lie in one another."""

_STEP = 4 * 2**20
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_MEMBER = b"PK\x01\x02"
_TAR, _TAR_AT = b"ustar", 257
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)
_CUT = Problem("truncated", "The archive is damaged within this member; what came before was read.")


class _Member(NamedTuple):
    name: str
    packed: int
    open: Callable[[], IO[bytes]]
    problem: Problem | None = None


def is_packed(data: bytes) -> bool:
    """Tell by the first bytes what is packed, or an archive."""
    return is_squeezed(data) or _is_archive(data)


def _is_archive(data: bytes) -> bool:
    return data.startswith(_ZIPS) or data[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR


def contents(document: Document, skipped: Counter[str] | None = None) -> Iterator[Document]:
    """Yield a document unpacked, or, if it is an archive, each member of it that can be read.

    Parameters
    ----------
    document
        The bytes as they lie.
    skipped
        Counts, by their endings, the members that are not read.

    Raises
    ------
    SourceError
        If it would grow beyond a limit of `unpack`, `MAX_MEMBERS` or `MAX_NESTED`.
    """
    passed = Counter[str]() if skipped is None else skipped
    yield from _contents(document, Allowance(len(document.data)), passed, 0)


def _contents(
    document: Document, allowance: Allowance, skipped: Counter[str], depth: int
) -> Iterator[Document]:
    plain = unpacked(document, allowance)
    if not _is_archive(plain.data):
        yield plain
        return
    plain = whole(plain)
    is_zip = plain.data.startswith(_ZIPS)
    marks = plain.data.count(_ZIP_MEMBER if is_zip else _TAR)
    list_members = _of_zip if is_zip else _of_tar
    if depth == MAX_NESTED:
        raise _beyond(plain.source, "MAX_NESTED", f"archives lie {MAX_NESTED + 1} deep in it")
    if marks > MAX_MEMBERS:
        raise _beyond(plain.source, "MAX_MEMBERS", f"it has more than {MAX_MEMBERS:_} members")
    yield from _each(plain, list_members(plain.data), allowance, skipped, depth)


def _each(
    archive: Document,
    found: tuple[list[_Member], Problem | None],
    allowance: Allowance,
    skipped: Counter[str],
    depth: int,
) -> Iterator[Document]:
    members, problem = found
    times = _fetch_times(members, allowance, archive.source)
    shown = [m for m in members if not is_hidden(PurePosixPath(m.name))]
    read = 0
    for member in shown:
        path = PurePosixPath(member.name)
        if path in times.manifests:
            continue
        if not is_read(path):
            skipped[ending_of(path)] += 1
            continue
        read += 1
        source = f"{archive.source}!{_printable(member.name)}"
        data, damage = _taken(member, allowance, source)
        size = round(member.packed * archive.size / max(1, len(archive.data)))
        when = times.moments.get(path) or archive.fetched_at
        inner = Document(source, data, when, size=size, problem=damage)
        yield from _contents(inner, allowance, skipped, depth + 1)
    if not read and problem is None and archive.problem is None:
        sentence = f"It is an archive of {len(shown)} file(s), none of them JSON."
        problem = Problem("unreadable", sentence)
    if problem := problem or archive.problem:
        yield Document(archive.source, b"", problem=problem)


def _of_zip(data: bytes) -> tuple[list[_Member], Problem | None]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (*_DAMAGE, NotImplementedError):
        sentence = "It is a zip archive without its list of members: damaged, or cut off."
        return [], Problem("unreadable", sentence)
    return [
        _Member(info.filename, info.compress_size, _opener(archive, info), _locked(info))
        for info in archive.infolist()
        if not info.is_dir()
    ], None


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _locked(info: zipfile.ZipInfo) -> Problem | None:
    if info.flag_bits & 1:
        return Problem("unreadable", "It is encrypted within the archive.")
    return None


def _of_tar(data: bytes) -> tuple[list[_Member], Problem | None]:
    members: list[_Member] = []
    try:
        archive = tarfile.open(fileobj=io.BytesIO(data), mode="r:")  # noqa: SIM115 - in memory
        while (info := archive.next()) is not None:
            if info.isreg():
                members.append(_Member(info.name, info.size, _extractor(archive, info)))
    except _DAMAGE:
        return members, _tar_cut(members)
    if not data.endswith(bytes(tarfile.BLOCKSIZE)):
        return members, _tar_cut(members)
    return members, None


def _extractor(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.extractfile(info) or io.BytesIO()


def _tar_cut(members: list[_Member]) -> Problem:
    sentence = f"The tar archive has no end; {len(members)} member(s) of it were found."
    return Problem("truncated", sentence)


def _taken(member: _Member, allowance: Allowance, source: str) -> tuple[bytes, Problem | None]:
    """Return what a member holds, and what is wrong with it."""
    if member.problem:
        return b"", member.problem
    pieces: list[bytes] = []
    try:
        with member.open() as stream:
            while piece := stream.read(_STEP):
                allowance.spend(len(piece), source)
                pieces.append(piece)
    except NotImplementedError:
        return b"", Problem("unreadable", "It is packed in a way that Python cannot unpack.")
    except SourceError:
        raise
    except _DAMAGE:
        return b"".join(pieces), _CUT
    return b"".join(pieces), None


class _Times(NamedTuple):
    moments: dict[PurePosixPath, datetime]
    manifests: set[PurePosixPath]


def _fetch_times(members: list[_Member], allowance: Allowance, source: str) -> _Times:
    """Read the manifests among the members, which tell when the others were fetched."""
    times = _Times({}, set())
    for member in members:
        path = PurePosixPath(member.name)
        if path.name == MANIFEST:
            told = moments_in(_taken(member, allowance, source)[0])
            if told is not None:
                times.manifests.add(path)
                times.moments.update({path.parent / name: when for name, when in told.items()})
    return times


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)


def _beyond(source: str, limit: str, what: str) -> SourceError:
    return SourceError.of(
        f"{source}: {what}.",
        f"The limit is drift_analysis.sources.framing.archives.{limit}.",
        "a larger limit if you trust the file, or unpack it yourself and load the result.",
    )
