"""The knowledge base: documents in, passages out. It is handed its embedder and never imports a model."""
