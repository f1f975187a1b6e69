"""What the browser tests stand on: a server, feeds, networks and browsers of their own."""
