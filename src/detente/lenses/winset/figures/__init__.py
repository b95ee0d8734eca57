"""What do answers about deals look like? One figure a file, each from the result alone."""
