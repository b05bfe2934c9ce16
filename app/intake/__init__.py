"""From an analyst's file to a submission, and back: template, read, check, submit; ledger."""
