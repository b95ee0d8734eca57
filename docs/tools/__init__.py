"""What builds and checks these pages: run by `make docs` and by the tests, not part of the package."""
