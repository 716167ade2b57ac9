-- One row per request: what happened after it and after the first meeting, as the export tells it
with
load as (
    select * from load_disposition
),

final as (
    select
        request_id,
        after_request_code,
        after_first_meeting_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
