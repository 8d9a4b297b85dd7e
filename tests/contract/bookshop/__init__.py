"""The small shop that the samples of the contract tell of."""
