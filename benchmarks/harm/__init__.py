"""What is done to a running service to see whether it bears it: a server that misbehaves, and a service that is watched."""
