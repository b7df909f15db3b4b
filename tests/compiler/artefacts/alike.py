"""Policies compared part by part, places and all: more than they themselves count as equal."""

from dataclasses import fields, is_dataclass
from datetime import datetime, time, timedelta

from pmo_engine.feel.values import Record
from pmo_engine.model.durations import HourDuration
from pmo_engine.source.marked import Mapping, Sequence, Text

NONE = timedelta()
NOT_CARRIED = {"_years", "known"}  # what a calendar worked out so far, and found ahead


def difference(one, other, place="policy"):
    """Say where two values differ first; ``None`` where they do not at all."""
    if type(one) is not type(other):
        return f"{place}: {type(one).__name__} and {type(other).__name__}"
    return next(filter(None, _differences(one, other, place)), None)


def _differences(one, other, place):
    if is_dataclass(one):
        for each in fields(one):
            if each.name not in NOT_CARRIED:
                mine, theirs = getattr(one, each.name), getattr(other, each.name)
                yield difference(mine, theirs, f"{place}.{each.name}")
    elif isinstance(one, Text):
        yield None if str(one) == str(other) else f"{place}: {one!r} and {other!r}"
        for said in ("mark", "style", "knows_its_file"):
            yield difference(getattr(one, said), getattr(other, said), f"{place}.{said}")
        for offset in (0, len(one) // 2, len(one)):
            yield difference(one.place(offset), other.place(offset), f"{place}.place({offset})")
    elif isinstance(one, dict):
        yield from _of_mappings(one, other, place)
    elif isinstance(one, tuple | list):
        yield difference(len(one), len(other), f"{place}.len")
        for number, (mine, theirs) in enumerate(zip(one, other, strict=False)):
            yield difference(mine, theirs, f"{place}[{number}]")
        if isinstance(one, Sequence):
            yield difference(one.mark, other.mark, f"{place}.mark")
    elif isinstance(one, HourDuration):
        yield difference((one + NONE, one.by_clock), (other + NONE, other.by_clock), place)
    elif isinstance(one, datetime | time):
        said = (one.isoformat(), one.fold, str(one.tzinfo))
        yield difference(said, (other.isoformat(), other.fold, str(other.tzinfo)), place)
    elif repr(one) != repr(other) and not (one == other and isinstance(one, frozenset)):
        yield f"{place}: {one!r} and {other!r}"


def _of_mappings(one, other, place):
    yield difference(list(one), list(other), f"{place}.keys")
    for name in one.keys() & other.keys():
        yield difference(one[name], other[name], f"{place}[{name!r}]")
    if isinstance(one, Mapping):
        yield difference(one.mark, other.mark, f"{place}.mark")
        yield difference(one.keys_at, other.keys_at, f"{place}.keys_at")
    if isinstance(one, Record):
        yield difference(one.path, other.path, f"{place}.path")
        yield difference([*one.fields], [*other.fields], f"{place}.fields")
