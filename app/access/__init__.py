"""Who is signed in: the ways of signing in, accounts, sessions, and the door of the server."""
