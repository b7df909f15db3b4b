"""Decision tables as DMN models (XML of the OMG, 1.3 or 1.5), which modellers draw, and back."""

from pmo_engine.exchange.dmn.exporting import export_tables
from pmo_engine.exchange.dmn.importing import MAX_BYTES, Imported, import_tables
from pmo_engine.exchange.dmn.vocabulary import DmnError, Version

__all__ = ["MAX_BYTES", "DmnError", "Imported", "Version", "export_tables", "import_tables"]
