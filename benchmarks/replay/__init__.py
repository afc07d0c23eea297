"""The replay behind `benchmarks.detection`: cases, peers, and how they are judged."""
