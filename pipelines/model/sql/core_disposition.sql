-- One row per request: what happened after it and after the first meeting
with
dispositions as (
    select * from stg_disposition
),

final as (
    select
        request_id,
        after_request_code,
        after_first_meeting_code,
        load_id,
        source_file,
        source_row
    from dispositions
)

select * from final
