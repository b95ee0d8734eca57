"""What was said, by whom, in which words?"""

from detente.evidence.statements.extract import found, statements

__all__ = ["found", "statements"]
