"""Logs made for the tests."""

from collections.abc import Callable, Iterable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

type_of_cases = Iterable[tuple[str, Iterable[dict[str, str]]]]

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<global scope="event"><string key="concept:name" value="name"/></global>
<classifier name="Activity" keys="concept:name"/>
<string key="creator" value="tests"/>
"""


def attributes(values: dict[str, str]) -> str:
    return "".join(
        f"<string key={quoteattr(key)} value={quoteattr(value)}/>" for key, value in values.items()
    )


def xes(cases: type_of_cases) -> Iterable[str]:
    yield HEAD
    for name, events in cases:
        yield f"<trace>{attributes({'concept:name': name})}\n"
        for event in events:
            yield f"<event>{attributes(event)}</event>\n"
        yield "</trace>\n"
    yield "</log>\n"


@pytest.fixture(scope="session")
def scratch(tmp_path_factory) -> Path:
    """A folder that a property's examples may share."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="session")
def write_xes() -> Callable[[Path, type_of_cases], Path]:
    """Write cases, each a name and its events' attributes, as an XES log."""

    def write(path: Path, cases: type_of_cases) -> Path:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(xes(cases))
        return path

    return write


@pytest.fixture
def log_of(tmp_path) -> Callable[[str], Path]:
    """Write the text within a trace of a log, which begins on line 3."""

    def write(body: str) -> Path:
        path = tmp_path / "log.xes"
        path.write_text(f"<log>\n<trace>\n{body}\n</trace>\n</log>\n", encoding="utf-8")
        return path

    return write
