"""The study database: sole owner of its tables. SQLite in the user's folder."""
