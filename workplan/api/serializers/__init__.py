"""What the API says and reads, by subject."""
