"""The diagnostics, each declared once: code, title, how bad; and its page in the reference."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.patterns import pattern
from pmo_engine.resources import diagnostics_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity: TypeAlias = Literal["error", "warning", "note"]
_EXAMPLE = pattern(r"^```yaml (bad|good)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_NUMBER = pattern(r"(?:PMO)?0*(\d{1,3})", re.IGNORECASE)


class Code(str):
    """A code as it is printed, its title in words, and how bad a finding of it is as a rule."""

    __slots__ = ("severity", "words")
    words: str
    severity: Severity

    def __new__(cls, number: int, words: str, severity: Severity) -> Self:
        made = super().__new__(cls, f"PMO{number:03}")
        made.words, made.severity = words, severity
        return made


DECLARED: dict[str, Code] = {}
"""Every code that a finding can have, in their order."""


def _declared(number: int, words: str, severity: Severity = "error") -> Code:
    code = Code(number, words, severity)
    assert code not in DECLARED
    DECLARED[code] = code
    return code


NOT_YAML = _declared(1, "not YAML")
TAB = _declared(2, "a tab")
DUPLICATE_KEY = _declared(3, "a duplicate key")
ALIAS_OR_TAG = _declared(4, "an anchor, alias or tag")
TOO_LARGE = _declared(5, "too large")
NO_SUCH_KIND = _declared(6, "no such kind")
NO_POLICY = _declared(7, "no policy")
NO_HEADER = _declared(8, "no header")
CONFUSABLE_NAME = _declared(9, "a name that could be taken for another")
UNKNOWN_KEY = _declared(11, "an unknown key")
MISSING_KEY = _declared(12, "a missing key")
WRONG_VALUE = _declared(13, "a wrong value")
UNKNOWN_ROLE = _declared(14, "an unknown role")
ANOTHER_CURRENCY = _declared(15, "another currency")
DECLARED_TWICE = _declared(16, "declared twice")
SENIOR_TO_ITSELF = _declared(17, "senior to itself")
UNKNOWN = _declared(18, "an unknown name")
WRONG_CALENDAR = _declared(19, "a wrong calendar")
NOT_AN_EXPRESSION = _declared(20, "not an expression")
UNKNOWN_NAME = _declared(21, "an unknown name in an expression")
UNKNOWN_FIELD = _declared(22, "an unknown field")
WRONG_TYPE = _declared(23, "types that do not go together")
MIXED_CURRENCIES = _declared(24, "two currencies")
NOT_IN_ENUMERATION = _declared(25, "not among the values")
NOT_A_CONDITION = _declared(26, "not a condition")
WRONG_ARGUMENTS = _declared(27, "wrong arguments")
NOT_A_LIST = _declared(28, "not a list")
NOT_LITERAL = _declared(29, "not written out")
CIRCLE = _declared(30, "a circle")
OUT_OF_ORDER = _declared(31, "limits out of order")
NEVER = _declared(32, "never true", "warning")
ALWAYS = _declared(33, "always true", "warning")
OF_NOTHING = _declared(34, "nothing may be there", "warning")
FUNCTION_AS_VALUE = _declared(35, "a function in the place of a value")
NEGATIVE_LIMIT = _declared(36, "a limit below nothing")
NO_SUITE = _declared(40, "a rule without a suite", "warning")
NOBODY_ACCOUNTABLE = _declared(41, "nobody accountable", "warning")
NOBODY_WITH_AUTHORITY = _declared(42, "nobody has the authority")
UNKNOWN_FUNCTIONAL_ROLE = _declared(43, "an unknown functional role")
UNFILLED_FUNCTIONAL_ROLE = _declared(44, "an unfilled functional role", "warning")
EVENT_NEVER_HAPPENS = _declared(45, "an event that never happens", "warning")
FACT_SOMETIMES_DERIVED = _declared(46, "a fact that is derived only sometimes", "warning")
NOBODY_IN_ROW = _declared(47, "a row that names nobody")
NO_CALENDAR = _declared(48, "working days without a calendar", "warning")
ESCALATES_DOWN = _declared(49, "up to somebody junior", "warning")
TABLE_GAP = _declared(50, "a gap in a table", "warning")
TABLE_OVERLAP = _declared(51, "rows that contradict each other")
UNREACHABLE_ROW = _declared(52, "a row that never counts", "warning")
OUTPUTS_AND_HIT_POLICY = _declared(53, "outputs that do not go with the hit policy")
CELLS_AND_COLUMNS = _declared(54, "cells that do not go with the columns")
TABLE_CIRCLE = _declared(55, "tables that call one another")
APPROVER_NO_ROLE = _declared(56, "an approver that may be no role")
TIE_DECIDES = _declared(57, "a tie that decides", "warning")
CANNOT_DECIDE = _declared(58, "a meeting that cannot decide", "warning")
JUNIOR_MAY_MORE = _declared(60, "a junior may do more", "warning")
ABOVE_ITSELF = _declared(61, "a role above or behind itself")
MEMBERS_DO_NOT_FIT = _declared(62, "numbers of members that do not fit")
CHAIR_NO_MEMBER = _declared(63, "a chair who is no member", "warning")
NOBODY_ABOVE = _declared(64, "authority that ends with nobody above", "warning")
RESERVED_TO_ANOTHER = _declared(65, "authority over what is reserved", "warning")
LIMIT_UNMEASURED = _declared(66, "a limit that nothing is held against")
AUTHORITY_UNASKED = _declared(67, "authority that no rule asks for", "warning")
NOBODY_HOLDS = _declared(68, "an act that nobody holds", "warning")
AMBIGUOUS_AUTHORITY = _declared(69, "two roles that may both take a case", "warning")
PARAMETER_WITHOUT_VALUE = _declared(70, "a parameter without a value")
BEYOND_BOUNDS = _declared(71, "beyond the bounds")
PARAMETER_UNDESCRIBED = _declared(72, "a parameter without a description")
GAP_BEFORE_VALUE = _declared(73, "a gap before the first value")
NO_SOURCE = _declared(74, "switched off without a source", "warning")
FACT_NOT_DERIVED = _declared(75, "a fact that nobody derives")
BOUND_BY_TRIAL = _declared(76, "bound by a trial")
TOLERANCE_MISFIT = _declared(77, "a tolerance that does not fit")
NEITHER_HOLDS = _declared(78, "neither rule holds", "warning")
UNKNOWN_PLACEHOLDER = _declared(79, "an unknown placeholder")
EXPECTS_THE_IMPOSSIBLE = _declared(80, "an expectation of what there is not")
CASE_TWICE = _declared(81, "two cases of one name", "warning")
EXPECTS_NOTHING = _declared(82, "a case that expects nothing", "warning")
NOTHING_TO_TAKE_AWAY = _declared(83, "nothing to take away")
SUITE_TESTS_NOTHING = _declared(84, "a suite that tests nothing of its rule", "warning")
UNKNOWN_VERB = _declared(85, "a verb that nothing knows")
RUNGS_OUT_OF_ORDER = _declared(86, "rungs out of order")
TOO_FEW_TO_SIGN = _declared(87, "more signatures than there are who sign")
NO_TIME = _declared(88, "an approval that nothing reminds of", "warning")
NOT_FOLLOWED = _declared(89, "what the check cannot tell", "note")
NOTHING_ASKS = _declared(90, "records that nothing asks about", "warning")
ALWAYS_BLOCKED = _declared(91, "an approval of what is always blocked", "warning")
TWO_ROLES = _declared(92, "two roles for one case", "warning")
MAY_FAULT = _declared(93, "a value that there may not be", "warning")
NO_LIMIT_TO_COMPARE = _declared(94, "a comparison with a limit that there is not", "warning")
NOT_KEPT = _declared(95, "a key that nothing keeps", "warning")
PASSES_AND_ASKED = _declared(96, "what passes and is asked about", "warning")
ONE_VOTE_DECIDES = _declared(97, "a body for which one vote decides", "warning")
VOTING_AT_ODDS = _declared(98, "voting that fits nobody", "warning")
CONSENT_WITHOUT_SOURCE = _declared(99, "consent by silence that nobody decided")
NO_TIME_TO_BE_UP = _declared(100, "a time that is never up", "warning")
HELD_THOUGH_APART = _declared(101, "roles that are kept apart and held together")
VACANT = _declared(102, "a role that nobody holds", "warning")
HELD_AND_UNKNOWN = _declared(103, "a role that is held and that there is not", "warning")
DECIDED_ON_UNASKED = _declared(104, "a field that is decided on and asks nobody anew")
DAYS_WITHOUT_RATE = _declared(105, "days without a rate", "warning")
NO_HEAD = _declared(106, "an office without a head", "warning")
FORM_OF_OFFICE = _declared(107, "a form that does not fit the office", "warning")
OFFICE_PAST_ITS_END = _declared(108, "an office past its end", "warning")
STATE_NOT_REACHED = _declared(110, "a state that nothing leads to", "warning")
STATE_NOT_LEFT = _declared(111, "a state that nothing leads on from", "warning")
NOTHING_CLOSES = _declared(112, "records that are never over", "warning")
MOVE_NEVER_MADE = _declared(113, "a move that is never made", "warning")
REVIEW_PASSED = _declared(114, "terms past their review", "warning")
RUNG_NOT_CLIMBED = _declared(115, "a rung that is never climbed", "warning")
OF_ANOTHER_RANK = _declared(116, "somebody of another rank performs it", "warning")
NEVER_REACHED = _declared(117, "a limit beside a lower one", "warning")
LIMIT_NOT_HELD = _declared(118, "a limit that no rule holds", "warning")
SAYS_NOTHING = _declared(119, "a key that says nothing", "warning")
FIGURE_NOT_WORKED = _declared(120, "a figure that no example works out", "warning")
SUM_ALONE = _declared(121, "a sum that decides alone", "warning")
TWO_TIMES = _declared(122, "two times for one vote", "warning")
DONE_BY_ONE = _declared(123, "what a body does through any one member", "warning")
IN_VAIN = _declared(124, "asked for in vain", "warning")
OF_WHAT_IS_LEFT_OUT = _declared(125, "a sum of what is in no sum", "warning")
MORE_THAN_SEATS = _declared(126, "more members than seats", "warning")


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to know about a code; ``text`` is the whole page in Markdown."""

    code: str
    title: str
    about: str
    bad: str
    good: str
    text: str


@cache
def pages() -> Mapping[str, Page]:
    """Give the page of every code, in their order."""
    found = sorted(diagnostics_dir().glob("PMO*.md"))
    return {path.stem: _page(path.stem, path.read_text(encoding="utf-8")) for path in found}


def _page(code: str, text: str) -> Page:
    title, _, rest = text.removeprefix(f"# {code}: ").partition("\n")
    examples = dict(_EXAMPLE.findall(rest))
    about = rest.partition("```")[0].strip()
    return Page(code, title, about, examples.get("bad", ""), examples.get("good", ""), text)


def code_of(written: str) -> str:
    """Give a code as pages have it, for ``pmo22`` or ``22`` as well."""
    found = _NUMBER.fullmatch(written.strip())
    return f"PMO{int(found[1]):03}" if found else written
