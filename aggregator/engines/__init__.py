"""Digest engines that are asked over the network. Off unless `digest` in feeds.toml names one; nothing here is trusted."""
