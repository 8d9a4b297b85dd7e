"""HTTP as a handler sees it: requests, responses, cookies, URLs, errors that are answers."""
