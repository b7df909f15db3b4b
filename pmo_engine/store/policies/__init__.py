"""The policy's versions and texts, and what people say about them."""
