"""What is done to people. Each act checks, writes and logs in one transaction."""
