"""Programs that speak to a running Fodslag as any other system does: by its public API and nothing else."""
