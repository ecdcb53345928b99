"""Loads a plan from readable CSV files, again and again, without overwriting users' edits."""
