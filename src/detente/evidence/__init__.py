"""What was said? Documents, what is found in them, and the way from a number to the words it rests on."""
