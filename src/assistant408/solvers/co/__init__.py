"""Solvers for 计算机组成原理: one problem a file."""
