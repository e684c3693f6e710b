"""Accounts: who may come in, what each may do, and the routes for it. Without them the program has one user."""
