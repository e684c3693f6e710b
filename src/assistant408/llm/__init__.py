"""Language models behind one small protocol; no engine is imported until a backend is opened."""
