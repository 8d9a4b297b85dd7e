"""How the routers of other frameworks decide, told in our words so that it can be explained and analysed."""
