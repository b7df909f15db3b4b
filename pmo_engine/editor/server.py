"""The language server: what the protocol asks for, carried to the functions that know.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from pmo_engine import __version__
from pmo_engine.compiler.reading import examined
from pmo_engine.editor.buffers import Buffers
from pmo_engine.editor.completion import complete, taken
from pmo_engine.editor.fixes import fixes_of, title_of
from pmo_engine.editor.hover import about_code, hover
from pmo_engine.editor.place import locate
from pmo_engine.editor.positions import Lines, Position
from pmo_engine.editor.project import Project, root_of
from pmo_engine.editor.symbols import Symbol, outline
from pmo_engine.editor.target import Target, target_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.source.diagnostics import Diagnostic, Mark

Pointing: TypeAlias = lsp.CompletionParams | lsp.HoverParams | lsp.DefinitionParams
PAUSE = 0.2  # seconds without a change, after which a policy is checked
LOG = logging.getLogger(__name__)
KINDS = {
    "key": lsp.CompletionItemKind.Property,
    "value": lsp.CompletionItemKind.EnumMember,
    "name": lsp.CompletionItemKind.Reference,
    "field": lsp.CompletionItemKind.Field,
    "function": lsp.CompletionItemKind.Function,
    "word": lsp.CompletionItemKind.Keyword,
}
SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "note": lsp.DiagnosticSeverity.Information,
}


class PolicyServer(LanguageServer):
    """Holds the buffers of the editor and a project for each policy that a buffer is of."""

    def __init__(self) -> None:
        super().__init__("pmo", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self.buffers = Buffers()
        self.projects: dict[Path, Project] = {}
        self.roots: dict[Path, Path] = {}  # of open files
        self._waiting: dict[Path, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._one_by_one = asyncio.Lock()
        self._told: dict[Path, set[Path]] = {}  # files with findings, by project

    def project_of(self, path: Path) -> Project:
        """Give the project of a file, checked at least once."""
        root = self.roots.get(path) or root_of(path)
        project = self.projects.get(root)
        if project is None:
            project = self.projects[root] = Project(root, self.buffers)
            with suppress(FileNotFoundError):
                project.check()
        return project

    def changed(self, path: Path, text: str) -> None:
        """Take a file's text, and check its policy when the writer pauses."""
        self.buffers.put(path, text)
        self.roots.setdefault(path, root_of(path))
        self.check_soon(self.roots[path])

    def check_soon(self, root: Path) -> None:
        """Check a policy after a pause; a check that still waits is put off."""
        waiting = self._waiting.pop(root, None)
        if waiting is not None:
            waiting.cancel()
        loop = asyncio.get_running_loop()
        self._waiting[root] = loop.call_later(PAUSE, self._begin, root)

    def _begin(self, root: Path) -> None:
        task = asyncio.create_task(self._check(root))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _check(self, root: Path) -> None:
        project = self.projects.setdefault(root, Project(root, self.buffers))
        async with self._one_by_one:
            try:
                await asyncio.to_thread(project.check)
            except FileNotFoundError:
                project.diagnostics = {}  # the last of its files has gone
            except Exception:  # whatever a writer writes, the next version is checked again
                LOG.exception("the check of %s failed", root)
        self._tell(project)

    def _tell(self, project: Project) -> None:
        """Publish what was found, and that files have nothing any more that had."""
        found = project.diagnostics
        for path in self._told.get(project.root, set()) | set(found):
            lines = self.lines(path)
            items = [_diagnostic(item, lines) for item in found.get(path, ())]
            self.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(_uri(path), diagnostics=items)
            )
        self._told[project.root] = set(found)

    def lines(self, path: Path) -> Lines:
        """Give a file's text with places as this client counts them."""
        return Lines(self.buffers.text(path), self.workspace.position_codec.client_num_units)

    def at(self, params: Pointing) -> tuple[Path, Lines, Position]:
        """Give the file, its lines and the place that a request is about."""
        path = _path(params.text_document.uri)
        lines = self.lines(path)
        place = Position(params.position.line, params.position.character)
        return path, lines, lines.from_client(place)

    def target(self, params: Pointing) -> Target | None:
        """Find what a request points at."""
        path, lines, place = self.at(params)
        return target_at(lines.all(), *place, self.project_of(path).index)


def _path(uri: str) -> Path:
    return Path(to_fs_path(uri) or uri)


def _uri(path: Path) -> str:
    return from_fs_path(str(path.absolute())) or path.as_uri()


def _range(lines: Lines, line: int, start: int, end: int) -> lsp.Range:
    first, last = lines.to_client(Position(line, start)), lines.to_client(Position(line, end))
    return lsp.Range(lsp.Position(*first), lsp.Position(*last))


def _point(lines: Lines, mark: Mark) -> lsp.Position:
    return lsp.Position(*lines.to_client(Position(mark.line - 1, mark.column - 1)))


def _marked(lines: Lines, mark: Mark) -> lsp.Range:
    return _range(lines, mark.line - 1, mark.column - 1, mark.column - 1)


