"""Shipped content: its schema, loading and checks. Formats are described in ``docs/authoring.md``."""
