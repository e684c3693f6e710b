"""Exact solvers: one problem a file, pure functions, standard library only."""
