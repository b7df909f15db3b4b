"""Reads the text of each page of a PDF as Typst writes it, so that a test can say what is there."""

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
SIGN = rb"\\.|[^\\()]"
ONE = rb"\((?:%s)*\)" % SIGN
TWO = rb"\((?:%s|%s)*\)" % (SIGN, ONE)
SHOWN = re.compile(
    rb"/(f\d+) [\d.]+ Tf|\(((?:%s|%s)*)\)|(?<!<)<([0-9A-Fa-f]+)>|(ET)" % (SIGN, TWO), re.DOTALL
)
MARKS = re.compile(rb"<<[^<>]*>>")
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
MEANT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(made: bytes) -> list[str]:
    """Give the text of each page, a line for each piece."""
    objects = {int(number): body for number, body in OBJECT.findall(made)}
    known: dict[int, dict[int, str]] = {}
    found = []
    for body in objects.values():
        if re.search(rb"/Type\s*/Page\b", body):
            fonts = _fonts(objects, _referred(body, b"Resources"), known)
            found.append(_text(_stream(objects[_referred(body, b"Contents")]), fonts))
    return found


def _referred(body: bytes, name: bytes) -> int:
    found = re.search(rb"/%s (\d+) 0 R" % name, body)
    assert found is not None
    return int(found[1])


def _stream(body: bytes) -> bytes:
    inside = body[body.index(b"stream") + len(b"stream") : body.rindex(b"endstream")]
    return zlib.decompress(inside.lstrip(b"\r\n"))


def _fonts(
    objects: dict[int, bytes], resources: int, known: dict[int, dict[int, str]]
) -> dict[bytes, dict[int, str]]:
    body = objects[resources]
    listed = re.search(rb"/Font (\d+) 0 R", body)
    if listed is not None:
        body = objects[int(listed[1])]
    found = {}
    for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", body):
        letters = _referred(objects[int(number)], b"ToUnicode")
        if letters not in known:
            known[letters] = _letters(_stream(objects[letters]))
        found[name] = known[letters]
    return found


def _letters(mapped: bytes) -> dict[int, str]:
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for glyph, text in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", mapped)
    }


def _text(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    said, letters = [], {}
    for font, piece, digits, end in SHOWN.findall(MARKS.sub(b"", content)):
        if font:
            letters = fonts[font]
        elif end:
            said.append("\n")
        else:
            glyphs = bytes.fromhex(digits.decode()) or ESCAPED.sub(_meant, piece)
            pairs = zip(glyphs[::2], glyphs[1::2], strict=True)
            said.extend(letters.get(high << 8 | low, "?") for high, low in pairs)
    return "".join(said)


def _meant(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8)]) if sign.isdigit() else MEANT.get(sign, sign)
