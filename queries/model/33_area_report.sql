-- Which areas have reported which dataset in which period, and with which submission last?
-- Grain: one row per dataset, period and area.
create table area_report as
select
    reported.dataset_id,
    reported.period,
    reported.area_code,
    bool_or(reported.sample) as sample,
    max(reported.vintage) as vintage
from reported
where reported.status <> 'missing'
group by reported.dataset_id, reported.period, reported.area_code
order by reported.dataset_id, reported.period, reported.area_code
