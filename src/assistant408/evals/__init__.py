"""Measuring: choice questions answered by a function that is handed in, with every sample kept."""
