"""The bookshop of `inspector demo`: an application worth looking at, and traffic to look at."""
