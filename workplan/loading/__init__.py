"""Loads a plan from readable CSV files into the database, again and again, without overwriting users' edits."""
