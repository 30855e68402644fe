"""What a month has cost: ``report``, from the ledger and from AWS's own bill."""
