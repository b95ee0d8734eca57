"""WAYS OF SEEING IT: one folder per lens; lenses never import each other."""
