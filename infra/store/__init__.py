"""The store: PostgreSQL, one transaction per municipality, with the journal that outlives everything else."""
