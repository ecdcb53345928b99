"""Sample data for the demo mode: invented accounts and a plausible, reproducible year so far. Never in production."""
