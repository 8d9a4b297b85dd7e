"""What every test may rely on: the generated cases are the same on every run of the suite."""

from hypothesis import settings

# A failure must come back when the suite is run again; exploring is for `--hypothesis-profile=explore`.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile("suite")
