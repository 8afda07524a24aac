"""Near-copies: reading a text, its sketch, the shelf of earlier ones, the verdict over two. Pure."""
