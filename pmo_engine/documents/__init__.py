"""Terms of reference and governance framework as documents.

A document is built once from the bound policy (``building``), as sections of numbered clauses;
Markdown, HTML and DOCX are passes over it. ``clauses`` gives what is said, clause by clause,
under ids that stay the same from version to version.
"""

from pmo_engine.documents.building import build, clauses, only, written
from pmo_engine.documents.model import Clause, Document

__all__ = ["Clause", "Document", "build", "clauses", "only", "written"]
