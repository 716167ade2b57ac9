"""From the files of a case platform to a load package: read, screen, map, keep."""
