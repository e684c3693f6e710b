"""Errors, traces, the solver registry, paths and settings. Standard library only; imports nothing of the project."""
