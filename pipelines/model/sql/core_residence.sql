-- One row per request: where the person lives
with
residences as (
    select * from stg_residence
),

final as (
    select
        request_id,
        residence_code,
        load_id,
        source_file,
        source_row
    from residences
)

select * from final
