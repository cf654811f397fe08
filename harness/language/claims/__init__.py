"""What a claim may say of a subject's result, and how each saying is judged."""
