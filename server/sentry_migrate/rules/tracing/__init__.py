"""Rules about spans, transactions and trace propagation: SEN4."""
