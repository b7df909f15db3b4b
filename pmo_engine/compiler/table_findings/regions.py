"""Boxes of segments: what no row covers, and which rows cover what.

A box is a mask for each axis. What is not covered is found column by column, rows that do not
differ together; boxes are then made as large as they can be, and no more of them are told than
are needed to name everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import prod
from typing import TypeAlias

from pmo_engine.compiler.table_findings.axes import Mask

Box: TypeAlias = tuple[Mask, ...]
MOST_WORK = 500_000  # looks at a segment; a table of ordinary size takes a few thousand
MOST_BOXES = 2_000
FEW = 200  # so many are joined and stretched; more are told as they were found


class TooMuch(Exception):
    """There are too many columns and rows to say."""


class Work:
    """How many looks at a segment are left; TooMuch when there are none."""

    def __init__(self) -> None:
        self.left = MOST_WORK

    def spend(self, looks: int) -> None:
        """Take so many looks."""
        self.left -= looks
        if self.left < 0:
            raise TooMuch


def uncovered(domain: Box, rows: Sequence[Box]) -> list[Box]:
    """Give the parts of ``domain`` that no row covers, as few and as large as may be."""
    within = [box for box in (meet(row, domain) for row in rows) if all(box)]
    pieces = _Search(domain, within, Work()).pieces(0, (1 << len(within)) - 1)
    if len(pieces) <= FEW:
        pieces = _covering(pieces, [_enlarged(each, domain, within) for each in pieces], domain)
    return sorted(pieces, key=lambda box: [mask & -mask for mask in box])


def is_covered(domain: Box, rows: Sequence[Box], work: Work) -> bool:
    """Tell whether rows cover all of ``domain``; ``work`` is what all that is asked may take."""
    work.spend(len(rows))
    corner = tuple(side & -side for side in domain)
    if not any(inside(corner, row) for row in rows):
        return False
    within = [box for box in (meet(row, domain) for row in rows) if all(box)]
    return not _Search(domain, within, work).leaves_any(0, (1 << len(within)) - 1)


def meet(one: Box, other: Box) -> Box:
    """Give what two boxes share: a box that has an empty side shares nothing."""
    return tuple(a & b for a, b in zip(one, other, strict=True))


def inside(inner: Box, outer: Box) -> bool:
    """Tell whether a box lies within another."""
    return all(not a & ~b for a, b in zip(inner, outer, strict=True))


def bits(mask: Mask) -> Iterator[int]:
    """Give the places of the bits of a mask."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class _Search:
    """Goes through the axes with the rows that are still in question."""

    def __init__(self, domain: Box, rows: Sequence[Box], work: Work) -> None:
        self.domain, self.rows, self.work = domain, rows, work
        work.spend(len(rows) * len(domain))
        self.known: dict[tuple[int, int], list[Box]] = {}
        self.leaving: dict[tuple[int, int], bool] = {}
        # By axis: the rows in each segment, and the rows that take in all from this axis on.
        self.at = [_rows_at(rows, axis, whole) for axis, whole in enumerate(domain)]
        self.whole = [
            sum(1 << number for number, row in enumerate(rows) if row[axis:] == domain[axis:])
            for axis in range(len(domain))
        ]

    def pieces(self, axis: int, rows: int) -> list[Box]:
        """Give what ``rows`` leave uncovered of the axes from ``axis`` on."""
        if not rows:
            return [self.domain[axis:]]
        if axis == len(self.domain) or rows & self.whole[axis]:
            return []
        if not rows & (rows - 1):
            return _minus(self.domain[axis:], self.rows[rows.bit_length() - 1][axis:])
        found = self.known.get((axis, rows))
        if found is None:
            found = self.known[axis, rows] = self._pieces(axis, rows)
        return found

    def leaves_any(self, axis: int, rows: int) -> bool:
        """Tell whether ``rows`` leave anything uncovered of the axes from ``axis`` on."""
        if not rows:
            return True
        if axis == len(self.domain) or rows & self.whole[axis]:
            return False
        found = self.leaving.get((axis, rows))
        if found is None:
            self.work.spend(len(self.at[axis]))
            rest = {there & rows for there in self.at[axis].values()}
            found = any(self.leaves_any(axis + 1, there) for there in rest)
            self.leaving[axis, rows] = found
        return found

    def _pieces(self, axis: int, rows: int) -> list[Box]:
        groups: dict[int, Mask] = {}
        for place, there in self.at[axis].items():
            groups[there & rows] = groups.get(there & rows, 0) | 1 << place
        self.work.spend(len(self.at[axis]))
        joined: dict[Box, Mask] = {}
        for there, mask in groups.items():
            for rest in self.pieces(axis + 1, there):
                joined[rest] = joined.get(rest, 0) | mask
        if len(joined) > MOST_BOXES:
            raise TooMuch
        return [(mask, *rest) for rest, mask in joined.items()]


def _minus(domain: Box, row: Box) -> list[Box]:
    """Give what one row leaves uncovered: axis after axis, what lies beside it."""
    left = [(*row[:i], domain[i] & ~row[i], *domain[i + 1 :]) for i in range(len(row))]
    return [box for box in left if all(box)]


def _rows_at(rows: Sequence[Box], axis: int, whole: Mask) -> dict[int, int]:
    """Give the rows at each place of an axis, from those that begin or end there."""
    turns: defaultdict[int, int] = defaultdict(int)
    for number, row in enumerate(rows):
        for place in bits(row[axis] ^ (row[axis] << 1)):
            turns[place] ^= 1 << number
    at, there = {}, 0
    for place in range(whole.bit_length()):
        there ^= turns[place]
        if whole >> place & 1:
            at[place] = there
    return at


def _enlarged(box: Box, domain: Box, rows: Sequence[Box]) -> Box:
    """Stretch a box along each axis as far as no row is met."""
    sides = list(box)
    for axis, whole in enumerate(domain):
        taken = 0
        for row in rows:
            if all(row[other] & sides[other] for other in range(len(sides)) if other != axis):
                taken |= row[axis]
        sides[axis] = whole & ~taken
    return tuple(sides)


def _covering(pieces: Sequence[Box], boxes: Sequence[Box], domain: Box) -> list[Box]:
    """Choose boxes that take in all pieces, those that take in most first."""
    covers = {box: {i for i, piece in enumerate(pieces) if inside(piece, box)} for box in boxes}
    left = set(range(len(pieces)))
    chosen: list[Box] = []
    while left:
        best = max(covers, key=lambda box: len(covers[box] & left))
        chosen.append(best)
        left -= covers[best]
    told: list[Box] = []
    for box in sorted(chosen, key=lambda box: _simplicity(box, domain), reverse=True):
        told.append(_without(box, told))
    return told


def _simplicity(box: Box, domain: Box) -> tuple[int, int]:
    """Tell how little there is to say of a box: few sides that are not whole, then its size."""
    whole = sum(side == all_ for side, all_ in zip(box, domain, strict=True))
    return whole, prod(side.bit_count() for side in box)


def _without(box: Box, told: Sequence[Box]) -> Box:
    """Leave out of a box the slices that lie within one already told."""
    for axis, side in enumerate(box):
        for place in bits(side):
            slice_ = (*box[:axis], 1 << place, *box[axis + 1 :])
            if any(inside(slice_, other) for other in told):
                box = (*box[:axis], box[axis] & ~(1 << place), *box[axis + 1 :])
    return box
