-- One row per kind of discrimination told in a request, as the export tells it
with
load as (
    select * from load_discrimination
),

final as (
    select
        request_id,
        discrimination_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
