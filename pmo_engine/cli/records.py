"""The life of a record: submitted, changed, taken back, asked for again, rescinded; shown."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmo_engine.authority.titles import role_in_words, roles_in_words
from pmo_engine.cli import output as o
from pmo_engine.cli.decide import print_decision, print_trial
from pmo_engine.model.life_cycle import words
from pmo_engine.queries import records as queries
from pmo_engine.queries.obligations import obligations_about
from pmo_engine.work.figures import figures_of_record
from pmo_engine.work.reading import require_reader
from pmo_engine.work.records import endings, naming, resubmission
from pmo_engine.work.records import submission as records
from pmo_engine.work.records.happenings import happened
from pmo_engine.work.records.homes import home_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo

    from pmo_engine.policy import Policy
    from pmo_engine.policy import Register as PolicyRegister
    from pmo_engine.queries.obligations import ObligationState, VoteCast
    from pmo_engine.queries.records import RecordStory
    from pmo_engine.work.governance import Context, Governance
    from pmo_engine.work.records.endings import Ended
    from pmo_engine.work.records.submission import Recorded

submit_app = o.single()
update_app = o.single()
event_app = o.single()
withdraw_app = o.single()
resubmit_app = o.single()
rescind_app = o.single()
show_app = o.single()

Fields = Annotated[list[str] | None, typer.Argument(help="name=value ...")]


@submit_app.command()
def submit(
    project: o.Project,
    register: o.Register,
    by: o.By,
    fields: Fields = None,
    key: Annotated[str | None, typer.Option(help="The entry's key; counted up by itself.")] = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Enter a record into a register; it is decided at once.

    Example: pmo submit P-1 change_requests "cost=80000 GBP" category=scope --by ana
    """
    governance = o.governance(database, policy)
    given = o.fields_of(fields or [])
    made = records.submit(
        governance,
        project=project,
        register=register,
        fields=given,
        by=by,
        request=request,
        key=key,
    )
    print_recorded(made, governance.rules.policy, as_json=as_json)
    if not as_json:
        _print_where_it_lies(governance, made)


