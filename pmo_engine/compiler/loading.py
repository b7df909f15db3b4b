"""A folder of policy files and the packs it uses, read and bound into one policy."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import PACK, Context, Findings
from pmo_engine.compiler.binding.naming.worded import without_roles
from pmo_engine.compiler.kinds import CHECKS, KINDS, PARTS
from pmo_engine.compiler.kinds.bare import bare_keys
from pmo_engine.compiler.kinds.unkept import unkept
from pmo_engine.compiler.pack_folders import PackError, PackFinder, find_pack, known_packs
from pmo_engine.compiler.reading import DISK, Files, Reading, read_data, read_folder
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import minor_digits
from pmo_engine.policy.as_of import as_of
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, Mark, PolicyError, nearest
from pmo_engine.source.yaml_cuts import without_echoes
from pmo_engine.source.yaml_source import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from pmo_engine.compiler.kinds.kind import Part

BASE_PACK = "office"
CONSEQUENCES = frozenset(
    {
        codes.EXPECTS_THE_IMPOSSIBLE,
        codes.UNKNOWN_ROLE,
        codes.UNKNOWN,
        codes.UNKNOWN_NAME,
        codes.UNKNOWN_FIELD,
        codes.NOT_IN_ENUMERATION,
        codes.NOT_LITERAL,
    }
)
"""What may be found only because something else could not be read: names that are not known."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a folder gives: the policy unless there are errors, and all findings.

    ``partial`` is as much of it as could be bound and ``documents`` what could be read, those of
    packs too, for whoever helps to write it.
    """

    policy: tree.Policy | None
    diagnostics: tuple[Diagnostic, ...]
    partial: tree.Policy | None = None
    documents: tuple[s.Located, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Give the findings that keep it from being a policy."""
        return tuple(item for item in self.diagnostics if item.severity == "error")


def load_policy(path: Path | str, packs: PackFinder = find_pack) -> tree.Policy:
    """Load a policy; raises PolicyError with every diagnostic, FileNotFoundError for no path."""
    checked = check_policy(path, packs)
    if checked.policy is None:
        raise PolicyError(checked.diagnostics)
    return checked.policy


def check_policy(
    path: Path | str,
    packs: PackFinder = find_pack,
    files: Files = DISK,
    on: date | None = None,
) -> Checked:
    """Read, bind and check a folder (of a policy or of a pack), or a single file.

    With ``on``, what can be read is checked as far as it is in force on that day.
    """
    folder = Path(path)
    if not folder.exists() and not files.below(folder):
        raise FileNotFoundError(f"no such policy: {folder}")
    with uncollected():
        return bind(read_folder(folder, files=files), folder, packs, files, on)


def check_data(data: bytes, name: str, home: Path, on: date | None = None) -> Checked:
    """Read, bind and check a policy in one piece, with the packs that ``home`` could use."""
    return bind(read_data(data, name), home, on=on)


@contextmanager
def uncollected() -> Iterator[None]:
    """Put off the collection of cycles, which would look through all that is built each time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def bind(
    reading: Reading,
    folder: Path,
    packs: PackFinder = find_pack,
    files: Files = DISK,
    on: date | None = None,
) -> Checked:
    """Bind what was read, as far as that goes, so that everything is found at once."""
    findings = Findings()
    header = _header(reading, findings, folder)
    if header is None:
        return _checked(None, findings.items + reading.diagnostics, reading)
    own = frozenset(document.mark.file for document in reading.documents)
    uses = _add_packs(reading, header, _Packs(folder, packs, files), findings)
    _leave_out(reading, {*uses, *_own_packs(reading, own)}, findings)
    found = findings.items + reading.diagnostics
    context = Context(reading, Findings(currency=str(header.currency)), str(header.currency))
    policy = _policy(context, header, uses)
    found = without_roles(found, context.role_names())
    more = context.findings.items
    if found:
        more = [item for item in more if item.code not in CONSEQUENCES]
    elif not any(item.severity == "error" for item in more):
        more += run_checks(policy if on is None else as_of(policy, on), own)
        mine = [each for each in reading.documents if each.mark.file in own]
        more += unkept(KINDS.values(), mine)
        more += bare_keys(KINDS.values(), mine)
    return _checked(policy, found + more, reading)


def run_checks(policy: tree.Policy, files: Collection[str]) -> list[Diagnostic]:
    """Run all checks; findings in files of others (packs in use) are theirs."""
    found = (item for check in CHECKS for item in check.find(policy))
    return [item for item in found if item.file in files]


def _checked(
    policy: tree.Policy | None, diagnostics: list[Diagnostic], reading: Reading
) -> Checked:
    found = tuple(sorted(set(without_echoes(diagnostics))))
    failed = any(item.severity == "error" for item in found)
    return Checked(None if failed else policy, found, policy, tuple(reading.documents))


def _header(reading: Reading, findings: Findings, folder: Path) -> s.PolicyHeader | None:
    """Give the policy's header; a pack on its own is bound with its defaults."""
    headers = list(reading.of(s.PolicyHeader))
    for other in headers[1:]:
        message = f"a second 'kind: policy' (the first is {headers[0].mark})"
        findings.add(other.mark, codes.DECLARED_TWICE, message, "a folder holds one policy")
    header = headers[0] if headers else _pack_header(reading)
    if header is None and not reading.diagnostics:
        mark = Mark(str(folder), 1, 1)
        if reading.documents:
            findings.add(
                mark, codes.NO_HEADER, "no 'kind: policy' here", "add name, version and currency"
            )
        else:
            hint = "policy files end in .yaml and begin with 'kind:'"
            findings.add(mark, codes.NO_POLICY, "no policy here", hint)
    if header is not None:
        findings.identified(header.name, "policy")
        findings.identified(header.version, "version")
    if header is None or findings.parsed(minor_digits, header.currency) is None:
        return None
    return header


