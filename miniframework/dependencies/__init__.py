"""What an endpoint needs from other functions: who needs whom, and one request's run of it."""
