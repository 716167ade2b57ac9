"""Between counting and publishing: the only door through which a number leaves."""
