"""What was said of routes and routers where they were declared, as plain values."""
