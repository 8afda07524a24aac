"""What `StoryStream` is made of: portraits of texts, how rare their words are, likeness, and clusters. Pure."""
