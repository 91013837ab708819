"""Reports: one writer per output format. Knows findings, but neither trees nor the protocol."""