def _pack_header(reading: Reading) -> s.PolicyHeader | None:
    pack = next((document.pack for document in reading.of(s.Rules) if document.pack), None)
    if pack is None:
        return None
    beside = {str(name): name for each in _standing_beside(reading) for name in each.beside}
    names = {BASE_PACK: Text(BASE_PACK), **beside}
    packs = [s.PackUse(use=name) for name in names.values() if name != pack]
    return s.PolicyHeader(
        kind="policy", name=pack, version=Text(PACK), currency=Text("GBP"), packs=packs
    )


@dataclass(frozen=True, slots=True)
class _Packs:
    """Where the packs of a policy are found, and how their files are read."""

    folder: Path
    finder: PackFinder
    files: Files

    def read(self, use: s.PackUse, findings: Findings) -> Reading | None:
        place = self._find(use, findings)
        return None if place is None else read_folder(place, str(use.use), self.files)

    def _find(self, use: s.PackUse, findings: Findings) -> Path | None:
        try:
            found = self.finder(str(use.use), self.folder)
        except PackError as error:
            findings.add(use.use.mark, codes.UNKNOWN, f"pack '{use.use}': {error}")
            return None
        if found is None:
            known = known_packs()
            hint = nearest(use.use, known) or f"known: {', '.join(known)}"
            findings.add(use.use.mark, codes.UNKNOWN, f"unknown pack '{use.use}'", hint)
        return found


def _add_packs(
    reading: Reading, header: s.PolicyHeader, packs: _Packs, findings: Findings
) -> dict[str, s.PackUse]:
    uses: dict[str, s.PackUse] = {}
    inside = {document.pack for document in reading.of(s.Rules)}
    for use in header.packs:
        if use.use in uses:
            findings.add(
                use.use.mark, codes.DECLARED_TWICE, f"pack '{use.use}' is used twice", "use it once"
            )
            continue
        if use.use in inside:
            uses[str(use.use)] = use
            continue
        pack = packs.read(use, findings)
        if pack is not None:
            uses[str(use.use)] = use
            reading.merge(_of_use(pack))
    return uses


def _own_packs(reading: Reading, own: Collection[str]) -> set[str]:
    """Name the packs whose rules lie in the policy's own files."""
    return {str(each.pack) for each in reading.of(s.Rules) if each.pack and each.mark.file in own}


def _standing_beside(reading: Reading) -> list[s.Rules | s.Figures | s.Registers]:
    """Give the documents that name packs without which they are left out."""
    kinds = s.Rules | s.Figures | s.Registers
    return [each for each in reading.documents if isinstance(each, kinds) and each.beside]


def _leave_out(reading: Reading, packs: Collection[str], findings: Findings) -> None:
    """Leave out what stands beside packs that are not in use."""
    out: set[int] = set()
    beside = _standing_beside(reading)
    known = {*packs, *known_packs()} if beside else set()
    for each in beside:
        for name in each.beside:
            findings.known(name, known, codes.UNKNOWN, "pack")
        if not set(map(str, each.beside)) <= set(packs):
            out.add(id(each))
    reading.documents = [each for each in reading.documents if id(each) not in out]


def _of_use(pack: Reading) -> Reading:
    """Leave a pack's own suites to the pack: a policy may have set other parameters."""
    pack.documents = [
        item for item in pack.documents if not isinstance(item, s.SuiteEntry | s.WorkedExamples)
    ]
    return pack


def _policy(context: Context, header: s.PolicyHeader, uses: Mapping[str, s.PackUse]) -> tree.Policy:
    """Bind part after part, each against those that it needs; at last what needs the policy."""
    known: dict[str, Any] = {"header": header, "uses": uses}
    for part in _in_order(whole=False):
        known |= part.bound(context, known)
    policy = tree.Policy(**_of_tree(known))
    known["policy"] = policy
    for part in _in_order(whole=True):
        known |= part.bound(context, known)
    return replace(policy, **_of_tree(known))


@cache
def _in_order(*, whole: bool) -> tuple[Part, ...]:
    """Sort the parts that need the whole policy, or those that do not, by what each needs."""
    parts = [part for part in PARTS if ("policy" in part.needs) == whole]
    giver = {name: part for part in parts for name in part.gives}
    needs = {part: [giver[name] for name in part.needs if name in giver] for part in parts}
    return tuple(TopologicalSorter(needs).static_order())


def _of_tree(known: Mapping[str, Any]) -> dict[str, Any]:
    return {each.name: known[each.name] for each in fields(tree.Policy) if each.name in known}
