"""The HTTP app: JSON API, streams, and the built pages."""
