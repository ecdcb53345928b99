"""The rules of the numbers: pure Python, no Django."""
