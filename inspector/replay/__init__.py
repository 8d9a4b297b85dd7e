"""Run a recorded request again, changed or not, in the process that serves the application, and compare."""
