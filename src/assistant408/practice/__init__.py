"""Practice: generated questions, sessions, mock exams, review."""
