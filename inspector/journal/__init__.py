"""The journal: the numbered record of what happened, and the only seam between processes."""
