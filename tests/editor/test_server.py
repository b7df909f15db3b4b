"""The language server over its protocol: a process of its own, and a client as editors have one."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

SERVE = (
    "import sys; from pmo_engine.cli.main import main; "
    "sys.argv[1:] = ['policy', 'serve', '--stdio']; main()"
)
WAIT = 30
ERROR = lsp.DiagnosticSeverity.Error


class Editor:
    """A client with a document open, and what it is told about it."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.told: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()
        self.version = 0

        @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _told(params: lsp.PublishDiagnosticsParams) -> None:
            self.told.put_nowait(params)

    async def open(self, path: Path, text: str) -> None:
        document = lsp.TextDocumentItem(path.as_uri(), "yaml", self.version, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(document))

    async def change(self, path: Path, text: str) -> None:
        self.version += 1
        document = lsp.VersionedTextDocumentIdentifier(self.version, path.as_uri())
        whole = [lsp.TextDocumentContentChangeWholeDocument(text)]
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, whole))

    async def findings(self, path: Path, code: str | None) -> list[lsp.Diagnostic]:
        """Wait until a file has this finding, or no error."""
        async with asyncio.timeout(WAIT):
            while True:
                told = await self.told.get()
                codes = {item.code for item in told.diagnostics}
                wrong = [each for each in told.diagnostics if each.severity == ERROR]
                if told.uri == path.as_uri() and (code in codes if code else not wrong):
                    return list(told.diagnostics)


Scenario = Callable[[Editor], Awaitable[None]]


@asynccontextmanager
async def editor() -> AsyncIterator[Editor]:
    client = LanguageClient("test", "1")
    found = Editor(client)
    await client.start_io(sys.executable, "-W", "error", "-c", SERVE)
    async with asyncio.timeout(WAIT):
        await client.initialize_async(lsp.InitializeParams(lsp.ClientCapabilities()))
        client.initialized(lsp.InitializedParams())
    yield found
    async with asyncio.timeout(WAIT):
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()


def play(scenario: Scenario) -> None:
    async def run() -> None:
        async with editor() as found:
            await scenario(found)

    asyncio.run(run())


def position(text: str, mark: str) -> lsp.Position:
    """Give the place just after a piece of text, as an editor counts (UTF-16)."""
    before = text[: text.index(mark) + len(mark)]
    last = before.rpartition("\n")[2]
    return lsp.Position(before.count("\n"), len(last.encode("utf-16-le")) // 2)


@pytest.mark.timeout(120)
def test_an_editing_session(folder: Path) -> None:
    file = folder / "policy.yaml"
    good = file.read_text(encoding="utf-8")
    wrong = good.replace("title: Dear changes", "title: \U0001f600 Dear changes").replace(
        "require_approval: {from: pmo_head", "require_approval: {from: pmo_haed"
    )
    here = lsp.TextDocumentIdentifier(file.as_uri())

    async def session(editor: Editor) -> None:
        client = editor.client
        await editor.open(file, wrong)
        [found] = [d for d in await editor.findings(file, "PMO014") if d.code == "PMO014"]
        assert found.message == "unknown role 'pmo_haed' (did you mean 'pmo_head'?)"
        assert (found.severity, found.source) == (lsp.DiagnosticSeverity.Error, "pmo")
        assert found.range.end == position(wrong, "pmo_haed")
        assert found.range.end.character - found.range.start.character == len("pmo_haed")

        action = await client.text_document_code_action_async(
            lsp.CodeActionParams(here, found.range, lsp.CodeActionContext([found]))
        )
        [fix] = action or []
        assert isinstance(fix, lsp.CodeAction)
        assert (fix.title, fix.kind) == ("Write pmo_head", lsp.CodeActionKind.QuickFix)
        assert fix.edit is not None
        [edit] = (fix.edit.changes or {})[file.as_uri()]
        assert (edit.range, edit.new_text) == (found.range, "pmo_head")

        await editor.change(file, good)
        await editor.findings(file, None)

        typing = good.replace("value: change.weeks > 4}", "value: change.")
        await editor.change(file, typing)
        listed = await client.text_document_completion_async(
            lsp.CompletionParams(here, position(typing, "value: change."))
        )
        assert isinstance(listed, lsp.CompletionList)
        assert {"cost", "weeks", "category"} <= {item.label for item in listed.items}
        await editor.findings(file, "PMO001")

        await editor.change(file, good)
        await editor.findings(file, None)
        hover = await client.text_document_hover_async(
            lsp.HoverParams(here, position(good, "- id: dear"))
        )
        assert hover is not None
        assert "When a change is submitted and the change's cost is above 500 GBP" in said(hover)
        role = await client.text_document_hover_async(
            lsp.HoverParams(here, position(good, "require_approval: {from: pmo_"))
        )
        assert role is not None
        assert "Leads the office." in said(role)
        assert "may approve change up to 50,000 GBP (Board)" in said(role)

        place = await client.text_document_definition_async(
            lsp.DefinitionParams(here, position(good, "require_approval: {from: pmo_"))
        )
        assert isinstance(place, lsp.Location)
        assert place.uri == file.as_uri()
        assert good.splitlines()[place.range.start.line].startswith("  - {id: pmo_head")

        symbols = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(here))
        names = {each.name: each for each in symbols or []}
        assert {"policy", "roles", "rules", "suite"} <= set(names)
        rules = names["rules"]
        assert isinstance(rules, lsp.DocumentSymbol)
        assert [each.name for each in rules.children or []] == ["dear"]

    play(session)


