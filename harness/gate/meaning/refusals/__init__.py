"""Which calls two conditions refuse."""
