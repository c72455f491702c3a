"""A receiver of webhooks, and a case system that keeps its tasks by one: examples to build your own after."""
