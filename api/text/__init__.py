"""Words for people: labels of rule sets, and PDF documents."""
