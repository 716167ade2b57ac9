-- One row per request: what the person whom it is about says she is, as the export tells it
with
load as (
    select * from load_person
),

final as (
    select
        request_id,
        gender_code,
        language_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
