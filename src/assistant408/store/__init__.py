"""The study database: sole owner of its tables. SQLite by default, PostgreSQL by ``A408_DATABASE_URL``."""
