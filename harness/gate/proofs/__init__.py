"""What is proved of conditions without evaluating them."""
