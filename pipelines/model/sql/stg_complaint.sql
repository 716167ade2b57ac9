-- One row per complaint that the organisation received about its services, as the export tells it
with
load as (
    select * from load_complaint
),

final as (
    select
        complaint_id,
        complaint_date,
        complaint_date_missing,
        complaint_nature_code,
        complaint_outcome_code,
        closed_date,
        closed_date_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
