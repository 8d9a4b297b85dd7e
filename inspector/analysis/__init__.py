"""What can be said about routes and regexes without a request."""
