"""THE ANALYSED GAME FOR OTHER PROGRAMS: Gambit, and whatever draws or measures graphs."""

from detente.report.exports.formats import GAME_FORMATS, export

__all__ = ["GAME_FORMATS", "export"]
