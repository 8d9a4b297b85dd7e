"""What the dashboard shows of one exchange: small pure functions from an exchange to a JSON-able view."""
