-- Wait for the turn to write to a catalogue in Postgres; it ends with the transaction.
-- Asked of Postgres itself. Writers are served in the order in which they came.
select cast(pg_advisory_xact_lock(4402) as text) as taken
