"""Sample data for the demo mode only: invented accounts and a plausible, reproducible year so far."""
