"""Lines of the journal as people say them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.event_names import EventName
from pmo_engine.model.names import asked_for, words
from pmo_engine.model.vocabulary import GATE_CLOSED
from pmo_engine.prose.names import event_in_words, path_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pmo_engine.policy import Policy

Body = dict[str, Any]


def in_words(kind: str, body: Body, policy: Policy) -> str:
    """Say what a line tells; of one that is not known, or was written otherwise, its name."""
    behalf = body.get("on_behalf_of")
    for_whom = f", for {behalf}" if behalf else ""
    try:
        return _KINDS[kind](body, policy) + for_whom
    except KeyError:
        return _in_short(kind, body) + for_whom


def _in_short(kind: str, body: Body) -> str:
    group, what = EventName(kind).noun, EventName(kind).what
    if what in {"submitted", "updated"} and "fields" in body:
        return _entered(what, body)
    if "key" in body:
        return f"{body['key']} is {words(what)}{_because(body.get('reason', ''))}"
    of = next((str(body[name]) for name in _NAMED if body.get(name)), "")
    return f"{words(what or group)}{f': {of}' if of else ''}"


_NAMED = ("reason", "text", "subject", "name", "person", "account", "role")


def _entered(what: str, body: Body) -> str:
    fields = ", ".join(f"{words(name)} {_value(value)}" for name, value in body["fields"].items())
    done = "entered" if what == "submitted" else f"changed to version {body['version']}"
    return f"{body['key']} {done}{f': {fields}' if fields else ''}"


def _value(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _decided(body: Body, policy: Policy) -> str:
    event = event_in_words(body["event"], policy)
    by = f"{body['policy']['name']} {body['policy']['version']}"
    fired = f"; rules: {', '.join(body['fired'])}" if body["fired"] else ""
    faults = f"; could not be judged: {', '.join(body['faults'])}" if body.get("faults") else ""
    return f"{body['status']} by {by}, since {event}{fired}{faults}"


def _ends(body: Body) -> str:
    day = body["stage_ends_on"]
    return f"; the stage ends on {day}" if day else "; no end of the stage is planned"


def _opened(body: Body, policy: Policy) -> str:
    told = f"; told: {', '.join(body['told'])}" if body["told"] else "; nobody was told"
    due = f", due {_moment(body['due'])}" if body["due"] else ""
    return f"{_what(body, policy)} is asked for{due} ({body['rule']}){told}"


def _what(body: Body, policy: Policy) -> str:
    match body["kind"]:
        case "information":
            return f"information of {path_in_words(body['target'], policy)}"
        case "evidence":
            return f"the evidence '{body['target']}'"
        case _:
            return f"{_asked(body)} by {_target(body['target'], policy)}"


def _asked(body: Body) -> str:
    return asked_for(body["kind"], body.get("act"))


def _target(name: str, policy: Policy) -> str:
    return role_in_words(name, policy) if name in policy.roles else words(name)


def _moment(text: str) -> str:
    return f"{text[:10]} {text[11:16]} UTC"


def _closed(how: str) -> Callable[[Body, Policy], str]:
    return lambda body, _: f"what {body['rule']} asked for is {how}"


def _fired(how: str) -> Callable[[Body, Policy], str]:
    def say(body: Body, policy: Policy) -> str:
        told = f"; told: {', '.join(body['told'])}" if body["told"] else "; nobody was told"
        whom = f" {role_in_words(body['role'], policy)}" if body["role"] else ""
        return f"{how}{whom}{told}"

    return say


def _voted(body: Body, policy: Policy) -> str:
    which = f" for {words(body['outcome'])}" if body.get("outcome") else ""
    said = f"voted {body['choice']}{which}{_because(body['reason'])}"
    if not body.get("role"):
        return said
    whose = f" of {body['on_behalf_of']}" if body.get("on_behalf_of") else ""
    how = body.get("capacity", "own role")
    capacity = "" if how == "own role" else f", {how}{whose}"
    as_what = role_in_words(body["role"], policy)
    return f"{said} (as {as_what}{capacity}, on version {body['version']})"


def _stuck(body: Body, _: Policy) -> str:
    return f"is stuck, nobody may act on it: {'; '.join(body['why'])}"


def _because(reason: str, before: str = ": ") -> str:
    return f"{before}{reason}" if reason else ""


def _answered(body: Body, _: Policy) -> str:
    return f"{body['kind']} is there{_because(body['note'])}"


def _assessed(body: Body, _: Policy) -> str:
    found = "; ".join(str(each) for each in body["findings"])
    asked = f", {words(body['asked_of'])} is asked" if body.get("asked_of") else ""
    return f"{words(body['role'])} assessed: {words(body['result'])}{asked}{_because(found)}"


def _assessment_given(body: Body, _: Policy) -> str:
    said = "met" if body["met"] else "not met"
    return f"answered for {words(body['role'])}: {said}{_because(body['finding'])}"


def _gate_closed(body: Body, _: Policy) -> str:
    stage = words(body["stage"])
    return f"gate {body['gate']} closed: {words(body['outcome'])}; the stage is {stage}"


def _held(body: Body, policy: Policy) -> str:
    place = f" in {body['project']}" if body.get("project") else ""
    ends = f" to {body['to']}" if body.get("to") else ""
    acting = ", acting," if body.get("acting") else ""
    role = f"{role_in_words(body['role'], policy)}{acting}"
    return f"{body['person']} holds {role}{place} from {body['from']}{ends}"


def _moved(body: Body, _: Policy) -> str:
    return f"moved by hand from {words(body['from'])} to {words(body['to'])}"


def _refused(body: Body, _: Policy) -> str:
    return f"was refused to {words(body['act'])}: {body['reason']}"


def _delegated(body: Body, _: Policy) -> str:
    acts = f": {', '.join(body['acts'])}" if body["acts"] else ""
    where = f" in {', '.join(body['projects'])}" if body["projects"] else ""
    bound = f" up to {body['up_to']}" if body.get("up_to") else ""
    end = f"to {body['until']}" if body.get("until") else "on"
    days = f"from {body['since']} {end}"
    return f"{body['delegate']} decides for {body['owner']} {days}{acts}{where}{bound}"


def _away(body: Body, _: Policy) -> str:
    deputy = f"; {body['deputy']} stands in" if body.get("deputy") else ""
    end = f"to {body['until']}" if body.get("until") else "on"
    return f"{body['person']} is away from {body['since']} {end}{deputy}"


def _policy(of: Body) -> str:
    return f"{of['name']} {of['version']} ({of['digest'][:12]})"


def _left(rows: Body) -> str:
    return (
        f"; left out: {', '.join(f'line {line}: {why}' for line, why in rows.items())}"
        if rows
        else ""
    )


_KINDS: Mapping[str, Callable[[Body, Policy], str]] = {
    "decided": _decided,
    "obligation.opened": _opened,
    "obligation.met": _closed("met"),
    "obligation.withdrawn": _closed("withdrawn"),
    "reminded": _fired("reminded"),
    "escalated": _fired("escalated to"),
    "obligation.stuck": _stuck,
    "obligation.freed": lambda _body, _: "is not stuck any more: somebody may act on it",
    "obligation.asked": lambda body, _: f"waits for {', '.join(body['told'])} by now",
    "record.unasked": _stuck,
    "voted": _voted,
    "attended": lambda body, _: f"present: {', '.join(body['people'])}",
    "objected": lambda _body, _: "objected, so that it is put to the vote",
    "vote.void": lambda body, _: (
        f"the vote of {body['person']} does not count: {body['person']} {body['why']}"
    ),
    "votes.void": lambda body, _: (
        f"{body['why']}: the votes of {', '.join(body['told'])} count no more, and are asked anew"
    ),
    "obligation.reopened": lambda body, _: f"waits again for {', '.join(body['told'])}",
    "decider.appointed": lambda body, _: (
        f"{body['person']} may decide it by a role that {body['by']} gave them, who has an interest"
    ),
    "outcome.doubted": lambda body, _: f"votes on it do not count: {'; '.join(body['why'])}",
    "vote.extended": lambda body, _: f"the vote is open until {_moment(body['closes'])}",
    "vote.closed": lambda body, policy: f"the vote of {_target(body['body'], policy)} is over",
    "vote.counted": lambda body, _: f"the vote: {body['outcome']}; {body['why']}",
    "time_is_up": lambda body, _: f"its time is up: it {body['means']}",
    "went_up": lambda body, policy: f"goes up to {_target(body['role'], policy)}: {body['why']}",
    "stayed": lambda body, _: f"stays with those of whom it is asked: {body['why']}",
    "answered": _answered,
    "departed": lambda body, policy: (
        f"decided without the {_asked(body)} of {_target(body['target'], policy)}, which should "
        f"be there{_because(body['reason'])}"
    ),
    "waived": lambda body, _: f"{_asked(body)} is waived{_because(body['reason'])}",
    "attached": lambda body, _: f"{body['key']}: {body['name']} is attached",
    "refused": _refused,
    "report.made": lambda body, _: f"{body['title']} for {body['period']} made",
    "gate.opened": lambda body, _: f"gate {body['gate']} opened",
    "gate.opening_waits": lambda body, _: (
        f"whether it opens gate {body['gate']} cannot be judged yet: {'; '.join(body['why'])}"
    ),
    "gate.opening_judged": lambda body, _: f"whether it opens gate {body['gate']} could be judged",
    "gate.assessing": lambda _body, _: "assessed again",
    "gate.assessed": _assessed,
    "gate.answered": _assessment_given,
    "gate.awaiting_assessments": lambda _body, _: "waits for those who were asked to assess",
    "gate.awaiting_decision": lambda _body, _: "assessed, waits for its decision",
    "gate.requested_again": lambda _body, _: "its flow is asked for again",
    GATE_CLOSED: _gate_closed,
    "role.held": _held,
    "project.moved": _moved,
    "project.planned": lambda body, _: (
        f"planned by {body['title']}{_because(body.get('reason', ''))}; "
        f"{len(body['wrote'])} records written{_ends(body)}"
    ),
    "project.stage_planned": lambda body, _: f"planned for {words(body['stage'])}{_ends(body)}",
    "delegation.made": _delegated,
    "delegation.ended": lambda body, _: (
        f"{body['delegate']} decides for {body['owner']} no more, from {body['from']} on"
    ),
    "person.away": _away,
    "person.back": lambda body, _: f"{body['person']} is back on {body['on']}",
    "accounts.clash": lambda body, _: "; ".join(body["held"]),
    "accounts.joined": lambda body, _: f"{' and '.join(body['accounts'])} are one person",
    "accounts.parted": lambda body, _: f"{' and '.join(body['accounts'])} are two people",
    "colour.overridden": lambda body, _: (
        f"{body['of']} is said to be {body['colour']} up to {body['until']}, and the figures say "
        f"{body['measured']}: {body['reason']}"
    ),
    "colour.as_measured": lambda body, _: f"{body['of']} has the colour of its figures again",
    "round.opened": lambda body, _: (
        f"the round {body['title']} is opened"
        f"{_because(', '.join(body.get('missed', ())), '; there was none for ')}"
    ),
    "round.closed": lambda body, _: (
        f"the round {body['title']} is closed, {body['missing']} missing{_because(body['reason'])}"
    ),
    "obligation.lapsed": lambda body, _: f"{words(body['target'])} was not given: {body['why']}",
    "cycle.closed": lambda body, _: (
        f"the cycle {body['cycle']} is closed: {body['projects']} projects, {body['colour']}"
    ),
    "policy.folder_changed": lambda body, _: (
        f"the policy's folder was taken over: {_policy(body['to'])} binds, and no longer "
        f"{_policy(body['from'])}"
    ),
    "clock.set": lambda body, _: f"the clock was set to {body['to']} by {body['account']}",
    "import.staged": lambda body, _: (
        f"{body['rows']} rows of {body['file']} are to go into {words(body['register'])}"
    ),
    "imported": lambda body, _: (
        f"{body['file']} imported into {words(body['register'])}: {body['added']} added, "
        f"{body['changed']} changed, {body['unchanged']} as they were"
        f"{_left(body['left'])}"
    ),
    "people.imported": lambda body, _: (
        f"people imported from {body['file']}: {body['added']} added, {body['changed']} changed, "
        f"{body['appointed']} appointments"
    ),
}
