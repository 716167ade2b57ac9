"""The attacker: what can be deduced from published files alone. It knows nothing of the method."""
