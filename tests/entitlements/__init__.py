"""Evidence and the rights it gives: by hand, by either way of deriving, and what durable_rules would get wrong."""
