"""What the pages about reports show: the template, the upload, its preview, the ledger."""
