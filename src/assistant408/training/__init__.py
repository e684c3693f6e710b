"""The model pipeline: data, supervised fine-tuning, merge, quantization, gate. Readable scripts, one a method."""
