"""constraints.txt pins everything and says nothing of where packages come from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
[HEADER, *LINES] = (CHECKOUT / "constraints.txt").read_text().splitlines()


def pins(python: str) -> dict[str, str]:
    pinned = [Requirement(line) for line in LINES]
    here = [
        one for one in pinned if not one.marker or one.marker.evaluate({"python_version": python})
    ]
    return {canonicalize_name(one.name): str(one.specifier) for one in here}


def test_each_line_is_one_exact_version_and_names_no_place() -> None:
    exact = re.compile(r'[a-z0-9-]+==[0-9][0-9a-z.]*( ; python_version == "3\.1[12]")?')
    assert [line for line in LINES if not exact.fullmatch(line)] == []


@pytest.mark.parametrize("python", ["3.11", "3.12"])
def test_every_requirement_is_pinned_within_its_bounds(python: str) -> None:
    pinned = pins(python)
    extras = PROJECT["optional-dependencies"].values()
    for text in [*PROJECT["dependencies"], *(one for extra in extras for one in extra)]:
        wanted = Requirement(text)
        version = pinned[canonicalize_name(wanted.name)].removeprefix("==")
        assert version in SpecifierSet(str(wanted.specifier)), text


def test_what_the_wheel_needs_has_an_upper_bound() -> None:
    """Another major version is another library; time zones are data, the newer the better."""
    wanted = [Requirement(text) for text in PROJECT["dependencies"]]
    unbounded = [
        one.name
        for one in wanted
        if not any(each.operator in {"<", "<=", "==", "~="} for each in one.specifier)
    ]
    assert unbounded == ["tzdata"]
