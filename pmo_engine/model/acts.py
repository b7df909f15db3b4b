"""Acts: what somebody may do, as terms of reference and the journal name it."""

from __future__ import annotations

from pmo_engine.model.frozen import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """A verb and what it is done to: ``approve change_request``, ``appoint project_manager``."""

    verb: str
    noun: str = ""

    @classmethod
    def parse(cls, text: str) -> Act:
        """Read an act as terms write it: the first word is the verb."""
        verb, _, noun = " ".join(text.split()).partition(" ")
        return cls(verb, noun)

    def __str__(self) -> str:
        """Write it as terms do."""
        return f"{self.verb} {self.noun}".strip()


class Unnamed(str):
    """Who acts where nobody was named: the person whose the account of the machine is."""

    __slots__ = ()


UNNAMED = Unnamed()
