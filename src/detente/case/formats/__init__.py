"""OTHER PEOPLE'S FILES: cases from and to tables, workbooks and other programs; what is lost is told."""

from detente.case.formats.draft import Imported
from detente.case.formats.numerals import Choices
from detente.case.formats.registry import FORMATS, Format, export_case, format_of, import_case

__all__ = ["FORMATS", "Choices", "Format", "Imported", "export_case", "format_of", "import_case"]
