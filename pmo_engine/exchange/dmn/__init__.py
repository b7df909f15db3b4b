"""Decision tables as DMN models (XML of the OMG, version 1.5), which modellers draw, and back."""

from pmo_engine.exchange.dmn.exporting import export_tables
from pmo_engine.exchange.dmn.importing import Imported, import_tables
from pmo_engine.exchange.dmn.vocabulary import DmnError

__all__ = ["DmnError", "Imported", "export_tables", "import_tables"]
