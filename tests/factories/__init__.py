"""One factory per model, traits for situations."""
