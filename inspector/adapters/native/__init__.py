"""Our own framework, for whoever treats all applications alike."""
