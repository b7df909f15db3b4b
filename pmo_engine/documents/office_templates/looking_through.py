"""Looks through a template of Word before it is filled: its size, its parts, its links."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from zipfile import ZipInfo

MOST_BYTES = 16 << 20  # of the file
MOST_UNPACKED = 64 << 20  # of all its parts together
MOST_PARTS = 1000
PORTION = 1 << 16
BODY = "word/document.xml"
OF_XML = (".xml", ".rels")
RUN = ("vbaproject", "activex", "oleobject", "control", "afchunk", "package", "attachedtemplate")
"""What the types of relationships end in that bring what is run, or what is another document."""


class BadTemplate(ValueError):
    """A template that is not used; the text says why, and the way out."""


def look_through(data: bytes) -> None:
    """Refuse what is no plain document of Word; nothing is unpacked beyond fixed bounds.

    Raises BadTemplate.
    """
    if len(data) > MOST_BYTES:
        raise BadTemplate(f"it has more than {MOST_BYTES >> 20} MB; leave out large pictures")
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = _unpacked(archive)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadTemplate("it is no file of Word (.docx)") from error
    if BODY not in parts:
        raise BadTemplate(f"it has no '{BODY}'; save it as a document of Word (.docx)")
    for name, part in parts.items():
        _look_at(name, part)


def _unpacked(archive: ZipFile) -> dict[str, bytes]:
    """Unpack the parts that are XML, counting every byte of all as it comes."""
    infos = archive.infolist()
    if len(infos) > MOST_PARTS:
        raise BadTemplate(f"it has more than {MOST_PARTS} parts")
    found: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for info in infos:
        data = _read(archive, info, left)
        left -= len(data)
        if info.filename in found:
            raise BadTemplate(f"its part '{info.filename[:60]}' is there twice")
        found[info.filename] = data if info.filename.endswith(OF_XML) else b""
    return found


def _read(archive: ZipFile, info: ZipInfo, left: int) -> bytes:
    taken = bytearray()
    with archive.open(info) as part:
        while portion := part.read(PORTION):
            taken += portion
            if len(taken) > left:
                raise BadTemplate(f"unpacked it has more than {MOST_UNPACKED >> 20} MB")
    return bytes(taken)


def _look_at(name: str, part: bytes) -> None:
    """Refuse declarations of entities, links to elsewhere, and what would be run."""
    from defusedxml import DefusedXmlException  # noqa: PLC0415 - few need it
    from defusedxml.ElementTree import ParseError, fromstring  # noqa: PLC0415 - the same

    if "vbaproject" in name.lower():
        raise BadTemplate("it has macros; save it as a document without them (.docx)")
    if not name.endswith(OF_XML):
        return
    try:
        root = fromstring(part, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadTemplate(f"its part '{name[:60]}' is not plain XML") from error
    if PurePosixPath(name).suffix != ".rels":
        return
    for each in root:
        target = str(each.get("Target", ""))[:80]
        if str(each.get("TargetMode", "")).lower() == "external":
            raise BadTemplate(f"it links to elsewhere: '{target}'; take the link out")
        if str(each.get("Type", "")).lower().rpartition("/")[2].startswith(RUN):
            raise BadTemplate(f"it holds what is run or embedded: '{target}'; take it out")
