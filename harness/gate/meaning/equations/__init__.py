"""What equations compute and which results they admit: two versions evaluated against each other."""
