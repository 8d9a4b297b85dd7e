"""What is said of an application before any request: its routes, what documents them, what is refused."""
