"""Solvers for 数据结构: one problem a file."""
