"""Solvers for 操作系统: one problem a file."""