@update_app.command()
def update(
    project: o.Project,
    register: o.Register,
    key: o.Key,
    by: o.By,
    fields: Fields = None,
    version: Annotated[
        int | None,
        typer.Option(min=1, max=o.MOST, help="Refuse unless the entry is at this version."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, where its status changes.")] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Change a record; it is decided again. ``name=`` takes a field away.

    Example: pmo update P-1 change_requests CR-4 "cost=20000 GBP" --by ana
    """
    governance = o.governance(database, policy)
    changes = o.fields_of(fields or [])
    if not changes:
        raise typer.BadParameter("say what to change, as name=value")
    recorded = records.update(
        governance,
        project=project,
        register=register,
        key=key,
        changes=changes,
        by=by,
        expected=version,
        reason=reason,
        request=request,
    )
    print_recorded(recorded, governance.rules.policy, as_json=as_json)


@event_app.command()
def event(
    project: o.Project,
    register: o.Register,
    key: o.Key,
    what: Annotated[str, typer.Argument(help="What the register's file names under 'events:'.")],
    by: o.By,
    note: Annotated[str, typer.Option(help="What else there is to say, for the journal.")] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Say that something happened to a record; the rules on it ask and tell.

    Example: pmo event P-1 risks R-2 reviewed --note "at the risk meeting" --by ana
    """
    governance = o.governance(database, policy)
    recorded = happened(
        governance,
        project=project,
        register=register,
        key=key,
        what=what,
        by=by,
        note=note,
        request=request,
    )
    print_recorded(recorded, governance.rules.policy, as_json=as_json, of_itself=False)


@withdraw_app.command()
def withdraw(
    project: o.Project,
    register: o.Register,
    key: o.Key,
    by: o.By,
    reason: Annotated[str, typer.Option(help="Why, for the journal and who was asked.")] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Take your own request back before it is decided; whoever was asked is told.

    Example: pmo withdraw P-1 change_requests CR-4 --reason "no longer needed" --by ana
    """
    governance = o.governance(database, policy)
    ended = endings.withdraw(
        governance,
        project=project,
        register=register,
        key=key,
        by=by,
        reason=reason,
        request=request,
    )
    _print_end(governance, ended, as_json=as_json)


@resubmit_app.command()
def resubmit(
    project: o.Project,
    register: o.Register,
    key: o.Key,
    by: o.By,
    fields: Fields = None,
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Ask again for what was rejected, withdrawn or rescinded, as a new record that follows it.

    Fields that are given are other than before. Whoever decides is told what became of the earlier.

    Example: pmo resubmit P-1 change_requests CR-4 "cost=20000 GBP" --by ana
    """
    governance = o.governance(database, policy)
    again = resubmission.resubmit(
        governance,
        project=project,
        register=register,
        key=key,
        changes=o.fields_of(fields or []),
        by=by,
        request=request,
    )
    print_recorded(again, governance.rules.policy, as_json=as_json)
    if not as_json:
        _print_where_it_lies(governance, again)


@rescind_app.command()
def rescind(
    project: o.Project,
    register: o.Register,
    key: o.Key,
    by: o.By,
    reason: Annotated[str, typer.Option(help="Why, for the journal and who is told.")],
    source: Annotated[str, typer.Option(help="The minute or letter that says so.")] = "",
    request: o.Request = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Undo an approval: by a role that gave it or one above; it counts in no sum any more.

    Example: pmo rescind P-1 change_requests CR-4 --reason "the supplier withdrew" --by petra
    """
    governance = o.governance(database, policy)
    ended = endings.rescind(
        governance,
        project=project,
        register=register,
        key=key,
        by=by,
        reason=reason,
        source=source,
        request=request,
    )
    _print_end(governance, ended, as_json=as_json)


def _print_end(governance: Governance, ended: Ended, *, as_json: bool) -> None:
    if as_json:
        o.print_json(ended)
        return
    said = f"{ended.key} of {ended.project}: {ended.status} (version {ended.version})"
    typer.secho(said, fg=o.colour_of(ended.status), bold=True)
    if ended.put_to:
        with governance.reading() as c:
            whose = role_in_words(ended.put_to, c.policy)
        typer.echo(f"  whether it is rescinded is put to the vote of {whose}")
    if ended.told:
        called = o.called(governance, *ended.told)
        typer.echo(f"  told: {', '.join(map(called, ended.told))}")


def print_recorded(
    recorded: Recorded, policy: Policy, *, as_json: bool, of_itself: bool = True
) -> None:
    """Print a record that was written, with the decision about it.

    ``of_itself``: the decision is about what the record says, and not only about what happened.
    """
    if as_json:
        o.print_json(recorded)
        return
    typer.secho(
        f"{recorded.key} of {recorded.project}: {recorded.status} (version {recorded.version})",
        fg=o.colour_of(recorded.status),
        bold=True,
    )
    for note in recorded.notes:
        typer.echo(f"  {note}")
    if recorded.decided:
        typer.echo("  it is decided, and nobody is asked to approve it again")
    if recorded.answered:
        typer.echo("  what an exception said of it was answered, and is not asked again")
    if not of_itself and not recorded.decision.obligations:
        typer.echo("  nobody is asked or told anything because of it")
    print_decision(
        recorded.decision,
        policy,
        decided=recorded.decided,
        answered=recorded.answered,
        with_status=of_itself,
    )


def _print_where_it_lies(governance: Governance, recorded: Recorded) -> None:
    """Say of what went up at once to whom it did, for the decision names who is asked first."""
    with governance.reading() as c:
        entry = c.uow.entries.by_key(recorded.project, recorded.register_name, recorded.key)
        for item in obligations_about(c, entry.id):
            if item.went_up_to and item.status == "open":
                roles = roles_in_words(item.went_up_to, c.policy, " and ")
                typer.echo(f"  {item.asked} went up at once to {roles}")


@show_app.command()
def show(
    project: o.Project,
    register: o.Register,
    by: o.Reader,
    key: Annotated[str | None, typer.Argument(help="One entry; all when left out.")] = None,
    status: Annotated[str | None, typer.Option(help="Only those with this status.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only those of this person.")] = None,
    limit: o.Limit = None,
    after: o.After = None,
    database: o.Database = None,
    policy: o.PolicyPath = None,
    as_json: o.Json = False,
) -> None:
    """Show a register of a project, or one entry with its decisions and obligations.

    Example: pmo show P-1 change_requests CR-1
    """
    governance = o.governance_to_read(database, policy)
    if key is None:
        page = o.page(limit, after, as_json=as_json)
        with governance.reading() as c:
            declared = naming.register_of_any_version(governance, register)
            home = home_named(c, declared, project)
            require_reader(governance, c, by, declared.id, home)
            found = queries.records(
                c,
                home,
                declared.id,
                page,
                status=status,
                owner=owner,
                figures=partial(figures_of_record, c),
            )
            named = o.by_name(c, found.items, "owner")
            people = _people_in(c, declared, [each.fields_ for each in found.items])
        columns = {"key": "Key", "status": "Status", "owner": "Owner", "fields": "Fields"}
        if any(each.figures for each in found.items):
            columns["figures"] = "Figures"
        fields = partial(_short, register=declared, zone=c.policy.calendar.clocks, called=people)
        o.print_listing(
            found, columns, as_json=as_json, none=None, fields=fields, figures=_figures, **named
        )
        return
    with governance.reading() as c:
        entry = naming.entry_named(governance, c.uow, project, register, key)
        require_reader(governance, c, by, entry.register_name, entry.project, entry)
        story = queries.story(c, entry, partial(figures_of_record, c))
        under = c.under(entry).policy
        of = under.registers[entry.register_name]
        people = _people_in(c, of, [story.fields_])
        owner = c.uow.people.name_of(story.owner or "")
    if as_json:
        o.print_json(story)
    else:
        said = _short(story.fields_, of, under.calendar.clocks, people)
        _print_story(story, under, owner, said)


def _people_in(
    c: Context, register: PolicyRegister, records: Iterable[Mapping[str, Any]]
) -> Mapping[str, str]:
    """Give the names of those whom records name in fields that are of people."""
    given = (record.get(name) for record in records for name in _of_people(register))
    found = (each for value in given for each in (value if isinstance(value, list) else [value]))
    return c.uow.people.names_of({each for each in found if isinstance(each, str)})


def _of_people(register: PolicyRegister) -> set[str]:
    return {each.name for each in register.fields.values() if each.names is not None}


def _short(
    fields: Mapping[str, Any], register: PolicyRegister, zone: tzinfo, called: Mapping[str, str]
) -> str:
    said, people = o.by_the_clocks(fields, register, zone), _of_people(register)
    names = {name: called if name in people else {} for name in said}
    return ", ".join(f"{name} {_value(value, names[name])}" for name, value in said.items())


def _value(value: Any, called: Mapping[str, str]) -> str:
    """Say a value of a record: yes or no, several one after the other, people by their names."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " and ".join(_value(each, called) for each in value) or "none"
    return called.get(value, value) if isinstance(value, str) else str(value)


def _figures(figures: Sequence[Mapping[str, Any]]) -> str:
    """Say the figures of a record that are available, for a cell of a list."""
    return ", ".join(f"{each['label']} {each['words']}" for each in figures if not each["why"])


def _print_story(story: RecordStory, policy: Policy, owner: str, fields: str) -> None:
    o.heading(f"{story.key} of {story.project}: {story.status}")
    mine = [f"{name} {value}" for name, value in (("owner", owner), ("due", story.due)) if value]
    typer.echo(f"  {', '.join(filter(None, [*mine, fields]))}")
    for figure in story.figures:
        typer.echo(f"  {figure.label}: {figure.words}")
    for before, now in pairwise(story.versions):
        if now.status != before.status or now.became:
            why = f": {now.reason}" if now.reason else ""
            typer.echo(f"  {now.became or words(now.status)} by {now.name}{why}")
    for decision in story.decisions:
        print_trial(decision.result.trial)
    for rule, text in story.faults.items():
        typer.secho(f"  {rule} could not be judged: {text}", fg=o.colour_of("refused"))
    for item in story.obligations:
        status = _outcome(item)
        typer.secho(f"  {item.asked}: {status}", fg=o.colour_of(status))
        for reason in item.reasons:
            typer.echo(f"    {reason}")
        if item.went_up_to and item.status == "open":
            typer.echo(f"    it went up to {roles_in_words(item.went_up_to, policy, ' and ')}")
        if item.when_time_is_up and item.status == "open":
            when = "its time was up: now" if item.time_was_up else "when its time is up"
            typer.echo(f"    {when} it {item.when_time_is_up}")
        for vote in item.votes:
            since = f" ({vote.since})" if vote.since else ""
            typer.echo(f"    {vote.said}{_as_what(vote)}{since}")
        if item.answer:
            typer.echo(f"    answered by {item.answer}")
        if item.tally:
            typer.echo(f"    {item.tally}")


def _as_what(vote: VoteCast) -> str:
    """Say for which role a vote counts, as what it was cast and for whom."""
    if not vote.role:
        return ""
    whose = f" of {vote.behalf_name}" if vote.behalf_name else ""
    how = "" if vote.capacity == "own role" else f", {vote.capacity}{whose}"
    return f" (as {vote.as_what}{how})"


def _outcome(item: ObligationState) -> str:
    """Say how an obligation stands; an approval that was refused says so."""
    refused = item.outcome == "reject"
    if not item.outcome and not item.tally:  # decided before the outcome was kept
        refused = any(each.choice == "reject" and not each.superseded for each in item.votes)
    return "refused" if item.status == "met" and refused else str(item.status)
