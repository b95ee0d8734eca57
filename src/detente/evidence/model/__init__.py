"""What does a language model find, where the user names one? Only what stands in the text counts."""

from detente.evidence.model.endpoint import KEY, Endpoint
from detente.evidence.model.reading import Cache, Grounded, Invented, Reading, Witness, statements

__all__ = ["KEY", "Cache", "Endpoint", "Grounded", "Invented", "Reading", "Witness", "statements"]
