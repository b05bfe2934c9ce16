-- What the cells of texts say: a cell holds the number of its text.
create table if not exists lake.wording (number double, words varchar)
