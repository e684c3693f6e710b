"""Solvers for 计算机网络: one problem a file."""
