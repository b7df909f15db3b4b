"""``pmo``: the table of commands. A command's module is imported only when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from pmo_engine.cli.start import STOPPED
from pmo_engine.cli.terminal import NotWritten, check_arguments, for_people

if TYPE_CHECKING:
    from collections.abc import Sequence

_STOPPED = "stopped; what was committed before stays"

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("setup", "Make a new governance folder, ready to check and run."),
    "policy": ("policy", "Check, test and describe policy files."),
    "pack": ("pack", "Say what packs offer: parameters, rules, registers."),
    "decide": ("decide", "Say what a policy makes of one event."),
    "feel": ("feel", "Evaluate an expression, or a file of test cases."),
    "replay": ("replay", "Judge a recorded history (XES or CSV) by a policy."),
    "org": ("organisation.org", "Show the organisation: offices, programmes, projects."),
    "project": ("organisation.projects", "Add, change, start, hold, stop and list projects."),
    "programme": ("organisation.programmes", "Add, change and list portfolios and programmes."),
    "person": ("people.person", "Add and change people, give them roles and end these."),
    "delegate": ("people.standing_in", "Let somebody decide for somebody else."),
    "undelegate": ("people.standing_in", "Withdraw what was delegated."),
    "delegations": ("people.standing_in", "List who decides for whom."),
    "absent": ("people.standing_in", "Say that somebody is away, or back."),
    "absences": ("people.standing_in", "List who is away, and who stands in."),
    "propose": ("intake", "Propose what could become a project, by the policy's form."),
    "mandate": ("intake", "Write the mandate of an approved proposal."),
    "import": ("imports", "Bring a CSV or XLSX file into a register."),
    "records": ("registers", "Registers as tables and lists, and how good their data are."),
    "submit": ("records", "Enter a record into a register; it is decided at once."),
    "update": ("records", "Change a record; it is decided again."),
    "event": ("records", "Say that something happened to a record, as reviewed."),
    "attach": ("registers.attachments", "Attach a file to a record, by its digest."),
    "attachments": ("registers.attachments", "List the files of records, and what changed."),
    "withdraw": ("records", "Take a request back before it is decided."),
    "resubmit": ("records", "Ask again for what was refused, withdrawn or rescinded."),
    "rescind": ("records", "Undo an approval: by who gave it, or who is above."),
    "exception": ("powers.exceptions", "List and answer exceptions of tolerances."),
    "rebaseline": ("powers.exceptions", "Move a baseline, as an approved change says."),
    "move": ("lives", "Bring a record into another state of its life."),
    "close": ("lives", "Close a record, as its life cycle lets it."),
    "reopen": ("lives", "Open a closed record again."),
    "show": ("records", "Show a record with its decisions and obligations."),
    "timeline": ("timeline", "Tell what happened to a record, a gate, a project, in words."),
    "decision": ("decision", "List what the engine decided, and say why."),
    "portfolio": ("standing.portfolio", "Show how projects stand: open, overdue, next gate."),
    "figures": ("standing.figures", "Show the figures of projects, and how each is worked out."),
    "authority": ("powers.authority", "Say who may decide something, and why the others may not."),
    "interest": ("powers.interests", "Declare interests, which keep people from deciding."),
    "inbox": ("inbox", "List what waits for a person."),
    "stuck": ("office", "List what nobody may act on, or is chased for any more, and why."),
    "approve": ("inbox", "Approve what waits for you."),
    "reject": ("inbox", "Reject what waits for you."),
    "abstain": ("inbox", "Take part in a vote on neither side."),
    "recuse": ("inbox", "Step aside from a vote for an interest."),
    "attend": ("inbox", "Take down who attends the meeting that votes."),
    "answer": ("inbox", "Say that what was asked of you is there."),
    "waive": ("inbox", "Let a record go on without something that was asked for."),
    "plan": ("planning", "Show by which strategy a project is planned, and plan it."),
    "round": ("rounds", "List, show, answer and close collection rounds."),
    "gate": ("gates", "Open, assess, answer and follow stage gates."),
    "role": ("standing.roles", "List functional roles, and show how they stand in a project."),
    "sweep": ("office", "Send reminders and escalations that are due."),
    "deliver": ("office", "Hand over the notices in the outbox."),
    "notices": ("office", "List the notices that failed, and send them again."),
    "report": ("reports", "Make reports, and write a page of everything decided, and why."),
    "audit": ("office", "Check the journal, and read it."),
    "database": ("setup", "Set up the database and look at its state."),
    "demo": ("up", "Play the main job of an invented organisation."),
    "up": ("up", "Run Prefect server, flows and sweeps in one command."),
}


class LazyGroup(TyperGroup):
    """A group that knows its commands by name and imports only the one that is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Name all commands in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Give a stand-in with name and help; enough for ``--help``."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name][1])

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """Import the command that was called."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name in COMMANDS else command, rest


def load(name: str) -> Any:
    """Import a command by its name in the table."""
    module = import_module(f"pmo_engine.cli.{COMMANDS[name][0]}")
    return typer.main.get_command(getattr(module, f"{name}_app"))


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Governance for project management offices: policy files in, decisions carried out.",
)


def _say_version(wanted: bool) -> None:
    if wanted:
        from pmo_engine import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", is_eager=True, callback=_say_version
    ),
) -> None:
    del version  # said already


def _misused(error: TyperException) -> int:
    """Print what is wrong with the arguments; a group called alone has printed its help."""
    message = error.format_message().replace("Value error, ", "")
    if message:
        context = getattr(error, "ctx", None)
        path = "pmo" if context is None else context.command_path
        typer.echo(f"pmo: {message} ('{path} --help' says how)", err=True)
    return 2


def main() -> NoReturn:
    """Run ``pmo`` as the process's own command; see ``start``."""
    from pmo_engine.cli import start

    start.main()


def run(arguments: Sequence[str] | None = None, interrupted: object = False) -> int:
    """Run ``pmo`` and give its exit status; an error is one clear line on standard error.

    That is 0 done, 1 the answer is no, 2 could not be carried out, 130 stopped. ``interrupted`` is
    true once Ctrl-C came: what is raised then is its consequence.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    with for_people():
        try:
            return _ended(given, interrupted)
        except BrokenPipeError:
            return 0
        except NotWritten:  # nobody is left who could be told
            return 2


def _ended(arguments: list[str], interrupted: object) -> int:
    """Carry a command out and say how it ended; gives the exit status."""
    try:
        status = _carried_out(arguments)
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        status = STOPPED
    except Exception as error:  # the last resort: no traceback reaches a user
        if os.environ.get("PMO_DEBUG") and not interrupted:
            raise
        status = STOPPED if interrupted else _reported(error)
    if status == STOPPED:
        typer.echo(_STOPPED, err=True)
    return status


def _carried_out(arguments: list[str]) -> int:
    command = typer.main.get_command(app)
    try:
        check_arguments(arguments)
        result: Any = command.main(
            arguments,
            prog_name="pmo",
            standalone_mode=False,
            color=False if os.environ.get("NO_COLOR") else None,
        )
    except typer.Exit as stop:
        return stop.exit_code
    except TyperException as error:
        return _misused(error)
    except typer.Abort:
        typer.echo(_STOPPED, err=True)
        return 2
    except SystemExit as stop:  # nobody reads on
        return stop.code if isinstance(stop.code, int) else 2
    return result if isinstance(result, int) else 0


def _reported(error: Exception) -> int:
    from pmo_engine.cli.errors import report

    return report(error)
