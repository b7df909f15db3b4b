"""Lists and mappings in brackets, up to a cursor inside them."""

from __future__ import annotations

from dataclasses import field

from pmo_engine.model.frozen import dataclass

_QUOTES = "\"'"


@dataclass(slots=True)
class Frame:
    """An open bracket: the key at hand, the values beside it, and where what is written begins."""

    bracket: str
    start: int
    key: str | None = None
    beside: dict[str, str] = field(default_factory=dict)


def open_frames(text: str) -> list[Frame]:
    """Give the brackets that are open at the end of a text that begins with one."""
    frames: list[Frame] = []
    index = 0
    while index < len(text):
        character = text[index]
        if character in "{[":
            frames.append(Frame(character, index + 1))
        elif not frames:
            return []
        elif character in "}]":
            _end_value(frames[-1], text, index)
            frames.pop()
        elif character == ",":
            _end_value(frames[-1], text, index)
            frames[-1].key, frames[-1].start = None, index + 1
        elif character in _QUOTES and not text[frames[-1].start : index].strip():
            index = _after_quotes(text, index)
            continue
        elif _is_colon(text, index) and frames[-1].key is None and frames[-1].bracket == "{":
            frames[-1].key = unquoted(text[frames[-1].start : index])
            frames[-1].start = index + 1
        index += 1
    return frames


def _end_value(frame: Frame, text: str, end: int) -> None:
    if frame.key is not None:
        frame.beside[frame.key] = text[frame.start : end].strip()


def _is_colon(text: str, index: int) -> bool:
    return text[index] == ":" and text[index + 1 : index + 2] in {" ", "\n", ""}


def _after_quotes(text: str, index: int) -> int:
    quote, index = text[index], index + 1
    while index < len(text):
        if quote == '"' and text[index] == "\\":
            index += 1
        elif text[index] == quote:
            if quote == "'" and text[index + 1 : index + 2] == "'":
                index += 1
            else:
                return index + 1
        index += 1
    return index


def unquoted(text: str) -> str:
    """Take the quotes off a key or value as written."""
    text = text.strip()
    whole = len(text) > 1 and text[0] == text[-1] and text[0] in _QUOTES
    return text[1:-1] if whole else text
