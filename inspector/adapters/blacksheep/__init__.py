"""BlackSheep: lists of patterns, one for each method."""
