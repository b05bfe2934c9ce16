-- The ledger starts at 0; the row is there once.
insert into lake.ledger
select 0 as last_vintage
where not exists (select ledger.last_vintage from lake.ledger)