def said(hover: lsp.Hover) -> str:
    assert isinstance(hover.contents, lsp.MarkupContent)
    return hover.contents.value


@pytest.mark.timeout(120)
def test_files_of_a_policy_are_seen_together(folder: Path) -> None:
    """A role that is removed from one buffer is missed in another file; a new file counts."""
    text = (folder / "policy.yaml").read_text(encoding="utf-8")
    roles, rest = folder / "roles.yaml", folder / "policy.yaml"
    start, end = text.index("kind: roles"), text.index("---\nkind: registers")
    rest.write_text(text[:start] + text[end + 4 :], encoding="utf-8")
    roles.write_text(text[start:end], encoding="utf-8")

    async def session(editor: Editor) -> None:
        await editor.open(roles, roles.read_text().replace("id: pmo_head", "id: head"))
        await editor.findings(rest, "PMO014")
        await editor.change(roles, text[start:end])
        await editor.findings(rest, None)
        new = folder / "new.yaml"
        await editor.open(new, "kind: roles\nroles:\n  - {id: board}\n")
        await editor.findings(roles, "PMO016")
        close = lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(new.as_uri()))
        editor.client.text_document_did_close(close)
        await editor.findings(roles, None)

    play(session)


@pytest.mark.timeout(120)
def test_nothing_that_is_written_ends_the_server(folder: Path) -> None:
    file = folder / "policy.yaml"
    good = file.read_text(encoding="utf-8")
    odd = [
        "",
        "\t",
        "kind: [",
        "\x00",
        "a: &a [*a]",
        "{" * 5_000,
        '"\ud83d',
        "kind: rules\nrules: 5\n",
    ]
    here = lsp.TextDocumentIdentifier(file.as_uri())

    async def session(editor: Editor) -> None:
        await editor.open(file, good)
        for text in odd:
            await editor.change(file, text.encode("utf-8", "replace").decode())
            for ask in (
                editor.client.text_document_completion_async,
                editor.client.text_document_hover_async,
                editor.client.text_document_definition_async,
            ):
                params: Any = {
                    "text_document_completion_async": lsp.CompletionParams,
                    "text_document_hover_async": lsp.HoverParams,
                    "text_document_definition_async": lsp.DefinitionParams,
                }[ask.__name__]
                for place in (lsp.Position(0, 0), lsp.Position(0, 4), lsp.Position(99, 99)):
                    await asyncio.wait_for(ask(params(here, place)), WAIT)
        await editor.change(file, good.replace("from: pmo_head", "from: nobody"))
        await editor.findings(file, "PMO014")

    play(session)
