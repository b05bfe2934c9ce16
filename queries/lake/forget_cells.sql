-- Takes away the stored cells that a submission replaces; the snapshots before keep them.
delete from lake.observation
using incoming_cell
where
    observation.dataset_id = incoming_cell.dataset_id
    and observation.area_code = incoming_cell.area_code
    and observation.period = incoming_cell.period
    and observation.measure_id = incoming_cell.measure_id
    and observation.sample = incoming_cell.sample
