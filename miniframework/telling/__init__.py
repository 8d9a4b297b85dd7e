"""What happens to a request, put down in the fewest steps, to be read when there is time."""
