-- One row per follow-up of a person, from its beginning to its end, as the export tells it
with
load as (
    select * from load_follow_up
),

final as (
    select
        follow_up_id,
        person_id,
        service_type_code,
        start_date,
        start_date_missing,
        end_date,
        end_date_missing,
        end_reason_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
