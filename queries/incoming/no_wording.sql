-- No texts: the store holds none.
-- Grain: no row.
create table wording (number double, words varchar)
