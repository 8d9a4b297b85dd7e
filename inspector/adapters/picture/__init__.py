"""A foreign table drawn as one of ours, for what explains and analyses ours."""
