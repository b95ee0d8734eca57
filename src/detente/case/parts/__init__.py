"""THE PARTS OF A CASE FILE, one file each: the model, what may be wrong with it, what is worth a warning."""
