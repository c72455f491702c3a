"""The store's schema, one dated step at a time."""
