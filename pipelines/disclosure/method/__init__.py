"""The method: linked tables as one system, and which of their cells to hide. It knows nothing of the attacker."""
