"""What the one judge is made of: templates in blocks, a request taken apart, each reason against it."""
