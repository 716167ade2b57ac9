-- One row per request: where the person lives, as the export tells it
with
load as (
    select * from load_residence
),

final as (
    select
        request_id,
        residence_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
