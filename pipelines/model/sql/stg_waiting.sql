-- One row per time that a person waited for a service, as the export tells it
with
load as (
    select * from load_waiting
),

final as (
    select
        waiting_id,
        request_id,
        person_id,
        service_type_code,
        priority_code,
        waiting_since,
        waiting_since_missing,
        offer_date,
        offer_date_missing,
        start_date,
        start_date_missing,
        closed_date,
        closed_date_missing,
        unmet_need_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
