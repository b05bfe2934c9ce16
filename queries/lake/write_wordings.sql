-- Writes the texts that the store does not hold yet.
-- Parameters: $numbers, $words (lists, side by side)
insert into lake.wording by name
with

given as (

    select
        unnest($numbers) as number,
        unnest($words) as words

)

select
    given.number,
    given.words
from given
anti join lake.wording as held on given.number = held.number
