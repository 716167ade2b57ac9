-- One row per kind of discrimination told in a request
with
discriminations as (
    select * from stg_discrimination
),

final as (
    select
        request_id,
        discrimination_code,
        load_id,
        source_file,
        source_row
    from discriminations
)

select * from final
