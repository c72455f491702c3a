"""Starting a course, or previewing a start."""
