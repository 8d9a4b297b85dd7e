"""One request, from the application to its answer: who takes it, how the function is called."""
