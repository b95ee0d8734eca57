"""WHAT HOLDS: the chapter of a brief that the stability lens writes."""
