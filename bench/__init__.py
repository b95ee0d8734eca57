"""How fast is it, and how near to what the machine can do? One module per table; ``python -m bench`` runs all."""
