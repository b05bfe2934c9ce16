-- The last vintage. Every submission rewrites this one row, so that two at once cannot both commit.
create table if not exists lake.ledger (last_vintage integer)
