"""Which cases two versions admit."""
