"""The tutor: routes a question, answers from passages and solvers, and checks what the model says."""
