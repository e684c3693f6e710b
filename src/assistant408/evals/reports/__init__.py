"""Finished runs side by side: Markdown, one HTML page, and CSV with OpenCompass's columns."""
