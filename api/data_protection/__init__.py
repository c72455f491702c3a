"""What was removed as another citizen's."""
