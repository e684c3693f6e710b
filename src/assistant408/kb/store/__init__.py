"""Where chunks and vectors live; one engine a file, all behind the same conformance tests."""
