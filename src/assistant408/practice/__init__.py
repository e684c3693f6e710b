"""Practice: choice questions made from solvers."""
