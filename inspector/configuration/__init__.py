"""Where settings come from: a flag, the environment, `[tool.inspector]`, or the default, and which it was."""
