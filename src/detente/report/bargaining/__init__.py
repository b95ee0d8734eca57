"""WHERE EACH ISSUE SETTLES: the chapter of a brief that the bargaining lens writes."""
