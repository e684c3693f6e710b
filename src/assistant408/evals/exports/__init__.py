"""Tasks written down for other evaluation programs."""
