-- Moves the ledger on. Two submissions at once rewrite the same row, so only one of them commits.
-- Parameters: $vintage (integer)
update lake.ledger set last_vintage = $vintage
