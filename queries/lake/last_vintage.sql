-- What is the last vintage?
select last_vintage from lake.ledger