def _diagnostic(found: Diagnostic, lines: Lines) -> lsp.Diagnostic:
    end = found.end_in(lines.line(found.line - 1)) - 1
    return lsp.Diagnostic(
        range=_range(lines, found.line - 1, found.column - 1, end),
        message=f"{found.message} ({found.hint})" if found.hint else found.message,
        severity=SEVERITIES[found.severity],
        code=found.code,
        source="pmo",
    )


def make_server() -> PolicyServer:
    """Make a server with everything that it can be asked."""
    server = PolicyServer()
    _follow_texts(server)
    _answer(server)
    return server


def _follow_texts(server: PolicyServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        server.changed(_path(params.text_document.uri), params.text_document.text)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        text = server.workspace.get_text_document(params.text_document.uri).source
        server.changed(_path(params.text_document.uri), text)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        path = _path(params.text_document.uri)
        server.roots[path] = root_of(path)
        server.check_soon(server.roots[path])

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        path = _path(params.text_document.uri)
        server.buffers.drop(path)
        root = server.roots.pop(path, None)
        if root is not None:
            server.check_soon(root)


def _answer(server: PolicyServer) -> None:
    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[".", " ", '"'])
    )
    def completion(params: lsp.CompletionParams) -> lsp.CompletionList:
        path, lines, (line, column) = server.at(params)
        place = locate(lines.all(), line, column)
        where = _range(lines, line, column - len(taken(place)), column)
        found = complete(place, server.project_of(path).index)
        items = [
            lsp.CompletionItem(
                label=each.label,
                kind=KINDS[each.sort],
                detail=each.detail or None,
                documentation=_markdown(each.about) if each.about else None,
                sort_text=f"{number:04}",
                text_edit=lsp.TextEdit(where, each.text),
            )
            for number, each in enumerate(found)
        ]
        return lsp.CompletionList(is_incomplete=False, items=items)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hovering(params: lsp.HoverParams) -> lsp.Hover | None:
        path, lines, place = server.at(params)
        project = server.project_of(path)
        target = server.target(params)
        said = [hover(target, project.policy)] if target is not None else []
        said += [about_code(item) for item in _found_at(project, path, lines, place)]
        text = "\n\n---\n\n".join(part for part in said if part)
        return lsp.Hover(_markdown(text)) if text else None

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(params: lsp.DefinitionParams) -> lsp.Location | None:
        target = server.target(params)
        if target is None or target.entry is None or not target.entry.mark.file:
            return None
        path = server.project_of(_path(params.text_document.uri)).path_of(target.entry.mark.file)
        return lsp.Location(_uri(path), _marked(server.lines(path), target.entry.mark))

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        path = _path(params.text_document.uri)
        lines = server.lines(path)
        documents = examined(lines.text.encode("utf-8", "replace"), str(path)).documents
        end = lines.to_client(Position(len(lines.all()), 0))
        return _symbols(outline(documents), lines, lsp.Position(*end))

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]),
    )
    def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        path = _path(params.text_document.uri)
        lines = server.lines(path)
        found = server.project_of(path).diagnostics.get(path, ())
        shown = params.range.start.line, params.range.end.line
        return [*_actions(path, lines, found, shown)]


def _markdown(text: str) -> lsp.MarkupContent:
    return lsp.MarkupContent(lsp.MarkupKind.Markdown, text)


def _found_at(project: Project, path: Path, lines: Lines, place: Position) -> Iterator[Diagnostic]:
    for item in project.diagnostics.get(path, ()):
        end = item.end_in(lines.line(place.line)) - 1
        if item.line - 1 == place.line and item.column - 1 <= place.column <= end:
            yield item


def _symbols(found: Sequence[Symbol], lines: Lines, end: lsp.Position) -> list[lsp.DocumentSymbol]:
    """Give symbols with their ranges: each lasts until the next one, the last one to the end."""
    starts = [_marked(lines, each.mark).start for each in found]
    ends = [*starts[1:], end][: len(starts)]
    return [
        lsp.DocumentSymbol(
            name=each.name,
            detail=each.detail,
            kind=lsp.SymbolKind.Namespace if each.inner else lsp.SymbolKind.Object,
            range=lsp.Range(start, until),
            selection_range=lsp.Range(start, start),
            children=_symbols(each.inner, lines, until),
        )
        for each, start, until in zip(found, starts, ends, strict=True)
    ]


def _actions(
    path: Path, lines: Lines, found: Sequence[Diagnostic], shown: tuple[int, int]
) -> Iterator[lsp.CodeAction]:
    for item in found:
        fixes = fixes_of(item, lines.line(item.line - 1))
        diagnostic = _diagnostic(item, lines)
        if not shown[0] <= diagnostic.range.start.line <= shown[1]:
            continue
        for fix in fixes:
            edit = lsp.TextEdit(
                lsp.Range(_point(lines, fix.start), _point(lines, fix.end)), fix.text
            )
            yield lsp.CodeAction(
                title=title_of(fix),
                kind=lsp.CodeActionKind.QuickFix,
                diagnostics=[diagnostic],
                edit=lsp.WorkspaceEdit(changes={_uri(path): [edit]}),
                is_preferred=len(fixes) == 1,
            )
