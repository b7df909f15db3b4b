"""What is found in a file can be read, whatever stands there."""

from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Edit, Mark, at

PLACE = Mark("policy.yaml", 3, 1)


def test_a_word_that_nobody_reads_to_its_end_is_cut() -> None:
    long = "a" * 100 + "b" * 100
    cut = f"{'a' * 60}...{'b' * 20}"
    found = at(
        PLACE, codes.UNKNOWN, f"unknown pack {long} (known: risk)", f"write {{from: {long}}}"
    )
    assert found.message == f"unknown pack {cut} (known: risk)"
    assert found.hint == f"write {{from: {'a' * 60}...{'b' * 19}}}"


def test_many_words_and_shorter_ones_stay() -> None:
    short, many = "a" * 199, "known " * 100
    found = at(PLACE, codes.UNKNOWN, short, many)
    assert (found.message, found.hint) == (short, many)


def test_a_fix_writes_all_that_was_written() -> None:
    long = "a" * 400
    [fix] = at(PLACE, codes.UNKNOWN, long, fixes=[Edit(PLACE, PLACE, long)]).fixes
    assert fix.text == long
